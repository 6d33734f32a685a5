from django.db import models
from django.utils.translation import gettext_lazy as _


class RunState(models.TextChoices):
    """Where an uploaded workbook stands."""

    WAITING = "waiting", _("Waiting to be checked")
    CHECKING = "checking", _("Being checked")
    REFUSED = "refused", _("Refused")
    PREVIEWED = "previewed", _("Ready for confirmation")
    CONFIRMED = "confirmed", _("Confirmed")
    WRITING = "writing", _("Being written")
    DONE = "done", _("Imported")
    DROPPED = "dropped", _("Dropped")


TONES = {
    RunState.WAITING: "secondary",
    RunState.CHECKING: "azure",
    RunState.REFUSED: "red",
    RunState.PREVIEWED: "yellow",
    RunState.CONFIRMED: "azure",
    RunState.WRITING: "indigo",
    RunState.DONE: "green",
    RunState.DROPPED: "secondary",
}

# States in which the program owes the person the next step.
OWED = (RunState.WAITING, RunState.CHECKING, RunState.CONFIRMED, RunState.WRITING)
