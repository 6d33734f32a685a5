"""Two records side by side, and whose values are kept."""

from django import forms

KEPT, DOUBLE = "kept", "double"


class MergeForm(forms.Form):
    """One choice for each field in which the two differ; carries the versions the person has seen."""

    kept_version = forms.IntegerField(widget=forms.HiddenInput)
    double_version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, pairs, kept, double, **kwargs):
        super().__init__(*args, initial={"kept_version": kept.version, "double_version": double.version}, **kwargs)
        self.pairs = pairs
        for pair in pairs:
            self.fields[pair.name] = forms.ChoiceField(
                label=pair.label, choices=[(KEPT, pair.kept), (DOUBLE, pair.double)], widget=forms.RadioSelect,
                initial=DOUBLE if pair.takes_double else KEPT,
            )  # fmt: skip

    @property
    def rows(self):
        return [self[pair.name] for pair in self.pairs]

    def said(self) -> dict:
        """What `merge_customers` and `merge_vehicles` take."""
        return {
            "chosen": [pair.name for pair in self.pairs if self.cleaned_data[pair.name] == DOUBLE],
            "expected_version": self.cleaned_data["kept_version"],
            "double_version": self.cleaned_data["double_version"],
        }
