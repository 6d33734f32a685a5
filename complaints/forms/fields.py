"""Fields several forms of complaints ask for."""

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.models import Complaint
from complaints.queries.topics import topic_tree
from dealer_crm.ui.fields import PicturesField

EVIDENCE_TYPES = "image/*,application/pdf,audio/*"


class CategoryField(forms.ChoiceField):
    """The tree: a main category, or one of its sub-categories. Gives (category, row of the tree or None).

    What is sent is the code of the category for a main row without a name of its own, else the row's number.
    """

    def __init__(self, **options):
        options.setdefault("label", _("Category"))
        super().__init__(**options)

    def offer(self, complaint: Complaint | None = None) -> None:
        """Fill in the rows in use, and the one a complaint has."""
        self._rows = {}
        choices = []
        for branch in topic_tree(also=complaint.topic_id if complaint else None):
            rows = [branch.main, *branch.children]
            for row in rows:
                self._rows[value_of(row)] = row
            choices.append((str(branch.main), [(value_of(row), row.name or str(row)) for row in rows]))
        self.choices = choices

    def clean(self, value):
        row = self._rows.get(super().clean(value))
        if row is None:
            return None
        return row.category, row if row.name else None


def value_of(row) -> str:
    return str(row.pk) if row.name else row.category


class EvidenceField(PicturesField):
    """Several files about a matter; gives a list. What each is, its content says later."""

    def __init__(self, **options):
        options.setdefault("required", False)
        super().__init__(**options)
        self.widget.attrs["accept"] = EVIDENCE_TYPES
