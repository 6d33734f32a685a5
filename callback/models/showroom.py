"""Who came to the showroom, who may buy, what was said. Source: spec `callback.md`, showroom (展厅专员)."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from callback.choices import LEAD_TONES, LEVEL_TONES, LeadLevel, LeadState, LostReason, TalkKind, VisitSource
from callback.models.handovers import Handover
from dealer_crm.organization.models import Staff, Store, StoreOwned
from dealer_crm.values.phone import masked_phone
from reception.choices import Gender
from reception.models import Customer


class LeadQuerySet(StoreOwned):
    def open(self):
        return self.filter(state=LeadState.OPEN)

    def overdue(self, today):
        return self.open().filter(next_contact_on__lt=today)


class Lead(models.Model):
    """潜客: somebody who may buy a car. What is not known yet is empty, and counts as missing at the daily check.

    `phone` in E.164. `next_contact_on` of an open lead lies within its level's interval. Won is who was handed a car:
    `handover` makes the calls after the purchase.
    """

    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("store"), related_name="leads")
    name = models.CharField(pgettext_lazy("lead", "name"), max_length=60, blank=True)
    phone = models.CharField(pgettext_lazy("lead", "phone"), max_length=20, blank=True)
    gender = models.CharField(_("gender"), max_length=10, choices=Gender, blank=True)
    source = models.CharField(pgettext_lazy("lead", "source"), max_length=10, choices=VisitSource)
    features = models.CharField(pgettext_lazy("lead", "features"), max_length=200, blank=True)
    model = models.CharField(pgettext_lazy("lead", "model of interest"), max_length=60, blank=True)
    level = models.CharField(pgettext_lazy("lead", "level"), max_length=1, choices=LeadLevel)
    first_quote = models.DecimalField(
        pgettext_lazy("lead", "first quote"), max_digits=14, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(0)],
    )  # fmt: skip
    consultant = models.CharField(_("sales consultant"), max_length=40, blank=True)
    state = models.CharField(_("state"), max_length=5, choices=LeadState, default=LeadState.OPEN)
    next_contact_on = models.DateField(_("next contact"), null=True, blank=True)
    lost_reason = models.CharField(_("reason for not buying"), max_length=12, choices=LostReason, blank=True)
    lost_note = models.CharField(_("remark"), max_length=200, blank=True)
    closed_at = models.DateTimeField(pgettext_lazy("lead", "closed at"), null=True, blank=True)
    customer = models.ForeignKey(
        Customer, models.PROTECT, verbose_name=_("customer"), null=True, blank=True, related_name="leads"
    )
    handover = models.ForeignKey(
        Handover, models.PROTECT, verbose_name=_("new-car handover"), null=True, blank=True, related_name="leads"
    )
    entered_by = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("entered by"), null=True, related_name="+")
    entered_at = models.DateTimeField(_("entered at"))
    version = models.PositiveIntegerField(_("version"), default=1)

    objects = LeadQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("showroom", "lead")
        verbose_name_plural = pgettext_lazy("showroom", "leads")
        ordering = ["-entered_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["store", "phone"],
                condition=Q(state=LeadState.OPEN) & ~Q(phone=""),
                name="one_open_lead_a_phone",
            ),
            models.CheckConstraint(
                condition=Q(state=LeadState.OPEN, closed_at=None, next_contact_on__isnull=False)
                | (~Q(state=LeadState.OPEN) & Q(closed_at__isnull=False, next_contact_on=None)),
                name="open_lead_has_its_next_contact",
            ),
            models.CheckConstraint(
                condition=Q(state=LeadState.WON, handover__isnull=False) | (~Q(state=LeadState.WON) & Q(handover=None)),
                name="won_lead_has_its_handover",
            ),
            models.CheckConstraint(
                condition=(Q(state=LeadState.LOST) & ~Q(lost_reason=""))
                | (~Q(state=LeadState.LOST) & Q(lost_reason="")),
                name="lost_lead_has_its_reason",
            ),
        ]
        indexes = [
            models.Index("store", "next_contact_on", "id", name="lead_open_by_day", condition=Q(state=LeadState.OPEN)),
            models.Index(fields=["store", "-entered_at", "-id"], name="lead_of_store"),
            models.Index("store", "closed_at", name="lead_closed", condition=Q(closed_at__isnull=False)),
        ]

    def __str__(self):
        return self.name or masked_phone(self.phone) or f"#{self.pk}"

    @property
    def tone(self) -> str:
        return LEAD_TONES[LeadState(self.state)]

    @property
    def level_tone(self) -> str:
        return LEVEL_TONES[LeadLevel(self.level)]


class LeadTalk(models.Model):
    """One talk with a lead: price and gifts spoken of, why it did not come to a purchase, the level after it."""

    lead = models.ForeignKey(Lead, models.PROTECT, verbose_name=pgettext_lazy("showroom", "lead"), related_name="talks")
    kind = models.CharField(pgettext_lazy("showroom", "kind of talk"), max_length=10, choices=TalkKind)
    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("entered by"), null=True, related_name="+")
    said = models.TextField(pgettext_lazy("showroom", "what was said"))
    price = models.DecimalField(
        pgettext_lazy("showroom", "price spoken of"), max_digits=14, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(0)],
    )  # fmt: skip
    gifts = models.CharField(_("gifts"), max_length=200, blank=True)
    reason = models.CharField(_("reason for not buying"), max_length=12, choices=LostReason, blank=True)
    level = models.CharField(pgettext_lazy("lead", "level"), max_length=1, choices=LeadLevel)
    car = models.CharField(_("car driven"), max_length=60, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("showroom", "talk")
        verbose_name_plural = pgettext_lazy("showroom", "talks")
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind=TalkKind.TEST_DRIVE) | ~Q(car=""), name="test_drive_says_which_car"
            )
        ]
        indexes = [models.Index(fields=["lead", "-at"], name="talk_of_lead"), models.Index("at", name="talk_by_moment")]

    def __str__(self):
        return f"{self.lead_id} {self.at:%F}"


class ShowroomVisit(models.Model):
    """客流: one arrival, alone or together (`people`); with the lead it became, if it did."""

    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("store"), related_name="showroom_visits")
    came_at = models.DateTimeField(pgettext_lazy("showroom", "came at"))
    source = models.CharField(pgettext_lazy("lead", "source"), max_length=10, choices=VisitSource)
    people = models.PositiveSmallIntegerField(
        pgettext_lazy("showroom", "people"), default=1, validators=[MinValueValidator(1)]
    )
    is_return = models.BooleanField(_("came again"), default=False)
    lead = models.ForeignKey(
        Lead, models.PROTECT, verbose_name=pgettext_lazy("showroom", "lead"), null=True, blank=True,
        related_name="visits",
    )  # fmt: skip
    note = models.CharField(_("remark"), max_length=200, blank=True)
    noted_by = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("entered by"), null=True, related_name="+")

    objects = StoreOwned.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("showroom", "visitor")
        verbose_name_plural = pgettext_lazy("showroom", "visitors")
        ordering = ["-came_at", "-id"]
        constraints = [models.CheckConstraint(condition=Q(people__gte=1), name="visit_of_somebody")]
        indexes = [models.Index(fields=["store", "-came_at", "-id"], name="visit_of_store")]

    def __str__(self):
        return f"{self.came_at:%F %R} {self.get_source_display()}"


class ShowroomCheck(models.Model):
    """The supervisor's check of one day: how many entries there were, how many complete, as found at that moment."""

    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("store"), related_name="showroom_checks")
    day = models.DateField(_("day"))
    leads = models.PositiveSmallIntegerField(pgettext_lazy("showroom", "leads"))
    complete = models.PositiveSmallIntegerField(pgettext_lazy("showroom", "complete"))
    uncontacted = models.PositiveSmallIntegerField(_("contacts left undone"))
    remark = models.CharField(_("remark"), max_length=300, blank=True)
    checked_by = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("checked by"), related_name="+")
    checked_at = models.DateTimeField(_("checked at"))

    objects = StoreOwned.as_manager()

    class Meta:
        verbose_name = _("check of a showroom day")
        verbose_name_plural = _("checks of showroom days")
        ordering = ["-day"]
        constraints = [models.UniqueConstraint(fields=["store", "day"], name="one_check_a_showroom_day")]

    def __str__(self):
        return f"{self.store_id} {self.day}"
