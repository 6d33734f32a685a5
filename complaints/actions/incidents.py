"""The major-incident report (重大投诉报告) and the files of closed cases. Source: complaints.md, "Reports"."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from complaints.actions.locking import locked_complaint, said
from complaints.choices import ComplaintState, Severity
from complaints.models import Complaint, Filing, IncidentReport
from dealer_crm.journal import actions as journal
from dealer_crm.values import Refusal, Stale


@transaction.atomic
def write_incident_report(
    *,
    complaint: Complaint,
    course: str,
    cause: str,
    measures: str,
    lessons: str,
    by,
    at: datetime,
    expected_number: int | None = None,
) -> IncidentReport:
    """Keep the report of a major complaint as its next version; the former ones stay.

    `expected_number`: the version the writer has read, 0 for none. Refused: the complaint is not major, somebody wrote
    a version meanwhile, no course of events.
    """
    complaint = locked_complaint(complaint=complaint)
    if complaint.severity != Severity.MAJOR:
        raise Refusal(
            _("%(number)s is not a major complaint; a report is written of major ones.") % {"number": complaint.number},
            code="not_major",
        )
    newest = complaint.incidents.order_by("-number").select_related("written_by").first()
    number = newest.number if newest else 0
    if expected_number is not None and expected_number != number:
        raise Stale(
            _("%(name)s wrote version %(number)s in the meantime. Load it again; nothing was overwritten.")
            % {"name": newest.written_by.name if newest else "—", "number": number}
        )
    report = IncidentReport.objects.create(
        complaint=complaint,
        number=number + 1,
        course=said(text=course, field="course"),
        cause=cause.strip(),
        measures=measures.strip(),
        lessons=lessons.strip(),
        written_by=by,
        written_at=at,
    )
    journal.record(by=by, at=at, verb="incident_report.written", subject=report, store=complaint.store)
    return report


@transaction.atomic
def file_case(*, complaint: Complaint, place: str = "", by, at: datetime) -> Filing:
    """归档: the paper of a closed case stands in the archive.

    Refused: not closed, not judged, under an open appeal, filed already.
    """
    complaint = locked_complaint(complaint=complaint)
    names = {"number": complaint.number}
    if complaint.state != ComplaintState.CLOSED:
        raise Refusal(_("%(number)s is not closed yet; it can't be filed.") % names, code="not_closed")
    if complaint.is_verified is None:
        raise Refusal(_("%(number)s has to be judged before it is filed.") % names, code="not_judged")
    if complaint.appeals.undecided().exists():
        raise Refusal(_("An appeal about %(number)s is open; it can't be filed yet.") % names, code="appeal_open")
    if Filing.objects.filter(complaint=complaint).exists():
        raise Refusal(_("%(number)s is filed already.") % names, code="filed_already")
    filing = Filing.objects.create(complaint=complaint, place=place.strip(), filed_by=by, filed_at=at)
    journal.record(by=by, at=at, verb="complaint.filed", subject=complaint, note=filing.place)
    return filing
