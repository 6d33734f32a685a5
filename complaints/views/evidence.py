"""Files about a complaint: who sees the complaint sees them."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from complaints import actions
from complaints.forms import EvidenceForm
from complaints.models import Complaint, Evidence
from dealer_crm.files.answers import file_response, small_response
from dealer_crm.files.choices import FileKind
from dealer_crm.values import Refusal


def evidence_add(request, pk):
    """Keep more files; refused, the form says which and why."""
    complaint = get_object_or_404(Complaint.objects.visible_to(request.user).with_people(), pk=pk)
    form = EvidenceForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            kept = actions.add_evidence(complaint=complaint, **form.cleaned_data, by=request.user, at=timezone.now())
        except Refusal as refusal:
            form.add_error("uploads" if refusal.field == "evidence" else None, str(refusal))
        else:
            messages.success(request, _("%(count)s files are kept.") % {"count": len(kept)})
            return redirect("complaints:complaint", pk)
    context = {"complaint": complaint, "form": form}
    return render(request, "complaints/evidence.html", context, status=422 if form.errors else 200)


@require_safe
def evidence(request, pk):
    return file_response(_visible(request, pk).file)


@require_safe
def evidence_small(request, pk):
    return small_response(get_object_or_404(_rows(request).filter(file__kind=FileKind.IMAGE), pk=pk).file)


@require_POST
def evidence_remove(request, pk):
    found = _visible(request, pk)
    actions.remove_evidence(evidence=found, by=request.user, at=timezone.now())
    return redirect("complaints:complaint", found.complaint_id)


def _rows(request):
    return Evidence.objects.filter(complaint__in=Complaint.objects.visible_to(request.user)).select_related(
        "file", "complaint__store"
    )


def _visible(request, pk) -> Evidence:
    return get_object_or_404(_rows(request), pk=pk)
