"""What customers, staff and factories said. Source: spec `satisfaction.md`, "Questionnaires", "Arithmetic"."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from dealer_crm.organization.models import Staff, Store, StoreOwned
from reception.models import Customer, RepairOrder, Vehicle
from satisfaction.choices import QuestionnaireKind, ResponseSource
from satisfaction.models.questionnaires import Question, QuestionnaireVersion


class ResponseQuerySet(StoreOwned):
    def of_customers(self):
        """Without what the staff said: those sheets name nobody and are only shown as figures of a whole group."""
        return self.exclude(version__questionnaire__kind=QuestionnaireKind.STAFF)


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
    vehicle = models.ForeignKey(
        Vehicle, models.PROTECT, verbose_name=_("vehicle"), null=True, blank=True, related_name="responses"
    )
    advisor = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("service advisor"), null=True, blank=True, related_name="+"
    )
    source = models.CharField(_("source"), max_length=10, choices=ResponseSource)
    answered_at = models.DateTimeField(_("answered"))
    taken_by = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("taken down by"), null=True, blank=True, related_name="+"
    )

    objects = ResponseQuerySet.as_manager()

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


class Ballot(models.Model):
    """That a member of staff has answered a round of the staff survey; what they answered can't be found from here."""

    version = models.ForeignKey(QuestionnaireVersion, models.PROTECT, verbose_name=_("version"), related_name="ballots")
    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("store"), related_name="ballots")
    period = models.CharField(_("month"), max_length=7)
    staff = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("staff member"), related_name="ballots")

    objects = StoreOwned.as_manager()

    class Meta:
        verbose_name = _("ballot")
        verbose_name_plural = _("ballots")
        ordering = ["-period", "staff"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "period", "staff"],
                name="one_ballot_per_round",
                violation_error_message=_("You have answered this round already."),
            )
        ]

    def __str__(self):
        return f"{self.period} {self.staff}"


class FactoryRank(models.Model):
    """The store's place in its region as a factory's list says."""

    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("store"), related_name="factory_ranks")
    period = models.CharField(_("month"), max_length=7)
    survey = models.CharField(_("factory survey"), max_length=40)
    region = models.CharField(_("region"), max_length=40)
    place = models.PositiveIntegerField(_("rank"))
    of = models.PositiveIntegerField(_("stores in the region"))
    score = models.DecimalField(_("score of the factory"), max_digits=7, decimal_places=2, null=True, blank=True)

    objects = StoreOwned.as_manager()

    class Meta:
        verbose_name = _("factory rank")
        verbose_name_plural = _("factory ranks")
        ordering = ["-period", "survey"]
        constraints = [
            models.UniqueConstraint(
                fields=["store", "period", "survey"],
                name="one_factory_rank_per_survey",
                violation_error_message=_("The place in this survey and month is known already."),
            ),
            models.CheckConstraint(
                condition=Q(place__gte=1, place__lte=F("of")),
                name="factory_rank_within_region",
                violation_error_message=_("The place lies between 1 and the number of stores."),
            ),
        ]

    def __str__(self):
        return f"{self.period} {self.survey} {self.place}/{self.of}"
