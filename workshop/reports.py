"""What the workshop puts into the paper pack: blank job and inspection sheets."""

from django.utils.translation import gettext_lazy as _

from dealer_crm.access.permissions import Permission
from dealer_crm.reporting.paper import register_paper
from workshop.choices import InspectionLevel


def levels(*, staff, at) -> dict:
    return {"levels": [level.label for level in InspectionLevel]}


register_paper(
    code="inspection", title=_("Job and inspection sheet (blank)"), permission=Permission.JOB_VIEW, order=60,
    is_blank=True, template="workshop/paper_inspection.html", build=levels,
)  # fmt: skip
