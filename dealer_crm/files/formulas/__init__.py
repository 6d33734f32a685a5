"""What bytes are, and pictures made harmless: pure functions over content."""

from dealer_crm.files.formulas.pictures import (
    Picture,
    PictureTooLarge,
    Unreadable,
    clean_picture,
    is_blank,
    small_picture,
)
from dealer_crm.files.formulas.signatures import EXTENSIONS, media_type_of

__all__ = [
    "EXTENSIONS",
    "Picture",
    "PictureTooLarge",
    "Unreadable",
    "clean_picture",
    "is_blank",
    "media_type_of",
    "small_picture",
]
