"""Planning a training, noting who was there, narrowing the list."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dealer_crm.appraisal.actions.training import Attended
from dealer_crm.appraisal.choices import Presence, TrainingKind
from dealer_crm.appraisal.models import TrainingSeat
from dealer_crm.organization.models import Staff


class TrainingForm(forms.Form):
    title = forms.CharField(label=pgettext_lazy("training", "Title"), max_length=80)
    kind = forms.ChoiceField(label=_("Kind"), choices=TrainingKind)
    starts_at = forms.DateTimeField(label=pgettext_lazy("training", "Starts at"))
    hours = forms.DecimalField(
        label=pgettext_lazy("training", "Duration"), max_digits=4, decimal_places=1, min_value=0, initial=1,
        widget=forms.NumberInput(attrs={"data-unit": _("hours")}),
    )  # fmt: skip
    place = forms.CharField(label=pgettext_lazy("training", "Place"), max_length=60, required=False)
    trainer = forms.CharField(label=_("Trainer"), max_length=40)
    has_test = forms.BooleanField(label=_("With a test"), required=False, initial=True)
    content = forms.CharField(
        label=pgettext_lazy("training", "Content"), max_length=2000, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    people = forms.ModelMultipleChoiceField(
        label=_("Who is invited"), queryset=Staff.objects.none(),
        widget=forms.CheckboxSelectMultiple(attrs={"data-wide": True}),
    )  # fmt: skip

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["people"].queryset = people
        self.fields["people"].label_from_instance = lambda one: f"{one.work_number} {one.name}"


class AttendanceForm(forms.Form):
    """A row for each participant: presence, score, remark."""

    note = forms.CharField(label=_("Remark"), max_length=200, required=False)

    def __init__(self, *args, seats: list[TrainingSeat], has_test: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.seats, self.has_test = seats, has_test
        for seat in seats:
            self.fields[f"presence_{seat.pk}"] = forms.ChoiceField(
                label=_("Presence"), choices=Presence, initial=seat.presence or Presence.THERE
            )
            if has_test:
                self.fields[f"score_{seat.pk}"] = forms.DecimalField(
                    label=_("Test score"), min_value=0, max_value=100, max_digits=4, decimal_places=1, required=False,
                    initial=seat.score,
                )  # fmt: skip
            self.fields[f"remark_{seat.pk}"] = forms.CharField(
                label=_("Remark"), max_length=120, required=False, initial=seat.remark
            )

    def rows(self):
        """Seat with its bound fields, for the page."""
        for seat in self.seats:
            score = self[f"score_{seat.pk}"] if self.has_test else None
            yield seat, self[f"presence_{seat.pk}"], score, self[f"remark_{seat.pk}"]

    def noted(self) -> dict[int, Attended]:
        said = self.cleaned_data
        return {
            seat.pk: Attended(said[f"presence_{seat.pk}"], said.get(f"score_{seat.pk}"), said[f"remark_{seat.pk}"])
            for seat in self.seats
        }


class TrainingFilter(forms.Form):
    VIEWS = (
        ("", pgettext_lazy("trainings", "Planned")), ("mine", pgettext_lazy("trainings", "Mine")),
        ("held", pgettext_lazy("training", "Held")), ("called_off", pgettext_lazy("training", "Called off")),
    )  # fmt: skip
    view = forms.ChoiceField(label=_("State"), choices=VIEWS, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("All")), *TrainingKind.choices], required=False)
