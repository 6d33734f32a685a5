"""Checks of a car, and what is decided about a comeback."""

from django import forms
from django.utils.translation import gettext_lazy as _

from dealer_crm.organization.models import Staff, Team
from workshop.choices import WORKSHOP_TEAMS, Responsibility


class InspectionForm(forms.Form):
    """One check of a car; the two buttons send `result`."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    checklist = forms.MultipleChoiceField(
        label=_("Points confirmed"), required=False, widget=forms.CheckboxSelectMultiple
    )
    defects = forms.CharField(
        label=_("Defects"), required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Needed when it fails; it names the rework."),
    )  # fmt: skip
    responsible = forms.ModelChoiceField(
        Staff.objects.none(), label=_("Who answers"), required=False, help_text=_("The redo is theirs and unpaid.")
    )

    def __init__(self, *args, order, points: list[str], people, **fields):
        super().__init__(*args, **fields)
        self.fields["version"].initial = order.version
        self.fields["checklist"].choices = [(point, point) for point in points]
        self.fields["responsible"].queryset = people

    def confirmed(self) -> dict[str, bool]:
        chosen = set(self.cleaned_data["checklist"])
        return {point: point in chosen for point, _label in self.fields["checklist"].choices}


class ComebackForm(forms.Form):
    is_accepted = forms.TypedChoiceField(
        label=_("Counts as a comeback"),
        choices=[("yes", _("Yes: same fault, our work")), ("no", _("No"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    responsibility = forms.ChoiceField(label=_("Who answers"), choices=Responsibility)
    team = forms.ModelChoiceField(Team.objects.none(), label=_("Team"), required=False)
    technician = forms.ModelChoiceField(Staff.objects.none(), label=_("Technician"), required=False)
    standard = forms.CharField(
        label=_("By which standard"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For example: same fault within 30 days or 1,000 km after delivery."),
    )

    def __init__(self, *args, store, technicians, **fields):
        super().__init__(*args, **fields)
        self.fields["team"].queryset = Team.objects.filter(store=store, kind__in=WORKSHOP_TEAMS)
        self.fields["technician"].queryset = technicians
