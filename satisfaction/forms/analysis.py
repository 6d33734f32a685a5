"""Which answers an analysis is about: the span, the store, whose visits; and by what they are told apart."""

from urllib.parse import urlencode

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from dealer_crm.values import Quarter, Week
from reception.choices import OrderKind
from satisfaction.choices import Dimension, Rhythm
from satisfaction.queries import Scope, Span, recent_spans, span_written

NARROWING = {
    "brand": "brand", "advisor": "advisor_id", "technician": "technician_id", "team": "team_id", "agent": "agent_id",
    "factor": "factor", "step": "step",
}  # fmt: skip
"""Name in an address → field of the scope. A row of an analysis leads on by these."""


class SpanField(forms.ChoiceField):
    """A month, quarter or week; older ones than are offered may be asked for in the address."""

    def offer(self, today: Span, asked: str) -> None:
        titles = {"month": _now("Month"), "quarter": _now("Quarter"), "week": _now("Week")}
        groups = [(titles[kind], [(str(span), _shown(span)) for span in spans]) for kind, spans in recent_spans(today)]
        if asked and not any(asked == value for _title, spans in groups for value, _label in spans):
            groups.insert(0, (_now("Earlier"), [(asked, asked)]))
        self.choices = groups

    def clean(self, value):
        try:
            return span_written(super().clean(value))
        except ValueError as error:
            raise forms.ValidationError(_("Write the month as 2026-10.")) from error


def _shown(span: Span) -> str:
    """A week says its days as well."""
    if isinstance(span, Quarter):
        return _now("%(year)s, quarter %(number)s") % {"year": span.year, "number": span.number}
    if not isinstance(span, Week):
        return str(span)
    return f"{span} ({date_format(span.first_day, 'm-d')} – {date_format(span.last_day, 'm-d')})"


class ScopeFilter(forms.Form):
    """The scope of an analysis. What a row narrows to comes along unseen; the page shows it as words."""

    period = SpanField(label=_("Period"))
    store = forms.ChoiceField(label=_("Store"), required=False)
    questionnaire = forms.ChoiceField(label=_("Questionnaire"), required=False)
    order_kind = forms.ChoiceField(label=_("Order type"), required=False, choices=[("", _("All")), *OrderKind.choices])
    brand = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    advisor = forms.IntegerField(required=False, widget=forms.HiddenInput)
    technician = forms.IntegerField(required=False, widget=forms.HiddenInput)
    team = forms.IntegerField(required=False, widget=forms.HiddenInput)
    agent = forms.IntegerField(required=False, widget=forms.HiddenInput)
    factor = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    step = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def __init__(self, asked: dict, *, stores, questionnaires, today: Span):
        super().__init__(asked)
        self.stores, self.questionnaires = list(stores), list(questionnaires)
        self.fields["period"].offer(today, asked.get("period", ""))
        self.fields["store"].choices = [("", _("All")), *((one.code, one.name) for one in self.stores)]
        self.fields["questionnaire"].choices = [(one.code, one.name) for one in self.questionnaires]
        if len(self.stores) < 2:
            del self.fields["store"]

    def scope(self) -> Scope | None:
        """None for somebody without a store, and where what was asked for makes no sense."""
        if not self.stores or not self.is_valid():
            return None
        asked = self.cleaned_data
        store = next((one for one in self.stores if one.code == asked.get("store")), None)
        if len(self.stores) == 1:
            store = self.stores[0]
        return Scope(
            store=store,
            stores=() if store else tuple(self.stores),
            period=asked["period"],
            order_kind=asked["order_kind"],
            questionnaire=next((one for one in self.questionnaires if one.code == asked["questionnaire"]), None),
            **{field: asked[name] for name, field in NARROWING.items()},
        )

    def address(self, **more) -> str:
        """What this form asks for as the end of an address, changed by `more`."""
        asked = {name: self.data.get(name) for name in self.fields} | more
        return urlencode({name: value for name, value in asked.items() if value not in (None, "")})


class AnalysisFilter(ScopeFilter):
    by = forms.ChoiceField(label=_("Told apart by"), choices=Dimension)
    field_order = ["period", "by", "store", "questionnaire", "order_kind"]


class ControlFilter(ScopeFilter):
    rhythm = forms.ChoiceField(label=_("One point for each"), choices=Rhythm)
    field_order = ["period", "rhythm", "store", "questionnaire", "order_kind"]


class ResponseFilter(ScopeFilter):
    """The responses behind a figure: of one questionnaire or all, and only those with low scores where asked."""

    most = forms.IntegerField(required=False, min_value=0, max_value=10, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        questionnaire = self.fields["questionnaire"]
        questionnaire.choices = [("", _("All")), *questionnaire.choices]


class GapsFilter(ScopeFilter):
    """The gaps are those of one store; orders stand beside the answers, so that nothing narrows them."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("questionnaire", "order_kind", *NARROWING):
            del self.fields[name]
        if "store" in self.fields:
            self.fields["store"].choices = [(one.code, one.name) for one in self.stores]

    def scope(self) -> Scope | None:
        if not self.stores or not self.is_valid():
            return None
        code = self.cleaned_data.get("store")
        store = next((one for one in self.stores if one.code == code), self.stores[0])
        return Scope(store, self.cleaned_data["period"])
