"""Scorecards: which version holds, what may be seen and changed."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from dealer_crm.appraisal.formulas import Problem, validate
from dealer_crm.appraisal.models import Indicator, Scorecard, ScorecardVersion
from dealer_crm.appraisal.queries.sources import SOURCES, WITH_GOAL
from dealer_crm.appraisal.queries.words import scale_in_words, sources_in_words
from dealer_crm.organization.models import Staff, Store
from dealer_crm.values import Period


def with_items(versions: QuerySet[ScorecardVersion]) -> QuerySet[ScorecardVersion]:
    items = Indicator.objects.order_by("place", "pk")
    return versions.select_related("card__store").prefetch_related(Prefetch("indicators", items))


def versions_in_force(store: Store, period: Period) -> dict[str, ScorecardVersion]:
    """Post → the version that judges it in a month: of its card the latest that started."""
    versions = (
        ScorecardVersion.objects.adopted()
        .filter(card__store=store, starts_period__lte=str(period))
        .order_by("card_id", "-starts_period")
        .distinct("card_id")
    )
    return {post: version for version in with_items(versions) for post in version.card.posts}


def cards_for(staff: Staff) -> list[tuple[Scorecard, list[ScorecardVersion]]]:
    """The cards a person may read, each with its versions, newest first."""
    versions = ScorecardVersion.objects.visible_to(staff).select_related("card__store", "created_by", "adopted_by")
    found = defaultdict(list)
    for version in versions.order_by("card__store", "card", "-number"):
        found[version.card].append(version)
    return list(found.items())


@dataclass(frozen=True)
class ItemShown:
    """A line of a card as a person reads it."""

    indicator: Indicator
    sources: str
    scale: str


def items_shown(version: ScorecardVersion) -> list[tuple[str, list[ItemShown]]]:
    """The lines by section, in the order of the card."""
    sections: dict[str, list[ItemShown]] = {}
    for one in version.indicators.all():
        shown = ItemShown(one, sources_in_words(one.rule), scale_in_words(one.rule, one.role))
        sections.setdefault(one.section, []).append(shown)
    return list(sections.items())


def problems_of(version: ScorecardVersion) -> tuple[Problem, ...]:
    """What keeps a draft from being adopted."""
    items = [one.item for one in version.indicators.all()]
    unknown = [
        Problem("no_source", one.name) for one in items if any(step.source not in SOURCES for step in one.rule.steps)
    ]
    return (*validate(items, version.full_points, with_goal=WITH_GOAL), *unknown)
