"""An operation of the catalogue as it is entered, and the search for one."""

from decimal import Decimal

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from reception.choices import Skill
from reception.models import Operation
from reception.queries import operations_found

FAMILIES_AT_MOST = 60


def _hours(label, **options):
    return forms.DecimalField(
        label=label, max_digits=8, decimal_places=2,
        widget=forms.NumberInput(attrs={"data-unit": _("hours"), "step": "0.1"}), **options,
    )  # fmt: skip


class OperationForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    code = forms.CharField(label=_("operation code"), max_length=40)
    name = forms.CharField(label=_("name"), max_length=120, widget=forms.TextInput(attrs={"data-wide": True}))
    skill = forms.ChoiceField(label=_("skill"), choices=Skill)
    price = forms.DecimalField(
        label=_("customer price"), max_digits=14, decimal_places=2, required=False,
        widget=forms.NumberInput(attrs={"data-unit": _("CNY"), "step": "0.01"}),
        help_text=_("Empty: standard hours at the hourly rate."),
    )  # fmt: skip
    duration_hours = _hours(
        _("standard duration"), required=False, help_text=_("For promises; empty: the standard hours.")
    )
    is_active = forms.BooleanField(label=_("in use"), required=False, initial=True)

    def __init__(self, *args, operation: Operation | None = None, **fields):
        super().__init__(*args, **fields)
        if operation:
            del self.fields["code"]
            names = ("version", "name", "skill", "price", "duration_hours", "is_active")
            self.initial = {name: getattr(operation, name) for name in names}


class FamilyForm(forms.Form):
    family = forms.CharField(label=_("model family"), max_length=40, required=False)
    standard_hours = _hours(_("standard hours"))


_FamilyFormSet = forms.formset_factory(
    FamilyForm, can_delete=True, extra=1, max_num=FAMILIES_AT_MOST, absolute_max=FAMILIES_AT_MOST + 20
)


class FamiliesForm:
    """The hours of an operation, a row for each model family; an empty family stands for every other."""

    def __init__(self, posted=None, *, operation: Operation | None = None):
        rows = operation.hours.all() if operation else ()
        initial = [{"family": row.family, "standard_hours": row.standard_hours} for row in rows]
        self.formset = _FamilyFormSet(posted, prefix="hours", initial=None if posted else initial)

    def is_valid(self) -> bool:
        if not self.formset.is_valid():
            return False
        families = [form.cleaned_data["family"].strip().casefold() for form in self._kept()]
        if len(set(families)) < len(families):
            self.formset._non_form_errors.append(_("A model family stands twice."))
            return False
        return True

    def hours(self) -> dict[str, Decimal]:
        return {form.cleaned_data["family"]: form.cleaned_data["standard_hours"] for form in self._kept()}

    def _kept(self):
        gone = self.formset.deleted_forms
        return [form for form in self.formset.forms if form.has_changed() and form not in gone]


class OperationFilter(django_filters.FilterSet):
    """The catalogue's search; the API takes the same names."""

    q = django_filters.CharFilter(
        method="found", label=_("Search"),
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Code or name")}),
    )  # fmt: skip
    skill = django_filters.ChoiceFilter(label=_("skill"), choices=Skill, empty_label=_("All"))
    is_active = django_filters.ChoiceFilter(
        method="in_use",
        label=_("state"),
        choices=[("yes", _("In use")), ("no", _("Out of use"))],
        empty_label=_("All"),
    )
    store = django_filters.CharFilter(field_name="store__code", label=_("store"), widget=forms.HiddenInput)

    class Meta:
        model = Operation
        fields = ["q", "skill", "is_active", "store"]

    def found(self, rows, _name, text):
        return operations_found(rows, text)

    def in_use(self, rows, _name, said):
        return rows.filter(is_active=said == "yes")
