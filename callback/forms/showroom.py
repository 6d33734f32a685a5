"""Visitors and leads of the showroom: counting, entering, talking, closing, narrowing the list."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from callback.choices import LeadLevel, LeadState, LostReason, TalkKind, VisitSource
from callback.forms.handovers import HandoverForm
from reception.choices import Gender

MOST_DAYS = 92
_CNY = {"data-unit": "¥"}


class TrafficFilter(forms.Form):
    first = forms.DateField(label=_("From"))
    last = forms.DateField(label=_("To"))

    def clean(self):
        said = super().clean()
        first, last = said.get("first"), said.get("last")
        if first and last and not 0 <= (last - first).days < MOST_DAYS:
            raise forms.ValidationError(_("Choose at most %(days)d days.") % {"days": MOST_DAYS})
        return said


class VisitForm(forms.Form):
    """Somebody who came and left neither name nor number."""

    source = forms.ChoiceField(label=pgettext_lazy("lead", "Source"), choices=VisitSource)
    people = forms.IntegerField(label=pgettext_lazy("showroom", "People"), min_value=1, max_value=50, initial=1)
    is_return = forms.BooleanField(label=_("Came again"), required=False)
    note = forms.CharField(label=_("Remark"), max_length=200, required=False)


class LeadFactsForm(forms.Form):
    """What is known of a lead; all but a name or a number may come later."""

    name = forms.CharField(label=_("Name"), max_length=60, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=20, required=False)
    gender = forms.ChoiceField(label=_("Gender"), choices=[("", "—"), *Gender.choices], required=False)
    model = forms.CharField(label=pgettext_lazy("lead", "Model of interest"), max_length=60, required=False)
    first_quote = forms.DecimalField(
        label=pgettext_lazy("lead", "First quote"), max_digits=12, decimal_places=2, min_value=0, required=False,
        widget=forms.NumberInput(attrs=_CNY),
    )  # fmt: skip
    consultant = forms.CharField(label=_("Sales consultant"), max_length=40, required=False)
    features = forms.CharField(
        label=pgettext_lazy("lead", "Features"), max_length=200, required=False,
        help_text=_("What one remembers the person by: age, company, occupation, present car."),
    )  # fmt: skip


class LeadForm(LeadFactsForm):
    """A new lead with the first talk."""

    source = forms.ChoiceField(label=pgettext_lazy("lead", "Source"), choices=VisitSource)
    came_at = forms.DateTimeField(label=pgettext_lazy("showroom", "Came at"))
    people = forms.IntegerField(label=pgettext_lazy("showroom", "People"), min_value=1, max_value=50, initial=1)
    level = forms.ChoiceField(label=pgettext_lazy("lead", "Level"), choices=LeadLevel, initial=LeadLevel.B)
    next_contact_on = forms.DateField(
        label=_("Next contact"), required=False, help_text=_("Empty: the last day of the level's interval.")
    )
    gifts = forms.CharField(label=_("Gifts"), max_length=200, required=False)
    said = forms.CharField(
        label=pgettext_lazy("showroom", "What was said"), max_length=2000, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    field_order = (
        "source", "came_at", "people", "name", "phone", "gender", "model", "level", "next_contact_on", "first_quote",
        "gifts", "consultant", "features", "said",
    )  # fmt: skip


class TalkForm(forms.Form):
    kind = forms.ChoiceField(label=pgettext_lazy("showroom", "Kind of talk"), choices=TalkKind, initial=TalkKind.PHONE)
    level = forms.ChoiceField(label=pgettext_lazy("lead", "Level"), choices=LeadLevel)
    next_contact_on = forms.DateField(
        label=_("Next contact"), required=False, help_text=_("Empty: the last day of the level's interval.")
    )
    price = forms.DecimalField(
        label=pgettext_lazy("showroom", "Price spoken of"), max_digits=12, decimal_places=2, min_value=0,
        required=False, widget=forms.NumberInput(attrs=_CNY),
    )  # fmt: skip
    gifts = forms.CharField(label=_("Gifts"), max_length=200, required=False)
    reason = forms.ChoiceField(
        label=_("Reason for not buying"), choices=[("", "—"), *LostReason.choices], required=False
    )
    car = forms.CharField(label=_("Car driven"), max_length=60, required=False, help_text=_("Needed for a test drive."))
    said = forms.CharField(
        label=pgettext_lazy("showroom", "What was said"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


class WonForm(HandoverForm):
    """Which car was handed over, and when; the consultant is the lead's."""

    salesperson = None


class LostForm(forms.Form):
    reason = forms.ChoiceField(label=_("Reason for not buying"), choices=LostReason)
    note = forms.CharField(label=_("Remark"), max_length=200, required=False)


class LeadFilter(forms.Form):
    VIEWS = (
        ("", _("All")), ("due", _("To be contacted")), ("overdue", _("Overdue")), *LeadState.choices,
    )  # fmt: skip
    view = forms.ChoiceField(label=_("State"), choices=VIEWS, required=False)
    level = forms.ChoiceField(
        label=pgettext_lazy("lead", "Level"), choices=[("", _("All")), *LeadLevel.choices], required=False
    )
    source = forms.ChoiceField(
        label=pgettext_lazy("lead", "Source"), choices=[("", _("All")), *VisitSource.choices], required=False
    )
    text = forms.CharField(label=_("Name, model or last digits"), max_length=60, required=False)


class CheckForm(forms.Form):
    remark = forms.CharField(label=_("Remark"), max_length=300, required=False)
