"""Fields several forms of complaints ask for."""

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.models import Complaint
from complaints.queries import topics_offered
from dealer_crm.ui.fields import PicturesField

EVIDENCE_TYPES = "image/*,application/pdf,audio/*"


class CategoryField(forms.ChoiceField):
    """The tree: a main category, or one of its sub-categories. Gives (category, row of the tree or None)."""

    def __init__(self, **options):
        options.setdefault("label", _("Category"))
        super().__init__(**options)

    def offer(self, complaint: Complaint | None = None) -> None:
        """Fill in the rows in use, and the one a complaint has."""
        self._offered = topics_offered(also=complaint.topic_id if complaint else None)
        self.choices = self._offered.choices

    def clean(self, value):
        value = super().clean(value)
        return self._offered.chosen(value) if value else None


class EvidenceField(PicturesField):
    """Several files about a matter; gives a list. What each is, its content says later."""

    def __init__(self, **options):
        options.setdefault("required", False)
        super().__init__(**options)
        self.widget.attrs["accept"] = EVIDENCE_TYPES
