"""Questionnaires: their versions, sections, factors and wordings. Source: spec `satisfaction.md`, "Questionnaires"."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dealer_crm.organization.choices import Post
from dealer_crm.organization.models import Staff
from satisfaction.choices import Aspect, Channel, Construct, Language, QuestionKind, QuestionnaireKind


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
    created_by = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("drafted by"), null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("drafted at"), null=True, blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    starts_on = models.DateField(
        _("asked from"), null=True, blank=True, help_text=_("The first day it is asked; empty: since it was published.")
    )

    objects = QuestionnaireVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("questionnaire version")
        verbose_name_plural = _("questionnaire versions")
        ordering = ["questionnaire", "-number"]
        constraints = [models.UniqueConstraint(fields=["questionnaire", "number"], name="one_version_per_number")]

    def __str__(self):
        return f"{self.questionnaire} v{self.number}"


class Section(models.Model):
    """环节 of a version: the step of the visit its questions are about; its code names it across versions."""

    version = models.ForeignKey(
        QuestionnaireVersion, models.CASCADE, verbose_name=_("version"), related_name="sections"
    )
    position = models.PositiveIntegerField(_("place"))
    code = models.CharField(_("section code"), max_length=20)
    name = models.CharField(_("section"), max_length=60)

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        ordering = ["version", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "code"],
                name="section_code_once_per_version",
                violation_error_message=_("There is a section with this code already."),
            )
        ]

    def __str__(self):
        return self.name


class Question(models.Model):
    """A question; with a weight it is a factor (因子) of the index.

    `aspect` and `about` pair a question with the factor it asks about otherwise: what the customer expected of it, how
    much it matters to them. `construct` puts it into one of the six composite scores of the index model.
    """

    version = models.ForeignKey(
        QuestionnaireVersion, models.CASCADE, verbose_name=_("version"), related_name="questions"
    )
    position = models.PositiveIntegerField(_("place"))
    code = models.CharField(_("factor code"), max_length=20)
    section = models.ForeignKey(
        Section, models.PROTECT, verbose_name=_("section"), null=True, blank=True, related_name="questions"
    )
    name = models.CharField(_("factor"), max_length=60)
    text = models.CharField(_("question wording"), max_length=300)
    kind = models.CharField(_("kind"), max_length=10, choices=QuestionKind, default=QuestionKind.SCORE)
    weight = models.DecimalField(_("weight"), max_digits=8, decimal_places=3, null=True, blank=True)
    responsible_post = models.CharField(_("responsible post"), max_length=24, choices=Post, blank=True)
    flags_no = models.BooleanField(_("a no must be dealt with"), default=False)
    choices = models.JSONField(_("choices"), default=list, blank=True)
    is_overall = models.BooleanField(_("asks for the overall satisfaction"), default=False)
    aspect = models.CharField(_("asks for"), max_length=12, choices=Aspect, default=Aspect.PERCEPTION)
    about = models.CharField(_("about the factor"), max_length=20, blank=True)
    construct = models.CharField(_("composite score"), max_length=14, choices=Construct, blank=True)

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
            models.CheckConstraint(
                condition=Q(aspect=Aspect.PERCEPTION) | (~Q(about="") & Q(weight=None)),
                name="other_aspects_name_their_factor",
                violation_error_message=_(
                    "A question about expectation or importance names its factor and has no weight."
                ),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def asks_experience(self) -> bool:
        """Whether the answer says how it was; what was expected beforehand is nobody's fault."""
        return self.aspect == Aspect.PERCEPTION and self.construct != Construct.EXPECTATION


class Wording(models.Model):
    """A question in another language, or as one channel says it: a script says more than a line on a phone's screen.

    The question's own text is what is asked where no wording fits; the channel is left empty for all.
    """

    question = models.ForeignKey(Question, models.CASCADE, verbose_name=_("question"), related_name="wordings")
    language = models.CharField(_("language"), max_length=8, choices=Language, default=Language.ZH_HANS)
    channel = models.CharField(_("channel"), max_length=8, choices=Channel, blank=True)
    text = models.CharField(_("question wording"), max_length=300)
    choices = models.JSONField(_("choices"), default=list, blank=True)

    class Meta:
        verbose_name = _("wording")
        verbose_name_plural = _("wordings")
        ordering = ["question", "language", "channel"]
        constraints = [
            models.UniqueConstraint(
                fields=["question", "language", "channel"],
                name="one_wording_per_language_and_channel",
                violation_error_message=_("There is a wording for this language and channel already."),
            )
        ]

    def __str__(self):
        return self.text
