"""Add-ons (增项) and repair suggestions (维修建议单). Source: spec `reception.md` (Repair order)."""

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dealer_crm.organization.models import Staff, StoreOwned, Team
from reception.choices import (
    ADD_ON_TONES,
    SUGGESTION_TONES,
    URGENCY_TONES,
    AddOnState,
    AnswerWay,
    LineKind,
    Payer,
    PriceBasis,
    SuggestionState,
    Urgency,
)
from reception.models.archive import Vehicle
from reception.models.orders import Promise, RepairOrder


class AddOnQuerySet(StoreOwned):
    store_path = "order__store"

    def proposed(self):
        return self.filter(state=AddOnState.PROPOSED)


class AddOn(models.Model):
    """More work than was ordered. Its lines reach the order only with the customer's agreement."""

    order = models.ForeignKey(RepairOrder, models.PROTECT, verbose_name=_("order"), related_name="add_ons")
    number = models.PositiveSmallIntegerField(_("add-on"))
    reason = models.CharField(_("what was found"), max_length=200)
    urgency = models.CharField(_("urgency"), max_length=10, choices=Urgency, default=Urgency.SOON)
    state = models.CharField(_("state"), max_length=10, choices=AddOnState, default=AddOnState.PROPOSED)
    proposed_by = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("proposed by"), null=True, related_name="+")
    proposed_at = models.DateTimeField(_("proposed at"))
    wanted_promise_at = models.DateTimeField(_("delivery time with the add-on"), null=True, blank=True)
    answered_by = models.CharField(_("answered by"), max_length=80, blank=True)
    answer_way = models.CharField(_("answered how"), max_length=10, choices=AnswerWay, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    answer_note = models.CharField(_("note on the answer"), max_length=200, blank=True)
    recorded_by = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("answer recorded by"), null=True, blank=True, related_name="+"
    )
    promise = models.OneToOneField(
        Promise, models.PROTECT, verbose_name=_("promise it moved"), null=True, blank=True, related_name="add_on"
    )
    version = models.PositiveIntegerField(_("version"), default=1)

    objects = AddOnQuerySet.as_manager()

    class Meta:
        verbose_name = _("add-on")
        verbose_name_plural = _("add-ons")
        ordering = ["order", "number"]
        constraints = [
            models.UniqueConstraint(fields=["order", "number"], name="add_on_number_once_per_order"),
            models.CheckConstraint(
                condition=~Q(state__in=[AddOnState.AGREED, AddOnState.DECLINED])
                | (Q(answered_at__isnull=False, recorded_by__isnull=False) & ~Q(answered_by="") & ~Q(answer_way="")),
                name="answered_add_on_says_by_whom_how_and_when",
            ),
        ]
        indexes = [models.Index("proposed_at", name="add_on_proposed", condition=Q(state=AddOnState.PROPOSED))]

    def __str__(self):
        return f"{self.order.number}+{self.number} {self.reason}"

    @property
    def tone(self) -> str:
        return ADD_ON_TONES[AddOnState(self.state)]

    @property
    def urgency_tone(self) -> str:
        return URGENCY_TONES[Urgency(self.urgency)]


class AddOnLine(models.Model):
    """One line of an add-on, as it will stand on the order."""

    add_on = models.ForeignKey(AddOn, models.CASCADE, verbose_name=_("add-on"), related_name="lines")
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
        Staff, models.PROTECT, verbose_name=_("sold by"), null=True, blank=True, related_name="+"
    )
    is_installed = models.BooleanField(_("installed"), default=False)
    installation_team = models.ForeignKey(
        Team, models.PROTECT, verbose_name=_("installed by"), null=True, blank=True, related_name="+"
    )
    discount_approved_by = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("discount approved by"), null=True, blank=True, related_name="+"
    )
    agreement_item = models.ForeignKey(
        "reception.AgreementItem", models.PROTECT, verbose_name=_("item of the service agreement"), null=True,
        blank=True, related_name="+",
    )  # fmt: skip
    price_basis = models.CharField(_("price given by"), max_length=10, choices=PriceBasis, blank=True)

    class Meta:
        verbose_name = _("line of an add-on")
        verbose_name_plural = _("lines of add-ons")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0, unit_price__gte=0, discount_rate__gte=0, discount_rate__lte=1),
                name="add_on_line_in_its_limits",
            )
        ]

    def __str__(self):
        return self.name


class SuggestionQuerySet(StoreOwned):
    def open(self):
        return self.filter(state=SuggestionState.OPEN)


class Suggestion(models.Model):
    """Found but not done now; shown at the car's next intake, and a reason to call on `follow_up_on`."""

    store = models.ForeignKey("organization.Store", models.PROTECT, verbose_name=_("store"), related_name="suggestions")
    vehicle = models.ForeignKey(Vehicle, models.PROTECT, verbose_name=_("vehicle"), related_name="suggestions")
    order = models.ForeignKey(
        RepairOrder, models.PROTECT, verbose_name=_("found in"), null=True, blank=True, related_name="suggestions"
    )
    add_on = models.OneToOneField(
        AddOn, models.PROTECT, verbose_name=_("declined add-on"), null=True, blank=True, related_name="suggestion"
    )
    name = models.CharField(_("what should be done"), max_length=120)
    reason = models.CharField(_("reason"), max_length=200)
    urgency = models.CharField(_("urgency"), max_length=10, choices=Urgency)
    quoted_amount = models.DecimalField(_("quoted price"), max_digits=14, decimal_places=2, null=True, blank=True)
    follow_up_on = models.DateField(_("follow up on"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=SuggestionState, default=SuggestionState.OPEN)
    made_by = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("made by"), null=True, related_name="+")
    made_at = models.DateTimeField(_("made at"))
    ended_at = models.DateTimeField(_("done or declined at"), null=True, blank=True)
    ended_by = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("done or declined by"), null=True, blank=True, related_name="+"
    )
    done_in = models.ForeignKey(
        RepairOrder, models.PROTECT, verbose_name=_("done in"), null=True, blank=True, related_name="suggestions_done"
    )
    decline_reason = models.CharField(_("why declined"), max_length=200, blank=True)

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("repair suggestion")
        verbose_name_plural = _("repair suggestions")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=SuggestionState.OPEN, ended_at=None)
                | (~Q(state=SuggestionState.OPEN) & Q(ended_at__isnull=False)),
                name="ended_suggestion_has_its_time",
            ),
            models.CheckConstraint(
                condition=~Q(state=SuggestionState.DONE) | Q(done_in__isnull=False),
                name="done_suggestion_names_its_order",
            ),
            models.CheckConstraint(
                condition=Q(quoted_amount=None) | Q(quoted_amount__gte=0), name="suggestion_price_not_negative"
            ),
        ]
        indexes = [
            models.Index(fields=["vehicle", "-id"], name="suggestion_of_vehicle"),
            models.Index(
                fields=["store", "follow_up_on"],
                name="suggestion_to_follow_up",
                condition=Q(state=SuggestionState.OPEN, follow_up_on__isnull=False),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def tone(self) -> str:
        return SUGGESTION_TONES[SuggestionState(self.state)]

    @property
    def urgency_tone(self) -> str:
        return URGENCY_TONES[Urgency(self.urgency)]
