"""The numbers of months that are over, kept so that a year of a hundred stores opens at once.

They are a copy and nothing else: counted from the source by `queries.days`, thrown away and counted anew whenever
something of the month changed. Source: spec `kpi.md` (dashboards), `measured.md` (figures to reach).
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dealer_crm.kpi.models.targets import PERIOD_PATTERN
from dealer_crm.organization.models import Store, StoreOwned


class FactMonth(models.Model):
    """The numbers of a store's month are kept as they stood at `made_at`."""

    store = models.ForeignKey(Store, models.CASCADE, verbose_name=_("store"), related_name="+")
    period = models.CharField(_("month"), max_length=7)
    made_at = models.DateTimeField(_("counted at"))

    objects = StoreOwned.as_manager()

    class Meta:
        verbose_name = _("counted month")
        verbose_name_plural = _("counted months")
        constraints = [
            models.UniqueConstraint(fields=["store", "period"], name="one_count_of_a_month"),
            models.CheckConstraint(condition=Q(period__regex=PERIOD_PATTERN), name="counted_period_is_a_month"),
        ]

    def __str__(self):
        return f"{self.store_id} {self.period}"


class Fact(models.Model):
    """One number: a part (`queries.PARTS`) of a day by its cut (repair type, mark), or without a day of the month."""

    month = models.ForeignKey(FactMonth, models.CASCADE, verbose_name=_("month"), related_name="facts")
    part = models.CharField(pgettext_lazy("figures", "part"), max_length=24)
    cut = models.CharField(pgettext_lazy("figures", "cut"), max_length=16, blank=True, default="")
    day = models.DateField(_("day"), null=True)
    number = models.DecimalField(pgettext_lazy("figures", "number"), max_digits=24, decimal_places=8)

    class Meta:
        verbose_name = _("counted number")
        verbose_name_plural = _("counted numbers")
        constraints = [
            models.UniqueConstraint(
                fields=["month", "part", "cut", "day"], name="one_number_per_part_cut_and_day", nulls_distinct=False
            ),
        ]
        indexes = [
            models.Index(fields=["month"], include=["part", "number"], name="fact_of_month", condition=Q(day=None)),
        ]

    def __str__(self):
        return f"{self.part} {self.day or ''} {self.number}"


class TouchedMonth(models.Model):
    """Something that counts in a store's month was written since; put down by triggers of the database, so
    that nothing is missed however it was written. Rows only pile up: two writers never wait for each other."""

    store_id = models.BigIntegerField(_("store"))
    period = models.CharField(_("month"), max_length=7)

    class Meta:
        verbose_name = _("touched month")
        verbose_name_plural = _("touched months")
        indexes = [models.Index(fields=["store_id", "period"], name="touched_month")]

    def __str__(self):
        return f"{self.store_id} {self.period}"
