from django.db import models
from django.utils.translation import gettext_lazy as _


class RunState(models.TextChoices):
    """Where an uploaded workbook stands."""

    WAITING = "waiting", _("Waiting to be checked")
    CHECKING = "checking", _("Being checked")
    UNMAPPED = "unmapped", _("Columns to be assigned")
    REFUSED = "refused", _("Refused")
    PREVIEWED = "previewed", _("Ready for confirmation")
    CONFIRMED = "confirmed", _("Confirmed")
    WRITING = "writing", _("Being written")
    DONE = "done", _("Imported")
    DROPPED = "dropped", _("Dropped")
    UNDONE = "undone", _("Taken back")


TONES = {
    RunState.WAITING: "secondary",
    RunState.CHECKING: "azure",
    RunState.UNMAPPED: "yellow",
    RunState.REFUSED: "red",
    RunState.PREVIEWED: "yellow",
    RunState.CONFIRMED: "azure",
    RunState.WRITING: "indigo",
    RunState.DONE: "green",
    RunState.DROPPED: "secondary",
    RunState.UNDONE: "orange",
}

# A file in these states may still get other columns, or another source.
TO_BE_ASSIGNED = (RunState.UNMAPPED, RunState.REFUSED, RunState.PREVIEWED)


class DateOrder(models.TextChoices):
    """How a stranger's list writes its days, where the program can't see it for itself."""

    DAY_FIRST = "dmy", _("day, month, year")
    MONTH_FIRST = "mdy", _("month, day, year")
    SHORT_YEAR = "ymd", _("year of two digits, month, day")
    DIGITS = "digits", _("digits without signs (202610051430)")
    SERIAL = "serial", _("Excel's day number (46300.5)")


# States in which the program owes the person the next step.
OWED = (RunState.WAITING, RunState.CHECKING, RunState.CONFIRMED, RunState.WRITING)
