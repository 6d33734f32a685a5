"""Form fields several apps ask for."""

from django import forms
from django.utils.translation import gettext_lazy as _

from dealer_crm.values import Period


class MonthField(forms.CharField):
    """A month, `2026-10`, chosen natively; gives a Period."""

    widget = forms.TextInput(attrs={"type": "month", "placeholder": "2026-10"})

    def __init__(self, *, label=None, **options):
        super().__init__(label=label or _("month"), **options)

    def to_python(self, value):
        value = super().to_python(value)
        if not value:
            return None
        try:
            return Period.parse(value)
        except ValueError as error:
            raise forms.ValidationError(_("Write the month as 2026-10.")) from error


class _Pictures(forms.ClearableFileInput):
    allow_multiple_selected = True


class PicturesField(forms.FileField):
    """Several pictures from the camera or the album; gives a list."""

    def __init__(self, **options):
        # A tablet offers its camera; what is brought is decided by its content, not by this.
        options.setdefault("widget", _Pictures(attrs={"accept": "image/*", "data-wide": True}))
        super().__init__(**options)

    def clean(self, value, initial=None):
        brought = value if isinstance(value, list | tuple) else [value] if value else []
        if not brought:
            return [] if not self.required else super().clean(None, initial)
        return [super(PicturesField, self).clean(one, initial) for one in brought]


class MonthForm(forms.Form):
    period = MonthField()


def month_asked(query, default: Period) -> tuple[Period, MonthForm]:
    """The month a page was asked for in `?period=`, or `default`; with the form to ask for another."""
    form = MonthForm(query if "period" in query else {"period": str(default)})
    return (form.cleaned_data["period"] if form.is_valid() else default), form
