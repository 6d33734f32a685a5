from django.db import models
from django.utils.translation import gettext_lazy as _


class QuestionnaireKind(models.TextChoices):
    SERVICE_CSI = "service_csi", _("Service CSI")
    SALES_SSI = "sales_ssi", _("Sales SSI")
    TEN_QUESTIONS = "ten_questions", _("Ten-question check")
    MONTHLY_SURVEY = "monthly_survey", _("Twelve-item monthly survey")
    FACTORY = "factory", _("Factory survey")
    STAFF = "staff", _("Staff satisfaction")


class QuestionKind(models.TextChoices):
    SCORE = "score", _("Score 1–10")
    LEVEL = "level", _("Five levels")
    YES_NO = "yes_no", _("Yes or no")
    RECOMMEND = "recommend", _("Recommend 0–10")
    CHOICE = "choice", _("Choice")
    TEXT = "text", _("Free text")


class Step(models.TextChoices):
    """The seven core steps of service (环节): the sections of the shipped service questionnaires."""

    APPOINTMENT = "appointment", _("Appointment")  # 预约
    RECEPTION = "reception", _("Reception")  # 接待
    ENVIRONMENT = "environment", _("Environment")  # 环境
    WAITING = "waiting", _("Waiting and timeliness")  # 维修等待
    QUALITY = "quality", _("Repair quality")  # 维修质量
    CHARGES = "charges", _("Charges")  # 收费
    HANDOVER = "handover", _("Hand-over and follow-up")  # 交车与跟踪


class Aspect(models.TextChoices):
    """What a question asks of a factor."""

    PERCEPTION = "perception", _("How it was")
    EXPECTATION = "expectation", _("What was expected")
    IMPORTANCE = "importance", _("How much it matters")


class Construct(models.TextChoices):
    """The six composite scores of the index model."""

    EXPECTATION = "expectation", _("Customer expectation")
    QUALITY = "quality", _("Perceived quality")
    VALUE = "value", _("Perceived value")
    SATISFACTION = "satisfaction", _("Customer satisfaction")
    COMPLAINTS = "complaints", _("Customer complaints")
    LOYALTY = "loyalty", _("Customer loyalty")


class Language(models.TextChoices):
    ZH_HANS = "zh-hans", "简体中文"
    EN = "en", "English"


class Channel(models.TextChoices):
    """How a customer is asked."""

    CALL = "call", _("Call")
    LINK = "link", _("Link")
    QR = "qr", _("QR code")
    TABLET = "tablet", _("Tablet")


class ResponseSource(models.TextChoices):
    CALL = "call", _("Call")
    LINK = "link", _("Link")
    QR = "qr", _("QR code")
    TABLET = "tablet", _("Tablet")
    IMPORT = "import", _("From a workbook")
    FACTORY = "factory", _("Factory")


class Verdict(models.TextChoices):
    STRENGTH = "strength", _("Strength")  # 优势
    WEAKNESS = "weakness", _("Weakness")  # 劣势
    NONE = "", _("Neither")


# The words of the journal.
VERBS = {
    "response.recorded": _("Answers taken down"),
    "flag.dealt_with": _("Bad answer dealt with"),
    "improvement_plan.opened": _("Improvement plan opened"),
    "improvement_plan.closed": _("Improvement plan closed"),
    "questionnaire_version.published": _("Questionnaire version published"),
}
