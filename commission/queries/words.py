"""What the formulas say, in the reader's language, numbers as people write them."""

import re
from dataclasses import dataclass, fields, replace
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import gettext_noop as _mark
from django.utils.translation import pgettext_lazy

from commission.formulas.explanation import (
    EXACT,
    FEN,
    RATE,
    SHARE,
    Explanation,
    NamedValue,
    SourceRow,
    from_json,
    worked_formula,
)
from commission.formulas.plan import SHIPPED, Part, PlanParameters, Tier
from commission.formulas.posts_blocks import LevelAmount
from commission.formulas.wording import NOTICES, Notice, plain, sentence, written
from commission.queries import words_posts
from dealer_crm.kpi.choices import Measure
from dealer_crm.organization.choices import Post, TeamKind
from reception.choices import OrderKind, Payer


def said(notice: Notice) -> str:
    """What the formulas have to tell, as a sentence in the reader's language."""
    template, params = notice.sentence()
    if "measure" in params:
        known = params["measure"] in Measure.values
        params["measure"] = Measure(params["measure"]).label if known else word(params["measure"])
    if "rule" in params:
        params["rule"] = _(params["rule"])
    if notice.code.startswith("plan."):
        params = {name: word(value) for name, value in params.items()}
    return _(template) % params


def word(code: str) -> str:
    """What a code of a plan is called in the shop (a post, a measure, a pool …); a code of the house's own as it is."""
    return str(_(_WORDS.get(code, code)))


def parameter_word(name: str) -> str:
    """What a parameter of a rule block is called."""
    return _("Title") if name == "title" else _(_PARAMETERS.get(name, name))


def notes_of_rows() -> dict[str, str]:
    """Why a counted row counts differently from what it says: code of the note → sentence."""
    return {code: _(text) for code, text in NOTICES.items() if code.startswith("row.")}


def notice_from_json(kept: dict) -> Notice:
    return Notice(kept["code"], kept["subject"], kept["params"])


def sentence_of(explanation: Explanation) -> str:
    """An amount explained in one sentence that the person concerned understands."""
    template, params = sentence(explanation)
    return _(template) % {name: _(value) if name == "title" else value for name, value in params.items()}


@dataclass(frozen=True)
class Explained:
    """An amount as a page shows it: sentence, formula with names and with numbers, values, rounding, rows with kind and
    note in words. `values`: what each is called, what it is, and the figure it is, when it has a story of its own."""

    amount: str
    sentence: str
    formula: str
    worked: str
    values: list[tuple[str, str, str]]
    rounding: str
    plan: str
    shares: list[tuple[str, str, bool]]
    rows: list[SourceRow]


_ROUNDINGS = {
    FEN: _lazy("Rounded half-up to the fen, once, at the end."),
    SHARE: _lazy(
        "The whole is rounded to the fen and its parts so that they add up to it exactly (largest remainder)."
    ),
    RATE: _lazy("Shown with four decimals; the amounts are worked out with the unrounded value."),
    EXACT: _lazy("Not rounded."),
}


def explanation_of(kept: dict) -> Explained:
    """What the stored explanation says, ready to be read."""
    explained, notes = from_json(kept), notes_of_rows()
    return Explained(
        amount=written(explained.amount, explained.unit),
        sentence=sentence_of(explained),
        formula=_formula_in_words(explained),
        worked=_worked(explained),
        values=[(_value_name(value), written(value.value, value.unit), value.figure) for value in explained.values],
        rounding=_ROUNDINGS[explained.rounding],
        plan=_plan_name(explained.plan),
        shares=[(_receiver(share.key), plain(share.weight), share.key == explained.part) for share in explained.shares],
        rows=[
            replace(row, kind=str(_KINDS.get(row.kind, row.kind)), note=notes.get(row.note, row.note))
            for row in explained.rows
        ],
    )


def _worked(explained: Explanation) -> str:
    """The formula with numbers; a share of a pool also says which part of it."""
    worked = worked_formula(explained, written)
    if not explained.shares:
        return worked
    own = next(share.weight for share in explained.shares if share.key == explained.part)
    return f"{worked} × {plain(own)} ÷ {plain(sum(share.weight for share in explained.shares))}"


def _formula_in_words(explained: Explanation) -> str:
    """The formula with the names of the list of values beneath it, and the signs people write."""
    names = {value.name: _value_name(value) for value in explained.values}

    def word(found: re.Match) -> str:
        name = found.group()
        if name in _FUNCTIONS:
            return _(_FUNCTIONS[name])
        return names.get(name) or _(_GROUPS.get(re.sub(r"_\d+$", "", name)) or _VALUE_NAMES.get(name) or name)

    signed = explained.formula.translate(_SIGNS)
    told = re.sub(r"[A-Za-z_]\w*", word, signed)
    return _("%(formula)s × own part ÷ all parts") % {"formula": told} if explained.shares else told


def _receiver(key: str) -> str:
    """Who or which deduction a share belongs to: a work number as it is, a rule by its title."""
    return _(_TITLES.get(key, key))


def _plan_name(label: str) -> str:
    return label.replace(SHIPPED.name, _(SHIPPED.name), 1)


def _value_name(value: NamedValue) -> str:
    """What a value of a formula is called: its trade name, and whose or of which rule it is."""
    kind = next((kind for kind in _VALUE_KINDS if value.name == kind or value.name.endswith(f"_{kind}")), "")
    name = _(_VALUE_NAMES.get(value.name) or _VALUE_KINDS.get(kind) or value.name)
    whose = value.label or _TITLES.get(value.name.removesuffix("_rate").replace("_", ".", 1), "")
    return f"{name} ({word(whose)})" if whose else name


def blocks_in_words(plan: PlanParameters) -> list[dict]:
    """The rules of a plan as a person reads them: title and parameters."""
    return [
        {"code": block.code, "title": _(block.title), "parameters": parameters_in_words(block)} for block in plan.blocks
    ]


def parameters_in_words(block) -> list[tuple[str, str]]:
    """The parameters of a rule that say something: what each is called and what it says."""
    return [
        (parameter_word(part.name), value_in_words(getattr(block, part.name), part.name))
        for part in fields(block)
        if part.name in _PARAMETERS and getattr(block, part.name) not in (None, "", ())
    ] + [(parameter_word(name), _("not set")) for name in getattr(block, "unset", ())]


def value_in_words(value, name: str = "") -> str:
    """What a parameter says; `name` tells whether it is a share, which people say per cent."""
    if value is None:
        return "—"
    if isinstance(value, Decimal):
        return written(value, "rate" if name in _PER_CENT else "")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name == "only_beside":
        return _("; ").join(word(_TITLES.get(code, code)) for code in value)
    if isinstance(value, tuple):
        return _("; ").join(value_in_words(item) for item in value)
    if isinstance(value, Tier):
        return _("%(bounds)s: %(rate)s") % {"bounds": _bounds(value), "rate": written(value.rate, "rate")}
    if isinstance(value, LevelAmount):
        return _("level %(level)s: %(amount)s") % {"level": plain(value.level), "amount": written(value.amount, "CNY")}
    if isinstance(value, Part):
        return f"{word(value.receiver)} {written(value.share, 'rate')}"
    return word(str(value))


def _bounds(tier: Tier) -> str:
    if tier.lower is None and tier.upper is None:
        return _("any value")
    if tier.lower is None:
        return _("below %(upper)s") % {"upper": plain(tier.upper)}
    if tier.upper is None:
        return _("%(lower)s and more") % {"lower": plain(tier.lower)}
    return _("%(lower)s to below %(upper)s") % {"lower": plain(tier.lower), "upper": plain(tier.upper)}


# Parameters that people say per cent.
_PER_CENT = frozenset({"rate", "achievement_cap", "sold_above"})
_PARAMETERS = {
    "measure": _mark("Measure"),
    "rate": _mark("Rate"),
    "achievements": _mark("Times achievement of"),
    "achievement": _mark("Times achievement of"),
    "achievement_cap": _mark("Achievement at most"),
    "pool": _mark("Pool"),
    "sellers": _mark("Sold by"),
    "basis": _mark("Paid on"),
    "installed": _mark("If installed"),
    "not_installed": _mark("If not installed"),
    "sold_above": _mark("Only if sold above (share of list price)"),
    "team_kind": _mark("Teams"),
    "hour_price": _mark("Price of an hour"),
    "divisor": _mark("VAT divisor"),
    "payers": _mark("Payers"),
    "excluded_kinds": _mark("Without orders of type"),
    "probation_shares": _mark("Probation shares"),
    "tiers": _mark("Tiers"),
    **words_posts.PARAMETERS,
}
_SIGNS = str.maketrans({"*": "×", "/": "÷", "-": "−"})
_FUNCTIONS = {
    "total": _mark("sum"),
    "positive": _mark("not below zero"),
    "least": _mark("the smaller of"),
}
# What the documents are that a formula adds up.
_GROUPS = {
    "cars": _mark("Cars received"),
    "accessories_received": _mark("Accessory money received"),
    "accessories_barred": _mark("Accessory money that does not count"),
    "A_accessories": _mark("Accessory money that counts"),
    "B_sales": _mark("Accessory money that counts"),
    "B_other": _mark("Accessory money that counts"),
    "hours": _mark("Hours"),
    "consumables": _mark("Consumables"),
    "adjustments": _mark("Adjustments"),
    "none": _mark("nothing"),
    **words_posts.GROUPS,
}
# What the documents are called, one by one.
_KINDS = {
    "receipt": pgettext_lazy("document", "Receipt"),
    "assessment": pgettext_lazy("document", "Assessment"),
    "settlement": pgettext_lazy("document", "Settlement"),
    "labour": pgettext_lazy("document", "Labour"),
    "sale": pgettext_lazy("document", "Sale of accessories"),
    "consumable": pgettext_lazy("document", "Consumables"),
    "hour_deduction": pgettext_lazy("document", "Hour deduction"),
    "complaint": pgettext_lazy("document", "Complaint"),
    "score": pgettext_lazy("document", "Appraisal score"),
    "adjustment": pgettext_lazy("document", "Adjustment"),
    "appointment": pgettext_lazy("document", "Appointment"),
    "incentive": pgettext_lazy("document", "Incentive"),
}
_TITLES = {block.code: block.title for block in SHIPPED.blocks}
_SHIPPED_NAME = _mark("Shipped plan")
_VALUE_NAMES = {
    "output": _mark("Output"),
    "output_target": _mark("Output target"),
    "car_count": _mark("Cars received"),
    "car_count_target": _mark("Target of cars received"),
    "customer_money": _mark("Customer money"),
    "warranty_money": _mark("Warranty money"),
    "accident_money": _mark("Accident orders"),
    "verified_complaints": _mark("Verified complaints"),
    "appraisal_score": _mark("Appraisal score"),
    "month_days": _mark("Days of the month"),
    "recomputed": _mark("Worked out again"),
    "paid": _mark("Paid with the month"),
    "corrected": _mark("Corrected since"),
    "A_accessories": _mark("Accessory money that counts"),
    **words_posts.VALUE_NAMES,
}
# Values of which a formula may hold several, by how their names end.
_VALUE_KINDS = {
    "rate": _mark("Rate"),
    "cap": _mark("Achievement at most"),
    "target": _mark("Target"),
    "reached": _mark("Reached"),
    "actual": _mark("Actual"),
    "pool": _mark("Pool"),
    "days": _mark("Days in the position"),
    "gross": _mark("Gross share"),
    "eligible": _mark("Accessory money that counts"),
    "divisor": _mark("VAT divisor"),
    "hour_price": _mark("Price of an hour"),
    "share": _mark("Share"),
    "temporary": _mark("Temporary coefficient"),
    "regular": _mark("Coefficient"),
    **words_posts.VALUE_KINDS,
}
_WORDS = {
    "front_desk": _mark("front desk"),
    "installers": _mark("installation team"),
    "parts": _mark("parts department"),
    "seller": _mark("seller"),
    "nobody": _mark("nobody"),
    "no_seller": _mark("nobody named"),
    "anyone_else": _mark("anyone else"),
    "gift": _mark("a gift"),
    "received": _mark("money received"),
    "selling_price": _mark("selling price"),
    "output": _mark("output"),
    "car_count": _mark("cars received"),
    "accessory_sales": _mark("accessory sales"),
    "verified_complaints": _mark("verified complaints"),
    "appraisal_score": _mark("appraisal score"),
    **words_posts.WORDS,
    **{post.value: post.label for post in Post},
    **{kind.value: kind.label for kind in TeamKind},
    **{payer.value: payer.label for payer in Payer},
    **{kind.value: kind.label for kind in OrderKind},
}
