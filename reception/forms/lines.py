"""The lines of an order as typed."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from dealer_crm.organization.models import Staff, Team
from reception import queries
from reception.actions import LineDraft
from reception.choices import (
    LineKind,
    Payer,
)
from reception.models import RepairOrder


@dataclass(frozen=True)
class Credit:
    """Who may be credited on a line: loaded once for all rows of the form."""

    teams: dict[str, Team]
    technicians: dict[str, Staff]
    sellers: dict[str, Staff]

    @classmethod
    def of(cls, store) -> "Credit":
        people = list(Staff.objects.with_role("technician").filter(store=store).order_by("name_pinyin", "work_number"))
        return cls(
            teams={str(team.pk): team for team in Team.objects.filter(store=store)},
            technicians={str(person.pk): person for person in people},
            sellers={str(person.pk): person for person in queries.advisors_of(store)},
        )


def _choice(label, known: dict, **attrs):
    choices = [("", ""), *((key, str(value)) for key, value in known.items())]
    return forms.TypedChoiceField(
        label=label,
        choices=choices,
        coerce=known.get,
        empty_value=None,
        required=False,
        widget=forms.Select(attrs=attrs),
    )


SEVERAL = "several"


class LineForm(forms.Form):
    number = forms.IntegerField(widget=forms.HiddenInput, required=False)
    kind = forms.ChoiceField(label=_("kind"), choices=LineKind, initial=LineKind.LABOUR)
    name = forms.CharField(label=_("name"), max_length=120, widget=forms.TextInput(attrs={"class": "w-wide"}))
    code = forms.CharField(label=_("code"), max_length=40, required=False)
    quantity = forms.DecimalField(
        label=_("quantity or hours"), max_digits=10, decimal_places=2, widget=forms.NumberInput(attrs={"step": "0.1"})
    )
    unit_price = forms.DecimalField(
        label=_("unit price"), max_digits=14, decimal_places=2, widget=forms.NumberInput(attrs={"step": "0.01"})
    )
    discount_percent = forms.DecimalField(
        label=_("% off"), max_digits=5, decimal_places=2, min_value=0, max_value=100, required=False,
        widget=forms.NumberInput(attrs={"step": "1"}),
    )  # fmt: skip
    payer = forms.ChoiceField(label=_("payer"), choices=Payer, initial=Payer.CUSTOMER)

    def __init__(self, *args, credit: Credit, shares: dict[int, tuple] | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.shares = shares or {}
        self.fields["team"] = _choice(_("team"), credit.teams)
        self.fields["technician"] = _choice(_("technician"), credit.technicians)
        self.fields["seller"] = _choice(_("sold by"), credit.sellers)
        self.fields["installation_team"] = _choice(_("installed by"), credit.teams)
        several = self.shares.get(self.initial.get("number"), ())
        if len(several) > 1:
            words = " ".join(f"{person} {share:.0%}" for person, share in several)
            self.fields["technician"].choices = [(SEVERAL, words), *self.fields["technician"].choices]
            self.fields["technician"].coerce = lambda key: SEVERAL if key == SEVERAL else credit.technicians.get(key)

    def draft(self) -> LineDraft:
        """The line as it was typed. An accessory with a fitting team is installed."""
        typed = self.cleaned_data
        fitters = typed["installation_team"] if typed["kind"] == LineKind.ACCESSORY else None
        return LineDraft(
            kind=LineKind(typed["kind"]),
            name=typed["name"],
            code=typed["code"],
            quantity=typed["quantity"],
            unit_price=typed["unit_price"],
            discount_rate=(typed["discount_percent"] or Decimal(0)) / 100,
            payer=Payer(typed["payer"]),
            number=typed["number"],
            team=typed["team"],
            seller=typed["seller"],
            is_installed=fitters is not None,
            installation_team=fitters,
            shares=self._shares(typed),
        )

    def _shares(self, typed) -> tuple:
        if typed["technician"] == SEVERAL:
            return self.shares[typed["number"]]
        return ((typed["technician"], Decimal(1)),) if typed["technician"] else ()


_LineFormSet = forms.formset_factory(LineForm, can_delete=True, extra=1, max_num=300, absolute_max=400)


class LinesForm:
    """All lines of an order as one form."""

    def __init__(self, order: RepairOrder, posted=None):
        lines: Iterable = order.lines.all()
        shares = {line.number: tuple((one.technician, one.share) for one in line.shares.all()) for line in lines}
        self.formset = _LineFormSet(
            posted,
            prefix="lines",
            initial=[_initial(line) for line in lines],
            form_kwargs={"credit": Credit.of(order.store), "shares": shares},
        )

    def is_valid(self) -> bool:
        return self.formset.is_valid()

    def drafts(self) -> list[LineDraft]:
        """What stands in the form; rows marked for removal and rows nobody touched left out."""
        kept = (form for form in self.formset.forms if form not in self.formset.deleted_forms)
        return [form.draft() for form in kept if form.initial.get("number") or form.has_changed()]


def _initial(line) -> dict:
    shares = list(line.shares.all())
    return {
        "number": line.number,
        "kind": line.kind,
        "name": line.name,
        "code": line.code,
        "quantity": line.quantity,
        "unit_price": line.unit_price,
        "discount_percent": f"{line.discount_rate * 100:.2f}".rstrip("0").rstrip(".") if line.discount_rate else None,
        "payer": line.payer,
        "team": line.team_id,
        "technician": SEVERAL if len(shares) > 1 else shares[0].technician_id if shares else None,
        "seller": line.seller_id,
        "installation_team": line.installation_team_id,
    }
