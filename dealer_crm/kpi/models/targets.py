"""Targets. Source: spec `kpi.md` (targets)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dealer_crm.kpi.choices import Measure
from dealer_crm.kpi.formulas import written
from dealer_crm.organization.models import Staff, Store, StoreOwned, Team
from reception.choices import OrderKind

PERIOD_PATTERN = r"^\d{4}-(0[1-9]|1[0-2])$"


class Target(models.Model):
    """What a store, a team or a person is to reach in a month.

    `team` and `staff` empty: the store; `order_kind` empty: all types. Amounts are CNY or cars, rates 0–1. `floor` is
    what must not be fallen short of, or exceeded where the measure is to be at most its goal.
    """

    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("store"), related_name="targets")
    period = models.CharField(_("month"), max_length=7)
    measure = models.CharField(_("measure"), max_length=32, choices=Measure)
    team = models.ForeignKey(
        Team, models.PROTECT, verbose_name=_("team"), null=True, blank=True, related_name="targets"
    )
    staff = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("staff member"), null=True, blank=True, related_name="targets"
    )
    order_kind = models.CharField(_("order type"), max_length=16, choices=OrderKind, blank=True, default="")
    goal = models.DecimalField(_("goal"), max_digits=18, decimal_places=4)
    floor = models.DecimalField(_("floor"), max_digits=18, decimal_places=4, null=True, blank=True)
    is_signed = models.BooleanField(_("signed"), default=False)  # every person bound has signed, or it came signed
    set_by = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("set by"), null=True, related_name="+")
    set_at = models.DateTimeField(_("set at"))

    objects = StoreOwned.as_manager()

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ["store", "-period", "measure"]
        constraints = [
            models.UniqueConstraint(
                fields=["store", "period", "measure", "staff", "team", "order_kind"],
                name="one_target_per_measure_and_month",
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=Q(goal__gte=0), name="target_not_negative"),
            models.CheckConstraint(
                condition=Q(staff=None, team=None) | Q(staff=None, order_kind="") | Q(team=None, order_kind=""),
                name="target_is_of_one_part",
            ),
            models.CheckConstraint(condition=Q(period__regex=PERIOD_PATTERN), name="target_period_is_a_month"),
        ]

    def __str__(self):
        whose = self.staff or self.team or ""
        return " ".join(filter(None, [self.period, self.subject, str(whose), self.goal_written]))

    @property
    def subject(self) -> str:
        """What it speaks of: the measure, with the type of orders when it is one of them."""
        kind = self.get_order_kind_display() if self.order_kind else ""
        return f"{self.get_measure_display()} · {kind}" if kind else self.get_measure_display()

    @property
    def unit(self):
        return Measure(self.measure).unit

    @property
    def goal_written(self) -> str:
        return written(self.unit, self.goal)

    @property
    def floor_written(self) -> str:
        return written(self.unit, self.floor)


class TargetSignature(models.Model):
    """A person bound by a target has read and signed it."""

    target = models.ForeignKey(Target, models.CASCADE, verbose_name=_("target"), related_name="signatures")
    staff = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=pgettext_lazy("of a target", "signed by"), related_name="+"
    )
    signed_at = models.DateTimeField(_("signed at"))

    class Meta:
        verbose_name = pgettext_lazy("of a target", "signature")
        verbose_name_plural = pgettext_lazy("of a target", "signatures")
        constraints = [models.UniqueConstraint(fields=["target", "staff"], name="one_signature_per_person")]

    def __str__(self):
        return f"{self.staff} {self.signed_at:%F}"
