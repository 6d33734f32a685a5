from django.db import models
from django.utils.translation import gettext_lazy as _


class FileKind(models.TextChoices):
    """What a stored file is, by its content and never by its name."""

    IMAGE = "image", _("Picture")
    PDF = "pdf", _("PDF document")
    AUDIO = "audio", _("Sound recording")


# The journal's verbs.
DEEDS = {"file.dropped": _("File taken away")}
