"""Judging a call, answering the judgement."""

from django import forms
from django.utils.translation import gettext_lazy as _

from callback.choices import QualityPoint
from callback.formulas import TOP_MARK


class ScoreForm(forms.Form):
    """A mark for every point, each a field of its code; `weights` are shown beside them."""

    remark = forms.CharField(
        label=_("Remark for the agent"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args, weights, **kwargs):
        super().__init__(*args, **kwargs)
        for point in QualityPoint:
            unit = _("of 10, weight %(weight)s") % {"weight": weights[point]}
            self.fields[point.value] = forms.IntegerField(
                label=point.label, min_value=0, max_value=TOP_MARK, widget=forms.NumberInput(attrs={"data-unit": unit})
            )
        self.order_fields([*QualityPoint.values, "remark"])

    @property
    def marks(self) -> dict[str, int]:
        return {point.value: self.cleaned_data[point.value] for point in QualityPoint}


class CommentForm(forms.Form):
    comment = forms.CharField(label=_("Your comment"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
