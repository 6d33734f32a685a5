from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class RunState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    REVIEWED = "reviewed", _("Reviewed")
    APPROVED = "approved", _("Approved")
    LOCKED = "locked", _("Locked")


RUN_TONES = {
    RunState.DRAFT: "secondary",
    RunState.REVIEWED: "blue",
    RunState.APPROVED: "teal",
    RunState.LOCKED: "green",
}


class PlanState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    APPROVED = "approved", _("Approved")


PLAN_TONES = {PlanState.DRAFT: "secondary", PlanState.APPROVED: "success"}


class ChangeState(models.TextChoices):
    """Of a temporary coefficient: asked → approved or declined or withdrawn; approved → taken back."""

    ASKED = "asked", _("Waits for approval")
    APPROVED = "approved", _("Approved")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    REVOKED = "revoked", _("Taken back")


CHANGE_TONES = {
    ChangeState.ASKED: "warning",
    ChangeState.APPROVED: "success",
    ChangeState.DECLINED: "danger",
    ChangeState.WITHDRAWN: "secondary",
    ChangeState.REVOKED: "secondary",
}


class LineKind(models.TextChoices):
    ITEM = "item", _("Commission item")
    DEDUCTION = "deduction", _("Deduction")
    ADJUSTMENT = "adjustment", _("Adjustment")
    CORRECTION = "correction", _("Correction of a locked month")


# The next state and the action that leads there.
NEXT_STATE = {
    RunState.DRAFT: RunState.REVIEWED,
    RunState.REVIEWED: RunState.APPROVED,
    RunState.APPROVED: RunState.LOCKED,
}


class LateCause(models.TextChoices):
    """Why a month that is computed already is looked at again."""

    RECEIPT = "receipt", _("Money booked into the month")
    SETTLEMENT = "settlement", _("Settlement of the month changed")
    INSPECTION = "inspection", _("Final inspection passed again")
    LABOUR = "labour", _("Technicians of labour corrected")
    COMEBACK = "comeback", _("Comeback decided")
    JUDGEMENT = "judgement", _("Complaint judged anew")
    LIFTED = "lifted", _("Judgement of a complaint lifted")
    CONSUMABLES = "consumables", _("Consumables entered or taken back")
    DEDUCTION = "deduction", _("Hours deducted")
    IMPORT = "import", _("Brought in by workbook")
    FOUND = "found", _("Found by the nightly comparison")


class PayKind(models.TextChoices):
    """工资项目. The kinds of `formulas.payslips.KINDS`, and the certification level rule F pays by."""

    BASE = "base", _("Base pay")
    POSITION = "position", _("Position pay")
    SKILL = "skill", _("Skill pay")
    MEAL = "meal", _("Meal allowance")
    TRANSPORT = "transport", _("Transport allowance")
    PHONE = "phone", _("Phone allowance")
    HOUSING = "housing", _("Housing allowance")
    WEATHER = "weather", _("Heat and cold allowance")
    ALLOWANCE = "allowance", _("Other allowance")
    SOCIAL_INSURANCE = "social_insurance", _("Social insurance, own part")
    HOUSING_FUND = "housing_fund", _("Housing fund, own part")
    DEDUCTION = "deduction", _("Other deduction")
    CERTIFICATION = "certification", _("Certification level")


class IncentiveKind(models.TextChoices):
    """What is earned on a day and entered with its amount; which posts are paid for it says the plan."""

    DAILY = "daily", _("Daily incentive")  # 日常激励
    ADD_ON = "add_on", _("Add-on business")  # 增值业务


class DisputeState(models.TextChoices):
    """Of a disputed line: open → upheld or turned down, with the reason."""

    OPEN = "open", pgettext_lazy("dispute", "Waits for an answer")
    UPHELD = "upheld", pgettext_lazy("dispute", "Upheld")
    REJECTED = "rejected", pgettext_lazy("dispute", "Turned down")


DISPUTE_TONES = {
    DisputeState.OPEN: "warning",
    DisputeState.UPHELD: "success",
    DisputeState.REJECTED: "secondary",
}


class DisputeRemedy(models.TextChoices):
    """How an upheld dispute is put right."""

    RECOMPUTE = "recompute", _("What is on record is put right and the month computed again")
    ADJUSTMENT = "adjustment", _("By an adjustment of the month")


class AppealState(models.TextChoices):
    """Of an appeal against pay: open → granted or turned down by the committee's votes."""

    OPEN = "open", pgettext_lazy("appeal", "Before the committee")
    GRANTED = "granted", pgettext_lazy("appeal", "Granted")
    REJECTED = "rejected", pgettext_lazy("appeal", "Turned down")


APPEAL_TONES = {
    AppealState.OPEN: "warning",
    AppealState.GRANTED: "success",
    AppealState.REJECTED: "secondary",
}
