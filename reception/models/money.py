"""Settlements, receipts and what is still due. Source: spec `reception.md` (Settlement and receipts)."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from dealer_crm.organization.models import Staff, Store, StoreOwned
from reception.choices import Payer, PaymentMethod
from reception.models.orders import RepairOrder


class SettlementQuerySet(StoreOwned):
    store_path = "order__store"

    def live(self):
        return self.filter(reversed_at=None)


class Settlement(models.Model):
    """结算. Freezes lines and amounts by payer; corrected only by a reversal (红冲) and a new settlement.

    `costs`: line number → purchase price, written by the reversal, because the lines may change from then on. While a
    settlement stands its lines do, so what they cost is read from them: bills of outside work come late.
    """

    number = models.CharField(_("settlement number"), max_length=40, unique=True)
    order = models.ForeignKey(RepairOrder, models.PROTECT, verbose_name=_("order"), related_name="settlements")
    settled_at = models.DateTimeField(_("settled"))
    settled_by = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("settled by"), null=True, related_name="+")
    lines = models.JSONField(_("frozen lines"), default=list)
    costs = models.JSONField(_("purchase prices at the reversal"), default=dict)
    reversal_requested_at = models.DateTimeField(_("reversal asked for"), null=True, blank=True)
    reversal_requested_by = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("reversal asked for by"), null=True, blank=True, related_name="+"
    )
    reversed_at = models.DateTimeField(_("reversed"), null=True, blank=True)
    reversed_by = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("reversed by"), null=True, blank=True, related_name="+"
    )
    reversal_reason = models.CharField(_("reason for the reversal"), max_length=200, blank=True)
    reversal_approved_by = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("reversal approved by"), null=True, blank=True, related_name="+"
    )

    objects = SettlementQuerySet.as_manager()

    class Meta:
        verbose_name = _("settlement")
        verbose_name_plural = _("settlements")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(reversed_at=None),
                name="one_live_settlement_per_order",
                violation_error_message=_("This order is settled already."),
            ),
            models.CheckConstraint(
                condition=Q(reversed_at=None) | (Q(reversal_approved_by__isnull=False) & ~Q(reversal_reason="")),
                name="reversal_has_reason_and_approval",
            ),
        ]
        indexes = [
            models.Index("settled_at", name="settlement_time"),
            models.Index(fields=["reversed_at"], name="settlement_reversed", condition=Q(reversed_at__isnull=False)),
            models.Index(
                "reversal_requested_at",
                name="settlement_to_reverse",
                condition=Q(reversed_at=None, reversal_requested_at__isnull=False),
            ),
        ]

    def __str__(self):
        return self.number


class SettlementAmount(models.Model):
    """What one payer owes by a settlement, and how much of it is for accessories (精品)."""

    settlement = models.ForeignKey(Settlement, models.CASCADE, verbose_name=_("settlement"), related_name="amounts")
    payer = models.CharField(_("payer"), max_length=10, choices=Payer)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    accessory_amount = models.DecimalField(
        _("of which accessories"), max_digits=14, decimal_places=2, default=Decimal(0)
    )

    class Meta:
        verbose_name = _("amount by payer")
        verbose_name_plural = _("amounts by payer")
        constraints = [models.UniqueConstraint(fields=["settlement", "payer"], name="payer_once_per_settlement")]

    def __str__(self):
        return f"{self.get_payer_display()} {self.amount}"


class ReceiptQuerySet(StoreOwned):
    store_path = "order__store"


class Receipt(models.Model):
    """收款. Money received from a payer on an order; a refund is negative and names the receipt it refunds."""

    number = models.CharField(_("receipt number"), max_length=40, unique=True)
    order = models.ForeignKey(RepairOrder, models.PROTECT, verbose_name=_("order"), related_name="receipts")
    payer = models.CharField(_("payer"), max_length=10, choices=Payer)
    received_on = models.DateField(_("received on"))
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    accessory_amount = models.DecimalField(
        _("of which accessories"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("Empty: split over accessory and other lines in proportion."),
    )
    method = models.CharField(_("method"), max_length=10, choices=PaymentMethod, default=PaymentMethod.OTHER)
    refunds = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("refunds"), null=True, blank=True, related_name="refunded_by"
    )
    note = models.CharField(_("note"), max_length=200, blank=True)
    entered_by = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("entered by"), null=True, related_name="+")
    entered_at = models.DateTimeField(_("entered at"))

    objects = ReceiptQuerySet.as_manager()

    class Meta:
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0), name="receipt_not_zero"),
            models.CheckConstraint(
                condition=Q(payer__in=[Payer.CUSTOMER, Payer.WARRANTY, Payer.INSURANCE]), name="receipt_from_a_payer"
            ),
        ]
        indexes = [
            models.Index("received_on", name="receipt_day"),
            models.Index("order", "payer", name="receipt_of_order"),
        ]

    def __str__(self):
        return self.number


class ReceivableQuerySet(StoreOwned):
    def unpaid(self):
        return self.filter(open_amount__gt=0)

    def overpaid(self):
        """The payer has money to come back: a settlement was reversed or lowered after it was paid."""
        return self.filter(open_amount__lt=0)


class Receivable(models.Model):
    """应收款. What one payer owes on one order by its live settlement, and what came in, net of refunds.

    Kept by triggers of the database from `Settlement`, `SettlementAmount` and `Receipt`, so that it is right however
    those are written (migration 0003). `due_since`: the moment of the live settlement; without one, of the newest
    receipt.
    """

    store = models.ForeignKey(Store, models.CASCADE, verbose_name=_("store"), related_name="receivables")
    order = models.ForeignKey(RepairOrder, models.CASCADE, verbose_name=_("order"), related_name="receivables")
    payer = models.CharField(_("payer"), max_length=10, choices=Payer)
    settled_amount = models.DecimalField(_("settled"), max_digits=14, decimal_places=2, default=Decimal(0))
    received_amount = models.DecimalField(_("received"), max_digits=14, decimal_places=2, default=Decimal(0))
    open_amount = models.GeneratedField(
        expression=F("settled_amount") - F("received_amount"),
        output_field=models.DecimalField(max_digits=14, decimal_places=2),
        db_persist=True,
        verbose_name=_("open"),
    )
    due_since = models.DateTimeField(_("due since"))

    objects = ReceivableQuerySet.as_manager()

    class Meta:
        verbose_name = _("receivable")
        verbose_name_plural = _("receivables")
        ordering = ["due_since", "id"]
        constraints = [models.UniqueConstraint(fields=["order", "payer"], name="one_receivable_per_order_and_payer")]
        # The sums by age and payer are answered from these indexes alone, however many orders are paid.
        indexes = [
            models.Index(
                fields=["store", "due_since", "id"], include=["payer", "open_amount"], name="receivable_unpaid",
                condition=Q(open_amount__gt=0),
            ),
            models.Index(
                fields=["due_since", "id"], include=["payer", "open_amount"], name="receivable_unpaid_in_group",
                condition=Q(open_amount__gt=0),
            ),
            models.Index(fields=["store", "id"], name="receivable_overpaid", condition=Q(open_amount__lt=0)),
            models.Index(
                fields=["store", "due_since", "id"], include=["payer", "settled_amount", "received_amount"],
                name="receivable_by_time",
            ),
        ]  # fmt: skip

    @property
    def overpaid_amount(self) -> Decimal:
        return max(-self.open_amount, Decimal(0))

    def __str__(self):
        return f"{self.order_id} {self.get_payer_display()} {self.open_amount}"
