"""The major-incident report, the file of a case on paper, what is to be filed."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from complaints import actions, queries
from complaints.forms.judging import IncidentForm
from complaints.models import Complaint
from dealer_crm.ui.paging import keyset_page
from dealer_crm.ui.posted import version_of
from dealer_crm.values import Refusal


def incident(request, pk):
    """Write the report of a major complaint, from its newest version on, beside what the case knows."""
    complaint = _complaint(request, pk)
    versions = queries.incident_versions(complaint)
    newest = versions[0] if versions else None
    initial = {name: getattr(newest, name) for name in IncidentForm.base_fields} if newest else {}
    form = IncidentForm(request.POST or None, initial=initial or {"course": queries.course_of(complaint)})
    if request.method == "POST" and form.is_valid():
        try:
            actions.write_incident_report(
                complaint=complaint, **form.cleaned_data, by=request.user, at=timezone.now(),
                expected_number=version_of(request),
            )  # fmt: skip
            messages.success(request, _("The report is kept as a new version."))
            return redirect("complaints:incident", pk)
        except Refusal as refusal:
            form.add_error(refusal.field, str(refusal))
    steps = list(complaint.steps.select_related("by").order_by("pk"))
    context = {"complaint": complaint, "form": form, "versions": versions, "newest": newest,
               "story": queries.story_of(steps), "is_major": queries.is_major(complaint)}  # fmt: skip
    return render(request, "complaints/incident.html", context, status=422 if form.errors else 200)


def incident_print(request, pk):
    """The report on paper: what people wrote (`?version=`, else the newest) with the facts of the case."""
    complaint = _complaint(request, pk)
    versions = queries.incident_versions(complaint)
    asked = request.GET.get("version", "")
    report = next((one for one in versions if str(one.number) == asked), versions[0] if versions else None)
    signers = [_("Written by"), _("Service manager"), _("Station manager")]
    context = {"report": report, "signers": signers, **queries.file_of(complaint)}
    return render(request, "complaints/incident_print.html", context)


def case_print(request, pk):
    """The whole file of a case on paper."""
    return render(request, "complaints/case_print.html", queries.file_of(_complaint(request, pk)))


def filing(request):
    """Closed cases whose paper is still to be put away, and those last put away."""
    rows = queries.cases_to_file(request.user)
    context = {
        "page": keyset_page(rows, request.GET, order=("closed_at", "pk")),
        "filed": queries.cases_filed(request.user)[:50],
    }
    return render(request, "complaints/filing.html", context)


@require_POST
def file_case(request, pk):
    complaint = _complaint(request, pk)
    actions.file_case(complaint=complaint, place=request.POST.get("place", "")[:80], by=request.user, at=timezone.now())
    messages.success(request, _("%(number)s is filed.") % {"number": complaint.number})
    return redirect("complaints:filing")


def _complaint(request, pk) -> Complaint:
    return get_object_or_404(Complaint.objects.visible_to(request.user).with_people(), pk=pk)
