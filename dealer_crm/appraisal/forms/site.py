"""Check-lists, plans of rounds, what is seen on a round, findings."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dealer_crm.appraisal.actions.site import ItemDraft
from dealer_crm.appraisal.choices import Area, CheckKind, Rhythm, Weekday
from dealer_crm.appraisal.models import SiteItem, SiteList
from dealer_crm.organization.models import Staff
from dealer_crm.ui.fields import PicturesField


def staff_of(store):
    """Who works here today."""
    return Staff.objects.filter(store=store, is_active=True).order_by("work_number")


class SiteListForm(forms.Form):
    name = forms.CharField(label=pgettext_lazy("check-list", "Name"), max_length=60)
    area = forms.ChoiceField(label=pgettext_lazy("site", "Area"), choices=Area)
    kind = forms.ChoiceField(label=_("Kind"), choices=CheckKind)
    answers = forms.ModelChoiceField(
        label=_("Who answers for the area"), queryset=Staff.objects.none(), required=False,
        help_text=_("The points of the rounds go to this person's score."),
    )  # fmt: skip
    is_on = forms.BooleanField(label=_("In use"), required=False, initial=True)

    def __init__(self, *args, store, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["answers"].queryset = staff_of(store)


class ItemForm(forms.Form):
    pk = forms.IntegerField(widget=forms.HiddenInput, required=False)
    text = forms.CharField(label=_("What is in order"), max_length=120, widget=forms.TextInput(attrs={"size": 48}))
    points = forms.IntegerField(label=pgettext_lazy("check", "Points"), min_value=1, max_value=100, initial=5)
    needs_photo = forms.BooleanField(label=_("Always with a photo"), required=False)


_Items = forms.formset_factory(ItemForm, can_delete=True, extra=1, max_num=60, absolute_max=80)


class ItemRows:
    """The items of a list as the page edits them."""

    def __init__(self, posted=None, *, site_list: SiteList | None = None):
        standing = site_list.items.filter(withdrawn_at=None).order_by("place", "pk") if site_list else ()
        names = ("pk", "text", "points", "needs_photo")
        self.formset = _Items(
            posted, prefix="items", initial=[{name: getattr(item, name) for name in names} for item in standing]
        )

    def is_valid(self) -> bool:
        return self.formset.is_valid()

    def drafts(self) -> list[ItemDraft]:
        """The rows that stay, in their order."""
        kept = (form for form in self.formset.forms if form not in self.formset.deleted_forms)
        said = [form.cleaned_data for form in kept if form.cleaned_data.get("text")]
        return [ItemDraft(**{name: value for name, value in row.items() if name != "DELETE"}) for row in said]


class PlanForm(forms.Form):
    checker = forms.ModelChoiceField(label=_("Who checks"), queryset=Staff.objects.none())
    rhythm = forms.ChoiceField(label=pgettext_lazy("rounds", "How often"), choices=Rhythm, initial=Rhythm.WEEKLY)
    weekday = forms.TypedChoiceField(
        label=_("Weekday"), choices=[("", "—"), *Weekday.choices], coerce=int, empty_value=None, required=False,
        help_text=_("For every week."),
    )  # fmt: skip
    monthday = forms.IntegerField(
        label=_("Day of the month"), min_value=1, max_value=28, required=False, help_text=_("For every month, 1–28.")
    )
    starts_on = forms.DateField(label=_("Holds from"))

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["checker"].queryset = people


class SeenForm(forms.Form):
    """One item of a round: in order, wrong, or not applicable is the button that was pressed."""

    given = forms.DecimalField(
        label=_("Points given"), min_value=0, max_digits=4, decimal_places=1, required=False, initial=0
    )
    what = forms.CharField(
        label=_("What is wrong"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    owner = forms.ModelChoiceField(label=_("Who remedies it"), queryset=Staff.objects.none(), required=False)
    due_on = forms.DateField(label=_("Remedied by"), required=False)
    photos = PicturesField(label=_("Photos"), required=False)

    def __init__(self, *args, people, item: SiteItem, **kwargs):
        super().__init__(*args, auto_id=f"item{item.pk}_%s", **kwargs)
        self.fields["owner"].queryset = people


class FinishForm(forms.Form):
    remark = forms.CharField(label=_("Remark"), max_length=300, required=False)


class RemedyForm(forms.Form):
    remedy = forms.CharField(
        label=_("What was done about it"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )
    photos = PicturesField(label=_("Photos"), required=False)


class SendBackForm(forms.Form):
    reason = forms.CharField(label=_("What is still wrong"), max_length=200)
    due_on = forms.DateField(label=_("Remedied by"))


class FindingHandOnForm(forms.Form):
    owner = forms.ModelChoiceField(label=_("Who remedies it"), queryset=Staff.objects.none())
    due_on = forms.DateField(label=_("Remedied by"))

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = people


_AREAS = [("", _("All")), *Area.choices]


class RoundFilter(forms.Form):
    VIEWS = (
        ("", pgettext_lazy("rounds", "To walk")), ("ahead", pgettext_lazy("rounds", "Ahead")),
        ("walked", pgettext_lazy("rounds", "Walked")), ("missed", pgettext_lazy("rounds", "Missed")),
    )  # fmt: skip
    view = forms.ChoiceField(label=_("State"), choices=VIEWS, required=False)
    area = forms.ChoiceField(label=pgettext_lazy("site", "Area"), choices=_AREAS, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("All")), *CheckKind.choices], required=False)


class FindingFilter(forms.Form):
    VIEWS = (
        ("", _("Not closed")), ("mine", pgettext_lazy("findings", "Mine")), ("late", _("Late")),
        ("repeats", pgettext_lazy("findings", "Repeated")), ("closed", pgettext_lazy("finding", "Closed")),
    )  # fmt: skip
    view = forms.ChoiceField(label=_("State"), choices=VIEWS, required=False)
    area = forms.ChoiceField(label=pgettext_lazy("site", "Area"), choices=_AREAS, required=False)
