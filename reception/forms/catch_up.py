"""A day without network as it is keyed in: one row for each sheet of paper."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dealer_crm.reporting.paper import RowsRefused
from dealer_crm.values.written import written_moment
from reception import queries
from reception.actions import LineDraft
from reception.actions.catching_up import PaperOrder
from reception.choices import LineKind, OrderKind
from reception.formulas.paper import short_lines

PREFIX = "orders"


class DayOfPaperForm(forms.Form):
    """The day the sheets are of."""

    day = forms.DateField(label=_("day of the sheets"))


class PaperOrderForm(forms.Form):
    """One intake sheet. Times are clock times of the sheet's day; another day is written before them."""

    paper_number = forms.CharField(label=_("paper number"), max_length=20, widget=forms.TextInput(attrs={"size": 5}))
    plate = forms.CharField(
        label=_("plate"), max_length=20, widget=forms.TextInput(attrs={"autocomplete": "off", "size": 9})
    )
    kind = forms.ChoiceField(
        label=_("order type"), initial=OrderKind.MAINTENANCE,
        choices=[(kind.value, kind.label) for kind in OrderKind if kind != OrderKind.COMEBACK],
    )  # fmt: skip
    arrived = forms.CharField(
        label=_("arrived"), max_length=16, widget=forms.TextInput(attrs={"placeholder": "9:10", "size": 5})
    )
    promised = forms.CharField(
        label=_("promised"), max_length=16, widget=forms.TextInput(attrs={"placeholder": "16:30", "size": 6})
    )
    mileage = forms.IntegerField(label=_("mileage"), min_value=0, max_value=9_999_999, required=False)
    advisor = forms.TypedChoiceField(label=_("service advisor"))
    symptoms = forms.CharField(
        label=_("what the customer says"), max_length=500, required=False, widget=forms.TextInput(attrs={"size": 10})
    )
    lines = forms.CharField(
        label=_("lines"), max_length=1000, required=False,
        widget=forms.TextInput(attrs={"placeholder": "换机油 0.5*120；配 机油 4*68", "size": 17}),
    )  # fmt: skip
    customer_name = forms.CharField(
        label=_("customer (new car)"), max_length=80, required=False, widget=forms.TextInput(attrs={"size": 5})
    )
    customer_phone = forms.CharField(
        label=_("phone (new car)"), max_length=30, required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "size": 10}),
    )  # fmt: skip
    confirmed = forms.BooleanField(label=_("second order"), required=False)

    def __init__(self, *args, advisors: dict, day, store, **kwargs):
        super().__init__(*args, **kwargs)
        self.day, self.store = day, store
        self.fields["advisor"].choices = [(key, person.name) for key, person in advisors.items()]
        self.fields["advisor"].coerce = advisors.get

    def clean_arrived(self):
        return self._moment("arrived")

    def clean_promised(self):
        return self._moment("promised")

    def _moment(self, name: str):
        try:
            return written_moment(self.cleaned_data[name], self.day, self.store.tz)
        except ValueError as error:
            raise forms.ValidationError(_("Write 16:30, or 10-13 16:30 for another day.")) from error

    def clean_lines(self):
        try:
            found = short_lines(self.cleaned_data["lines"])
        except ValueError as error:
            raise forms.ValidationError(
                _("“%(part)s” can't be read; write 换机油 0.5*120；配 机油 4*68."), params={"part": error}
            ) from error
        return [
            LineDraft(kind=LineKind(line.kind), name=line.name, quantity=line.quantity, unit_price=line.unit_price)
            for line in found
        ]

    def paper_order(self) -> PaperOrder:
        typed = dict(self.cleaned_data)
        typed.pop("DELETE", None)
        return PaperOrder(
            arrived_at=typed.pop("arrived"), promised_at=typed.pop("promised"), kind=OrderKind(typed.pop("kind")),
            lines=tuple(typed.pop("lines")), **typed,
        )  # fmt: skip


_PaperOrders = forms.formset_factory(PaperOrderForm, can_delete=True, extra=4, max_num=60, absolute_max=80)


class CatchUpForm:
    """The day and its sheets as one form."""

    def __init__(self, posted=None, *, staff, at):
        self.day = DayOfPaperForm(posted, initial={"day": timezone.localdate(at)})
        day = self.day.cleaned_data["day"] if posted and self.day.is_valid() else timezone.localdate(at)
        advisors = {str(person.pk): person for person in queries.advisors_of(staff.store)}
        own = str(staff.pk) if str(staff.pk) in advisors else next(iter(advisors), "")
        self.rows = _PaperOrders(
            posted, prefix=PREFIX, form_kwargs={
                "advisors": advisors, "day": day, "store": staff.store, "initial": {"advisor": own},
            },
        )  # fmt: skip

    def is_valid(self) -> bool:
        """Everything wrong with any row is said at once."""
        valid = [self.day.is_valid(), self.rows.is_valid()]
        if all(valid) and not self._filled():
            self.day.add_error(None, _("Key in at least one sheet."))
            return False
        return all(valid)

    def orders(self) -> list[PaperOrder]:
        return [form.paper_order() for form in self._filled()]

    def refuse(self, refused: RowsRefused) -> None:
        """Put every refusal beside the row it is about."""
        forms_filled = self._filled()
        for place, refusal in refused.refusals.items():
            form = forms_filled[place]
            form.add_error(_field_of(form, refusal.field), str(refusal))

    def _filled(self) -> list[PaperOrderForm]:
        gone = self.rows.deleted_forms
        return [form for form in self.rows.forms if form not in gone and form.has_changed()]


# What the ordinary intake calls a field, where the sheet has another word for it.
_FIELDS = {"promised_at": "promised", "arrived_at": "arrived", "name": "customer_name", "phone": "customer_phone"}


def _field_of(form: forms.Form, name: str | None) -> str | None:
    name = _FIELDS.get(name or "", name)
    return name if name in form.fields else None
