"""What is seen, photographed and signed at the gate of the demo: pictures are drawn on the spot."""

from base64 import b64encode
from datetime import datetime
from io import BytesIO
from math import sin
from random import Random

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw

from reception import actions as reception
from reception.actions import MarkDraft
from reception.choices import Belonging, MarkKind, SignedPaper
from reception.formulas.diagram import PARTS, place_on
from reception.models import RepairOrder

_NOTES = ("", "", "约 3 cm", "约 10 cm", "客户已知", "轻微")


def walk_round(order: RepairOrder, random: Random, by, at: datetime) -> None:
    """Most cars have a mark or two; some have none."""
    parts = random.sample([part.code for part in PARTS], random.choice([0, 1, 1, 2, 3]))
    marks = [MarkDraft(random.choice(MarkKind.values), *place_on(part), random.choice(_NOTES)) for part in parts]
    reception.record_walk_round(
        order=order, marks=marks, is_unmarked=not marks, belongings=random.sample(Belonging.values, 3), by=by, at=at
    )
    if marks:
        photo = ContentFile(_photo(random, marks[0]), name="环车.jpg")
        reception.take_photos(order=order, uploads=[photo], note=marks[0].note, by=by, at=at)


def sign(order: RepairOrder, paper: SignedPaper, random: Random, by, at: datetime) -> None:
    """Two of three customers sign on the tablet, the others on paper."""
    on_paper = random.random() < 0.33
    reception.sign(
        order=order, paper=paper, signer=order.customer.name, is_on_paper=on_paper,
        image="" if on_paper else _signature(random), by=by, at=at,
    )  # fmt: skip


def _signature(random: Random) -> str:
    image = Image.new("RGB", (480, 160), "white")
    pen, swing = ImageDraw.Draw(image), random.uniform(0.05, 0.12)
    points = [(60 + step * 3, 80 + 40 * sin(step * swing) * sin(step * 0.31)) for step in range(120)]
    pen.line(points, fill=(11, 31, 58), width=4, joint="curve")
    return "data:image/png;base64," + b64encode(_bytes(image, "PNG")).decode()


def _photo(random: Random, mark: MarkDraft) -> bytes:
    """A stand-in for a photo: the car from above with the spot that was photographed."""
    ground = random.choice([(196, 204, 212), (178, 190, 181), (205, 198, 188)])
    image = Image.new("RGB", (960, 720), ground)
    pen = ImageDraw.Draw(image)
    for part in PARTS:
        pen.polygon(
            [(x * 0.7 + 130, y * 0.7 + 10) for x, y in part.outline], fill=(238, 241, 244), outline=(90, 104, 120)
        )
    x, y = mark.x * 0.7 + 130, mark.y * 0.7 + 10
    pen.ellipse((x - 34, y - 34, x + 34, y + 34), outline=(190, 30, 30), width=6)
    return _bytes(image, "JPEG")


def _bytes(image: Image.Image, form: str) -> bytes:
    written = BytesIO()
    image.save(written, form)
    return written.getvalue()
