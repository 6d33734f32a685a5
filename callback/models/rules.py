"""Which calls are owed: one row per rule and store, and what is said at them. Source: spec `callback.md`."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from callback.choices import RuleCode, ScriptStage
from dealer_crm.organization.models import Store, StoreOwned
from reception.choices import Channel
from satisfaction.models import Questionnaire


class Rule(models.Model):
    """One kind of owed call in one store, as the customer-relations supervisor set it.

    `opens_after_days` and `closes_after_days` count calendar days from the day of the source event, for reminders from
    `lead_days` before it (several numbers are several reminders). `within_hours` takes the place of the days: calling
    hours from the moment of the event. `respects_gap`: not soon after another talk.
    """

    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("store"), related_name="call_rules")
    code = models.CharField(_("rule"), max_length=20, choices=RuleCode)
    is_on = models.BooleanField(_("in use"), default=True)
    opens_after_days = models.PositiveSmallIntegerField(_("may be called after (days)"), default=1)
    closes_after_days = models.PositiveSmallIntegerField(_("must be called within (days)"), default=3)
    within_hours = models.PositiveSmallIntegerField(
        _("must be called within (hours)"),
        null=True,
        blank=True,
        help_text=_("Counted over the hours in which calls are made; empty: the days hold."),
    )
    lead_days = ArrayField(
        models.PositiveSmallIntegerField(),
        verbose_name=_("days ahead"),
        default=list,
        blank=True,
        help_text=_("For reminders: days before the day itself, several separated by commas."),
    )
    priority = models.PositiveSmallIntegerField(_("priority"), default=50, help_text=_("Smaller is more urgent."))
    respects_gap = models.BooleanField(
        _("keeps the gap"), default=False, help_text=_("Waits some days after another talk with the customer.")
    )
    questionnaire = models.ForeignKey(
        Questionnaire, models.PROTECT, verbose_name=_("questionnaire"), null=True, blank=True, related_name="+"
    )
    asks_on_time = models.BooleanField(_("asks whether delivery was on time"), default=False)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel, default=Channel.PHONE)

    objects = StoreOwned.as_manager()

    class Meta:
        verbose_name = _("call rule")
        verbose_name_plural = _("call rules")
        ordering = ["store", "priority", "code"]
        constraints = [
            models.UniqueConstraint(fields=["store", "code"], name="one_rule_per_code_and_store"),
            models.CheckConstraint(
                condition=Q(closes_after_days__gte=F("opens_after_days")),
                name="call_window_opens_before_it_closes",
                violation_error_message=_("The window must open before it closes."),
            ),
        ]

    def __str__(self):
        return self.get_code_display()


class ScriptText(models.Model):
    """What the agent says at one stage of a rule's call (话术); names in braces are filled in."""

    rule = models.ForeignKey(Rule, models.CASCADE, verbose_name=_("rule"), related_name="script")
    stage = models.CharField(_("stage"), max_length=10, choices=ScriptStage)
    text = models.TextField(_("wording"))

    class Meta:
        verbose_name = _("script text")
        verbose_name_plural = _("script texts")
        ordering = ["rule", "id"]
        constraints = [models.UniqueConstraint(fields=["rule", "stage"], name="one_text_per_stage")]

    def __str__(self):
        return f"{self.rule_id} {self.stage}"
