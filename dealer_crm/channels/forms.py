"""Shapes of input: how the outbox is narrowed, a store's words, a test."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from dealer_crm.channels.choices import Channel, MessageState, Purpose
from dealer_crm.channels.queries import is_on
from dealer_crm.organization.models import Store


def _or_all(choices) -> list[tuple[str, object]]:
    return [("", _("All")), *choices]


class OutboxFilter(forms.Form):
    state = forms.ChoiceField(label=_("State"), choices=_or_all(MessageState.choices), required=False)
    purpose = forms.ChoiceField(label=_("Purpose"), choices=_or_all(Purpose.choices), required=False)
    channel = forms.ChoiceField(label=_("Channel"), choices=_or_all(Channel.choices), required=False)
    first = forms.DateField(label=_("From"), required=False)
    last = forms.DateField(label=_("To"), required=False)
    tail = forms.CharField(
        label=_("Last digits"), required=False, max_length=20,
        widget=forms.TextInput(attrs={"type": "search", "inputmode": "numeric", "size": 8}),
    )  # fmt: skip


class WordingForm(forms.Form):
    """A store's own words for a purpose."""

    text = forms.CharField(label=_("Wording"), max_length=500, widget=forms.Textarea(attrs={"rows": 4, "lang": "zh"}))
    template = forms.CharField(
        label=_("Template number at the carrier of texts"), max_length=60, required=False,
        help_text=_("Only for carriers that send approved templates."),
    )  # fmt: skip
    wechat_template = forms.CharField(label=_("Template number for WeChat"), max_length=60, required=False)


class TestForm(forms.Form):
    """One message to try a channel with. `token`: the form's own number, sent once however often pressed."""

    __test__ = False
    channel = forms.ChoiceField(label=_("Channel"))
    to = forms.CharField(label=_("Number or e-mail address"), max_length=160)
    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, stores: list[Store], **kwargs):
        super().__init__(*args, **kwargs)
        self.stores = stores
        self.initial["token"] = uuid.uuid4()
        self.fields["channel"].choices = [(one.value, one.label) for one in Channel if is_on(one)]
        if len(stores) > 1:
            choices = [(store.code, store.name) for store in stores]
            self.fields["store"] = forms.ChoiceField(label=_("Store"), choices=choices)

    @property
    def store(self) -> Store:
        code = self.cleaned_data.get("store", "")
        return next((store for store in self.stores if store.code == code), self.stores[0])
