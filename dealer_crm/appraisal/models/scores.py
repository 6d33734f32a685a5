"""Appraisal scores. Source: spec `commission.md` (Scorecards)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dealer_crm.appraisal.choices import Origin
from dealer_crm.kpi.models import PERIOD_PATTERN
from dealer_crm.organization.models import Staff, StoreOwned


class Score(models.Model):
    """考核成绩: a person's appraisal score of a month, 0–200, and where it comes from; this is what pay counts."""

    staff = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("staff member"), related_name="scores")
    period = models.CharField(_("month"), max_length=7)
    score = models.DecimalField(_("score"), max_digits=6, decimal_places=2)
    origin = models.CharField(_("origin"), max_length=8, choices=Origin, default=Origin.ENTERED)
    entered_by = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("entered by"), null=True, related_name="+")
    entered_at = models.DateTimeField(_("entered at"))

    class Queries(StoreOwned):
        store_path = "staff__store"

    objects = Queries.as_manager()

    class Meta:
        verbose_name = _("appraisal score")
        verbose_name_plural = _("appraisal scores")
        ordering = ["-period", "staff"]
        constraints = [
            models.UniqueConstraint(fields=["staff", "period"], name="one_appraisal_score_a_month"),
            models.CheckConstraint(condition=Q(score__gte=0), name="score_not_negative"),
            models.CheckConstraint(condition=Q(period__regex=PERIOD_PATTERN), name="score_period_is_a_month"),
        ]

    def __str__(self):
        return f"{self.staff} {self.period} {self.score}"
