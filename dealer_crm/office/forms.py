"""The shape of what is entered in the office."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from dealer_crm.access.roles import Role
from dealer_crm.journal import verbs
from dealer_crm.organization.choices import Post, TeamKind
from dealer_crm.organization.models import Brand, Staff, Store, Team
from dealer_crm.values import Figure


class StoreField(forms.ModelChoiceField):
    """A store by its code; empty means every store."""

    def __init__(self, stores, **options):
        options = {"label": _("Store"), "required": False, "empty_label": _("All stores"), **options}
        super().__init__(stores, to_field_name="code", **options)


class TeamField(forms.ModelChoiceField):
    def label_from_instance(self, team):
        return f"{team.store.code} · {team.name}"


def _post_field(**options):
    return forms.ChoiceField(label=_("Post"), choices=[("", "—"), *Post.choices], **options)


def _coefficient_field():
    return forms.DecimalField(
        label=_("Commission coefficient"), min_value=0, max_digits=6, decimal_places=3, initial=Decimal(1)
    )


# ── People ───────────────────────────────────────────────────────────────────────────────────────────────────────────
class StaffFilter(forms.Form):
    q = forms.CharField(
        label=_("Name, pinyin or work number"), required=False, widget=forms.TextInput(attrs={"type": "search"})
    )
    post = _post_field(required=False)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("All")), ("here", _("Employed")), ("left", _("Left"))],
    )

    def __init__(self, *args, stores, **options):
        super().__init__(*args, **options)
        if stores.count() > 1:
            self.fields["store"] = StoreField(stores)


class StaffForm(forms.Form):
    work_number = forms.CharField(label=_("Work number"), max_length=20)
    name = forms.CharField(label=_("Name"), max_length=40)
    store = forms.ModelChoiceField(
        Store.objects.all(), label=_("Store"), required=False, help_text=_("Empty only for people of the group.")
    )
    post = _post_field()
    team = TeamField(Team.objects.select_related("store"), label=_("Team"), required=False)
    coefficient = _coefficient_field()
    hired_on = forms.DateField(label=_("Hired on"))
    regularised_on = forms.DateField(label=_("Regularised on"), required=False, help_text=_("Empty: on probation."))


class PersonForm(forms.ModelForm):
    class Meta:
        model = Staff
        fields = [
            "name",
            "phone",
            "email",
            "hired_on",
            "regularised_on",
        ]


class PositionForm(forms.Form):
    starts_on = forms.DateField(label=_("Takes effect on"))
    post = _post_field()
    team = TeamField(Team.objects.none(), label=_("Team"), required=False)
    coefficient = _coefficient_field()

    def __init__(self, *args, store, **options):
        super().__init__(*args, **options)
        self.fields["team"].queryset = Team.objects.filter(store=store).select_related("store")


class RolesForm(forms.Form):
    roles = forms.MultipleChoiceField(
        label=_("Roles"), choices=Role.choices, required=False, widget=forms.CheckboxSelectMultiple
    )


class LeaveForm(forms.Form):
    left_on = forms.DateField(label=_("Last day"))


# ── Stores and teams ─────────────────────────────────────────────────────────────────────────────────────────────────
class StoreForm(forms.Form):
    code = forms.CharField(label=_("Store code"), max_length=20, help_text=_("Never changes afterwards."))
    name = forms.CharField(label=_("Store name"), max_length=80)
    brands = forms.ModelMultipleChoiceField(
        Brand.objects.all(), label=_("Brands"), required=False, widget=forms.CheckboxSelectMultiple
    )
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    opens_at = forms.TimeField(label=_("Opens at"), initial="08:30")
    closes_at = forms.TimeField(label=_("Closes at"), initial="18:00")
    time_zone = forms.CharField(label=_("Time zone"), max_length=40, initial="Asia/Shanghai")
    legal_name = forms.CharField(
        label=_("Registered name"), max_length=120, required=False, help_text=_("Stands on bills, as all that follows.")
    )
    credit_code = forms.CharField(label=_("Unified social credit code"), max_length=18, required=False)
    repair_licence = forms.CharField(label=_("Repair business filing number"), max_length=40, required=False)
    bank_name = forms.CharField(label=_("Bank"), max_length=80, required=False)
    bank_account = forms.CharField(label=_("Bank account"), max_length=40, required=False)

    def __init__(self, *args, is_new=True, **options):
        super().__init__(*args, **options)
        if not is_new:
            del self.fields["code"]


class TeamForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=40)
    kind = forms.ChoiceField(label=_("Kind"), choices=TeamKind.choices)


# ── Figures ──────────────────────────────────────────────────────────────────────────────────────────────────────────
class StoreFilter(forms.Form):
    def __init__(self, *args, stores, **options):
        super().__init__(*args, **options)
        self.fields["store"] = StoreField(stores)


class FigureForm(forms.Form):
    """A new value of one figure from a day on; the field fits the figure's type."""

    starts_on = forms.DateField(label=_("Takes effect on"))

    def __init__(self, *args, figure: Figure, stores=None, **options):
        super().__init__(*args, **options)
        self.fields["value"] = _value_field(figure)
        if stores is not None:
            self.fields["store"] = StoreField(stores, label=_("For"))
        self.order_fields(["value", "starts_on", "store"])


class _LinesField(forms.CharField):
    widget = forms.Textarea(attrs={"rows": 8})

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value):
        return [line.strip() for line in super().to_python(value).splitlines() if line.strip()]


def _value_field(figure: Figure) -> forms.Field:
    shown = {"label": _("New value"), "help_text": figure.unit}
    if isinstance(figure.default, bool):
        return forms.TypedChoiceField(
            choices=[("1", _("yes")), ("0", _("no"))], coerce=lambda chosen: chosen == "1", **shown
        )
    if isinstance(figure.default, Decimal):
        return forms.DecimalField(max_digits=14, decimal_places=4, **shown)
    if isinstance(figure.default, int):
        return forms.IntegerField(**shown)
    if figure.words:
        return forms.MultipleChoiceField(
            choices=list(figure.words.items()), required=False, widget=forms.CheckboxSelectMultiple, **shown
        )
    if isinstance(figure.default, list):
        return _LinesField(**{**shown, "help_text": _("One on each line.")})
    return forms.CharField(max_length=200, **shown)


# ── Calendar ─────────────────────────────────────────────────────────────────────────────────────────────────────────
class YearFilter(forms.Form):
    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2100)

    def __init__(self, *args, stores, **options):
        super().__init__(*args, **options)
        if stores.count() > 1:
            self.fields["store"] = StoreField(stores, empty_label=_("The country"))


class DayForm(forms.Form):
    is_working = forms.TypedChoiceField(
        label=_("This day is"),
        choices=[("1", _("worked")), ("0", _("a day of rest"))],
        coerce=lambda chosen: chosen == "1",
        widget=forms.RadioSelect,
    )
    name = forms.CharField(label=_("Reason"), max_length=60)


# ── Journal ──────────────────────────────────────────────────────────────────────────────────────────────────────────
class JournalFilter(forms.Form):
    since = forms.DateField(label=_("From"), required=False)
    until = forms.DateField(label=_("To"), required=False)
    person = forms.CharField(
        label=_("Person"), required=False, widget=forms.TextInput(attrs={"placeholder": _("Name or work number")})
    )
    verb = forms.ChoiceField(label=_("Deed"), required=False)
    subject = forms.CharField(
        label=_("Thing"),
        required=False,
        widget=forms.TextInput(attrs={"placeholder": _("How it begins")}),
    )

    def __init__(self, *args, stores, **options):
        super().__init__(*args, **options)
        self.fields["verb"].choices = [("", _("All")), *verbs.known().items()]
        if stores.count() > 1:
            self.fields["store"] = StoreField(stores)
