"""Temporary coefficients. Source: spec `commission.md` C."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField
from django.contrib.postgres.fields.ranges import BigIntegerRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import ExtractMonth, ExtractYear
from django.utils.translation import gettext_lazy as _

from commission.choices import CHANGE_TONES, ChangeState
from dealer_crm.organization.models import Staff, Store, StoreOwned, Team
from dealer_crm.values import Period


class CoefficientChangeQuerySet(StoreOwned):
    def asked(self):
        return self.filter(state=ChangeState.ASKED)

    def approved(self):
        return self.filter(state=ChangeState.APPROVED)

    def touching(self, first, last):
        """Those that hold on some day from `first` to `last`, both counted."""
        return self.filter(starts_on__lte=last, ends_on__gte=first)


class CoefficientChange(models.Model):
    """临时系数: for some days of one month a person shares in a team's money by another coefficient.

    `starts_on` and `ends_on` both count. Only an approved one is paid by, and of those no two hold on the same day.
    `decision_reason`: why it was declined, or taken back after it had been approved.
    """

    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("store"), related_name="coefficient_changes")
    staff = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("staff member"), related_name="coefficient_changes")
    team = models.ForeignKey(Team, models.PROTECT, verbose_name=_("team"), related_name="+")
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    coefficient = models.DecimalField(_("temporary coefficient"), max_digits=6, decimal_places=3)
    reason = models.CharField(_("reason"), max_length=200)
    state = models.CharField(_("state"), max_length=10, choices=ChangeState, default=ChangeState.ASKED)
    asked_by = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("asked by"), related_name="+")
    asked_at = models.DateTimeField(_("asked at"))
    decided_by = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("decided by"), null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decision_reason = models.CharField(_("reason for the decision"), max_length=200, blank=True)
    revoked_by = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("revoked by"), null=True, blank=True, related_name="+"
    )
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    objects = CoefficientChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("temporary coefficient")
        verbose_name_plural = _("temporary coefficients")
        ordering = ["-starts_on", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="coefficient_change_runs_forward"),
            models.CheckConstraint(
                condition=Q(ends_on__month=ExtractMonth("starts_on"), ends_on__year=ExtractYear("starts_on")),
                name="coefficient_change_in_one_month",
            ),
            models.CheckConstraint(
                condition=Q(coefficient__gt=0, coefficient__lt=10), name="coefficient_change_in_bounds"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="coefficient_change_says_why"),
            models.CheckConstraint(
                condition=~Q(asked_by=F("staff"))
                & (Q(decided_by=None) | ~Q(decided_by=F("asked_by")) & ~Q(decided_by=F("staff"))),
                name="coefficient_change_four_eyes",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[ChangeState.ASKED, ChangeState.WITHDRAWN], decided_at=None)
                | Q(
                    state__in=[ChangeState.APPROVED, ChangeState.DECLINED, ChangeState.REVOKED],
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                ),
                name="coefficient_change_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[ChangeState.DECLINED, ChangeState.REVOKED]) | ~Q(decision_reason=""),
                name="refused_coefficient_change_says_why",
            ),
            models.UniqueConstraint(
                fields=["staff", "starts_on", "ends_on"],
                condition=Q(state=ChangeState.ASKED),
                name="coefficient_change_asked_once",
            ),
            # A range of one id stands for the id, so that no extension is needed.
            ExclusionConstraint(
                name="one_temporary_coefficient_a_day",
                expressions=[
                    (
                        Func(
                            F("staff"),
                            F("staff"),
                            Value("[]"),
                            function="int8range",
                            output_field=BigIntegerRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                    (
                        Func(
                            F("starts_on"),
                            F("ends_on"),
                            Value("[]"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(state=ChangeState.APPROVED),
            ),
        ]
        indexes = [
            models.Index("store", "starts_on", condition=Q(state=ChangeState.ASKED), name="coefficient_change_waiting"),
            models.Index(fields=["store", "-starts_on", "-id"], name="coefficient_change_listed"),
        ]

    def __str__(self):
        return f"{self.staff} {self.coefficient.normalize():f} {self.starts_on:%Y-%m-%d} – {self.ends_on:%Y-%m-%d}"

    @property
    def tone(self) -> str:
        return CHANGE_TONES[ChangeState(self.state)]

    @property
    def period(self) -> Period:
        return Period.of(self.starts_on)
