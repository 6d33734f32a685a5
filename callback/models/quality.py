"""How calls are judged: the scored call, what the supervisor makes of a finding, the agent's day.

Source: spec `callback.md` (call quality scoring, honesty ledger, work log).
"""

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from callback.choices import VERDICT_TONES, HonestyKind, QualityPoint, Verdict
from callback.models.contacts import Contact
from dealer_crm.organization.models import Staff, Store, StoreOwned


class CallScore(models.Model):
    """通话品质: one call judged by the supervisor. `marks`: `QualityPoint` → 0–10; `weights`: as they held that day.

    `points` is out of 100. `seed`: of the sample the call was drawn in; empty when it was chosen by hand.
    """

    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("store"), related_name="call_scores")
    contact = models.OneToOneField(Contact, models.PROTECT, verbose_name=_("contact"), related_name="score")
    agent = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("agent"), related_name="call_scores")
    marks = models.JSONField(_("marks"))
    weights = models.JSONField(_("weights"))
    points = models.DecimalField(_("points"), max_digits=4, decimal_places=1, validators=[MaxValueValidator(100)])
    remark = models.TextField(_("remark"), blank=True)
    seed = models.CharField(_("seed of the sample"), max_length=40, blank=True)
    scored_by = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("scored by"), related_name="+")
    scored_at = models.DateTimeField(_("scored at"))
    comment = models.TextField(_("agent's comment"), blank=True)
    commented_at = models.DateTimeField(_("commented at"), null=True, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1)

    objects = StoreOwned.as_manager()

    class Meta:
        verbose_name = _("scored call")
        verbose_name_plural = _("scored calls")
        ordering = ["-scored_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(points__gte=0, points__lte=100), name="call_points_out_of_hundred"),
            models.CheckConstraint(condition=~Q(scored_by=models.F("agent")), name="call_scored_by_another"),
        ]
        indexes = [
            models.Index(fields=["store", "-scored_at", "-id"], name="call_score_of_store"),
            models.Index(fields=["agent", "-scored_at"], name="call_score_of_agent"),
        ]

    def __str__(self):
        return f"{self.contact_id} {self.points}"

    @property
    def lines(self) -> list[tuple[str, int, int]]:
        """Point, mark and weight in the order of the form."""
        return [(one.label, self.marks.get(one, 0), self.weights.get(one, 0)) for one in QualityPoint]


class HonestyReview(models.Model):
    """What the supervisor made of one finding of the honesty ledger. Nothing is deducted by it."""

    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("store"), related_name="honesty_reviews")
    kind = models.CharField(_("kind"), max_length=14, choices=HonestyKind)
    key = models.CharField(_("key"), max_length=60)
    verdict = models.CharField(pgettext_lazy("honesty", "verdict"), max_length=10, choices=Verdict)
    note = models.CharField(_("note"), max_length=300)
    by = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("reviewed by"), related_name="+")
    at = models.DateTimeField(_("reviewed at"))

    objects = StoreOwned.as_manager()

    class Meta:
        verbose_name = _("review of a finding")
        verbose_name_plural = _("reviews of findings")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["store", "kind", "key"], name="one_review_per_finding")]

    def __str__(self):
        return str(self.get_kind_display())

    @property
    def tone(self) -> str:
        return VERDICT_TONES[Verdict(self.verdict)]


class WorkLog(models.Model):
    """工作日志: what an agent adds by hand to what the program knows of the day."""

    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("store"), related_name="work_logs")
    agent = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("agent"), related_name="work_logs")
    day = models.DateField(_("day"))
    also_done = models.TextField(_("done besides"), blank=True)
    unsolved = models.TextField(_("unsolved"), blank=True)
    for_tomorrow = models.TextField(_("for tomorrow"), blank=True)
    kept_at = models.DateTimeField(_("written at"))
    remark = models.CharField(_("supervisor's remark"), max_length=300, blank=True)
    seen_by = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("seen by"), null=True, blank=True, related_name="+"
    )
    seen_at = models.DateTimeField(_("seen at"), null=True, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1)

    objects = StoreOwned.as_manager()

    class Meta:
        verbose_name = _("work log")
        verbose_name_plural = _("work logs")
        ordering = ["-day", "agent"]
        constraints = [
            models.UniqueConstraint(fields=["agent", "day"], name="one_work_log_per_day"),
            models.CheckConstraint(
                condition=Q(seen_at=None, seen_by=None) | Q(seen_at__isnull=False, seen_by__isnull=False),
                name="seen_work_log_says_by_whom",
            ),
        ]
        indexes = [models.Index(fields=["store", "-day"], name="work_log_of_store")]

    def __str__(self):
        return f"{self.agent_id} {self.day}"
