"""One's own sheets: the self-score, the result, the appeal."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dealer_crm.access.permissions import Permission
from dealer_crm.appraisal import actions, queries
from dealer_crm.appraisal.choices import SheetState
from dealer_crm.appraisal.forms import AppealForm, SelfScoreForm
from dealer_crm.appraisal.views.sheets import line_page, sheet_context
from dealer_crm.ui.paging import keyset_page
from dealer_crm.ui.posted import valid, version_of
from dealer_crm.values import Refusal


def own_sheets(request):
    page = keyset_page(queries.own_sheets(request.user), request.GET, order=("-period", "-pk"))
    return render(request, "appraisal/own.html", {"page": page})


def own_sheet(request, pk):
    return _page(request, get_object_or_404(queries.own_sheets(request.user), pk=pk))


def own_line(request, pk):
    return line_page(request, get_object_or_404(queries.lines_in(queries.own_sheets(request.user)), pk=pk))


@require_POST
def own_score(request, pk):
    found = get_object_or_404(queries.own_sheets(request.user), pk=pk)
    form = SelfScoreForm(request.POST, lines=queries.lines_of(found))
    if form.is_valid():
        try:
            actions.score_self(
                sheet=found, points=form.points, remark=form.cleaned_data["remark"], by=request.user,
                at=timezone.now(), expected_version=version_of(request),
            )  # fmt: skip
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _("Your self-score is given; the supervisor goes on."))
            return redirect("appraisal:own_sheet", pk)
    return _page(request, found, form=form)


@require_POST
def own_appeal(request, pk):
    found = get_object_or_404(queries.own_sheets(request.user), pk=pk)
    said = valid(AppealForm(request.POST))
    actions.make_sheet_appeal(sheet=found, text=said["text"], by=request.user, at=timezone.now())
    messages.success(request, _("Your appeal is with who decides; the score stands until the answer."))
    return redirect("appraisal:own_sheet", pk)


def _page(request, found, *, form=None):
    lines = queries.lines_of(found)
    if form is None and found.state == SheetState.SELF:
        form = SelfScoreForm(lines=lines)
    context = sheet_context(found, lines, form)
    today = timezone.localdate(timezone=found.store.tz)
    until = context["appeal_until"]
    context |= {
        "turn": found.state if found.state == SheetState.SELF else "",
        "back": reverse("appraisal:own"),
        "is_own": True,
        "may_appeal": bool(until) and today <= until and context["appeal"] is None
        and request.user.can(Permission.APPEAL_CREATE),
        "appeal_form": AppealForm(),
    }  # fmt: skip
    return render(request, "appraisal/sheet.html", context, status=422 if form is not None and form.errors else 200)
