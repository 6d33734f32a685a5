"""Scorecards, their versions and lines. Source: spec `commission.md` (Scorecards)."""

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dealer_crm.access.roles import Role
from dealer_crm.appraisal.choices import LineKind, ScaleKind, VersionState
from dealer_crm.appraisal.formulas import Item, Rule, Step, Tier
from dealer_crm.kpi.models import PERIOD_PATTERN
from dealer_crm.organization.choices import Post
from dealer_crm.organization.models import Staff, Store, StoreOwned


class Scorecard(models.Model):
    """考核表: what the people in certain posts of a store are judged by; what it asks stands in its versions."""

    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("store"), related_name="scorecards")
    code = models.SlugField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=60)
    posts = ArrayField(models.CharField(max_length=24, choices=Post), verbose_name=_("posts"))

    objects = StoreOwned.as_manager()

    class Meta:
        verbose_name = _("scorecard")
        verbose_name_plural = _("scorecards")
        ordering = ["store", "id"]
        constraints = [
            models.UniqueConstraint(fields=["store", "code"], name="scorecard_code_once_in_a_store"),
            models.CheckConstraint(condition=Q(posts__len__gt=0), name="scorecard_judges_somebody"),
        ]

    def __str__(self):
        return self.name

    @property
    def post_labels(self) -> str:
        return "、".join(str(Post(post).label) for post in self.posts)


class ScorecardVersion(models.Model):
    """What a scorecard asks from a month on, until a later version begins. Adopted versions are frozen (trigger)."""

    card = models.ForeignKey(Scorecard, models.PROTECT, verbose_name=_("scorecard"), related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    starts_period = models.CharField(_("holds from month"), max_length=7)
    full_points = models.DecimalField(_("full points"), max_digits=5, decimal_places=2, default=Decimal(100))
    note = models.CharField(pgettext_lazy("scorecard", "what changes"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=VersionState, default=VersionState.DRAFT)
    created_by = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("entered by"), null=True, related_name="+")
    created_at = models.DateTimeField(_("entered at"))
    adopted_by = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=pgettext_lazy("scorecard", "adopted by"), null=True, blank=True,
        related_name="+",
    )  # fmt: skip
    adopted_at = models.DateTimeField(pgettext_lazy("scorecard", "adopted at"), null=True, blank=True)

    class Queries(StoreOwned):
        store_path = "card__store"

        def adopted(self):
            return self.filter(state=VersionState.ADOPTED)

        def drafts(self):
            return self.filter(state=VersionState.DRAFT)

    objects = Queries.as_manager()

    class Meta:
        verbose_name = _("version of a scorecard")
        verbose_name_plural = _("versions of scorecards")
        ordering = ["card", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["card", "number"], name="scorecard_version_number_once"),
            models.UniqueConstraint(
                fields=["card", "starts_period"], condition=Q(state=VersionState.ADOPTED),
                name="one_scorecard_version_a_month",
            ),
            models.UniqueConstraint(
                fields=["card"], condition=Q(state=VersionState.DRAFT), name="one_draft_of_a_scorecard"
            ),
            models.CheckConstraint(
                condition=Q(starts_period__regex=PERIOD_PATTERN), name="scorecard_starts_in_a_month"
            ),
            models.CheckConstraint(
                condition=Q(state=VersionState.DRAFT, adopted_at=None)
                | Q(state=VersionState.ADOPTED, adopted_at__isnull=False),
                name="adopted_scorecard_has_its_time",
            ),
            models.CheckConstraint(condition=Q(full_points__gt=0), name="scorecard_has_points"),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.card} v{self.number}"

    @property
    def is_draft(self) -> bool:
        return self.state == VersionState.DRAFT


class Indicator(models.Model):
    """A line of a card: an indicator with its weight, or a bonus or deduction item with the most it moves.

    `role` enters the points; empty where the program measures. `steps`: [source, points for each event], of other
    scales [[source, "0"]]; `tiers`: [limit, points], numbers as text. See `formulas.Rule`.
    """

    version = models.ForeignKey(
        ScorecardVersion, models.CASCADE, verbose_name=_("version of a scorecard"), related_name="indicators"
    )
    place = models.PositiveSmallIntegerField(_("place in the list"))
    section = models.CharField(pgettext_lazy("scorecard", "section"), max_length=40)
    name = models.CharField(pgettext_lazy("scorecard", "item"), max_length=80)
    kind = models.CharField(_("kind"), max_length=10, choices=LineKind, default=LineKind.INDICATOR)
    points = models.DecimalField(pgettext_lazy("scorecard", "points"), max_digits=5, decimal_places=2)
    role = models.CharField(_("entered by"), max_length=10, choices=Role, blank=True)
    scale = models.CharField(pgettext_lazy("scorecard", "scale"), max_length=10, choices=ScaleKind)
    steps = models.JSONField(pgettext_lazy("scorecard", "what is measured"), default=list, blank=True)
    tiers = models.JSONField(_("tiers"), default=list, blank=True)
    rest = models.DecimalField(_("points beyond the last tier"), max_digits=5, decimal_places=2, default=Decimal(0))
    zero_at = models.DecimalField(
        _("figure that earns nothing"), max_digits=12, decimal_places=4, null=True, blank=True
    )
    full_at = models.DecimalField(
        _("figure that earns everything"), max_digits=12, decimal_places=4, null=True, blank=True
    )
    note = models.CharField(pgettext_lazy("scorecard", "how it is judged"), max_length=200, blank=True)

    class Queries(StoreOwned):
        store_path = "version__card__store"

    objects = Queries.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("scorecard", "item")
        verbose_name_plural = pgettext_lazy("scorecard", "items")
        ordering = ["version", "place", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(points__gt=0), name="indicator_has_points"),
            models.CheckConstraint(
                condition=Q(scale=ScaleKind.GIVEN, steps=[]) & ~Q(role="") | ~Q(scale=ScaleKind.GIVEN) & Q(role=""),
                name="indicator_entered_or_measured",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def is_entered(self) -> bool:
        return self.scale == ScaleKind.GIVEN

    @property
    def rule(self) -> Rule:
        return Rule(
            kind=self.kind,
            full=self.points,
            scale=self.scale,
            steps=tuple(Step(source, Decimal(points)) for source, points in self.steps),
            tiers=tuple(Tier(Decimal(limit), Decimal(points)) for limit, points in self.tiers),
            rest=self.rest,
            zero_at=self.zero_at,
            full_at=self.full_at,
        )

    @property
    def item(self) -> Item:
        return Item(self.section, self.name, self.rule, self.role)
