"""Repair orders with their promises and lines. Source: spec `reception.md` (Repair order)."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Round
from django.utils.translation import gettext_lazy as _

from dealer_crm.organization.models import Staff, Store, StoreOwned, Team
from reception.choices import (
    COSTED,
    EDITABLE,
    IN_SHOP,
    TONES,
    DelayCause,
    LineKind,
    OrderKind,
    OrderState,
    Payer,
    PriceBasis,
    WaitReason,
)
from reception.models.archive import Customer, Vehicle


class RepairOrderQuerySet(StoreOwned):
    def in_shop(self):
        return self.filter(state__in=IN_SHOP)

    def ready(self):
        return self.filter(state__in=[OrderState.READY, OrderState.SETTLED])

    def not_handed_over(self):
        """In the shop, without cars that were handed over and whose settlement was reversed since."""
        return self.in_shop().filter(delivered_at=None)

    def overdue(self, at):
        """Late for the customer (超时未交): the promise has passed and the car is not handed over, finished or not.

        What is late in the shop (超时未竣工) is counted by the workshop's board: there a finished car is done.
        """
        return self.not_handed_over().filter(promised_at__lt=at)

    def to_spot_check(self):
        """Late by what is called the customer's cause, and nobody has looked into it yet."""
        return self.filter(delay_cause=DelayCause.CUSTOMER, delivered_at__isnull=False, delay_checked_at=None)

    def with_people(self):
        return self.select_related("vehicle", "customer", "advisor", "store")


class RepairOrder(models.Model):
    """维修委托书, one visit of one car. `promised_at` repeats the last confirmed promise, the yardstick."""

    number = models.CharField(_("order number"), max_length=40, unique=True)
    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("store"), related_name="repair_orders")
    vehicle = models.ForeignKey(Vehicle, models.PROTECT, verbose_name=_("vehicle"), related_name="repair_orders")
    customer = models.ForeignKey(Customer, models.PROTECT, verbose_name=_("customer"), related_name="repair_orders")
    kind = models.CharField(_("order type"), max_length=16, choices=OrderKind)
    advisor = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("service advisor"), null=True, blank=True, related_name="advised_orders"
    )
    state = models.CharField(_("state"), max_length=12, choices=OrderState, default=OrderState.DRAFT)
    wait_reason = models.CharField(_("waiting for"), max_length=10, choices=WaitReason, blank=True)
    original = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("original order"), null=True, blank=True, related_name="comebacks"
    )
    arrived_at = models.DateTimeField(_("arrived"))
    greeted_at = models.DateTimeField(_("greeted"), null=True, blank=True)
    opened_at = models.DateTimeField(_("opened"), null=True, blank=True)
    promised_at = models.DateTimeField(_("promised delivery"), null=True, blank=True)
    completed_at = models.DateTimeField(_("passed final inspection"), null=True, blank=True)  # 竣工
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)
    delivered_at = models.DateTimeField(_("delivered"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
    cancel_reason = models.CharField(_("reason for cancelling"), max_length=200, blank=True)
    mileage = models.PositiveIntegerField(_("mileage (km)"), null=True, blank=True)
    fuel_percent = models.PositiveSmallIntegerField(_("fuel or charge (%)"), null=True, blank=True)
    symptoms = models.TextField(_("what the customer says"), blank=True)
    keeps_old_parts = models.BooleanField(_("old parts go back"), default=False)
    wants_wash = models.BooleanField(_("wash"), default=True)
    delay_cause = models.CharField(_("cause of delay"), max_length=10, choices=DelayCause, blank=True)
    delay_note = models.CharField(_("delay note"), max_length=200, blank=True)
    delay_confirmed = models.BooleanField(_("customer confirmed the cause"), default=False)
    delay_checked_at = models.DateTimeField(_("cause of delay checked"), null=True, blank=True)
    delay_checked_by = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("cause of delay checked by"), null=True, blank=True, related_name="+"
    )
    delay_check_note = models.CharField(_("what the check found"), max_length=200, blank=True)
    late_by_customer = models.BooleanField(_("customer says it was late"), null=True, blank=True)
    next_service_on = models.DateField(_("next service on"), null=True, blank=True)
    next_service_km = models.PositiveIntegerField(_("next service at (km)"), null=True, blank=True)
    estimated_amount = models.DecimalField(
        _("estimate given to the customer"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    agreement = models.ForeignKey(
        "reception.Agreement", models.PROTECT, verbose_name=_("service agreement"), null=True, blank=True,
        related_name="repair_orders",
    )  # fmt: skip
    was_explained = models.BooleanField(_("work and bill explained"), null=True, blank=True)
    old_parts_returned = models.BooleanField(_("old parts handed over"), null=True, blank=True)
    created_by = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("entered by"), null=True, related_name="+")
    created_at = models.DateTimeField(_("entered at"))
    version = models.PositiveIntegerField(_("version"), default=1)

    objects = RepairOrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("repair order")
        verbose_name_plural = _("repair orders")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind=OrderKind.COMEBACK) | Q(original__isnull=False),
                name="comeback_names_its_original",
                violation_error_message=_("A comeback must name the original order."),
            ),
            models.CheckConstraint(
                condition=Q(delivered_at=None) | Q(delivered_at__gte=F("arrived_at")),
                name="order_delivered_after_arrival",
                violation_error_message=_("The car can't be delivered before it arrived."),
            ),
            models.CheckConstraint(
                condition=Q(promised_at=None) | Q(promised_at__gte=F("arrived_at")),
                name="order_promised_after_arrival",
                violation_error_message=_("The promised time lies before the arrival."),
            ),
            models.CheckConstraint(
                condition=Q(fuel_percent=None) | Q(fuel_percent__lte=100), name="order_fuel_at_most_full"
            ),
            models.CheckConstraint(
                condition=~Q(state=OrderState.DELIVERED) | Q(delivered_at__isnull=False),
                name="delivered_order_has_its_time",
            ),
            models.CheckConstraint(
                condition=~Q(state=OrderState.CANCELLED) | (Q(cancelled_at__isnull=False) & ~Q(cancel_reason="")),
                name="cancelled_order_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(delay_checked_at=None, delay_checked_by=None)
                | Q(delay_checked_at__isnull=False, delay_checked_by__isnull=False),
                name="delay_check_says_by_whom",
            ),
        ]
        indexes = [
            models.Index("store", "state", "promised_at", name="order_in_shop", condition=Q(state__in=IN_SHOP)),
            models.Index(fields=["store", "-id"], name="order_newest"),
            models.Index(fields=["store", "-arrived_at", "-id"], name="order_by_arrival"),
            models.Index(fields=["store", "arrived_at"], name="order_draft", condition=Q(state=OrderState.DRAFT)),
            models.Index(
                fields=["store", "delivered_at", "id"],
                name="order_to_spot_check",
                condition=Q(delay_cause=DelayCause.CUSTOMER, delivered_at__isnull=False, delay_checked_at=None),
            ),
            models.Index("store", "settled_at", name="order_settled"),
            models.Index("store", "completed_at", name="order_completed"),
            models.Index("store", "delivered_at", name="order_delivered"),
            models.Index(fields=["vehicle", "-arrived_at"], name="order_of_vehicle"),
            models.Index(fields=["advisor", "-id"], name="order_of_advisor"),
            models.Index(
                fields=["store", "arrived_at", "id"], name="order_accident", condition=Q(kind=OrderKind.ACCIDENT)
            ),
        ]

    def __str__(self):
        return self.number

    @property
    def tone(self) -> str:
        return TONES[OrderState(self.state)]

    @property
    def is_in_shop(self) -> bool:
        return self.state in IN_SHOP and self.delivered_at is None

    def is_overdue(self, at) -> bool:
        """Late for the customer, as `RepairOrderQuerySet.overdue` asks it of many."""
        return self.is_in_shop and self.promised_at is not None and self.promised_at < at

    @property
    def is_editable(self) -> bool:
        return self.state in EDITABLE

    @property
    def is_settled(self) -> bool:
        return self.state in (OrderState.SETTLED, OrderState.DELIVERED)


class Promise(models.Model):
    """A delivery time given to the customer. All are kept; the last is the yardstick."""

    order = models.ForeignKey(RepairOrder, models.CASCADE, verbose_name=_("order"), related_name="promises")
    promised_at = models.DateTimeField(_("promised delivery"))
    made_at = models.DateTimeField(_("given at"))
    made_by = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("given by"), null=True, related_name="+")
    confirmed_by = models.CharField(_("confirmed by"), max_length=60, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("promise")
        verbose_name_plural = _("promises")
        ordering = ["id"]

    def __str__(self):
        return f"{self.promised_at:%F %H:%M}"


class OrderLine(models.Model):
    """工单项目. For labour `quantity` is standard hours.

    `payable_amount` = round(quantity × price × (1 − discount), 2). `unit_cost`: what one piece cost the house when the
    line was written, CNY with tax like the price, None while nobody knows; not for advisors' or customers' eyes.
    """

    order = models.ForeignKey(RepairOrder, models.CASCADE, verbose_name=_("order"), related_name="lines")
    number = models.PositiveIntegerField(_("line"))
    kind = models.CharField(_("kind"), max_length=10, choices=LineKind)
    code = models.CharField(_("code"), max_length=40, blank=True)
    name = models.CharField(_("name"), max_length=120)
    quantity = models.DecimalField(_("quantity or standard hours"), max_digits=10, decimal_places=2)
    unit_price = models.DecimalField(_("unit price"), max_digits=14, decimal_places=2)
    discount_rate = models.DecimalField(_("discount"), max_digits=6, decimal_places=4, default=Decimal(0))
    payable_amount = models.DecimalField(_("payable"), max_digits=14, decimal_places=2)
    payer = models.CharField(_("payer"), max_length=10, choices=Payer, default=Payer.CUSTOMER)
    team = models.ForeignKey(Team, models.PROTECT, verbose_name=_("team"), null=True, blank=True, related_name="+")
    seller = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("sold by"), null=True, blank=True, related_name="sold_lines"
    )
    is_installed = models.BooleanField(_("installed"), default=False)
    installation_team = models.ForeignKey(
        Team, models.PROTECT, verbose_name=_("installed by"), null=True, blank=True, related_name="+"
    )
    discount_approved_by = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("discount approved by"), null=True, blank=True, related_name="+"
    )
    add_on = models.ForeignKey(
        "reception.AddOn", models.PROTECT, verbose_name=_("add-on"), null=True, blank=True, related_name="order_lines"
    )
    agreement_item = models.ForeignKey(
        "reception.AgreementItem", models.PROTECT, verbose_name=_("item of the service agreement"), null=True,
        blank=True, related_name="order_lines",
    )  # fmt: skip
    price_basis = models.CharField(_("price given by"), max_length=10, choices=PriceBasis, blank=True)
    unit_cost = models.DecimalField(_("purchase price"), max_digits=14, decimal_places=2, null=True, blank=True)

    class Meta:
        verbose_name = _("order line")
        verbose_name_plural = _("order lines")
        ordering = ["order", "number"]
        constraints = [
            models.UniqueConstraint(fields=["order", "number"], name="line_number_once_per_order"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0),
                name="line_quantity_positive",
                violation_error_message=_("The quantity must be above zero."),
            ),
            models.CheckConstraint(
                condition=Q(unit_price__gte=0),
                name="line_price_not_negative",
                violation_error_message=_("The price can't be negative."),
            ),
            models.CheckConstraint(
                condition=Q(discount_rate__gte=0, discount_rate__lte=1),
                name="line_discount_is_a_share",
                violation_error_message=_("The discount lies between 0 and 1 (0.2 means 20 % off)."),
            ),
            models.CheckConstraint(
                condition=Q(
                    payable_amount=Round(F("quantity") * F("unit_price") * (1 - F("discount_rate")), precision=2)
                ),
                name="line_payable_follows_from_its_parts",
            ),
            models.CheckConstraint(
                condition=Q(unit_cost=None) | Q(unit_cost__gte=0, kind__in=COSTED), name="line_cost_is_of_material"
            ),
        ]
        indexes = [
            models.Index("seller", name="line_by_seller", condition=Q(seller__isnull=False)),
            models.Index("order", name="line_without_cost", condition=Q(unit_cost=None, kind__in=COSTED)),
        ]

    def __str__(self):
        return f"{self.order_id}/{self.number} {self.name}"

    @property
    def cost(self) -> Decimal | None:
        """What the line cost the house; None while nobody knows, or where there is no material."""
        return None if self.unit_cost is None else self.quantity * self.unit_cost


class LineShare(models.Model):
    """A technician's part of a line; the shares of a line add up to 1."""

    line = models.ForeignKey(OrderLine, models.CASCADE, verbose_name=_("line"), related_name="shares")
    technician = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("technician"), related_name="line_shares")
    share = models.DecimalField(_("share"), max_digits=6, decimal_places=4, default=Decimal(1))

    class Meta:
        verbose_name = _("share of a line")
        verbose_name_plural = _("shares of lines")
        constraints = [
            models.UniqueConstraint(fields=["line", "technician"], name="technician_once_per_line"),
            models.CheckConstraint(condition=Q(share__gt=0, share__lte=1), name="line_share_is_a_share"),
        ]

    def __str__(self):
        return f"{self.technician} {self.share:.0%}"


class AccidentAssessment(models.Model):
    """事故定损: what the insurer assessed, the owner's own share included, and when the car was released (出厂)."""

    order = models.OneToOneField(RepairOrder, models.CASCADE, verbose_name=_("order"), related_name="assessment")
    assessed_amount = models.DecimalField(_("assessed amount"), max_digits=14, decimal_places=2)
    own_share_amount = models.DecimalField(_("owner's own share"), max_digits=14, decimal_places=2, default=Decimal(0))
    assessed_on = models.DateField(_("assessed on"), null=True, blank=True)
    released_on = models.DateField(_("released on"), null=True, blank=True)

    class Meta:
        verbose_name = _("accident assessment")
        verbose_name_plural = _("accident assessments")
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    assessed_amount__gte=0, own_share_amount__gte=0, own_share_amount__lte=F("assessed_amount")
                ),
                name="assessment_covers_the_own_share",
            )
        ]

    def __str__(self):
        return f"{self.order_id} {self.assessed_amount}"


class NumberSeries(models.Model):
    """The last number given out by a store on a day; a row lock keeps numbers unique under concurrent intake."""

    store = models.ForeignKey(Store, models.CASCADE, verbose_name=_("store"))
    day = models.DateField(_("day"))
    series = models.CharField(_("series"), max_length=12)
    last = models.PositiveIntegerField(_("last number"), default=0)

    class Meta:
        verbose_name = _("number series")
        verbose_name_plural = _("number series")
        constraints = [models.UniqueConstraint(fields=["store", "day", "series"], name="one_counter_per_day")]

    def __str__(self):
        return f"{self.store_id} {self.day} {self.series} {self.last}"
