from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ReportState(models.TextChoices):
    OWED = "owed", _("In the making")
    MADE = "made", _("Ready")
    FAILED = "failed", _("Could not be made")


TONES = {ReportState.OWED: "azure", ReportState.MADE: "green", ReportState.FAILED: "red"}

EDITIONS = {
    "first": pgettext_lazy("edition", "First"),
    "final": pgettext_lazy("edition", "Final, after late entries"),
    "third": pgettext_lazy("edition", "By the 3rd"),
    "fifth": pgettext_lazy("edition", "By the 5th"),
    "monday": pgettext_lazy("edition", "Monday"),
    "evening": pgettext_lazy("edition", "Evening"),
    "by_hand": pgettext_lazy("edition", "By hand"),
}
"""How the makings of one report are called; an edition without a name of its own shows its code."""
