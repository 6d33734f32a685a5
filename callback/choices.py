from django.db import models
from django.utils.translation import gettext_lazy as _


class RuleCode(models.TextChoices):
    """Which calls are owed (spec `callback.md`, first table). A rule of each code is a row a supervisor can edit."""

    SERVICE_3D = "service_3d", _("After-service call")
    COMPLAINT_NEXT_DAY = "complaint_next_day", _("Call after a complaint")
    COMPLAINT_SECOND = "complaint_second", _("Second call after a complaint")
    BAD_ANSWER = "bad_answer", _("Follow-up of a bad answer")
    MAINTENANCE = "maintenance", _("Maintenance reminder")
    FIRST_SERVICE = "first_service", _("First-service reminder")
    SUGGESTION = "suggestion", _("Repair suggestion")
    APPOINTMENT_CONFIRM = "appointment_confirm", _("Appointment to confirm")
    APPOINTMENT_MISSED = "appointment_missed", _("Missed appointment")
    INSURANCE_RENEWAL = "insurance_renewal", _("Insurance renewal")
    DORMANT = "dormant", _("Win-back")
    WEEKLY_SAMPLE = "weekly_sample", _("Weekly sample")
    MONTHLY_SURVEY = "monthly_survey", _("Monthly survey")
    SPOT_CHECK = "spot_check", _("Re-check of calls")
    SALES_2H = "sales_2h", _("New car, 2 hours")
    SALES_3D = "sales_3d", _("New car, 3 days")
    SALES_7D = "sales_7d", _("New car, 7 days")
    RUN_IN_3W = "run_in_3w", _("Run-in reminder")
    BIRTHDAY = "birthday", _("Birthday")
    CAMPAIGN = "campaign", _("Campaign")


ASKS_RESULT = (RuleCode.COMPLAINT_NEXT_DAY, RuleCode.COMPLAINT_SECOND)
"""Rules whose calls ask whether the customer is satisfied with what became of a complaint."""


class TaskState(models.TextChoices):
    OPEN = "open", _("To be called")
    DONE = "done", _("Called")
    UNREACHED = "unreached", _("Unreached")
    REFUSED = "refused", _("Refused the call")
    DROPPED = "dropped", _("Not to be called")


TASK_TONES = {
    TaskState.OPEN: "info",
    TaskState.DONE: "success",
    TaskState.UNREACHED: "warning",
    TaskState.REFUSED: "danger",
    TaskState.DROPPED: "neutral",
}


class Outcome(models.TextChoices):
    COMPLETED = "completed", _("Completed")  # 成功
    NO_ANSWER = "no_answer", _("No answer")  # 无人接听
    BUSY = "busy", _("Busy")  # 占线
    SWITCHED_OFF = "switched_off", _("Switched off")  # 关机
    WRONG_NUMBER = "wrong_number", _("Wrong number")  # 错号
    INVALID_NUMBER = "invalid_number", _("Invalid number")  # 空号
    REFUSED = "refused", _("Refused the call")  # 拒访
    CALL_LATER = "call_later", _("Call later")  # 改约
    SMS = "sms", _("Text message instead")  # 短信代替


# The customer was not reached; the retry plan applies.
UNREACHED_OUTCOMES = (Outcome.NO_ANSWER, Outcome.BUSY, Outcome.SWITCHED_OFF)
BAD_NUMBER_OUTCOMES = (Outcome.WRONG_NUMBER, Outcome.INVALID_NUMBER)
# The customer was on the line.
CONNECTED_OUTCOMES = (Outcome.COMPLETED, Outcome.REFUSED, Outcome.CALL_LATER)

OUTCOME_TONES = {
    Outcome.COMPLETED: "success",
    Outcome.NO_ANSWER: "warning",
    Outcome.BUSY: "warning",
    Outcome.SWITCHED_OFF: "warning",
    Outcome.WRONG_NUMBER: "danger",
    Outcome.INVALID_NUMBER: "danger",
    Outcome.REFUSED: "danger",
    Outcome.CALL_LATER: "info",
    Outcome.SMS: "neutral",
}


class Direction(models.TextChoices):
    OUT = "out", _("Outgoing")
    IN = "in", _("Incoming")


class ScriptStage(models.TextChoices):
    OPENING = "opening", _("Opening")
    REFUSAL = "refusal", _("When the customer refuses")
    QUESTIONS = "questions", _("Questions")
    PRAISE = "praise", _("When the customer praises")
    COMPLAINT = "complaint", _("When the customer complains")
    CLOSING = "closing", _("Closing")
    TEXT = "text", _("Text message")


class DueWhy(models.TextChoices):
    """Why a call must be made by the day it must be made by; the label is the sentence, filled in from the task."""

    LAST_DAY = "last_day", _("The window runs from %(first)s to %(last)s; %(due)s is its last day.")
    LAST_WORKING_DAY = (
        "last_working_day",
        _("The window runs from %(first)s to %(last)s; %(due)s is the last working day in it."),
    )
    SHIFTED = (
        "shifted",
        _("The window from %(first)s to %(last)s has no working day; %(due)s is the first one after it."),
    )
