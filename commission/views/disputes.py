"""Disputed lines: raised by the person, answered by manager or payroll."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from commission import actions, queries
from commission.choices import DisputeState
from commission.forms import DisputeAnswerForm, DisputeForm
from commission.models import StatementLine
from dealer_crm.ui.paging import keyset_page
from dealer_crm.ui.posted import valid
from dealer_crm.values import Refusal


def dispute_new(request, pk):
    """Dispute one line of one's own statement."""
    own = StatementLine.objects.filter(statement__in=queries.own_statements(request.user))
    line = get_object_or_404(own.select_related("run", "statement"), pk=pk)
    form = DisputeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.dispute_line(line=line, **form.cleaned_data, by=request.user, at=timezone.now())
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _("It is with the manager and payroll; you are told the answer."))
            return redirect("commission:own_statement", line.statement_id)
    explained = queries.explanation_of(line.explanation)
    return render(request, "commission/dispute_new.html", {"form": form, "line": line, "explained": explained})


def disputes(request):
    """Those that wait for an answer, and the answered ones."""
    answered = queries.disputes_for(request.user).exclude(state=DisputeState.OPEN)
    context = {
        "waiting": queries.disputes_to_answer(request.user),
        "page": keyset_page(answered, request.GET, order=("-raised_at", "-pk")),
        "form": DisputeAnswerForm(),
    }
    return render(request, "commission/disputes.html", context)


@require_POST
def dispute_answer(request, pk):
    dispute = get_object_or_404(queries.disputes_for(request.user), pk=pk)
    said = valid(DisputeAnswerForm(request.POST))
    actions.answer_dispute(dispute=dispute, **said, by=request.user, at=timezone.now())
    messages.success(request, _("Answered; the person is told."))
    return redirect("commission:disputes")
