"""The sheet of a goal meeting as it is typed."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dealer_crm.kpi.actions import Said
from dealer_crm.kpi.models import GoalLine
from dealer_crm.organization.models import Staff, Store


class MeetingForm(forms.Form):
    """Who was there, and what else was said."""

    present = forms.CharField(
        label=_("present"), max_length=300, required=False, widget=forms.TextInput(attrs={"data-wide": True})
    )
    note = forms.CharField(label=_("note"), required=False, widget=forms.Textarea(attrs={"rows": 2}))


class LineForm(forms.Form):
    """What is said to one measure."""

    cause = forms.CharField(label=_("cause"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    remedy = forms.CharField(label=_("countermeasure"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    owner = forms.ModelChoiceField(label=_("in charge"), queryset=Staff.objects.none(), required=False, empty_label="—")
    due_on = forms.DateField(label=_("due on"), required=False)

    def __init__(self, *args, line: GoalLine, people, **kwargs):
        initial = {"cause": line.cause, "remedy": line.remedy, "owner": line.owner_id, "due_on": line.due_on}
        super().__init__(*args, prefix=f"line-{line.pk}", initial=initial, **kwargs)
        self.line = line
        self.fields["owner"].queryset = people
        self.fields["owner"].choices = [("", "—"), *((person.pk, person.name) for person in people)]
        for name, field in self.fields.items():
            field.widget.attrs["aria-label"] = f"{line.get_measure_display()} {self.fields[name].label}"

    def said(self) -> Said:
        cleaned = self.cleaned_data
        return Said(cleaned["cause"].strip(), cleaned["remedy"].strip(), cleaned["owner"], cleaned["due_on"])


def line_forms(lines, store: Store, posted=None) -> list[LineForm]:
    """A form for every line; the people of the store are asked for once."""
    people = Staff.objects.filter(store=store, is_active=True).order_by("name_pinyin", "work_number")
    people._fetch_all()
    return [LineForm(posted, line=line, people=people) for line in lines]


class ResultForm(forms.Form):
    result = forms.CharField(label=pgettext_lazy("of a goal meeting", "what came of it"), max_length=500)


class PostponeForm(forms.Form):
    due_on = forms.DateField(label=_("due on"))
    reason = forms.CharField(label=_("reason"), max_length=300)
