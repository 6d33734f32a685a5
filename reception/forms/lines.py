"""The lines of an order as typed."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dealer_crm.organization.choices import WORKSHOP_TEAMS
from dealer_crm.organization.models import Staff, Team
from reception import queries
from reception.actions import LineDraft
from reception.choices import (
    LineKind,
    Payer,
)
from reception.formulas import even_shares
from reception.models import AddOnLine, OrderLine, RepairOrder


@dataclass(frozen=True)
class Credit:
    """Who may be credited on a line: loaded once for all rows of the form."""

    teams: dict[str, Team]
    technicians: dict[str, Staff]
    sellers: dict[str, Staff]

    @classmethod
    def of(cls, store, *, named: Iterable[int | None] = ()) -> "Credit":
        """The store's people and workshop teams; and the teams that lines name already (ids)."""
        teams = Q(kind__in=WORKSHOP_TEAMS) | Q(pk__in=[one for one in named if one])
        people = list(Staff.objects.with_role("technician").filter(store=store).order_by("name_pinyin", "work_number"))
        return cls(
            teams={str(team.pk): team for team in Team.objects.filter(teams, store=store)},
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
PREFIX = "lines"


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

    def __init__(self, *args, credit: Credit, shares: dict[str, tuple] | None = None, is_proposal=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.shares = shares or {}
        self.fields["team"] = _choice(_("team"), credit.teams)
        self.fields["technician"] = _choice(_("technician"), credit.technicians)
        self.fields["seller"] = _choice(_("sold by"), credit.sellers)
        self.fields["installation_team"] = _choice(_("installed by"), credit.teams)
        if is_proposal:  # who does it is said when the work is given out
            del self.fields["technician"], self.fields["number"]
            return
        several = self.shares.get(str(self["number"].value() or ""), ())
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
            number=typed.get("number"),
            team=typed["team"],
            seller=typed["seller"],
            is_installed=fitters is not None,
            installation_team=fitters,
            shares=self._shares(typed),
        )

    def _shares(self, typed) -> tuple:
        technician = typed.get("technician")
        if technician == SEVERAL:
            return self.shares[str(typed["number"])]
        return ((technician, Decimal(1)),) if technician else ()


_LineFormSet = forms.formset_factory(LineForm, can_delete=True, extra=1, max_num=300, absolute_max=400)


class _Lines:
    """Lines as one form, a row for each. What is sent is read for itself, not against what stands: others may have
    changed that meanwhile, and a row that happens to equal it is no empty row."""

    formset: forms.BaseFormSet

    def is_valid(self) -> bool:
        return self.formset.is_valid()

    def drafts(self) -> list[LineDraft]:
        """What stands in the form; rows marked for removal and rows nobody touched left out."""
        kept = (form for form in self.formset.forms if form not in self.formset.deleted_forms)
        return [form.draft() for form in kept if form.has_changed()]


class LinesForm(_Lines):
    """All lines of an order. `copied` are shown below them as new rows, saved with the rest."""

    def __init__(self, order: RepairOrder, posted=None, *, copied: Iterable[OrderLine] = ()):
        lines: Iterable = order.lines.all()
        shares = {str(line.number): tuple((one.technician, one.share) for one in line.shares.all()) for line in lines}
        self.formset = _LineFormSet(
            posted,
            prefix=PREFIX,
            initial=None if posted else [*map(_initial, lines), *map(_typed, copied)],
            form_kwargs={"credit": Credit.of(order.store, named=_teams_of([*lines, *copied])), "shares": shares},
        )


def caught_up(posted, order: RepairOrder):
    """What was typed, brought to the order as it stands now: lines others added join, and lines others took away
    are new again, so that sending it once more loses nobody's work."""
    typed, total = posted.copy(), int(posted.get(f"{PREFIX}-TOTAL_FORMS", 0))
    standing = {str(line.number): line for line in order.lines.all()}
    for row in range(total):
        number = typed.pop(f"{PREFIX}-{row}-number", [""])[0]
        typed[f"{PREFIX}-{row}-number"] = number if standing.pop(number, None) else ""
    for row, line in enumerate(standing.values(), start=total):
        for name, value in _initial(line).items():
            typed[f"{PREFIX}-{row}-{name}"] = "" if value is None else str(value)
    typed[f"{PREFIX}-TOTAL_FORMS"] = str(total + len(standing))
    typed["version"] = str(order.version)
    return typed


class ProposedLinesForm(_Lines):
    """The lines of an add-on: the same editor, without numbers and technicians."""

    def __init__(self, store, posted=None, *, lines: Iterable[AddOnLine] = ()):
        self.formset = _LineFormSet(
            posted,
            prefix=PREFIX,
            initial=None if posted else [_typed(line) for line in lines],
            form_kwargs={"credit": Credit.of(store, named=_teams_of(lines)), "is_proposal": True},
        )


def _teams_of(lines: Iterable[OrderLine | AddOnLine]) -> set[int | None]:
    return {team for line in lines for team in (line.team_id, line.installation_team_id)}


def _initial(line: OrderLine) -> dict:
    """A line of the order as its row shows it."""
    shares = list(line.shares.all())
    technician = SEVERAL if len(shares) > 1 else shares[0].technician_id if shares else None
    return {"number": line.number, **_typed(line), "technician": technician}


def _typed(line: OrderLine | AddOnLine) -> dict:
    return {
        "kind": line.kind,
        "name": line.name,
        "code": line.code,
        "quantity": line.quantity,
        "unit_price": line.unit_price,
        "discount_percent": f"{line.discount_rate * 100:.2f}".rstrip("0").rstrip(".") if line.discount_rate else None,
        "payer": line.payer,
        "team": line.team_id,
        "seller": line.seller_id,
        "installation_team": line.installation_team_id,
    }


class ShareForm(forms.Form):
    """One technician's part of a labour line, in percent; all parts empty: the same for everybody."""

    percent = forms.DecimalField(
        label=_("share"), max_digits=5, decimal_places=2, min_value=0, max_value=100, required=False,
        widget=forms.NumberInput(attrs={"data-unit": "%", "step": "1"}),
    )  # fmt: skip
    field_order = ["technician", "percent"]

    def __init__(self, *args, technicians: dict[str, Staff], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["technician"] = _choice(_("technician"), technicians)
        self.order_fields(self.field_order)


_ShareFormSet = forms.formset_factory(ShareForm, can_delete=True, extra=1, max_num=12, absolute_max=20)


class SharesForm:
    """Who did a labour line, and how much of it each."""

    def __init__(self, line: OrderLine, posted=None):
        self.formset = _ShareFormSet(
            posted,
            prefix="shares",
            initial=[
                {"technician": share.technician_id, "percent": _percent(share.share)} for share in line.shares.all()
            ],
            form_kwargs={"technicians": Credit.of(line.order.store).technicians},
        )

    def is_valid(self) -> bool:
        return self.formset.is_valid()

    def shares(self) -> list[tuple[Staff, Decimal]]:
        """Pairs of technician and share; what was left empty is shared out evenly when nothing was typed at all."""
        rows = [form.cleaned_data for form in self.formset.forms if form not in self.formset.deleted_forms]
        rows = [(row["technician"], row.get("percent")) for row in rows if row.get("technician")]
        if rows and all(percent is None for _person, percent in rows):
            return list(zip((person for person, _none in rows), even_shares(len(rows)), strict=True))
        return [(person, (percent or Decimal(0)) / 100) for person, percent in rows]


def _percent(share: Decimal) -> str:
    return f"{share * 100:.2f}".rstrip("0").rstrip(".")
