"""The appointment book as typed, and the search for appointments."""

from datetime import datetime, time, timedelta

import django_filters
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dealer_crm.organization.models import Staff, Store
from reception import queries
from reception.choices import AppointmentState, AppointmentWay, OrderKind
from reception.forms.shapes import Search, StoreFilter, VersionedForm
from reception.formulas.identity import folded_code
from reception.formulas.slots import ALL
from reception.models import Appointment


class AppointmentFilter(Search):
    day = django_filters.DateFilter(method="on_day", label=_("day"))
    day_from = django_filters.DateFilter(method="since", label=_("from day"))
    day_to = django_filters.DateFilter(method="until", label=_("until day"))
    state = django_filters.ChoiceFilter(label=_("state"), choices=AppointmentState)
    kind = django_filters.ChoiceFilter(label=_("order type"), choices=OrderKind)
    store = StoreFilter()
    plate = django_filters.CharFilter(method="of_plate", label=_("plate"))

    class Meta:
        model = Appointment
        fields = ["day", "day_from", "day_to", "state", "kind", "store", "plate"]

    def on_day(self, rows, name, day):
        return self.until(self.since(rows, name, day), name, day)

    # Compared as moments, not as days, so that the index by time serves them.
    def since(self, rows, _name, day):
        return rows.filter(starts_at__gte=timezone.make_aware(datetime.combine(day, time.min)))

    def until(self, rows, _name, day):
        return rows.filter(starts_at__lt=timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min)))

    def of_plate(self, rows, _name, text):
        return rows.filter(plate=folded_code(text))


class DayForm(forms.Form):
    """Which day of which store's book is asked for; the store only of people who see several."""

    day = forms.DateField(label=_("day"), required=False)
    store = forms.ModelChoiceField(Store.objects.none(), label=_("store"), required=False, to_field_name="code")

    def __init__(self, *args, stores, **kwargs):
        super().__init__(*args, **kwargs)
        if stores is None:
            del self.fields["store"]
        else:
            self.fields["store"].queryset = stores


class _TimeForm(forms.Form):
    """A day and one of its hours; the hours that are free stand beside it as buttons."""

    day = forms.DateField(label=_("day"))
    time = forms.TimeField(
        label=_("hour to come"), widget=forms.HiddenInput, error_messages={"required": _("Choose an hour.")}
    )

    def __init__(self, *args, **kwargs):
        # Ids of its own: the form opens over pages that have a field for the day too.
        super().__init__(*args, **{"auto_id": "appointment-%s", **kwargs})

    def starts_at(self, store: Store) -> datetime:
        return datetime.combine(self.cleaned_data["day"], self.cleaned_data["time"], store.tz)


class AppointmentForm(_TimeForm):
    """A car that is to come. Name and phone are asked for when the plate is not known."""

    plate = forms.CharField(
        label=_("plate"), max_length=20,
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off", "class": "plate-entry"}),
    )  # fmt: skip
    kind = forms.ChoiceField(label=_("order type"), choices=OrderKind, initial=OrderKind.MAINTENANCE)
    contact_name = forms.CharField(label=_("who comes"), max_length=80, required=False)
    contact_phone = forms.CharField(
        label=_("phone"), max_length=30, required=False, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    advisor = forms.ModelChoiceField(Staff.objects.none(), label=_("service advisor"), required=False)
    way = forms.ChoiceField(label=_("who began"), choices=AppointmentWay, initial=AppointmentWay.PASSIVE)
    wishes = forms.CharField(
        label=_("what the customer wants done"), max_length=2000, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip

    def __init__(self, *args, store: Store, **kwargs):
        super().__init__(*args, **kwargs)
        _offer_advisors(self, store)

    def said(self, store: Store) -> dict:
        """What `make_appointment` takes."""
        given = {name: value for name, value in self.cleaned_data.items() if name not in ("day", "time")}
        return {**given, "starts_at": self.starts_at(store)}


class AppointmentChangeForm(VersionedForm):
    kind = forms.ChoiceField(label=_("order type"), choices=OrderKind)
    advisor = forms.ModelChoiceField(Staff.objects.none(), label=_("service advisor"), required=False)
    contact_name = forms.CharField(label=_("who comes"), max_length=80)
    contact_phone = forms.CharField(
        label=_("another phone"), max_length=30, required=False, widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )  # fmt: skip
    wishes = forms.CharField(
        label=_("what the customer wants done"), max_length=2000, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip

    def __init__(self, *args, store: Store, **kwargs):
        super().__init__(*args, **kwargs)
        _offer_advisors(self, store)

    def said(self) -> dict:
        """What `change_appointment` takes; an empty phone leaves the one on record."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        if not given["contact_phone"]:
            del given["contact_phone"]
        return given


class MoveForm(_TimeForm, VersionedForm):
    reason = forms.CharField(
        label=_("reason"), max_length=200, required=False, widget=forms.TextInput(attrs={"data-wide": True})
    )
    field_order = ["day", "time", "reason"]


class SlotPlacesForm(forms.Form):
    """The week as a grid of numbers, for one type of order or all together."""

    starts_on = forms.DateField(label=_("holds from"))

    def __init__(self, *args, week: queries.WeekPlaces, kind: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.week = week
        for hour in week.hours:
            for weekday in range(1, 8):
                self.fields[_cell(weekday, hour)] = forms.IntegerField(
                    label=f"{weekday} {hour:02d}:00", min_value=0, max_value=99, required=kind == ALL,
                    initial=week.places.get((weekday, hour), 0 if kind == ALL else None),
                )  # fmt: skip

    def rows(self):
        """(hour, seven fields) from morning to evening."""
        return [(f"{hour:02d}:00", [self[_cell(day, hour)] for day in range(1, 8)]) for hour in self.week.hours]

    def places(self) -> dict[tuple[int, int], int | None]:
        return {(day, hour): self.cleaned_data[_cell(day, hour)] for hour in self.week.hours for day in range(1, 8)}

    def wrong_cells(self) -> list[str]:
        """What is wrong in the grid, each sentence once."""
        wrong = [error for name, errors in self.errors.items() if name != "starts_on" for error in errors]
        return list(dict.fromkeys(map(str, wrong)))


def _cell(weekday: int, hour: int) -> str:
    return f"places-{weekday}-{hour}"


def _offer_advisors(form: forms.Form, store: Store) -> None:
    advisors = queries.advisors_of(store)
    form.fields["advisor"].queryset = Staff.objects.filter(pk__in=[one.pk for one in advisors])
    form.fields["advisor"].choices = [("", _("whoever is free")), *((one.pk, one.name) for one in advisors)]
