"""The form of each type of rule block, found by the type: the plan editor knows nothing of single blocks.

A new block needs a form class and no other change:

    @form_for(TierDeduction)
    class TierDeductionForm(BlockForm):
        label = _lazy("Deduction by tiers")                   # what the type is called where a rule is added
        measure = ChoiceField(DEDUCTION_MEASURES, label=…)    # every other parameter: a field of its name
        pool = PoolField()
        rows = {"tiers": TierForm}                            # a list of small records: a form of one row

Fields are called as the block's parameters and clean to their values; rates are typed per cent (`PercentField`). What a
rule may not be is said by `validate` of the formulas, which names block and parameter (`Notice.place`), not here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from commission.formulas.plan import (
    ANYONE_ELSE,
    BLOCKS,
    DEDUCTION_MEASURES,
    FRONT_DESK,
    GIFT,
    INSTALLERS,
    NO_SELLER,
    NOBODY,
    PARTS,
    PERSON_MEASURES,
    RECEIVED,
    SELLER,
    SELLING_PRICE,
    SHIPPED,
    STORE_MEASURES,
    Block,
    HoursPrice,
    LineSplit,
    MeasureRate,
    Part,
    PoolShare,
    Tier,
    TierDeduction,
)
from commission.formulas.wording import plain
from commission.queries import parameter_word, word
from dealer_crm.kpi.choices import Measure
from dealer_crm.organization.choices import WORKSHOP_TEAMS, Post
from reception.choices import OrderKind, Payer

_HUNDRED = Decimal(100)
_ROWS_AT_MOST = 30
_STORE_POOLS = (FRONT_DESK, INSTALLERS, PARTS)


# ── fields ───────────────────────────────────────────────────────────────────────────────────────────────────────────
class NumberField(forms.DecimalField):
    """A number shown without idle zeros; not below zero unless the block says so."""

    def __init__(self, *, label, unit="", digits=12, places=4, **options):
        attrs = {"step": "any", **({"data-unit": unit} if unit else {})}
        super().__init__(
            label=label, max_digits=digits, decimal_places=places, widget=forms.NumberInput(attrs=attrs),
            **{"min_value": 0, **options},
        )  # fmt: skip

    def prepare_value(self, value):
        return plain(value) if isinstance(value, Decimal) else value


class PercentField(NumberField):
    """Shown and typed per cent, kept as a rate: 0.5 is 0.005."""

    def __init__(self, *, label, **options):
        super().__init__(label=label, unit="%", digits=9, places=4, **options)

    def prepare_value(self, value):
        return plain(value * _HUNDRED) if isinstance(value, Decimal) else value

    def clean(self, value):
        typed = super().clean(value)
        return None if typed is None else typed / _HUNDRED


def _words(codes: Iterable[str]):
    """Choices with the words of the shop, in the reader's language; measures in the order the house knows them."""
    ordered = [str(code) for code in (sorted(codes, key=_place) if isinstance(codes, frozenset) else codes)]
    return lambda: [(code, word(code)) for code in ordered]


def _place(measure: str) -> tuple[int, str]:
    return (Measure.values.index(measure) if measure in Measure.values else len(Measure.values), measure)


class ChoiceField(forms.ChoiceField):
    """One of some codes. `none`: what it is called when none is chosen, where that is allowed."""

    def __init__(self, codes: Iterable[str], *, label, none=None, **options):
        known = _words(codes)
        choices = known if none is None else lambda: [("", none), *known()]
        super().__init__(label=label, choices=choices, required=none is None, **options)


class ChoicesField(forms.MultipleChoiceField):
    """Any of some codes; gives a tuple in the order of the choices."""

    def __init__(self, codes: Iterable[str], *, label, **options):
        widget = forms.CheckboxSelectMultiple(attrs={"data-wide": True})
        super().__init__(label=label, choices=_words(codes), required=False, widget=widget, **options)

    def clean(self, value):
        chosen = super().clean(value)
        return tuple(code for code, _label in self.choices if code in chosen)


class PoolField(forms.ChoiceField):
    """A pool: of the store, or of the teams that one of the version's rules pays by hours (its code)."""

    def __init__(self):
        super().__init__(label=_lazy("Pool"))


class RulesField(ChoicesField):
    """Any of the other rules of the version, by their codes."""

    def __init__(self):
        super().__init__((), label=_lazy("Only beside the rules"), help_text=_lazy("None chosen: beside any."))


class TitleField(forms.CharField):
    """What a rule is called; the shipped titles are shown in the reader's language and kept as they were."""

    def __init__(self):
        super().__init__(label=_lazy("Title"), max_length=80)

    def prepare_value(self, value):
        return _(value) if value else value

    def clean(self, value):
        typed = super().clean(value)
        return next((block.title for block in SHIPPED.blocks if _(block.title) == typed), typed)


# ── shapes ───────────────────────────────────────────────────────────────────────────────────────────────────────────
class RowForm(forms.Form):
    """One record of a list, such as a tier."""

    makes: ClassVar[type]

    def made(self) -> Any:
        return self.makes(**{part.name: self.cleaned_data[part.name] for part in fields(self.makes)})


class BlockForm(forms.Form):
    """A rule block as it is typed: its parameters, and a row of fields for each record of its lists."""

    label: ClassVar[str]
    makes: ClassVar[type]
    rows: ClassVar[Mapping[str, type[RowForm]]] = {}

    code = forms.CharField(label=_lazy("Item code"), max_length=40)
    title = TitleField()

    def __init__(self, posted=None, *, prefix: str, block: Block | None = None, code: str = ""):
        initial = {part.name: getattr(block, part.name) for part in fields(self.makes)} if block else {"code": code}
        super().__init__(posted, prefix=prefix, initial=initial)
        self.row_sets = {
            name: forms.formset_factory(
                form, can_delete=True, extra=0 if block else 1, max_num=_ROWS_AT_MOST, absolute_max=2 * _ROWS_AT_MOST
            )(posted, prefix=f"{prefix}-{name}", initial=[_parts_of(row) for row in initial.get(name, ())])
            for name, form in self.rows.items()
        }

    def offer(self, *, pools: Iterable[str], rules: Iterable[str]) -> None:
        """Which pools and rules there are to choose from; what stands there is always among them."""
        for name, field in self.fields.items():
            if isinstance(field, PoolField):
                known = dict.fromkeys([*pools, *filter(None, [self[name].value()])])
                field.choices = [(pool, word(pool)) for pool in known]
            elif isinstance(field, RulesField):
                known = dict.fromkeys([*(code for code in rules if code != self["code"].value()), *self[name].value()])
                field.choices = [(code, code) for code in known]

    def is_valid(self) -> bool:
        return all([super().is_valid(), *(rows.is_valid() for rows in self.row_sets.values())])

    def block(self) -> Block:
        """What was typed; asked after `is_valid`."""
        lists = {name: tuple(form.made() for form in kept_rows(rows)) for name, rows in self.row_sets.items()}
        return self.makes(**(self.cleaned_data | lists))

    def tell(self, place: str, sentence: str) -> None:
        """Say what is wrong beside the parameter it is about, or above all of them."""
        if place in self.row_sets:
            self.row_sets[place].non_form_errors().append(sentence)
        else:
            self.add_error(place if place in self.fields else None, sentence)

    @property
    def row_tables(self) -> list[tuple[str, forms.BaseFormSet]]:
        """The lists of the block with what they are called."""
        return [(parameter_word(name), rows) for name, rows in self.row_sets.items()]

    @property
    def is_wrong(self) -> bool:
        wrong = any(rows.is_bound and rows.total_error_count() for rows in self.row_sets.values())
        return self.is_bound and (bool(self.errors) or wrong)

    @property
    def is_open(self) -> bool:
        """Whether it stands open: something is wrong with it, or it is new."""
        return self.is_wrong or not self["title"].value()

    @property
    def shown_title(self) -> str:
        return self["title"].value() or str(self.label)


def kept_rows(rows: forms.BaseFormSet) -> list[RowForm]:
    """The rows that are filled in and not crossed out."""
    gone = rows.deleted_forms
    return [form for form in rows.forms if form not in gone and (form.initial or form.has_changed())]


def _parts_of(row) -> dict[str, Any]:
    return {part.name: getattr(row, part.name) for part in fields(row)}


# ── the registry ─────────────────────────────────────────────────────────────────────────────────────────────────────
_forms: dict[str, type[BlockForm]] = {}


def form_for(block: type):
    """Says of a form class which block it makes."""

    def registered(form: type[BlockForm]) -> type[BlockForm]:
        form.makes = block
        _forms[block.TYPE] = form
        return form

    return registered


def block_form(kind: str) -> type[BlockForm]:
    """The form of a block type. Raises KeyError when the type has none."""
    return _forms[kind]


def block_kinds() -> list[tuple[str, str]]:
    """The types of rules that can be added, with what they are called."""
    return [(kind, str(_forms[kind].label)) for kind in BLOCKS if kind in _forms]


# ── the forms ────────────────────────────────────────────────────────────────────────────────────────────────────────
class TierForm(RowForm):
    makes = Tier

    lower = NumberField(label=_lazy("From (empty: any)"), required=False)
    upper = NumberField(label=_lazy("To below (empty: any)"), required=False)
    rate = PercentField(label=_lazy("Taken off (%)"))


class PartForm(RowForm):
    makes = Part

    receiver = ChoiceField((*_STORE_POOLS[:2], SELLER, PARTS, NOBODY), label=_lazy("Receiver"))
    share = PercentField(label=_lazy("Share of the money (%)"))


@form_for(MeasureRate)
class MeasureRateForm(BlockForm):
    label = _lazy("Measure of the store × rate")

    measure = ChoiceField(STORE_MEASURES, label=_lazy("Measure"))
    rate = PercentField(label=_lazy("Rate"))
    achievements = ChoicesField(STORE_MEASURES, label=_lazy("Times achievement of"))
    achievement_cap = PercentField(
        label=_lazy("Achievement at most"), required=False, help_text=_lazy("Empty: not capped.")
    )
    pool = ChoiceField((FRONT_DESK,), label=_lazy("Pool"))


@form_for(LineSplit)
class LineSplitForm(BlockForm):
    label = _lazy("Accessory money, split among receivers")

    basis = ChoiceField((RECEIVED, SELLING_PRICE), label=_lazy("Paid on"))
    rate = PercentField(label=_lazy("Rate"))
    sold_above = PercentField(
        label=_lazy("Only if sold above (share of list price)"), required=False, help_text=_lazy("Empty: at any price.")
    )
    achievement = ChoiceField(PERSON_MEASURES, label=_lazy("Times achievement of"), none="—")
    achievement_cap = PercentField(
        label=_lazy("Achievement at most"), required=False, help_text=_lazy("Empty: not capped.")
    )
    sellers = ChoicesField((NO_SELLER, ANYONE_ELSE, GIFT, *Post.values), label=_lazy("Sold by"))
    rows = {"installed": PartForm, "not_installed": PartForm}


@form_for(HoursPrice)
class HoursPriceForm(BlockForm):
    label = _lazy("Team paid by hours")

    team_kind = ChoiceField(WORKSHOP_TEAMS, label=_lazy("Teams"))
    hour_price = NumberField(label=_lazy("Price of an hour"), unit=_lazy("CNY"))
    divisor = NumberField(label=_lazy("VAT divisor"))
    rate = PercentField(label=_lazy("Rate"))
    payers = ChoicesField(Payer.values, label=_lazy("Payers"))
    excluded_kinds = ChoicesField(OrderKind.values, label=_lazy("Without orders of type"))


@form_for(PoolShare)
class PoolShareForm(BlockForm):
    label = _lazy("Sharing of a pool by coefficient")

    pool = PoolField()
    probation_shares = forms.BooleanField(label=_lazy("Probation shares"), required=False)
    posts = ChoicesField(
        Post.values, label=_lazy("Shared by"), help_text=_lazy("None chosen: the members of the team.")
    )


@form_for(TierDeduction)
class TierDeductionForm(BlockForm):
    label = _lazy("Deduction by tiers")

    measure = ChoiceField(DEDUCTION_MEASURES, label=_lazy("Measure"))
    pool = PoolField()
    rows = {"tiers": TierForm}
