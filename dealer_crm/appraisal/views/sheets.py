"""The month's sheets of the store: the list, a sheet, entering, the final review."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dealer_crm.access.permissions import Permission
from dealer_crm.appraisal import actions, queries
from dealer_crm.appraisal.choices import SheetState
from dealer_crm.appraisal.forms import EntryForm, ReviewForm, SheetsFilter, without_fields
from dealer_crm.organization.queries import store_of, stores_to_choose
from dealer_crm.ui.fields import month_asked
from dealer_crm.ui.posted import version_of
from dealer_crm.values import Period, Refusal


def sheets(request):
    """Who is judged in the month, how far each sheet is, and who is missing."""
    now = timezone.now()
    period, month_form = month_asked(request.GET, Period.of(now).previous())
    stores = {store.code: store for store in stores_to_choose(request.user)}
    store = stores.get(request.GET.get("store", "")) or request.user.store or next(iter(stores.values()), None)
    form = SheetsFilter(request.GET)
    state = form.cleaned_data["state"] if form.is_valid() else ""
    context = {
        "period": period,
        "month_form": month_form,
        "filter_form": form,
        "stores": stores.values(),
        "store": store,
        "month": queries.month_of_sheets(store, period, request.user, state=state) if store else None,
        "may_open": request.user.can(Permission.SHEET_REVIEW) and store == request.user.store,
    }
    return render(request, "appraisal/sheets.html", context)


@require_POST
def sheets_open(request):
    """Open what is missing of a month, and count what is measured again."""
    at, store = timezone.now(), store_of(request.user)
    period, _form = month_asked(request.POST, Period.of(at).previous())
    opened = actions.open_sheets(store=store, period=period, by=request.user, at=at)
    changed = actions.count_sheets(store=store, period=period, by=request.user, at=at)
    messages.success(
        request,
        _("%(opened)d sheets opened, %(changed)d measured lines changed.")
        % {"opened": len(opened), "changed": changed},
    )
    return redirect(f"{reverse('appraisal:sheets')}?period={period}")


def sheet(request, pk):
    found = get_object_or_404(queries.sheets_for(request.user), pk=pk)
    return sheet_page(request, found)


@require_POST
def sheet_enter(request, pk):
    found = get_object_or_404(queries.sheets_for(request.user), pk=pk)
    mine = queries.lines_to_enter(queries.lines_of(found), request.user)
    form = EntryForm(request.POST, lines=mine)

    def keep():
        actions.enter_points(
            sheet=found, points=form.points, notes=form.notes, by=request.user, at=timezone.now(),
            expected_version=version_of(request),
        )  # fmt: skip

    return _done(request, found, form, keep, _("The points are kept."))


@require_POST
def sheet_review(request, pk):
    found = get_object_or_404(queries.sheets_for(request.user), pk=pk)
    form = ReviewForm(request.POST, lines=queries.lines_of(found))

    def keep():
        actions.finish_review(
            sheet=found, changes=form.changes, remark=form.cleaned_data["remark"], by=request.user, at=timezone.now(),
            expected_version=version_of(request),
        )  # fmt: skip

    return _done(request, found, form, keep, _("The sheet is final; the person has been told."))


@require_POST
def sheet_return(request, pk):
    found = get_object_or_404(queries.sheets_for(request.user), pk=pk)
    actions.return_sheet(
        sheet=found, reason=request.POST.get("reason", ""), by=request.user, at=timezone.now(),
        expected_version=version_of(request),
    )  # fmt: skip
    messages.success(request, _("Sent back to who entered the points."))
    return redirect("appraisal:sheet", pk)


def line(request, pk):
    """A line opened into its events."""
    return line_page(request, get_object_or_404(queries.lines_in(queries.sheets_for(request.user)), pk=pk))


def line_page(request, found):
    explained = queries.explanation_of(found)
    context = {
        "line": found,
        "scale": queries.scale_in_words(found.indicator.rule, found.indicator.role),
        "sentence": queries.sentence_of(explained) if explained else found.given_note,
        "parts": queries.rows_shown(explained, request.user) if explained else [],
    }
    return render(request, "appraisal/line.html#dialog" if request.htmx else "appraisal/line.html", context)


def _done(request, found, form, keep, success):
    if form.is_valid():
        try:
            keep()
        except Refusal as refusal:
            field = (refusal.field or "").replace("reason_", "note_")
            form.add_error(field if field in form.fields else None, str(refusal))
        else:
            messages.success(request, success)
            return redirect("appraisal:sheet", found.pk)
    return sheet_page(request, found, form=form)


def sheet_page(request, found, *, form=None):
    lines = queries.lines_of(found)
    turn = _turn(request.user, found, lines)
    if form is None and turn == SheetState.ENTRY:
        form = EntryForm(lines=queries.lines_to_enter(lines, request.user))
    elif form is None and turn == SheetState.REVIEW:
        form = ReviewForm(lines=lines)
    context = sheet_context(found, lines, form) | {"turn": turn, "back": reverse("appraisal:sheets")}
    return render(request, "appraisal/sheet.html", context, status=422 if form is not None and form.errors else 200)


def _turn(person, found, lines) -> str:
    """What this person can do with the sheet now: enter, review, or nothing."""
    if person.pk == found.staff_id:
        return ""
    if found.state == SheetState.ENTRY and person.can(Permission.SHEET_ENTER):
        return SheetState.ENTRY if queries.lines_to_enter(lines, person) else ""
    if found.state == SheetState.REVIEW and person.can(Permission.SHEET_REVIEW):
        return SheetState.REVIEW if person in queries.reviewers_of(found) else ""
    return ""


def sheet_context(found, lines, form) -> dict[str, object]:
    """What every page of a sheet shows."""
    sections = queries.sections_of(lines)
    score = queries.score_of(found) if found.is_final else None
    return {
        "sheet": found,
        "form": form,
        "sections": form.beside(sections) if form is not None else without_fields(sections),
        "points": queries.points_of(lines),
        "steps": _steps(found, lines),
        "score": score if score and score.score != found.points else None,
        "appeal": getattr(found, "appeal", None),
        "appeal_until": queries.appeal_until(found),
        "self_until": queries.self_score_until(found) if found.state == SheetState.SELF else None,
    }


def _steps(found, lines) -> list[dict[str, str]]:
    """The way of a sheet, with who has done what so far."""
    states = list(SheetState)
    reached = states.index(found.state)
    gave = "、".join(dict.fromkeys(line.given_by.name for line in lines if line.given_by))
    details = {
        SheetState.SELF: f"{found.self_scored_at:%m-%d}" if found.self_scored_at else "",
        SheetState.ENTRY: gave,
        SheetState.REVIEW: found.reviewed_by.name if found.reviewed_by else "",
        SheetState.FINAL: f"{found.reviewed_at:%m-%d}" if found.reviewed_at else "",
    }
    return [
        {
            "label": state.label,
            "state": "done" if place < reached or found.is_final else "current" if place == reached else "todo",
            "detail": details[state],
        }
        for place, state in enumerate(states)
    ]
