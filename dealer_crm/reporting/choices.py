from django.db import models
from django.utils.translation import gettext_lazy as _


class ReportState(models.TextChoices):
    OWED = "owed", _("In the making")
    MADE = "made", _("Ready")
    FAILED = "failed", _("Could not be made")


TONES = {ReportState.OWED: "azure", ReportState.MADE: "green", ReportState.FAILED: "red"}
