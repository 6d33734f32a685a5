"""Work given out and taken back, and who did how much of it."""


from django import forms
from django.utils.translation import gettext_lazy as _

from workshop.actions import Assignment
from workshop.models import Bay
from workshop.queries import QueuedOrder, TeamLoad


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
                rows.append((key, f"{one.person.name} · {one.open_hours} {_('h')}"))
            groups.append((load.team.name, rows))
        super().__init__(choices=groups, **fields)

    def clean(self, value):
        return self.pairs.get(super().clean(value))


class DispatchForm(forms.Form):
    """The works of one queued order, each with the proposed hands and bay already chosen."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, queued: QueuedOrder, loads: list[TeamLoad], bays: list[Bay], **fields):
        super().__init__(*args, prefix=f"o{queued.order.pk}", **fields)
        self.queued = queued
        self.fields["version"].initial = queued.order.version
        places = [("", "—"), *((str(bay.pk), bay.name) for bay in bays)]
        self._bays = {str(bay.pk): bay for bay in bays}
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
        chosen = []
        for work in self.queued.works:
            if hands := self.cleaned_data[f"hands_{work.key}"]:
                bay = self._bays.get(self.cleaned_data[f"bay_{work.key}"])
                chosen.append(Assignment(team=hands[0], technician=hands[1], line=work.line, bay=bay, name=work.name))
        return chosen


class ReassignForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    bay = forms.ModelChoiceField(Bay.objects.none(), label=_("Bay"), required=False)
    reason = forms.CharField(label=_("Reason"), max_length=200, widget=forms.TextInput(attrs={"data-wide": True}))

    field_order = ["version", "hands", "bay", "reason"]

    def __init__(self, *args, job, loads: list[TeamLoad], **fields):
        super().__init__(*args, **fields)
        self.fields["version"].initial = job.version
        current = f"t{job.team_id}p{job.technician_id}" if job.technician_id else f"t{job.team_id}"
        self.fields["hands"] = Hands(loads=loads, label=_("Team or technician"), initial=current)
        self.fields["bay"].queryset = Bay.objects.filter(store=job.order.store, is_active=True)
        self.fields["bay"].initial = job.bay_id
        self.order_fields(self.field_order)
