"""Service agreements (服务协议), membership and points. Source: spec `reception.md` (Customer archive)."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dealer_crm.organization.models import Staff, Store, StoreOwned
from reception.choices import (
    AGREEMENT_TONES,
    AgreementKind,
    AgreementState,
    CustomerLevel,
    LineKind,
    PointsReason,
)
from reception.models.archive import Customer, Vehicle
from reception.models.money import Settlement
from reception.models.orders import OrderLine


class AgreementQuerySet(StoreOwned):
    def in_force(self, day):
        return self.filter(state=AgreementState.ACTIVE, starts_on__lte=day, ends_on__gte=day)


class Agreement(models.Model):
    """What was agreed with a fleet or a member: what is covered, at which price, how fast, until when.

    Without vehicles it covers every car of the customer. Discounts are shares of the list price (0.1 = 10 % off).
    """

    number = models.CharField(_("agreement number"), max_length=40, unique=True)
    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("store"), related_name="agreements")
    customer = models.ForeignKey(Customer, models.PROTECT, verbose_name=_("customer"), related_name="agreements")
    vehicles = models.ManyToManyField(Vehicle, verbose_name=_("vehicles"), blank=True, related_name="agreements")
    kind = models.CharField(_("kind"), max_length=10, choices=AgreementKind)
    name = models.CharField(_("name"), max_length=80)
    state = models.CharField(_("state"), max_length=10, choices=AgreementState, default=AgreementState.DRAFT)
    starts_on = models.DateField(_("holds from"))
    ends_on = models.DateField(_("holds until"))
    labour_discount_rate = models.DecimalField(
        _("discount on labour"), max_digits=6, decimal_places=4, default=Decimal(0)
    )
    part_discount_rate = models.DecimalField(_("discount on parts"), max_digits=6, decimal_places=4, default=Decimal(0))
    prepaid_amount = models.DecimalField(_("prepaid"), max_digits=14, decimal_places=2, default=Decimal(0))
    response_hours = models.PositiveSmallIntegerField(_("response time (hours)"), null=True, blank=True)
    has_priority = models.BooleanField(_("served first"), default=False)
    terms = models.TextField(_("further terms"), blank=True)
    approved_by = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("approved by"), null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    end_reason = models.CharField(_("why it ended"), max_length=200, blank=True)
    made_by = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("made by"), null=True, related_name="+")
    made_at = models.DateTimeField(_("made at"))
    version = models.PositiveIntegerField(_("version"), default=1)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("service agreement")
        verbose_name_plural = _("service agreements")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="agreement_ends_after_its_start"),
            models.CheckConstraint(
                condition=Q(
                    labour_discount_rate__gte=0,
                    labour_discount_rate__lte=1,
                    part_discount_rate__gte=0,
                    part_discount_rate__lte=1,
                    prepaid_amount__gte=0,
                ),
                name="agreement_in_its_limits",
            ),
            models.CheckConstraint(
                condition=Q(state=AgreementState.DRAFT) | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="agreement_in_force_was_approved",
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "ends_on"], name="agreement_of_customer"),
            models.Index(fields=["ends_on"], name="agreement_running_out", condition=Q(state=AgreementState.ACTIVE)),
        ]

    def __str__(self):
        return f"{self.number} {self.name}"

    @property
    def tone(self) -> str:
        return AGREEMENT_TONES[AgreementState(self.state)]


class AgreementItem(models.Model):
    """One covered item: at a fixed price (empty: free of charge within the agreement), so many times (empty: any)."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, verbose_name=_("agreement"), related_name="items")
    kind = models.CharField(_("kind"), max_length=10, choices=LineKind)
    code = models.CharField(_("code"), max_length=40, blank=True)
    name = models.CharField(_("name"), max_length=120)
    unit_price = models.DecimalField(_("agreed price"), max_digits=14, decimal_places=2, null=True, blank=True)
    times = models.PositiveSmallIntegerField(_("times"), null=True, blank=True)

    class Meta:
        verbose_name = _("covered item")
        verbose_name_plural = _("covered items")
        ordering = ["agreement", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(unit_price=None) | Q(unit_price__gte=0), name="agreement_item_price_not_negative"
            )
        ]

    def __str__(self):
        return self.name


class AgreementUse(models.Model):
    """What a settlement took out of an agreement; a reversal puts it back by an opposite row (`undoes`)."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, verbose_name=_("agreement"), related_name="uses")
    item = models.ForeignKey(
        AgreementItem, models.PROTECT, verbose_name=_("item"), null=True, blank=True, related_name="uses"
    )
    settlement = models.ForeignKey(Settlement, models.PROTECT, verbose_name=_("settlement"), related_name="uses")
    line = models.ForeignKey(
        OrderLine, models.SET_NULL, verbose_name=_("order line"), null=True, blank=True, related_name="+"
    )
    times = models.SmallIntegerField(_("times"), default=0)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2, default=Decimal(0))
    undoes = models.OneToOneField(
        "self", models.PROTECT, verbose_name=_("puts back"), null=True, blank=True, related_name="undone_by"
    )
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("use of an agreement")
        verbose_name_plural = _("uses of agreements")
        ordering = ["id"]
        indexes = [models.Index(fields=["agreement", "id"], name="use_of_agreement")]

    def __str__(self):
        return f"{self.agreement_id} {self.times} {self.amount}"


class MembershipTerms(models.Model):
    """What a level gives from a day on: discounts, and points for each yuan the customer pays."""

    store = models.ForeignKey(Store, models.CASCADE, verbose_name=_("store"), related_name="membership_terms")
    level = models.CharField(_("level"), max_length=12, choices=CustomerLevel)
    labour_discount_rate = models.DecimalField(
        _("discount on labour"), max_digits=6, decimal_places=4, default=Decimal(0)
    )
    part_discount_rate = models.DecimalField(_("discount on parts"), max_digits=6, decimal_places=4, default=Decimal(0))
    points_per_yuan = models.DecimalField(_("points for each yuan"), max_digits=6, decimal_places=2, default=Decimal(0))
    starts_on = models.DateField(_("holds from"))

    objects = StoreOwned.as_manager()

    class Meta:
        verbose_name = _("terms of a membership level")
        verbose_name_plural = _("terms of membership levels")
        ordering = ["store", "level", "-starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["store", "level", "starts_on"], name="one_terms_per_level_and_start"),
            models.CheckConstraint(
                condition=Q(
                    labour_discount_rate__gte=0,
                    labour_discount_rate__lte=1,
                    part_discount_rate__gte=0,
                    part_discount_rate__lte=1,
                    points_per_yuan__gte=0,
                ),
                name="membership_terms_in_their_limits",
            ),
        ]

    def __str__(self):
        return f"{self.get_level_display()} {self.starts_on}"


class PointsEntry(models.Model):
    """会员积分, a movement of a customer's points; the balance is their sum and never falls below zero."""

    customer = models.ForeignKey(Customer, models.PROTECT, verbose_name=_("customer"), related_name="points_entries")
    settlement = models.ForeignKey(
        Settlement, models.PROTECT, verbose_name=_("settlement"), null=True, blank=True, related_name="points_entries"
    )
    points = models.IntegerField(pgettext_lazy("membership", "points"))
    reason = models.CharField(_("reason"), max_length=10, choices=PointsReason)
    note = models.CharField(_("note"), max_length=200, blank=True)
    entered_by = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("entered by"), null=True, related_name="+")
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("points entry")
        verbose_name_plural = _("points entries")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(points=0), name="points_entry_not_zero"),
            models.UniqueConstraint(
                fields=["settlement", "reason"],
                condition=Q(settlement__isnull=False),
                name="points_once_per_settlement_and_reason",
            ),
        ]
        indexes = [models.Index(fields=["customer", "-id"], name="points_of_customer")]

    def __str__(self):
        return f"{self.points:+}"
