"""A draft of a scorecard: from when it holds, and its lines one by one."""

import re
from decimal import Decimal, InvalidOperation

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dealer_crm.access.permissions import Permission
from dealer_crm.access.roles import PERMISSIONS, Role
from dealer_crm.appraisal import formulas
from dealer_crm.appraisal.choices import LineKind, ScaleKind
from dealer_crm.appraisal.formulas import Item, Rule, Step, Tier, item_problems
from dealer_crm.appraisal.models import Indicator
from dealer_crm.appraisal.queries import SOURCES, WITH_GOAL, plain, said
from dealer_crm.ui.fields import MonthField

_HUNDRED = Decimal(100)


def figure_typed(text: str) -> Decimal:
    """A figure as people type it: `98%` is 0.98. Raises ValueError for anything else."""
    text = text.strip().replace("％", "%")
    try:
        return Decimal(text[:-1].strip()) / _HUNDRED if text.endswith("%") else Decimal(text)
    except InvalidOperation as error:
        raise ValueError(text) from error


class FigureField(forms.CharField):
    """A figure, shares also as 98%."""

    def to_python(self, value):
        value = super().to_python(value)
        if not value:
            return None
        try:
            return figure_typed(value)
        except ValueError as error:
            raise forms.ValidationError(_("Write a figure, such as 900 or 98%.")) from error


class TiersField(forms.CharField):
    """One tier a line: the limit, then the points; gives a tuple of `Tier`."""

    widget = forms.Textarea(attrs={"rows": 4, "placeholder": "98% 5\n95% 4\n85% 3"})

    def to_python(self, value):
        return tuple(self._tier(line) for line in super().to_python(value).splitlines() if line.strip())

    def _tier(self, line: str) -> Tier:
        parts = [part for part in re.split(r"[\s=→:：,，]+", line.strip()) if part]
        try:
            limit, points = parts
            return Tier(figure_typed(limit), Decimal(points))
        except (ValueError, InvalidOperation) as error:
            raise forms.ValidationError(
                _now("“%(line)s”: write a limit and its points, such as 98%% 5.") % {"line": line.strip()}
            ) from error


def _sources() -> list:
    own = [(one.code, one.label) for one in SOURCES.values() if not one.is_of_store]
    store = [(one.code, one.label) for one in SOURCES.values() if one.is_of_store and "." not in one.code]
    catalogue = [(one.code, one.label) for one in SOURCES.values() if "." in one.code]
    return [
        ("", "—"), (_("Of the person"), own), (_("Of the whole store"), store), (_("Figures of the month"), catalogue)
    ]  # fmt: skip


_ENTERING = [("", "—"), *((role, role.label) for role in Role if Permission.SHEET_ENTER in PERMISSIONS[role])]


class VersionForm(forms.Form):
    starts_period = MonthField(label=_("Holds from month"))
    full_points = forms.DecimalField(label=_("full points"), min_value=1, max_value=200, max_digits=5, decimal_places=2)
    note = forms.CharField(
        label=pgettext_lazy("scorecard", "what changes"), max_length=200, required=False,
        widget=forms.TextInput(attrs={"data-wide": True}),
    )  # fmt: skip


class IndicatorForm(forms.Form):
    """A line of a card; what is filled in must fit the scale."""

    section = forms.CharField(label=pgettext_lazy("scorecard", "section"), max_length=40)
    name = forms.CharField(label=pgettext_lazy("scorecard", "item"), max_length=80)
    kind = forms.ChoiceField(label=_("kind"), choices=LineKind, initial=LineKind.INDICATOR)
    points = forms.DecimalField(
        label=pgettext_lazy("scorecard", "points"), min_value=Decimal("0.01"), max_value=200, max_digits=5,
        decimal_places=2,
        help_text=_("Of bonus and deduction items: the most they add or take off."),
    )  # fmt: skip
    note = forms.CharField(
        label=pgettext_lazy("scorecard", "how it is judged"), max_length=200, required=False,
        widget=forms.TextInput(attrs={"data-wide": True}),
    )  # fmt: skip
    scale = forms.ChoiceField(label=pgettext_lazy("scorecard", "scale"), choices=ScaleKind)
    role = forms.ChoiceField(
        label=_("Points given by"), choices=_ENTERING, required=False, help_text=_("Only where points are entered.")
    )
    source_1 = forms.ChoiceField(label=_("What is measured"), choices=_sources, required=False)
    step_1 = forms.DecimalField(
        label=_("points for each event"), min_value=0, max_digits=5, decimal_places=2, required=False
    )
    source_2 = forms.ChoiceField(label=_("and also"), choices=_sources, required=False)
    step_2 = forms.DecimalField(
        label=_("points for each event"), min_value=0, max_digits=5, decimal_places=2, required=False
    )
    tiers = TiersField(label=_("tiers"), required=False, help_text=_("One a line: limit and points, the best first."))
    rest = forms.DecimalField(
        label=_("points beyond the last tier"), min_value=0, max_digits=5, decimal_places=2, required=False
    )
    zero_at = FigureField(label=_("figure that earns nothing"), required=False)
    full_at = FigureField(label=_("figure that earns everything"), required=False)

    SECTIONS = (
        (_("The item"), ("section", "name", "kind", "points", "note")),
        (_("How it comes to its points"), ("scale", "role")),
        (_("Measured by the program"), ("source_1", "step_1", "source_2", "step_2")),
        (_("Tiers"), ("tiers", "rest")),
        (_("In proportion"), ("zero_at", "full_at")),
    )

    @property
    def parts(self):
        return [(legend, [self[name] for name in names]) for legend, names in self.SECTIONS]

    @staticmethod
    def initial_of(indicator: Indicator) -> dict[str, object]:
        rule = indicator.rule
        steps = [*rule.steps, *[None] * 2][:2]
        return {
            "section": indicator.section, "name": indicator.name, "kind": indicator.kind, "points": indicator.points,
            "note": indicator.note, "scale": indicator.scale, "role": indicator.role, "rest": rule.rest,
            "tiers": "\n".join(f"{_typed(tier.limit)} {plain(tier.points)}" for tier in rule.tiers),
            "zero_at": _typed(rule.zero_at), "full_at": _typed(rule.full_at),
            **{f"source_{place}": step.source for place, step in enumerate(steps, start=1) if step},
            **{f"step_{place}": step.points for place, step in enumerate(steps, start=1) if step},
        }  # fmt: skip

    @property
    def rule(self) -> Rule:
        """What is typed, as far as it fits the scale that is chosen."""
        typed, scale = self.cleaned_data, self.cleaned_data["scale"]
        counted = scale in formulas.COUNTED
        steps = tuple(
            Step(typed[f"source_{place}"], (typed[f"step_{place}"] or Decimal(0)) if counted else Decimal(0))
            for place in (1, 2)
            if typed.get(f"source_{place}") and scale != formulas.GIVEN
        )
        linear = scale == formulas.LINEAR
        return Rule(
            kind=typed["kind"],
            full=typed["points"],
            scale=scale,
            steps=steps,
            tiers=typed["tiers"] if scale in formulas.TIERED else (),
            rest=(typed["rest"] or Decimal(0)) if scale in formulas.TIERED else Decimal(0),
            zero_at=typed["zero_at"] if linear else None,
            full_at=typed["full_at"] if linear else None,
        )

    def clean(self):
        typed = super().clean()
        if self.errors:
            return typed
        if typed["scale"] != formulas.GIVEN:
            typed["role"] = ""
        item = Item(typed["section"], typed["name"], self.rule, typed["role"])
        for problem in item_problems(item, with_goal=WITH_GOAL):
            self.add_error(None, said(problem))
        return typed

    @property
    def line(self) -> dict[str, object]:
        """The arguments of `actions.keep_indicator`."""
        return {name: self.cleaned_data[name] for name in ("section", "name", "role", "note")} | {"rule": self.rule}


def _typed(figure: Decimal | None) -> str:
    """A figure as one would type it: shares as %."""
    if figure is None:
        return ""
    return f"{plain(figure * _HUNDRED)}%" if 0 < figure <= 1 else plain(figure)
