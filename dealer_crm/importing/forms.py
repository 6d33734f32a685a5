from django import forms
from django.utils.translation import gettext_lazy as _

from dealer_crm.importing.opening import Bounds


class WorkbookForm(forms.Form):
    """One .xlsx file."""

    file = forms.FileField(
        label=_("Workbook (.xlsx)"),
        allow_empty_file=False,
        max_length=200,
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx", "data-wide": True}),
        help_text=_("Nothing is written before you have seen what would change."),
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        limit = Bounds().file_megabytes
        if file.size > limit << 20:
            raise forms.ValidationError(_("The file is larger than %(limit)s MB.") % {"limit": limit})
        return file
