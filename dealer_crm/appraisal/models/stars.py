"""Stars (服务之星、季度优秀员工): who was chosen, and the figures that spoke for them. Source: spec `commission.md`."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dealer_crm.appraisal.choices import StarKind, Trade
from dealer_crm.organization.models import Staff, Store, StoreOwned


class Star(models.Model):
    """A person chosen for a month (`2026-10`) or a quarter (`2026-Q4`).

    `figures`: the figures that led to the proposal, as they stood when it was chosen: [{"label", "value", "place"}].
    `place`: the place among the group by those figures; None for who could not be compared.
    """

    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("store"), related_name="stars")
    kind = models.CharField(_("kind"), max_length=7, choices=StarKind)
    period = models.CharField(_("period"), max_length=7)
    trade = models.CharField(_("group"), max_length=10, choices=Trade)
    staff = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("staff member"), related_name="stars")
    reason = models.CharField(_("reason"), max_length=300)
    place = models.PositiveSmallIntegerField(_("place by the figures"), null=True, blank=True)
    was_proposed = models.BooleanField(_("proposed by the figures"))
    figures = models.JSONField(_("figures"), default=list, blank=True)
    chosen_by = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("chosen by"), related_name="+")
    chosen_at = models.DateTimeField(_("chosen at"))

    objects = StoreOwned.as_manager()

    class Meta:
        verbose_name = _("star")
        verbose_name_plural = _("stars")
        ordering = ["-period", "trade", "staff__work_number"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "period", "staff"], name="one_star_a_person_and_period"),
            models.CheckConstraint(condition=~Q(reason=""), name="star_has_its_reason"),
            models.CheckConstraint(
                condition=Q(kind=StarKind.MONTH, period__regex=r"^\d{4}-(0[1-9]|1[0-2])$")
                | Q(kind=StarKind.QUARTER, period__regex=r"^\d{4}-Q[1-4]$"),
                name="star_period_is_of_its_kind",
            ),
        ]
        indexes = [models.Index(fields=["store", "-period"], name="star_of_store")]

    def __str__(self):
        return f"{self.period} {self.staff_id}"
