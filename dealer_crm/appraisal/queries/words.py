"""What scales and their explanations say, in the reader's language, figures as people write them."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from dealer_crm.access.permissions import Permission
from dealer_crm.access.roles import Role
from dealer_crm.appraisal import formulas
from dealer_crm.appraisal.formulas import Explained, Problem, Row, Rule
from dealer_crm.appraisal.queries.sources import SHARE, SOURCES
from dealer_crm.organization.models import Staff
from reception.choices import FlawKind


def plain(value: Decimal) -> str:
    """A number without needless zeros."""
    return f"{value.normalize():f}"


def written(value: Decimal, unit: str) -> str:
    """A figure in its unit: shares as %, the rest with at most two decimals."""
    if unit == SHARE:
        return f"{plain(round(value * 100, 2))} %"
    return plain(round(value, 2))


def said(problem: Problem) -> str:
    """What is wrong with a card, as a sentence."""
    numbers = {name: plain(value) for name, value in problem.params.items()}
    return _(formulas.PROBLEMS[problem.code]) % {"item": problem.item, **numbers}


# ── What a scale says ────────────────────────────────────────────────────────────────────────────────────────────────
def scale_in_words(rule: Rule, role: str = "") -> str:
    """How a line of a card comes to its points."""
    if rule.scale == formulas.GIVEN:
        return _("Entered by: %(role)s") % {"role": Role(role).label}
    unit = _unit(rule)
    if rule.scale in formulas.COUNTED:
        return "；".join(_step_in_words(rule, step) for step in rule.steps)
    if rule.scale == formulas.LINEAR and not rule.zero_at:
        return _("In proportion, everything at %(full_at)s.") % {"full_at": written(rule.full_at, unit)}
    if rule.scale == formulas.LINEAR:
        return _("%(zero_at)s earns nothing, %(full_at)s everything, in proportion between.") % {
            "zero_at": written(rule.zero_at, unit), "full_at": written(rule.full_at, unit),
        }  # fmt: skip
    sign = "≥" if rule.scale == formulas.AT_LEAST else "≤"
    best_first = sorted(rule.tiers, key=lambda tier: tier.limit, reverse=rule.scale == formulas.AT_LEAST)
    steps = [f"{sign} {written(tier.limit, unit)} → {plain(tier.points)}" for tier in best_first]
    return "；".join([*steps, _("else %(points)s") % {"points": plain(rule.rest)}])


def sources_in_words(rule: Rule) -> str:
    return "、".join(str(SOURCES[step.source].label) for step in rule.steps if step.source in SOURCES)


def _step_in_words(rule: Rule, step) -> str:
    sign = "−" if rule.kind != formulas.BONUS else "+"
    what = SOURCES[step.source].events
    if rule.scale == formulas.EACH_OVER:
        return _("%(what)s over the target: %(sign)s%(points)s each") % {
            "what": what, "sign": sign, "points": plain(step.points),
        }  # fmt: skip
    return _("%(what)s: %(sign)s%(points)s each") % {"what": what, "sign": sign, "points": plain(step.points)}


def _unit(rule: Rule) -> str:
    return SOURCES[rule.steps[0].source].unit


# ── What a line's points say ─────────────────────────────────────────────────────────────────────────────────────────
def sentence_of(explained: Explained) -> str:
    """Why a measured line has its points, in one sentence."""
    code = formulas.sentence(explained)
    rule, fact = explained.rule, explained.facts[0]
    source = SOURCES[fact.source]
    params = {"source": source.label}
    if code in ("at_least", "at_most", "below", "above", "linear"):
        params["value"] = _figure(explained)
    if code in ("at_least", "at_most"):
        params["limit"] = written(formulas.tier_of(rule, fact.value).limit, source.unit)
    elif code in ("below", "above"):
        limits = [tier.limit for tier in rule.tiers]
        params["limit"] = written(min(limits) if code == "below" else max(limits), source.unit)
    elif code == "linear":
        params |= {"zero_at": written(rule.zero_at, source.unit), "full_at": written(rule.full_at, source.unit)}
    elif code == "each_over":
        params |= {
            "source": source.events, "count": plain(fact.count), "base": plain(fact.base or Decimal(0)),
            "allowed": plain(fact.allowed), "over": plain(fact.over),
        }  # fmt: skip
    elif code == "each":
        params["events"] = "；".join(
            f"{SOURCES[step.source].events} {plain(formulas.events(explained, step))} × {plain(step.points)}"
            for step in rule.steps
        )
    return _(formulas.SENTENCES[code]) % params


def _figure(explained: Explained) -> str:
    """The figure with what it is a share of."""
    fact = explained.facts[0]
    text = written(fact.value, SOURCES[fact.source].unit)
    if fact.form == formulas.FAILURES:
        return f"{text} ({plain(fact.base - fact.count)} ÷ {plain(fact.base)})"
    return f"{text} ({plain(fact.count)} ÷ {plain(fact.base)})" if fact.form == formulas.EVENTS and fact.base else text


# ── The events behind it ─────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class RowKind:
    """What an event is called, and where it is kept: name of the page and who may open it."""

    label: str
    page: str = ""
    permission: Permission | None = None


def _row_kinds() -> dict[str, RowKind]:
    return {
        "order": RowKind(_("Repair order"), "reception:order", Permission.ORDER_VIEW),
        "settlement": RowKind(_("Settlement reversed"), "reception:order", Permission.ORDER_VIEW),
        "complaint": RowKind(_("Complaint"), "complaints:complaint", Permission.COMPLAINT_VIEW),
        "customer": RowKind(_("Customer"), "reception:customer", Permission.CUSTOMER_VIEW),
        "vehicle": RowKind(_("Vehicle"), "reception:vehicle", Permission.VEHICLE_VIEW),
        "referral": RowKind(_("Referral"), "callback:referral", Permission.CALL_VIEW),
        "call_score": RowKind(_("Judged call"), "callback:score", Permission.CALL_VIEW),
        "day": RowKind(_("Day")),
        "report": RowKind(_("Report of the month")),
        "rank": RowKind(_("Factory list")),
        "training": RowKind(_("Training"), "appraisal:training", Permission.TRAINING_VIEW),
        "check": RowKind(_("Site check"), "appraisal:round", Permission.SITE_VIEW),
        "finding": RowKind(_("Finding of a site check"), "appraisal:finding", Permission.SITE_VIEW),
    }


@dataclass(frozen=True)
class RowShown:
    kind: str
    number: str
    day: str
    text: str
    page: str
    pk: int | None


def rows_shown(explained: Explained, reader: Staff) -> list[tuple[str, list[RowShown]]]:
    """The events of each source: what they are called, and the events as `reader` may open them."""
    kinds = _row_kinds()
    return [
        (SOURCES[fact.source].events or SOURCES[fact.source].label, [_shown(row, kinds, reader) for row in fact.rows])
        for fact in explained.facts
        if fact.rows
    ]


def _shown(row: Row, kinds: dict[str, RowKind], reader: Staff) -> RowShown:
    kind = kinds.get(row.kind, RowKind(row.kind))
    may_open = row.pk is not None and kind.permission is not None and reader.can(kind.permission)
    text = str(FlawKind(row.text).label) if row.text in FlawKind.values else row.text
    return RowShown(kind.label, row.number, row.day, text, kind.page if may_open else "", row.pk)
