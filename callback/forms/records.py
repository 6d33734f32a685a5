"""What a contact was about: the category and the facts it asks for."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from callback.choices import ContactFact
from callback.formulas import REQUIRED_FACTS
from callback.queries import category_choices
from reception.choices import Channel

LONG = (ContactFact.FAULT, ContactFact.ASKED)


class FactsForm(forms.Form):
    """The facts a category asks for, each a field `fact_<code>`; none must be filled in, but what is missing is shown
    and costs points."""

    def __init__(self, *args, category: str = "", known=None, **kwargs):
        asked = REQUIRED_FACTS.get(category, ()) if category else ()
        known = {f"fact_{name}": value for name, value in (known or {}).items()}
        super().__init__(*args, initial={**known, **kwargs.pop("initial", {})}, **kwargs)
        for name in asked:
            fact = ContactFact(name)
            widget = forms.Textarea(attrs={"rows": 2}) if fact in LONG else forms.TextInput()
            self.fields[f"fact_{name}"] = forms.CharField(
                label=fact.label, required=False, max_length=300, widget=widget
            )


def facts_said(posted) -> dict[str, str]:
    """The facts a page has posted, whichever form they were part of."""
    return {fact.value: posted[f"fact_{fact}"][:300] for fact in ContactFact if posted.get(f"fact_{fact}")}


class CategoryField(forms.ChoiceField):
    """The tree of categories; `with_callback`: also the plain care call."""

    def __init__(self, *, with_callback=True, **options):
        options.setdefault("label", _("Category"))
        super().__init__(choices=lambda: category_choices(with_callback=with_callback), **options)


class IncomingForm(forms.Form):
    """A contact that came in."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    category = CategoryField(with_callback=False)
    channel = forms.ChoiceField(label=pgettext_lazy("contact", "By"), choices=Channel, initial=Channel.PHONE)
    note = forms.CharField(
        label=_("In the customer's words"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


class RecordForm(forms.Form):
    """A record put right."""

    category = CategoryField()
    note = forms.CharField(
        label=_("Customer's view"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
