"""Files as people bring them: pictures made on the spot, sound and documents of a few bytes."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
SOUND = b"ID3\x03\x00\x00\x00\x00\x00\x00" + b"\xff\xfb\x90\x64" * 40


def picture(width=400, height=300, *, form="JPEG", colour="silver", stroke=True, exif=None) -> bytes:
    image = Image.new("RGB", (width, height), colour)
    if stroke:
        ImageDraw.Draw(image).line((width * 0.1, height * 0.8, width * 0.9, height * 0.2), fill="black", width=4)
    written = BytesIO()
    image.save(written, form, **({"exif": exif} if exif else {}))
    return written.getvalue()


def photo(name="车头.jpg", **options) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture(**options), content_type="image/jpeg")


def upload(content: bytes, name="证据.pdf", said="application/octet-stream") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type=said)
