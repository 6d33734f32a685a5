"""Work given out and taken back."""

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext_lazy as _

from workshop.actions import Assignment
from workshop.models import Bay
from workshop.queries import Floor, QueuedOrder, TeamLoad, UsedBay


class Hands(forms.ChoiceField):
    """One list of everybody who could do it: each team as a whole, and its people with their open hours.

    A choice is `t<team>` or `t<team>p<person>`; cleaned, a pair of team and person (or None), or None when left empty.
    """

    def __init__(self, *, loads: list[TeamLoad], empty="", **fields):
        self.pairs = {}
        groups = [("", empty)] if empty else []
        for load in loads:
            rows = [(f"t{load.team.pk}", _("%(team)s: anybody") % {"team": load.team})]
            self.pairs[rows[0][0]] = (load.team, None)
            for one in load.technicians:
                key = f"t{load.team.pk}p{one.person.pk}"
                self.pairs[key] = (load.team, one.person)
                away = "" if one.has_time else f" · {_('off shift')}"
                rows.append((key, f"{one.person.name} · {one.open_hours:.2f} {_('h')}{away}"))
            groups.append((load.team.name, rows))
        super().__init__(choices=groups, **fields)

    def clean(self, value):
        return self.pairs.get(super().clean(value))


class DispatchForm(forms.Form):
    """The works of one queued order, each with the proposed hands and bay already chosen.

    `only`: the one work that was dragged to somebody; the others stay in the queue. `doubts`: what must be confirmed.
    """

    version = forms.IntegerField(widget=forms.HiddenInput)
    only = forms.CharField(widget=forms.HiddenInput, required=False, initial="")
    confirmed = forms.BooleanField(required=False, initial=False)

    def __init__(self, *args, queued: QueuedOrder, floor: Floor, **fields):
        super().__init__(*args, prefix=f"o{queued.order.pk}", **fields)
        self.queued, self.doubts = queued, []
        self.fields["version"].initial = queued.order.version
        loads, self._bays = floor.loads, {str(used.bay.pk): used.bay for used in floor.bays}
        places = [("", "—"), *((str(used.bay.pk), _place(used)) for used in floor.bays)]
        for work in queued.works:
            made = work.proposal
            key = made and (f"t{made.team}p{made.technician}" if made.technician else f"t{made.team}")
            self.fields[f"hands_{work.key}"] = Hands(
                loads=loads, empty=_("Leave in the queue"), label=work.name, initial=key, required=False
            )
            self.fields[f"bay_{work.key}"] = forms.ChoiceField(
                choices=places, label=_("Bay"), required=False, initial=str(made.bay) if made and made.bay else ""
            )

    def rows(self):
        """Each work with its two fields."""
        return [(work, self[f"hands_{work.key}"], self[f"bay_{work.key}"]) for work in self.queued.works]

    def assignments(self) -> list[Assignment]:
        chosen, only = [], self.cleaned_data["only"]
        for work in self.queued.works:
            if only and work.key != only:
                continue
            if hands := self.cleaned_data[f"hands_{work.key}"]:
                bay = self._bays.get(self.cleaned_data[f"bay_{work.key}"])
                chosen.append(Assignment(team=hands[0], technician=hands[1], line=work.line, bay=bay, name=work.name))
        return chosen


class ReassignForm(forms.Form):
    """Other hands or another bay for a job, and why. `wanted`: what it was dragged to. `doubts`: as above."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    confirmed = forms.BooleanField(required=False, initial=False)
    bay = forms.ModelChoiceField(Bay.objects.none(), label=_("Bay"), required=False)
    reason = forms.CharField(label=_("Reason"), max_length=200, widget=forms.TextInput(attrs={"data-wide": True}))

    field_order = ["version", "hands", "bay", "reason"]

    def __init__(self, *args, job, floor: Floor, wanted: Mapping[str, str], **fields):
        super().__init__(*args, **fields)
        self.doubts = []
        self.fields["version"].initial = job.version
        current = f"t{job.team_id}p{job.technician_id}" if job.technician_id else f"t{job.team_id}"
        self.fields["hands"] = Hands(
            loads=floor.loads, label=_("Team or technician"), initial=wanted.get("hands") or current
        )
        self.fields["bay"].queryset = Bay.objects.filter(store=job.order.store, is_active=True)
        self.fields["bay"].initial = wanted.get("bay") or job.bay_id
        self.order_fields(self.field_order)


def _place(used: UsedBay) -> str:
    """A bay with the car that stands in it."""
    return f"{used.bay.name} · {used.standing.order.vehicle.plate}" if used.standing else used.bay.name
