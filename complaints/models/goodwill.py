"""Goodwill (补偿) for a complaint and the month's budget it is booked against. Source: spec `complaints.md`."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from complaints.choices import GOODWILL_TONES, GoodwillKind, GoodwillState
from complaints.models.cases import Complaint
from dealer_crm.organization.models import Staff, Store, StoreOwned


class GoodwillBudget(models.Model):
    """What a store may spend on goodwill in a month, and what is spent; `spent_amount` is counted up under its lock.

    The row comes into being with the month's first approval, with the budget in force then.
    """

    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("store"), related_name="goodwill_budgets")
    period = models.CharField(_("month"), max_length=7)
    amount = models.DecimalField(_("budget"), max_digits=14, decimal_places=2)
    spent_amount = models.DecimalField(_("spent so far"), max_digits=14, decimal_places=2, default=0)
    version = models.PositiveIntegerField(_("version"), default=1)

    objects = StoreOwned.as_manager()

    class Meta:
        verbose_name = _("goodwill budget")
        verbose_name_plural = _("goodwill budgets")
        ordering = ["store", "-period"]
        constraints = [
            models.UniqueConstraint(fields=["store", "period"], name="one_goodwill_budget_per_month"),
            models.CheckConstraint(
                condition=Q(period__regex=r"^\d{4}-(0[1-9]|1[0-2])$"), name="goodwill_budget_of_a_month"
            ),
            models.CheckConstraint(
                condition=Q(spent_amount__gte=0, spent_amount__lte=F("amount")),
                name="goodwill_budget_not_overdrawn",
                violation_error_message=_("The goodwill budget of the month can't be overdrawn."),
            ),
        ]

    def __str__(self):
        return f"{self.store} {self.period}"

    @property
    def left_amount(self):
        return self.amount - self.spent_amount


class Goodwill(models.Model):
    """补偿: asked for by one, approved by another who may grant so much, booked against the month of the approval."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, verbose_name=_("complaint"), related_name="goodwills")
    kind = models.CharField(_("kind"), max_length=10, choices=GoodwillKind)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=GoodwillState, default=GoodwillState.REQUESTED)
    is_of_decision = models.BooleanField(_("granted in the manager's decision"), default=False)
    requested_by = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("asked for by"), null=True, blank=True, related_name="+"
    )
    requested_at = models.DateTimeField(_("asked for at"))
    decided_by = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("decided by"), null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    budget = models.ForeignKey(
        GoodwillBudget, models.PROTECT, verbose_name=_("budget"), null=True, blank=True, related_name="goodwills"
    )
    reversed_by = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("taken back by"), null=True, blank=True, related_name="+"
    )
    reversed_at = models.DateTimeField(_("taken back at"), null=True, blank=True)
    note = models.CharField(_("why it was declined or taken back"), max_length=200, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1)

    class Queries(StoreOwned):
        store_path = "complaint__store"

        def spent(self):
            return self.filter(state=GoodwillState.APPROVED)

    objects = Queries.as_manager()

    class Meta:
        verbose_name = _("goodwill")
        verbose_name_plural = _("goodwill")
        ordering = ["-requested_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="goodwill_above_zero"),
            models.CheckConstraint(
                condition=~Q(decided_by=F("requested_by")),
                name="goodwill_by_four_eyes",
                violation_error_message=_("Nobody approves the goodwill they asked for."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=[GoodwillState.REQUESTED, GoodwillState.DECLINED], budget=None)
                | Q(
                    state__in=[GoodwillState.APPROVED, GoodwillState.REVERSED],
                    budget__isnull=False,
                    decided_at__isnull=False,
                ),
                name="goodwill_approved_is_booked",
            ),
            models.CheckConstraint(
                condition=~Q(state=GoodwillState.REVERSED) | Q(reversed_at__isnull=False) & ~Q(note=""),
                name="goodwill_taken_back_says_why",
            ),
        ]
        indexes = [
            models.Index("complaint", name="goodwill_waiting", condition=Q(state=GoodwillState.REQUESTED)),
        ]

    def __str__(self):
        return f"{self.complaint} {self.get_kind_display()} {self.amount:,.2f}"

    @property
    def store(self):
        return self.complaint.store

    @property
    def tone(self) -> str:
        return GOODWILL_TONES[GoodwillState(self.state)]
