"""Entering that a new car was handed over."""

from django import forms
from django.utils.translation import gettext_lazy as _

from reception.queries import vehicles_found


class HandoverForm(forms.Form):
    """`plate` gives the vehicle."""

    plate = forms.CharField(label=_("Plate or VIN"), max_length=20, help_text=_("The car must stand in the archive."))
    handed_over_at = forms.DateTimeField(label=_("Handed over at"))
    salesperson = forms.CharField(label=_("Sales consultant"), max_length=40, required=False)

    def __init__(self, *args, staff, **kwargs):
        super().__init__(*args, **kwargs)
        self.staff = staff

    def clean_plate(self):
        typed = self.cleaned_data["plate"]
        found = vehicles_found(self.staff, typed)
        exact = [car for car in found if typed.strip().upper() in (car.plate, car.vin)] or found
        if not exact:
            raise forms.ValidationError(_("No car of this plate or VIN is known; enter the car first."))
        if len(exact) > 1:
            raise forms.ValidationError(_("Several cars match; enter the whole plate or VIN."))
        return exact[0]
