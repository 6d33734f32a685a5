"""Appeals against score sheets: those that wait, those that are decided, the answer."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dealer_crm.appraisal import actions, queries
from dealer_crm.appraisal.forms import DecideForm
from dealer_crm.appraisal.views.sheets import sheet_context
from dealer_crm.ui.paging import keyset_page
from dealer_crm.ui.posted import version_of
from dealer_crm.values import Refusal


def appeals(request):
    decided = queries.appeals_for(request.user).exclude(decided_at=None)
    context = {
        "waiting": queries.appeals_to_decide(request.user),
        "page": keyset_page(decided, request.GET, order=("-appealed_at", "-pk")),
    }
    return render(request, "appraisal/appeals.html", context)


def appeal(request, pk):
    """An appeal beside the sheet; who decides answers, and where it is right corrects the points."""
    found = get_object_or_404(queries.appeals_for(request.user), pk=pk)
    lines = queries.lines_of(found.sheet)
    may_decide = found.decided_at is None and request.user in queries.deciders_of(found)
    form = DecideForm(request.POST or None, lines=lines) if may_decide else None
    if form is not None and request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            actions.decide_sheet_appeal(
                appeal=found, is_accepted=said["is_accepted"], answer=said["answer"],
                changes=form.changes if said["is_accepted"] else {}, by=request.user, at=timezone.now(),
                expected_version=version_of(request),
            )  # fmt: skip
        except Refusal as refusal:
            field = (refusal.field or "").replace("reason_", "note_")
            form.add_error(field if field in form.fields else None, str(refusal))
        else:
            messages.success(request, _("The appeal is answered; the person has been told."))
            return redirect("appraisal:appeals")
    context = sheet_context(found.sheet, lines, form)
    context |= {"appeal": found, "turn": "appeal" if may_decide else "", "back": reverse("appraisal:appeals")}
    return render(request, "appraisal/sheet.html", context, status=422 if form is not None and form.errors else 200)
