"""Words of add-ons (增项) and repair suggestions (维修建议)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class AddOnState(models.TextChoices):
    PROPOSED = "proposed", pgettext_lazy("add-on", "Customer to be asked")
    AGREED = "agreed", pgettext_lazy("add-on", "Agreed")
    DECLINED = "declined", pgettext_lazy("add-on", "Declined")
    WITHDRAWN = "withdrawn", pgettext_lazy("add-on", "Withdrawn")


ADD_ON_TONES = {
    AddOnState.PROPOSED: "warning",
    AddOnState.AGREED: "success",
    AddOnState.DECLINED: "neutral",
    AddOnState.WITHDRAWN: "neutral",
}


class AnswerWay(models.TextChoices):
    """How the customer gave an answer."""

    IN_PERSON = "in_person", _("In person")
    PHONE = "phone", pgettext_lazy("way of an answer", "By phone")
    WECHAT = "wechat", pgettext_lazy("way of an answer", "By WeChat")
    SIGNATURE = "signature", _("By signature")


class Urgency(models.TextChoices):
    SAFETY = "safety", _("Safety: now")
    SOON = "soon", _("Soon")
    WATCH = "watch", _("Watch")


URGENCY_TONES = {Urgency.SAFETY: "danger", Urgency.SOON: "warning", Urgency.WATCH: "info"}


class SuggestionState(models.TextChoices):
    OPEN = "open", pgettext_lazy("suggestion", "Open")
    DONE = "done", pgettext_lazy("suggestion", "Done")
    DECLINED = "declined", pgettext_lazy("suggestion", "Declined")


SUGGESTION_TONES = {
    SuggestionState.OPEN: "warning",
    SuggestionState.DONE: "success",
    SuggestionState.DECLINED: "neutral",
}
