"""Writing scorecards: a version is drafted, edited and adopted; from then on it is frozen."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from dealer_crm.appraisal.choices import VersionState
from dealer_crm.appraisal.models import Indicator, Scorecard, ScorecardVersion, Sheet
from dealer_crm.appraisal.queries import problems_of, said, versions_in_force
from dealer_crm.appraisal.shipped import CARDS, Card
from dealer_crm.journal import actions as journal
from dealer_crm.organization.models import Staff, Store
from dealer_crm.values import Period, Refusal


@transaction.atomic
def install_cards(*, store: Store, starts: Period, at: datetime, by=None) -> list[Scorecard]:
    """Give a store the shipped cards it has not got yet, adopted from a month on."""
    Store.objects.select_for_update(no_key=True).get(pk=store.pk)
    known = set(Scorecard.objects.filter(store=store).values_list("code", flat=True))
    judged = set(versions_in_force(store, starts))
    wanted = [card for card in CARDS if card.code not in known and not judged & {str(post) for post in card.posts}]
    return [_install(store, card, starts, by, at) for card in wanted]


def _install(store: Store, shipped: Card, starts: Period, by, at: datetime) -> Scorecard:
    posts = [str(post) for post in shipped.posts]
    card = Scorecard.objects.create(store=store, code=shipped.code, name=shipped.name, posts=posts)
    version = ScorecardVersion.objects.create(
        card=card, number=1, starts_period=str(starts), created_by=by, created_at=at
    )
    Indicator.objects.bulk_create(
        Indicator(
            version=version, place=place, section=item.section, name=item.name, note=note, role=item.role,
            **_columns(item.rule),
        )
        for place, (item, note) in enumerate(shipped.items, start=1)
    )  # fmt: skip
    version.state, version.adopted_by, version.adopted_at = VersionState.ADOPTED, by, at
    version.save(update_fields=["state", "adopted_by", "adopted_at"])
    journal.record(by=by, at=at, verb="scorecard.installed", subject=version, store=store)
    return card


def _columns(rule) -> dict[str, object]:
    """A rule as the columns of a line."""
    return {
        "kind": rule.kind,
        "points": rule.full,
        "scale": rule.scale,
        "steps": [[step.source, str(step.points)] for step in rule.steps],
        "tiers": [[str(tier.limit), str(tier.points)] for tier in rule.tiers],
        "rest": rule.rest,
        "zero_at": rule.zero_at,
        "full_at": rule.full_at,
    }


@transaction.atomic
def draft_version(*, card: Scorecard, starts: Period, by: Staff, at: datetime) -> ScorecardVersion:
    """Begin a new version as a copy of the latest; there is one draft at a time."""
    card = Scorecard.objects.select_for_update(no_key=True).get(pk=card.pk)
    if card.versions.drafts().exists():
        raise Refusal(_("There is a draft of this card already."), code="draft_there")
    latest = card.versions.order_by("-number").first()
    version = ScorecardVersion.objects.create(
        card=card, number=latest.number + 1, starts_period=str(starts), full_points=latest.full_points,
        created_by=by, created_at=at,
    )  # fmt: skip
    copies = list(latest.indicators.order_by("place", "pk"))
    for copy in copies:
        copy.pk, copy.version = None, version
    Indicator.objects.bulk_create(copies)
    journal.record(by=by, at=at, verb="scorecard.drafted", subject=version, store=card.store)
    return version


@transaction.atomic
def change_draft(
    *, version: ScorecardVersion, starts_period: Period, full_points: Decimal, note: str, by: Staff, at: datetime
) -> ScorecardVersion:
    """Say from which month a draft will hold, how many points it has and what changes."""
    version = _draft(version)
    before = {"starts_period": version.starts_period, "full_points": version.full_points, "note": version.note}
    version.starts_period, version.full_points, version.note = str(starts_period), full_points, note.strip()
    version.save(update_fields=list(before))
    journal.record(
        by=by, at=at, verb="scorecard.changed", subject=version, store=version.card.store,
        changes=journal.changed_fields(before, version),
    )  # fmt: skip
    return version


@transaction.atomic
def keep_indicator(
    *, version: ScorecardVersion, section: str, name: str, rule, role: str, note: str, by: Staff, at: datetime,
    indicator: Indicator | None = None,
) -> Indicator:  # fmt: skip
    """Add a line to a draft, or write one of its lines anew. What is wrong with the card as a whole is said when it is
    adopted."""
    version = _draft(version)
    if indicator is None:
        last = version.indicators.order_by("-place").values_list("place", flat=True).first() or 0
        indicator = Indicator(version=version, place=last + 1)
    for field, value in {"section": section, "name": name, "role": role, "note": note, **_columns(rule)}.items():
        setattr(indicator, field, value)
    indicator.save()
    journal.record(
        by=by, at=at, verb="scorecard.item_kept", subject=version, store=version.card.store, note=indicator.name
    )
    return indicator


@transaction.atomic
def remove_indicator(*, indicator: Indicator, by: Staff, at: datetime) -> None:
    """Take a line out of a draft."""
    version = _draft(indicator.version)
    journal.record(
        by=by, at=at, verb="scorecard.item_removed", subject=version, store=version.card.store, note=indicator.name
    )
    indicator.delete()


@transaction.atomic
def discard_draft(*, version: ScorecardVersion, by: Staff, at: datetime) -> None:
    """Throw a draft away; what holds goes on to hold."""
    version = _draft(version)
    journal.record(by=by, at=at, verb="scorecard.discarded", subject=version, store=version.card.store)
    version.delete()


@transaction.atomic
def adopt_version(*, version: ScorecardVersion, by: Staff, at: datetime) -> ScorecardVersion:
    """Let a version hold from its month. Not by who wrote it; not with mistakes; not for a month that is being judged.

    From then on it can't be changed: a change is a new version.
    """
    version = _draft(version)
    if version.created_by_id == by.pk:
        raise Refusal(_("Whoever wrote a version can't adopt it; ask the station manager."), code="four_eyes")
    if problems := problems_of(version):
        raise Refusal(_("The card has mistakes:"), code="card_wrong", details=[said(problem) for problem in problems])
    if version.card.versions.adopted().filter(starts_period=version.starts_period).exists():
        raise Refusal(
            _("Another version of this card holds from %(month)s already.") % {"month": version.starts_period},
            code="starts_taken", field="starts_period",
        )  # fmt: skip
    judged = Sheet.objects.filter(version_of_card__card=version.card, period__gte=version.starts_period)
    if sheet := judged.order_by("-period").first():
        raise Refusal(
            _("%(month)s is being judged by this card; a version can start in the month after.")
            % {"month": sheet.period},
            code="month_judged", field="starts_period",
        )  # fmt: skip
    version.state, version.adopted_by, version.adopted_at = VersionState.ADOPTED, by, at
    version.save(update_fields=["state", "adopted_by", "adopted_at"])
    journal.record(by=by, at=at, verb="scorecard.adopted", subject=version, store=version.card.store)
    return version


def _draft(version: ScorecardVersion) -> ScorecardVersion:
    rows = ScorecardVersion.objects.select_for_update(of=("self",), no_key=True).select_related("card__store")
    version = rows.get(pk=version.pk)
    if not version.is_draft:
        raise Refusal(_("An adopted version can't be changed; a change is a new version."), code="version_adopted")
    return version
