"""Site checks (现场/5S/单据考核): lists, planned rounds, what was seen, findings. Source: spec `commission.md`."""

from datetime import date

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dealer_crm.appraisal.choices import (
    FINDING_TONES,
    OPEN_ROUNDS,
    ROUND_TONES,
    Area,
    CheckKind,
    FindingState,
    Rhythm,
    RoundState,
    Verdict,
    Weekday,
)
from dealer_crm.files.models import StoredFile
from dealer_crm.organization.models import Staff, Store, StoreOwned


class SiteList(models.Model):
    """检查表: what is looked at in one area. `answers`: whose score the rounds of this list go to."""

    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("store"), related_name="site_lists")
    name = models.CharField(pgettext_lazy("check-list", "name"), max_length=60)
    area = models.CharField(pgettext_lazy("site", "area"), max_length=12, choices=Area)
    kind = models.CharField(_("kind"), max_length=8, choices=CheckKind)
    answers = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("who answers for the area"), null=True, blank=True, related_name="+"
    )
    is_on = models.BooleanField(_("in use"), default=True)
    version = models.PositiveIntegerField(_("version"), default=1)

    objects = StoreOwned.as_manager()

    class Meta:
        verbose_name = _("site check-list")
        verbose_name_plural = _("site check-lists")
        ordering = ["store", "area", "name"]
        constraints = [models.UniqueConstraint(fields=["store", "name"], name="one_site_list_of_a_name")]

    def __str__(self):
        return self.name


class SiteItem(models.Model):
    """One item of a list with its points. An item that was ever checked is withdrawn and never removed."""

    list = models.ForeignKey(SiteList, models.CASCADE, verbose_name=_("site check-list"), related_name="items")
    place = models.PositiveSmallIntegerField(_("place in the list"))
    text = models.CharField(_("what is in order"), max_length=120)
    points = models.PositiveSmallIntegerField(
        _("points"), default=5, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    needs_photo = models.BooleanField(_("always with a photo"), default=False)
    withdrawn_at = models.DateTimeField(pgettext_lazy("check-list", "withdrawn"), null=True, blank=True)

    class Meta:
        verbose_name = _("item of a check-list")
        verbose_name_plural = _("items of check-lists")
        ordering = ["list", "place", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(points__gte=1, points__lte=100), name="site_item_has_points"),
            models.CheckConstraint(condition=~Q(text=""), name="site_item_says_what"),
        ]

    def __str__(self):
        return self.text


class ListOwned(StoreOwned):
    store_path = "list__store"


class SitePlan(models.Model):
    """Who walks a list how often; holds from `starts_on` until it is ended. `weekday` ISO, `monthday` 1–28: falls one
    on a free day, the round is due on the next working day."""

    list = models.ForeignKey(SiteList, models.CASCADE, verbose_name=_("site check-list"), related_name="plans")
    checker = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("who checks"), related_name="site_plans")
    rhythm = models.CharField(pgettext_lazy("rounds", "how often"), max_length=8, choices=Rhythm)
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday, null=True, blank=True)
    monthday = models.PositiveSmallIntegerField(
        _("day of the month"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(28)]
    )
    starts_on = models.DateField(_("holds from"))
    ended_on = models.DateField(pgettext_lazy("plan of rounds", "ended on"), null=True, blank=True)
    made_by = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("made by"), null=True, related_name="+")

    objects = ListOwned.as_manager()

    class Meta:
        verbose_name = _("plan of rounds")
        verbose_name_plural = _("plans of rounds")
        ordering = ["list", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(rhythm=Rhythm.DAILY, weekday=None, monthday=None)
                | Q(rhythm=Rhythm.WEEKLY, weekday__gte=1, weekday__lte=7, monthday=None)
                | Q(rhythm=Rhythm.MONTHLY, weekday=None, monthday__gte=1, monthday__lte=28),
                name="site_plan_says_its_day",
            ),
            models.UniqueConstraint(
                fields=["list", "checker", "rhythm", "weekday", "monthday"], condition=Q(ended_on=None),
                nulls_distinct=False, name="one_standing_site_plan",
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.list_id} {self.checker_id} {self.rhythm}"

    @property
    def when(self) -> str:
        """How often, in words."""
        if self.rhythm == Rhythm.WEEKLY:
            return f"{self.get_rhythm_display()} · {self.get_weekday_display()}"
        if self.rhythm == Rhythm.MONTHLY:
            return f"{self.get_rhythm_display()} · {self.monthday}"
        return str(self.get_rhythm_display())


class SiteRoundQuerySet(StoreOwned):
    def open(self):
        return self.filter(state__in=OPEN_ROUNDS)

    def walked(self):
        return self.filter(state=RoundState.WALKED)


class SiteRound(models.Model):
    """One round (检查): planned for a day, walked by somebody, with the points it came to.

    `answers`: who answered for the area when it was walked. `full`, `given`: of the items that applied.
    """

    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("store"), related_name="site_rounds")
    list = models.ForeignKey(SiteList, models.PROTECT, verbose_name=_("site check-list"), related_name="rounds")
    plan = models.ForeignKey(
        SitePlan, models.SET_NULL, verbose_name=_("plan of rounds"), null=True, blank=True, related_name="rounds"
    )
    planned_on = models.DateField(pgettext_lazy("round", "planned for"))
    checker = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("who checks"), related_name="site_rounds")
    answers = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("who answers for the area"), null=True, blank=True, related_name="+"
    )
    state = models.CharField(_("state"), max_length=10, choices=RoundState, default=RoundState.PLANNED)
    walked_at = models.DateTimeField(pgettext_lazy("round", "walked"), null=True, blank=True)
    full = models.PositiveSmallIntegerField(_("full points"), null=True, blank=True)
    given = models.DecimalField(_("points given"), max_digits=6, decimal_places=1, null=True, blank=True)
    remark = models.CharField(_("remark"), max_length=300, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1)

    objects = SiteRoundQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("site check", "round")
        verbose_name_plural = pgettext_lazy("site check", "rounds")
        ordering = ["-planned_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "planned_on"], name="one_round_a_plan_and_day"),
            models.CheckConstraint(
                condition=Q(state=RoundState.WALKED, walked_at__isnull=False, full__gt=0, given__isnull=False)
                | (~Q(state=RoundState.WALKED) & Q(walked_at=None, full=None, given=None)),
                name="walked_round_has_its_points",
            ),
            models.CheckConstraint(
                condition=Q(given=None) | Q(given__gte=0, given__lte=F("full")), name="round_points_within_full"
            ),
        ]
        indexes = [
            models.Index(fields=["store", "-planned_on", "-id"], name="site_round_of_store"),
            models.Index("checker", "planned_on", name="site_round_open", condition=Q(state__in=OPEN_ROUNDS)),
            models.Index("answers", "walked_at", name="site_round_of_area"),
        ]

    def __str__(self):
        return f"{self.list} {self.planned_on}"

    @property
    def tone(self) -> str:
        return ROUND_TONES[RoundState(self.state)]

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_ROUNDS

    def is_missed(self, last_day: date) -> bool:
        """Nobody walked it in time; `last_day`: rounds planned before it can't be walked any more."""
        return self.is_open and self.planned_on < last_day


class SiteResult(models.Model):
    """What was seen of one item on a round; text and full points as they were. What is wrong becomes a finding when the
    round is finished."""

    round = models.ForeignKey(SiteRound, models.CASCADE, verbose_name=_("round"), related_name="results")
    item = models.ForeignKey(SiteItem, models.PROTECT, verbose_name=_("item of a check-list"), related_name="results")
    text = models.CharField(_("what is in order"), max_length=120)
    full = models.PositiveSmallIntegerField(_("full points"))
    verdict = models.CharField(pgettext_lazy("check", "verdict"), max_length=5, choices=Verdict)
    given = models.DecimalField(_("points given"), max_digits=5, decimal_places=1, null=True, blank=True)
    what = models.CharField(_("what is wrong"), max_length=300, blank=True)
    owner = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("who remedies it"), null=True, blank=True, related_name="+"
    )
    due_on = models.DateField(_("remedied by"), null=True, blank=True)
    noted_by = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("checked by"), related_name="+")
    noted_at = models.DateTimeField(_("checked at"))

    class Meta:
        verbose_name = _("result of a check")
        verbose_name_plural = _("results of checks")
        ordering = ["item__place", "id"]
        constraints = [
            models.UniqueConstraint(fields=["round", "item"], name="item_once_a_round"),
            models.CheckConstraint(
                condition=Q(verdict=Verdict.NONE, given=None)
                | Q(verdict=Verdict.FINE, given=F("full"))
                | Q(verdict=Verdict.WRONG, given__gte=0, given__lt=F("full")),
                name="verdict_has_its_points",
            ),
            models.CheckConstraint(
                condition=Q(verdict=Verdict.WRONG, owner__isnull=False, due_on__isnull=False) & ~Q(what="")
                | ~Q(verdict=Verdict.WRONG) & Q(owner=None, due_on=None),
                name="wrong_item_says_what_and_who",
            ),
        ]

    def __str__(self):
        return f"{self.text}: {self.get_verdict_display()}"


class SiteFindingQuerySet(StoreOwned):
    def unfinished(self):
        return self.exclude(state=FindingState.CLOSED)

    def late(self, today: date):
        return self.filter(state=FindingState.OPEN, due_on__lt=today)


class SiteFinding(models.Model):
    """问题整改: what was wrong, who remedies it by when, followed up till closed.

    `repeats`: the finding before on the same item within the span of repeats; `times`: the how-many-th it is in a row.
    """

    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("store"), related_name="site_findings")
    result = models.OneToOneField(
        SiteResult, models.PROTECT, verbose_name=_("result of a check"), related_name="finding"
    )
    item = models.ForeignKey(SiteItem, models.PROTECT, verbose_name=_("item of a check-list"), related_name="findings")
    what = models.CharField(_("what is wrong"), max_length=300)
    owner = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("who remedies it"), related_name="site_findings")
    due_on = models.DateField(_("remedied by"))
    state = models.CharField(_("state"), max_length=8, choices=FindingState, default=FindingState.OPEN)
    repeats = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("repeats"), null=True, blank=True, related_name="repeated_by"
    )
    times = models.PositiveSmallIntegerField(_("times in a row"), default=1)
    found_by = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("found by"), related_name="+")
    found_at = models.DateTimeField(_("found at"))
    remedy = models.CharField(_("what was done about it"), max_length=300, blank=True)
    remedied_at = models.DateTimeField(_("remedied at"), null=True, blank=True)
    sent_back = models.CharField(_("why it was sent back"), max_length=200, blank=True)
    closed_by = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("closed by"), null=True, blank=True, related_name="+"
    )
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1)

    objects = SiteFindingQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("site check", "finding")
        verbose_name_plural = pgettext_lazy("site check", "findings")
        ordering = ["-found_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=FindingState.OPEN, remedied_at=None, closed_at=None)
                | Q(state=FindingState.REMEDIED, remedied_at__isnull=False, closed_at=None) & ~Q(remedy="")
                | Q(state=FindingState.CLOSED, remedied_at__isnull=False, closed_at__isnull=False) & ~Q(remedy=""),
                name="finding_state_has_its_moments",
            ),
            models.CheckConstraint(
                condition=Q(repeats=None, times=1) | Q(repeats__isnull=False, times__gt=1),
                name="repeated_finding_counts_on",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None) | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="closed_finding_names_who",
            ),
        ]
        indexes = [
            models.Index(fields=["store", "-found_at", "-id"], name="finding_of_store"),
            models.Index(fields=["item", "-found_at"], name="finding_of_item"),
            models.Index("owner", "due_on", name="finding_open", condition=~Q(state=FindingState.CLOSED)),
        ]

    def __str__(self):
        return self.what

    @property
    def tone(self) -> str:
        return FINDING_TONES[FindingState(self.state)]

    @property
    def is_repeat(self) -> bool:
        return self.times > 1


class SitePhoto(models.Model):
    """A picture of an item on a round, or (`is_after`) of what was done about it."""

    result = models.ForeignKey(SiteResult, models.CASCADE, verbose_name=_("result of a check"), related_name="photos")
    is_after = models.BooleanField(_("after the remedy"), default=False)
    file = models.OneToOneField(StoredFile, models.PROTECT, verbose_name=_("file"), related_name="+")
    taken_by = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("taken by"), related_name="+")

    class Queries(StoreOwned):
        store_path = "result__round__store"

    objects = Queries.as_manager()

    class Meta:
        verbose_name = _("photo of a check")
        verbose_name_plural = _("photos of checks")
        ordering = ["id"]

    def __str__(self):
        return str(self.result)
