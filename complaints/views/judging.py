"""What is said about me, and the appeals against it."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from complaints import actions, queries
from complaints.choices import ComplaintState
from complaints.forms.judging import AppealAnswerForm, AppealForm, GoodwillForm
from complaints.models import Appeal, Complaint
from dealer_crm.access.permissions import Permission
from dealer_crm.ui.paging import keyset_page
from dealer_crm.ui.posted import valid, version_of


def case_parts(staff, complaint: Complaint) -> dict:
    """What a complaint's page shows of money, appeals and the file, and what this person may do about them."""
    is_closed = complaint.state == ComplaintState.CLOSED
    may_ask = staff.can(Permission.GOODWILL_REQUEST) and not is_closed
    return {
        "goodwills": list(queries.goodwill_of_case(complaint)),
        "goodwill_form": GoodwillForm() if may_ask else None,
        "appeals": list(complaint.appeals.select_related("staff", "decided_by")),
        "may_print": staff.can(Permission.COMPLAINT_VIEW),
        "may_report": staff.can(Permission.INCIDENT_WRITE) and queries.is_major(complaint),
        "may_draft": is_closed and staff.can(Permission.KNOWLEDGE_WRITE) and not queries.is_drafted(complaint),
    }


def about_me(request):
    """The judgements that name this person, what they do to pay, until when to appeal, and what came of appeals."""
    today = timezone.localdate()
    context = {
        "judgements": queries.about_me(request.user, on=today),
        "appeals": queries.appeals_of(request.user),
        "form": AppealForm(),
    }
    return render(request, "complaints/about_me.html", context)


@require_POST
def appeal(request, pk):
    """Appeal against what is said about me in one complaint."""
    complaint = get_object_or_404(Complaint.objects.filter(responsibilities__staff=request.user), pk=pk)
    actions.make_appeal(complaint=complaint, **valid(AppealForm(request.POST)), by=request.user, at=timezone.now())
    messages.success(request, _("Your appeal is with the station manager."))
    return redirect("complaints:about_me")


def appeals(request):
    """Those that wait for this person with the form to decide, and what was decided before."""
    decided = queries.appeals_for(request.user).exclude(decided_at=None)
    context = {
        "waiting": queries.appeals_waiting_for(request.user),
        "page": keyset_page(decided, request.GET, order=("-appealed_at", "-pk")),
        "form": AppealAnswerForm(),
    }
    return render(request, "complaints/appeals.html", context)


@require_POST
def appeal_decide(request, pk):
    appeal = get_object_or_404(Appeal.objects.visible_to(request.user).select_related("complaint"), pk=pk)
    said = valid(AppealAnswerForm(request.POST))
    actions.decide_appeal(
        appeal=appeal, **said, by=request.user, at=timezone.now(), expected_version=version_of(request)
    )
    messages.success(request, _("The appeal is answered; the person is told."))
    return redirect("complaints:appeals")
