"""Questionnaires, responses, flags, improvement plans. Source: spec `satisfaction.md`."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dealer_crm.access.permissions import Permission
from dealer_crm.organization.choices import Post
from dealer_crm.organization.models import Staff, Store, StoreOwned
from reception.models import Customer, RepairOrder
from satisfaction.choices import QuestionKind, QuestionnaireKind, ResponseSource, Step


class Questionnaire(models.Model):
    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=16, choices=QuestionnaireKind)

    class Meta:
        verbose_name = _("questionnaire")
        verbose_name_plural = _("questionnaires")
        ordering = ["code"]

    def __str__(self):
        return self.name


class QuestionnaireVersionQuerySet(models.QuerySet):
    def published(self):
        return self.exclude(published_at=None)


class QuestionnaireVersion(models.Model):
    """One wording of a questionnaire; once published it is frozen and answers stay tied to it."""

    questionnaire = models.ForeignKey(
        Questionnaire, models.PROTECT, verbose_name=_("questionnaire"), related_name="versions"
    )
    number = models.PositiveIntegerField(_("version"))
    published_at = models.DateTimeField(_("published"), null=True, blank=True)

    objects = QuestionnaireVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("questionnaire version")
        verbose_name_plural = _("questionnaire versions")
        ordering = ["questionnaire", "-number"]
        constraints = [models.UniqueConstraint(fields=["questionnaire", "number"], name="one_version_per_number")]

    def __str__(self):
        return f"{self.questionnaire} v{self.number}"


class Question(models.Model):
    """A question; with a weight it is a factor (因子) of the index. The step (环节) groups the factors."""

    version = models.ForeignKey(
        QuestionnaireVersion, models.CASCADE, verbose_name=_("version"), related_name="questions"
    )
    position = models.PositiveIntegerField(_("place"))
    code = models.CharField(_("factor code"), max_length=20)
    step = models.CharField(_("step"), max_length=14, choices=Step, blank=True)
    name = models.CharField(_("factor"), max_length=60)
    text = models.CharField(_("question wording"), max_length=300)
    kind = models.CharField(_("kind"), max_length=10, choices=QuestionKind, default=QuestionKind.SCORE)
    weight = models.DecimalField(_("weight"), max_digits=8, decimal_places=3, null=True, blank=True)
    responsible_post = models.CharField(_("responsible post"), max_length=24, choices=Post, blank=True)
    flags_no = models.BooleanField(_("a no must be dealt with"), default=False)
    choices = models.JSONField(_("choices"), default=list, blank=True)

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["version", "position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="factor_code_once_per_version"),
            models.CheckConstraint(
                condition=Q(weight=None) | Q(weight__gt=0),
                name="factor_weight_positive",
                violation_error_message=_("A factor needs a weight above zero."),
            ),
        ]

    def __str__(self):
        return self.name


class Response(models.Model):
    """One customer's answers to one questionnaire version. `number` is the key of an import, a link or a call."""

    number = models.CharField(_("source key"), max_length=80, unique=True, null=True, blank=True)
    version = models.ForeignKey(
        QuestionnaireVersion, models.PROTECT, verbose_name=_("version"), related_name="responses"
    )
    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("store"), related_name="responses")
    order = models.ForeignKey(
        RepairOrder, models.PROTECT, verbose_name=_("order"), null=True, blank=True, related_name="responses"
    )
    customer = models.ForeignKey(
        Customer, models.PROTECT, verbose_name=_("customer"), null=True, blank=True, related_name="responses"
    )
    advisor = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("service advisor"), null=True, blank=True, related_name="+"
    )
    source = models.CharField(_("source"), max_length=10, choices=ResponseSource)
    answered_at = models.DateTimeField(_("answered"))
    taken_by = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("taken down by"), null=True, blank=True, related_name="+"
    )

    objects = StoreOwned.as_manager()

    class Meta:
        verbose_name = _("response")
        verbose_name_plural = _("responses")
        ordering = ["-answered_at", "-id"]
        indexes = [models.Index("store", "answered_at", name="response_of_store")]

    def __str__(self):
        return f"{self.version} {self.answered_at:%F}"


class Answer(models.Model):
    """One answer. `score` is the value on the question's own scale (1–10, level 1–5, 1/0 for yes/no)."""

    response = models.ForeignKey(Response, models.CASCADE, verbose_name=_("response"), related_name="answers")
    question = models.ForeignKey(Question, models.PROTECT, verbose_name=_("question"), related_name="answers")
    score = models.DecimalField(_("given score"), max_digits=5, decimal_places=2, null=True, blank=True)
    text = models.TextField(_("in words"), blank=True)

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [
            models.UniqueConstraint(fields=["response", "question"], name="one_answer_per_question"),
            models.CheckConstraint(condition=Q(score=None) | Q(score__gte=0, score__lte=10), name="score_on_its_scale"),
        ]

    def __str__(self):
        return f"{self.question_id}: {self.score if self.score is not None else self.text}"


class FlagQuerySet(StoreOwned):
    def undealt(self):
        return self.filter(dealt_at=None)


class Flag(models.Model):
    """A bad answer (score ≤ 4, a marked "no") that must be dealt with."""

    answer = models.OneToOneField(Answer, models.CASCADE, verbose_name=_("answer"), related_name="flag")
    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("store"), related_name="flags")
    raised_at = models.DateTimeField(_("raised"))
    dealt_at = models.DateTimeField(_("dealt with"), null=True, blank=True)
    dealt_by = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("dealt with by"), null=True, blank=True, related_name="+"
    )
    result = models.CharField(_("what was done"), max_length=300, blank=True)

    objects = FlagQuerySet.as_manager()

    class Meta:
        verbose_name = _("flag")
        verbose_name_plural = _("flags")
        ordering = ["-raised_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(dealt_at=None) | (Q(dealt_by__isnull=False) & ~Q(result="")),
                name="dealt_flag_says_what_was_done",
            )
        ]
        indexes = [models.Index("store", "raised_at", name="flag_open", condition=Q(dealt_at=None))]

    def __str__(self):
        return str(self.answer)


class ImprovementPlanQuerySet(StoreOwned):
    def visible_to(self, staff):
        """Of the person's own store: every plan for who may see the figures, else those they answer for."""
        rows = super().visible_to(staff)
        return rows if staff.can(Permission.SATISFACTION_VIEW) else rows.filter(owner=staff)

    def unfinished(self):
        return self.filter(closed_at=None)


class ImprovementPlan(models.Model):
    """改进计划 (PDCA) for one factor of one store, born from a month's weakness."""

    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("store"), related_name="improvement_plans")
    period = models.CharField(_("month"), max_length=7)
    factor_code = models.CharField(_("factor code"), max_length=20)
    factor_name = models.CharField(_("factor"), max_length=60)
    cause = models.TextField(_("cause"))
    measure = models.TextField(_("countermeasure"))
    owner = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("in charge"), related_name="improvement_plans")
    due_on = models.DateField(_("due on"))
    check_on = models.DateField(_("checked on"), null=True, blank=True)
    result = models.TextField(_("result"), blank=True)
    created_by = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("opened by"), null=True, related_name="+")
    created_at = models.DateTimeField(_("opened at"))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    closed_by = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("closed by"), null=True, blank=True, related_name="+"
    )

    objects = ImprovementPlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("improvement plan")
        verbose_name_plural = _("improvement plans")
        ordering = ["-period", "factor_code", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["store", "period", "factor_code"],
                condition=Q(closed_at=None),
                name="one_open_plan_per_factor",
                violation_error_message=_("There is an open plan for this factor and month already."),
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | ~Q(result=""),
                name="closed_plan_has_a_result",
                violation_error_message=_("A plan is closed with its result."),
            ),
        ]

    def __str__(self):
        return f"{self.period} {self.factor_name}"
