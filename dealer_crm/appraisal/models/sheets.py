"""A month's sheets and the appeals against them. Source: spec `commission.md` (Scorecards)."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dealer_crm.appraisal.choices import SHEET_TONES, LineKind, SheetState
from dealer_crm.appraisal.models.cards import Indicator, ScorecardVersion
from dealer_crm.kpi.models import PERIOD_PATTERN
from dealer_crm.organization.models import Staff, Store, StoreOwned
from dealer_crm.values import Period


class Sheet(models.Model):
    """月考核表: a person's month by the card of their post: self-score → supervisor → final review.

    `counted_at`: as of when the measured lines speak. `points`: the score, once the review is done.
    """

    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("store"), related_name="sheets")
    staff = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("staff member"), related_name="sheets")
    period = models.CharField(_("month"), max_length=7)
    version_of_card = models.ForeignKey(
        ScorecardVersion, models.PROTECT, verbose_name=_("scorecard"), related_name="sheets"
    )
    state = models.CharField(_("state"), max_length=8, choices=SheetState, default=SheetState.SELF)
    opened_at = models.DateTimeField(pgettext_lazy("score sheet", "opened at"))
    counted_at = models.DateTimeField(pgettext_lazy("score sheet", "counted at"))
    self_scored_at = models.DateTimeField(_("self-score given at"), null=True, blank=True)
    self_remark = models.CharField(_("remark of the person"), max_length=300, blank=True)
    reviewed_by = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=pgettext_lazy("score sheet", "reviewed by"), null=True, blank=True,
        related_name="+",
    )  # fmt: skip
    reviewed_at = models.DateTimeField(pgettext_lazy("score sheet", "reviewed at"), null=True, blank=True)
    review_remark = models.CharField(_("remark of the review"), max_length=300, blank=True)
    return_reason = models.CharField(_("why it was sent back"), max_length=300, blank=True)
    points = models.DecimalField(_("score"), max_digits=6, decimal_places=2, null=True, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1)

    class Queries(StoreOwned):
        def unfinished(self):
            return self.exclude(state=SheetState.FINAL)

    objects = Queries.as_manager()

    class Meta:
        verbose_name = _("score sheet")
        verbose_name_plural = _("score sheets")
        ordering = ["-period", "staff"]
        constraints = [
            models.UniqueConstraint(fields=["staff", "period"], name="one_sheet_a_person_and_month"),
            models.CheckConstraint(condition=Q(period__regex=PERIOD_PATTERN), name="sheet_period_is_a_month"),
            models.CheckConstraint(
                condition=Q(state=SheetState.FINAL, reviewed_at__isnull=False, reviewed_by__isnull=False,
                            points__isnull=False)
                | ~Q(state=SheetState.FINAL) & Q(reviewed_at=None, reviewed_by=None, points=None),
                name="final_sheet_has_its_score",
            ),
            models.CheckConstraint(condition=~Q(reviewed_by=F("staff")), name="sheet_reviewed_by_another"),
            models.CheckConstraint(condition=Q(points=None) | Q(points__gte=0, points__lte=200),
                                   name="sheet_score_in_bounds"),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["store", "-period"], name="sheet_of_store"),
            models.Index("store", "state", condition=~Q(state=SheetState.FINAL), name="sheet_waiting"),
        ]

    def __str__(self):
        return f"{self.staff} {self.period}"

    @property
    def tone(self) -> str:
        return SHEET_TONES[SheetState(self.state)]

    @property
    def is_final(self) -> bool:
        return self.state == SheetState.FINAL

    @property
    def month(self) -> Period:
        return Period.parse(self.period)


class SheetLine(models.Model):
    """An item of the card in one person's month.

    `explanation`: of a measured line, enough to work `measured_points` out again (`formulas.recompute`). What holds is
    the reviewer's word, else what the named role gave, else what was measured; taken off is negative.
    """

    sheet = models.ForeignKey(Sheet, models.CASCADE, verbose_name=_("score sheet"), related_name="lines")
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, verbose_name=pgettext_lazy("scorecard", "item"), related_name="lines"
    )
    explanation = models.JSONField(_("explanation"), null=True, blank=True)
    measured_points = models.DecimalField(_("measured"), max_digits=6, decimal_places=2, null=True, blank=True)
    self_points = models.DecimalField(_("self-score"), max_digits=6, decimal_places=2, null=True, blank=True)
    given_points = models.DecimalField(_("points given"), max_digits=6, decimal_places=2, null=True, blank=True)
    given_note = models.CharField(_("reason for the points"), max_length=300, blank=True)
    given_by = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("points given by"), null=True, blank=True, related_name="+"
    )
    given_at = models.DateTimeField(_("points given at"), null=True, blank=True)
    final_points = models.DecimalField(_("points after review"), max_digits=6, decimal_places=2, null=True, blank=True)
    final_reason = models.CharField(_("reason for the change"), max_length=300, blank=True)

    class Queries(StoreOwned):
        store_path = "sheet__store"

    objects = Queries.as_manager()

    class Meta:
        verbose_name = _("line of a score sheet")
        verbose_name_plural = _("lines of score sheets")
        ordering = ["sheet", "indicator__place", "id"]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "indicator"], name="sheet_line_once"),
            models.CheckConstraint(
                condition=Q(explanation__isnull=True, measured_points=None)
                | Q(explanation__isnull=False, measured_points__isnull=False, given_points=None, self_points=None),
                name="sheet_line_measured_or_entered",
            ),
            models.CheckConstraint(
                condition=Q(given_points=None, given_by=None, given_at=None)
                | Q(given_points__isnull=False, given_by__isnull=False, given_at__isnull=False),
                name="given_points_say_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(final_points=None, final_reason="") | Q(final_points__isnull=False) & ~Q(final_reason=""),
                name="changed_points_say_why",
            ),
        ]

    def __str__(self):
        return f"{self.sheet_id} {self.indicator}"

    @property
    def is_entered(self) -> bool:
        return self.explanation is None

    @property
    def proposed(self) -> Decimal | None:
        """What holds unless the review says otherwise; None: nobody has given points yet."""
        return self.given_points if self.is_entered else self.measured_points

    @property
    def holds(self) -> Decimal | None:
        return self.proposed if self.final_points is None else self.final_points

    @property
    def bounds(self) -> tuple[Decimal, Decimal]:
        """The fewest and the most points this line can have."""
        most = self.indicator.points
        return (-most, Decimal(0)) if self.indicator.kind == LineKind.DEDUCTION else (Decimal(0), most)


class SheetAppeal(models.Model):
    """申诉: a person contradicts a final sheet, once; the score stands until it is answered."""

    sheet = models.OneToOneField(Sheet, models.PROTECT, verbose_name=_("score sheet"), related_name="appeal")
    reviewed_by = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=pgettext_lazy("score sheet", "reviewed by"), related_name="+"
    )
    staff = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("staff member"), related_name="sheet_appeals")
    text = models.TextField(_("what is said against it"))
    appealed_at = models.DateTimeField(_("appealed at"))
    is_accepted = models.BooleanField(_("accepted"), null=True, blank=True)
    answer = models.TextField(_("answer to the appeal"), blank=True)
    score_before = models.DecimalField(_("score before"), max_digits=6, decimal_places=2)
    decided_by = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("decided by"), null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1)

    class Queries(StoreOwned):
        store_path = "sheet__store"

        def undecided(self):
            return self.filter(decided_at=None)

    objects = Queries.as_manager()

    class Meta:
        verbose_name = _("appeal against a score sheet")
        verbose_name_plural = _("appeals against score sheets")
        ordering = ["-appealed_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_at=None, is_accepted=None, decided_by=None)
                | Q(decided_at__isnull=False, is_accepted__isnull=False, decided_by__isnull=False) & ~Q(answer=""),
                name="sheet_appeal_is_decided_whole",
            ),
            models.CheckConstraint(condition=~Q(decided_by=F("staff")), name="sheet_appeal_decided_by_another"),
        ]
        indexes = [models.Index("sheet", condition=Q(decided_at=None), name="sheet_appeal_open")]

    def __str__(self):
        return str(self.sheet)
