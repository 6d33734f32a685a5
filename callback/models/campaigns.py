"""Campaigns (关怀活动): whom one calls or texts about what, and what came of it. Source: spec `callback.md`, care."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from callback.choices import CAMPAIGN_TONES, TASK_TONES, CampaignState, Occasion, TaskState
from dealer_crm.organization.models import Staff, Store, StoreOwned
from reception.choices import Channel
from reception.models import Customer, Segment


class Campaign(models.Model):
    """One campaign of a store. `words`: what is offered, said in the call or written in the text. The segment is asked
    once, at the start; whom it meant then are the `members`. `goal`: customers who should come within the period."""

    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("store"), related_name="campaigns")
    name = models.CharField(pgettext_lazy("campaign", "name"), max_length=60)
    occasion = models.CharField(_("occasion"), max_length=12, choices=Occasion)
    segment = models.ForeignKey(
        Segment, models.SET_NULL, verbose_name=pgettext_lazy("campaign", "segment"), null=True, related_name="campaigns"
    )
    channel = models.CharField(_("channel"), max_length=10, choices=Channel, default=Channel.PHONE)
    words = models.CharField(_("what is offered"), max_length=300)
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    goal = models.PositiveIntegerField(_("goal (customers who come)"), validators=[MinValueValidator(1)])
    cost = models.DecimalField(
        pgettext_lazy("campaign", "cost"), max_digits=14, decimal_places=2, default=0,
        validators=[MinValueValidator(0)],
    )  # fmt: skip
    state = models.CharField(_("state"), max_length=10, choices=CampaignState, default=CampaignState.DRAFT)
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    strengths = models.TextField(_("strengths"), blank=True)
    to_improve = models.TextField(_("what to do better"), blank=True)
    made_by = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("made by"), null=True, related_name="+")
    made_at = models.DateTimeField(_("made at"))
    version = models.PositiveIntegerField(_("version"), default=1)

    objects = StoreOwned.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("care", "campaign")
        verbose_name_plural = pgettext_lazy("care", "campaigns")
        ordering = ["-first_day", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="campaign_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(state=CampaignState.DRAFT, started_at=None)
                | (~Q(state=CampaignState.DRAFT) & Q(started_at__isnull=False)),
                name="started_campaign_has_its_moment",
            ),
        ]
        indexes = [models.Index(fields=["store", "-first_day", "-id"], name="campaign_of_store")]

    def __str__(self):
        return self.name

    @property
    def tone(self) -> str:
        return CAMPAIGN_TONES[CampaignState(self.state)]


class CampaignMemberQuerySet(StoreOwned):
    store_path = "campaign__store"


class CampaignMember(models.Model):
    """A customer the segment meant when the campaign was started. Its owed call is `campaign:<campaign>:<member>`."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="members")
    customer = models.ForeignKey(Customer, models.PROTECT, verbose_name=_("customer"), related_name="campaigns")

    objects = CampaignMemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("customer of a campaign")
        verbose_name_plural = _("customers of a campaign")
        constraints = [models.UniqueConstraint(fields=["campaign", "customer"], name="customer_once_per_campaign")]

    def __str__(self):
        return f"{self.campaign_id} {self.customer_id}"

    @property
    def call_label(self) -> str:
        """How the member's call stands, where a query has annotated `call_state`; empty before there is a call."""
        return TaskState(self.call_state).label if self.call_state else ""

    @property
    def call_tone(self) -> str:
        return TASK_TONES[TaskState(self.call_state)] if self.call_state else ""
