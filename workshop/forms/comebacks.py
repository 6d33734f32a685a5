"""What is decided about a comeback."""

from django import forms
from django.utils.translation import gettext_lazy as _

from dealer_crm.organization.models import Staff, Team
from reception.models import OrderLine, RepairOrder
from workshop.choices import WORKSHOP_TEAMS, Responsibility
from workshop.models import ComebackDecision

OTHER = "other"


class LineField(forms.ModelChoiceField):
    def label_from_instance(self, line: OrderLine) -> str:
        return f"{line.number}. {line.name} ({line.get_kind_display()})"


class ComebackForm(forms.Form):
    seen_at = forms.DateTimeField(widget=forms.HiddenInput, required=False)
    is_accepted = forms.TypedChoiceField(
        label=_("Counts as a comeback"),
        choices=[("yes", _("Yes: same fault, our work")), ("no", _("No"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    original_line = LineField(OrderLine.objects.none(), label=_("What failed of the original order"), required=False)
    responsibility = forms.ChoiceField(label=_("Who answers"), choices=Responsibility)
    team = forms.ModelChoiceField(Team.objects.none(), label=_("Team"), required=False)
    technician = forms.ModelChoiceField(Staff.objects.none(), label=_("Technician"), required=False)
    chosen_standard = forms.ChoiceField(label=_("By which standard"), widget=forms.RadioSelect, required=False)
    standard = forms.CharField(
        label=_("In other words, or in addition"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args, order: RepairOrder, technicians, standards: list[str], **fields):
        decision = getattr(order, "comeback_decision", None)
        fields.setdefault("initial", _decided(decision, standards) if decision else {})
        super().__init__(*args, **fields)
        self.order = order
        self.fields["original_line"].queryset = order.original.lines.order_by("number")
        self.fields["team"].queryset = Team.objects.filter(store=order.store, kind__in=WORKSHOP_TEAMS)
        self.fields["technician"].queryset = technicians
        self.fields["chosen_standard"].choices = [*((one, one) for one in standards), (OTHER, _("Another one"))]

    def decision(self) -> dict:
        """What `decide_comeback` takes."""
        typed = dict(self.cleaned_data)
        chosen = typed.pop("chosen_standard")
        written = [chosen if chosen != OTHER else "", typed["standard"].strip()]
        return typed | {"standard": "；".join(part for part in written if part)}

    def draft(self) -> ComebackDecision | None:
        """The decision as far as it is filled in, not kept: to show what it would mean. None: nothing is chosen yet."""
        self.is_valid()
        typed = self.cleaned_data
        if "is_accepted" not in typed:
            return None
        who, team, technician = typed.get("responsibility", ""), typed.get("team"), typed.get("technician")
        if (who == Responsibility.TEAM and not team) or (who == Responsibility.TECHNICIAN and not technician):
            who = Responsibility.NONE
        return ComebackDecision(
            order=self.order, is_accepted=bool(typed.get("is_accepted")), responsibility=who, team=team,
            technician=technician,
        )  # fmt: skip


def _decided(decision: ComebackDecision, standards: list[str]) -> dict:
    """A kept decision as the form shows it: a standard of the list is chosen, what else was written stands below."""
    chosen, _sign, more = decision.standard.partition("；")
    if chosen not in standards:
        chosen, more = OTHER, decision.standard
    return {
        "seen_at": decision.decided_at.isoformat(),
        "is_accepted": "yes" if decision.is_accepted else "no",
        "original_line": decision.original_line_id,
        "responsibility": decision.responsibility,
        "team": decision.team_id,
        "technician": decision.technician_id,
        "chosen_standard": chosen,
        "standard": more,
    }
