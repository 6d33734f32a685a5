"""Shifts, skills and attendance as they are written down."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reception.choices import Skill
from workshop import formulas
from workshop.actions import ShiftChange
from workshop.queries import PlannedPerson, SkilledTeam, WeekPlan


class ShiftsForm(forms.Form):
    """A week of shifts, a cell for each person and day. Each carries what stood there, so that what is sent says what
    was changed and two people can plan side by side."""

    def __init__(self, *args, week: WeekPlan, today: date, **fields):
        super().__init__(*args, **fields)
        self.week, self.today = week, today
        for row in week.people:
            for day, hours in zip(week.days, row.week, strict=True):
                text = formulas.written(hours, week.patterns)
                label = f"{row.person.name} {day:%m-%d}"
                name = self._name(row, day)
                widget = forms.TextInput(attrs={"list": "shift-patterns", "autocomplete": "off"})
                self.fields[name] = forms.CharField(
                    label=label, max_length=20, required=False, initial=text, widget=widget, disabled=day < today
                )
                self.fields[f"{name}-was"] = forms.CharField(
                    initial=text, required=False, widget=forms.HiddenInput, disabled=day < today
                )

    @staticmethod
    def _name(row: PlannedPerson, day: date) -> str:
        return f"s{row.person.pk}-{day:%y%m%d}"

    def rows(self):
        """Each person with the cells of the week: (field, what stood there)."""
        for row in self.week.people:
            names = [self._name(row, day) for day in self.week.days]
            yield row, [(self[name], self[f"{name}-was"]) for name in names]

    def clean(self):
        """The cells that were written anew, as `changes`."""
        self.changes = []
        for row in self.week.people:
            for day in self.week.days:
                name = self._name(row, day)
                text, was = self.cleaned_data.get(name, ""), self.cleaned_data.get(f"{name}-was", "")
                if day < self.today or text.split() == was.split():
                    continue
                try:
                    hours = formulas.read_shift(text, self.week.patterns)
                    before = formulas.read_shift(was, self.week.patterns)
                except ValueError:
                    words = "、".join(self.week.patterns) or "8:00-17:00"
                    self.add_error(name, _("Write 8:00-17:00, 休, or one of: %(words)s.") % {"words": words})
                    continue
                self.changes.append(ShiftChange(row.person, day, before, hours))
        return self.cleaned_data


class SkillsForm(forms.Form):
    """What the people of a team may do, from a day on."""

    starts_on = forms.DateField(label=pgettext_lazy("skills", "Since"))

    def __init__(self, *args, team: SkilledTeam, **fields):
        super().__init__(*args, **fields)
        self.team = team
        for one in team.people:
            self.fields[f"p{one.person.pk}"] = forms.MultipleChoiceField(
                label=one.person.name, choices=Skill, required=False, initial=one.skills,
                widget=forms.CheckboxSelectMultiple,
            )  # fmt: skip

    def rows(self):
        """Each person with a box for each skill."""
        return [(one, self[f"p{one.person.pk}"]) for one in self.team.people]

    def changed(self):
        """(Person, skills) where something was ticked anew; who had nothing and still has nothing is left alone."""
        for one in self.team.people:
            chosen = self.cleaned_data[f"p{one.person.pk}"]
            if set(chosen) != set(one.skills):
                yield one.person, chosen


class AttendanceForm(forms.Form):
    came_at = forms.DateTimeField(label=_("came"))
    left_at = forms.DateTimeField(
        label=pgettext_lazy("attendance", "left"), required=False, help_text=_("Empty: still there.")
    )
    reason = forms.CharField(label=_("Reason"), max_length=200, widget=forms.TextInput(attrs={"data-wide": True}))
