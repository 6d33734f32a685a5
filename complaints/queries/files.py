"""The file of a case: everything that is known of it, the reports of major ones, what is to be filed."""

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from complaints.choices import Category, ComplaintState, Severity
from complaints.models import Appeal, Complaint, Filing, IncidentReport, Topic
from dealer_crm.organization.models import Staff


def category_asked(query) -> str:
    """The category a sheet names, by its code or by a row of the tree; "" for none or an unknown one."""
    asked = query.get("category", "")
    if asked.isdigit():
        return Topic.objects.filter(pk=int(asked)).values_list("category", flat=True).first() or ""
    return asked if asked in Category.values else ""


def is_major(complaint: Complaint) -> bool:
    return complaint.severity == Severity.MAJOR


def incident_versions(complaint: Complaint) -> list[IncidentReport]:
    """The reports of a major complaint, newest first."""
    return list(complaint.incidents.select_related("written_by").order_by("-number"))


def course_of(complaint: Complaint) -> str:
    """The course of events as the case knows it: a line per step, to begin a report with."""
    tz = complaint.store.tz
    lines = [f"{complaint.received_at.astimezone(tz):%F %H:%M} {complaint.description}".strip()]
    for step in complaint.steps.select_related("by").order_by("pk"):
        who = f"{step.by.name}: " if step.by else ""
        lines.append(f"{step.at.astimezone(tz):%F %H:%M} {step.get_kind_display()} {who}{step.text}".strip())
    return "\n".join(lines)


def file_of(complaint: Complaint) -> dict:
    """Everything a case holds, for paper: its sheet, steps, files, promises, who answers, money, appeals, alarms."""
    return {
        "complaint": complaint,
        "steps": list(complaint.steps.select_related("by").order_by("pk")),
        "responsibilities": list(complaint.responsibilities.select_related("staff").order_by("-share", "pk")),
        "goodwills": list(complaint.goodwills.select_related("requested_by", "decided_by").order_by("pk")),
        "appeals": list(complaint.appeals.select_related("staff", "decided_by").order_by("pk")),
        "alarms": list(complaint.alarms.order_by("pk")),
        "concerned": list(complaint.concerned.order_by("work_number")),
        "evidence": list(complaint.evidence.select_related("file", "added_by").order_by("pk")),
        "arrangements": list(complaint.arrangements.order_by("pk")),
        "filing": Filing.objects.select_related("filed_by").filter(complaint=complaint).first(),
        "verdict": {True: _("True"), False: _("Not true"), None: "—"}[complaint.is_verified],
    }


def cases_to_file(staff: Staff):
    """Closed and judged cases not filed yet, without an open appeal."""
    return (
        Complaint.objects.visible_to(staff)
        .filter(state=ComplaintState.CLOSED, is_verified__isnull=False, filing=None, closed_at__isnull=False)
        .filter(~Exists(Appeal.objects.undecided().filter(complaint=OuterRef("pk"))))
        .with_people()
    )


def cases_filed(staff: Staff):
    """What was filed, latest first."""
    found = Filing.objects.filter(complaint__in=Complaint.objects.visible_to(staff))
    return found.select_related("complaint__customer", "complaint__store", "filed_by")
