from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class QuestionnaireKind(models.TextChoices):
    SERVICE_CSI = "service_csi", _("Service CSI")
    SALES_SSI = "sales_ssi", _("Sales SSI")
    TEN_QUESTIONS = "ten_questions", _("Ten-question check")
    MONTHLY_SURVEY = "monthly_survey", _("Twelve-item monthly survey")
    FACTORY = "factory", _("Factory survey")
    STAFF = "staff", _("Staff satisfaction")
    EXPECTATION = "expectation", _("Expectation survey")  # what is expected of a factor and how much it matters


# Questionnaires a customer answers in their own words or by their own hand: neither the factory's nor the house's own.
CUSTOMER_KINDS = frozenset(QuestionnaireKind) - {QuestionnaireKind.FACTORY, QuestionnaireKind.STAFF}
# Questionnaires of which no index is made: they publish without a weighted factor.
KINDS_WITHOUT_FACTORS = frozenset({QuestionnaireKind.TEN_QUESTIONS, QuestionnaireKind.EXPECTATION})


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


class PlanStage(models.TextChoices):
    """Where an improvement plan stands in the circle of plan, do, check, act (PDCA)."""

    PLAN = "plan", pgettext_lazy("PDCA", "Plan")  # 计划
    DO = "do", pgettext_lazy("PDCA", "Do")  # 执行
    CHECK = "check", pgettext_lazy("PDCA", "Check")  # 检查
    ACT = "act", pgettext_lazy("PDCA", "Act")  # 处置

    @property
    def tone(self) -> str:
        return PLAN_TONES[self]


PLAN_TONES = {
    PlanStage.PLAN: "info",
    PlanStage.DO: "primary",
    PlanStage.CHECK: "warning",
    PlanStage.ACT: "success",
}


class PlanOutcome(models.TextChoices):
    """What the check of a plan found, and so what follows (处置)."""

    HELPED = "helped", _("It helped: it becomes the standard")
    PARTLY = "partly", _("It helped in part: the rest goes on in the next plan")
    NONE = "none", _("It did not help: another measure is needed")

    @property
    def tone(self) -> str:
        return OUTCOME_TONES[self]


OUTCOME_TONES = {PlanOutcome.HELPED: "success", PlanOutcome.PARTLY: "warning", PlanOutcome.NONE: "danger"}


class Lane(models.TextChoices):
    """The lanes of the service blueprint (服务蓝图), from the customer down to what the house leans on."""

    CUSTOMER = "customer", _("Customer actions")  # 顾客行为
    FRONT = "front", _("Front-stage")  # 前台员工行为
    BACK = "back", _("Back-stage")  # 后台员工行为
    SUPPORT = "support", _("Support")  # 支持过程


class Dimension(models.TextChoices):
    """By what the figures of an analysis are told apart."""

    FACTOR = "factor", _("Factor")
    STEP = "step", _("Step")
    ADVISOR = "advisor", _("Service advisor")
    TECHNICIAN = "technician", _("Technician")
    TEAM = "team", _("Team")
    AGENT = "agent", _("Taken down by")
    ORDER_KIND = "order_kind", _("Order type")
    BRAND = "brand", _("Brand")
    STORE = "store", _("Store")


class Rhythm(models.TextChoices):
    """How far apart the points of a control chart lie."""

    WEEK = "week", _("Week")
    MONTH = "month", _("Month")


# What changed, where it is no field of the same name elsewhere.
CHANGES = {"in_charge": _("in charge"), "due_on": _("due on"), "check_on": _("check on")}

# The words of the journal.
VERBS = {
    "factor_target.set": _("Target of a factor set"),
    "guess.given": _("Guess of the customers' scores given"),
    "response.recorded": _("Answers taken down"),
    "flag.dealt_with": _("Bad answer dealt with"),
    "flag.assigned": _("Bad answer given to somebody"),
    "flag.became_complaint": _("Bad answer became a complaint"),
    "improvement_plan.opened": _("Improvement plan opened"),
    "improvement_plan.begun": _("Improvement plan begun"),
    "improvement_plan.carried_out": _("Improvement plan carried out"),
    "improvement_plan.owner_changed": _("Improvement plan given to a new owner"),
    "improvement_plan.postponed": _("Days of the improvement plan moved"),
    "improvement_plan.closed": _("Improvement plan closed"),
    "questionnaire.made": _("Questionnaire made"),
    "questionnaire_version.drafted": _("Questionnaire version drafted"),
    "questionnaire_version.changed": _("Questionnaire draft changed"),
    "questionnaire_version.discarded": _("Questionnaire draft discarded"),
    "questionnaire_version.published": _("Questionnaire version published"),
    "staff_survey.called": _("Staff asked to answer the survey"),
    "survey.handed_over": _("Tablet handed to the customer"),
    "survey.texted": _("Survey link sent by text"),
}
