"""Appeals, goodwill, knowledge, the major-incident report, the filter of the archive."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.choices import Category, GoodwillKind


class AppealForm(forms.Form):
    text = forms.CharField(
        label=_("What speaks against it"),
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Say what speaks against the judgement.")},
    )


class AppealAnswerForm(forms.Form):
    """The answer to an appeal: accepted or not, always with the reasons."""

    is_accepted = forms.TypedChoiceField(
        label=_("Outcome"),
        choices=[("yes", _("Accepted: judge anew")), ("no", _("Rejected: the judgement stands"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whether the appeal is accepted.")},
    )
    text = forms.CharField(
        label=_("Reasons"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Give the reasons; the person reads them.")},
    )


class GoodwillForm(forms.Form):
    kind = forms.ChoiceField(label=pgettext_lazy("goodwill", "Kind"), choices=GoodwillKind)
    amount = forms.DecimalField(
        label=_("Amount"),
        max_digits=14,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"data-unit": "¥"}),
    )
    reason = forms.CharField(label=_("Reason"), max_length=200, widget=forms.TextInput(attrs={"data-wide": True}))


class BudgetForm(forms.Form):
    amount = forms.DecimalField(
        label=_("Goodwill budget"),
        max_digits=14,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"data-unit": "¥"}),
    )


class KnowledgeForm(forms.Form):
    category = forms.ChoiceField(label=_("Category"), choices=Category)
    phenomenon = forms.CharField(
        label=_("Phenomenon"), max_length=200, widget=forms.TextInput(attrs={"data-wide": True})
    )
    cause = forms.CharField(label=_("Cause"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    remedy = forms.CharField(label=_("Remedy"), widget=forms.Textarea(attrs={"rows": 4}))
    wording = forms.CharField(label=_("What to say"), required=False, widget=forms.Textarea(attrs={"rows": 3}))


class KnowledgeFilter(forms.Form):
    text = forms.CharField(
        label=_("Search"),
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Words of phenomenon or remedy")}),
    )
    category = forms.ChoiceField(label=_("Category"), required=False, choices=[("", _("All")), *Category.choices])
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("In force")), ("waiting", _("Waits for approval")), ("withdrawn", _("Withdrawn"))],
    )


class IncidentForm(forms.Form):
    """What people say of a major complaint; the rest of the page is what the case knows."""

    course = forms.CharField(label=_("Course of events"), widget=forms.Textarea(attrs={"rows": 6}))
    cause = forms.CharField(label=_("Cause"), required=False, widget=forms.Textarea(attrs={"rows": 4}))
    measures = forms.CharField(label=_("Measures"), required=False, widget=forms.Textarea(attrs={"rows": 4}))
    lessons = forms.CharField(label=_("Lessons"), required=False, widget=forms.Textarea(attrs={"rows": 4}))
