"""Entering appraisal scores."""

from django import forms


class ScoresForm(forms.Form):
    """One score field for each person."""

    def __init__(self, *args, people, scores, **kwargs):
        super().__init__(*args, **kwargs)
        for person in people:
            self.fields[f"score_{person.pk}"] = forms.DecimalField(
                label=f"{person.work_number} {person.name}",
                min_value=0,
                max_value=200,
                decimal_places=2,
                required=False,
                initial=scores.get(person.pk),
            )
        self.people = people

    def changed_scores(self):
        """(person, score) for every field that was filled in anew."""
        for person in self.people:
            name = f"score_{person.pk}"
            if name in self.changed_data and self.cleaned_data[name] is not None:
                yield person, self.cleaned_data[name]
