"""Appeals against pay: made by the person, decided by a committee."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from commission import actions, queries
from commission.choices import AppealState
from commission.forms import MemberForm, PayAppealForm, VoteForm
from dealer_crm.access.permissions import Permission
from dealer_crm.ui.paging import keyset_page
from dealer_crm.ui.posted import valid
from dealer_crm.values import Refusal


def own_appeals(request):
    """One's own appeals with the committee's answers."""
    page = keyset_page(queries.own_appeals(request.user), request.GET, order=("-appealed_at", "-pk"))
    return render(request, "commission/appeals_own.html", {"page": page})


def appeal_new(request, pk):
    """Appeal against one's own locked statement."""
    slip = get_object_or_404(queries.own_statements(request.user), pk=pk)
    form = PayAppealForm(request.POST or None, lines=slip.lines.all(), initial={"line": request.GET.get("line")})
    if request.method == "POST" and form.is_valid():
        try:
            actions.appeal_against_pay(statement=slip, **form.cleaned_data, by=request.user, at=timezone.now())
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _("Your appeal is before the committee; you are answered in writing."))
            return redirect("commission:own_appeals")
    context = {"form": form, "slip": slip, "run": slip.run, "until": queries.appeal_until_of(slip.run)}
    return render(request, "commission/appeal_new.html", context)


def appeals(request):
    """Those that wait for one's vote, and all of the store."""
    context = {
        "waiting": queries.appeals_to_vote_on(request.user),
        "page": keyset_page(queries.appeals_for(request.user), request.GET, order=("-appealed_at", "-pk")),
    }
    return render(request, "commission/appeals.html", context)


def appeal(request, pk):
    """An appeal before its committee: what is said, the line it is about, the votes, one's own vote."""
    found = get_object_or_404(queries.appeals_for(request.user), pk=pk)
    own = next((vote for vote in found.votes.all() if vote.member_id == request.user.pk), None)
    is_open = found.state == AppealState.OPEN
    named = {vote.member_id for vote in found.votes.all()}
    may_name = is_open and request.user.can(Permission.PAY_APPEAL_NAME) and request.user.pk != found.staff_id
    others = [one for one in queries.may_sit(found.statement, found.line) if one.pk not in named] if may_name else []
    context = {
        "appeal": found,
        "explained": found.line and queries.explanation_of(found.line.explanation),
        "vote_form": VoteForm(initial={"amount": found.claimed_amount})
        if is_open and own and not own.voted_at
        else None,
        "member_form": MemberForm(people=others) if others else None,
    }
    return render(request, "commission/appeal.html", context)


@require_POST
def appeal_vote(request, pk):
    found, form = get_object_or_404(queries.appeals_for(request.user), pk=pk), VoteForm(request.POST)
    said = valid(form)
    actions.vote_on_appeal(
        appeal=found, amount=form.granted, reasons=said["reasons"], by=request.user, at=timezone.now()
    )
    messages.success(request, _("Your vote is kept."))
    return redirect("commission:appeal", pk)


@require_POST
def appeal_member(request, pk):
    found = get_object_or_404(queries.appeals_for(request.user), pk=pk)
    people = queries.may_sit(found.statement, found.line)
    said = valid(MemberForm(request.POST, people=people))
    actions.add_member(appeal=found, **said, by=request.user, at=timezone.now())
    messages.success(request, _("Named; the new member is told."))
    return redirect("commission:appeal", pk)
