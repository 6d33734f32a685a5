"""The goal meeting of a month, and what was agreed in it."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from dealer_crm.access.permissions import Permission
from dealer_crm.kpi import actions, queries
from dealer_crm.kpi.forms import MeetingForm, PostponeForm, ResultForm, line_forms
from dealer_crm.kpi.models import GoalLine, GoalMeeting
from dealer_crm.organization.queries import store_of
from dealer_crm.ui.fields import MonthForm, month_asked
from dealer_crm.ui.paging import keyset_page
from dealer_crm.ui.posted import valid, version_of
from dealer_crm.values import Period


@require_safe
def meetings(request):
    """The meetings there were, month by month."""
    now = timezone.now()
    last = Period.of(now).previous()
    page = keyset_page(queries.meetings_for(request.user), request.GET, order=("-period", "-pk"))
    may_change = request.user.can(Permission.MEETING_CHANGE)
    context = {"page": page, "form": MonthForm(initial={"period": str(last)}) if may_change else None}
    return render(request, "kpi/meetings.html", context)


@require_POST
def meeting_open(request):
    """Prepare the sheet of a month, or go to it."""
    now, store = timezone.now(), store_of(request.user)
    period, form = month_asked(request.POST, Period.of(now, store.tz).previous())
    valid(form)
    meeting = actions.open_meeting(store=store, period=period, by=request.user, at=now)
    return redirect("kpi:meeting", meeting.pk)


@require_safe
def meeting(request, pk):
    """The sheet: goal, actual, gap; cause, measure, owner, day; and what earlier meetings left to be done."""
    one = _meeting(request, pk)
    return _sheet(request, one, line_forms(_lines(one), one.store), MeetingForm(initial=vars(one)))


@require_POST
def meeting_save(request, pk):
    """Keep what was written; with `hold` the meeting is over and its figures stand."""
    one, now = _meeting(request, pk), timezone.now()
    forms, form = line_forms(_lines(one), one.store, request.POST), MeetingForm(request.POST)
    if not all([form.is_valid(), *(line.is_valid() for line in forms)]):
        return _sheet(request, one, forms, form, status=422)
    try:
        said = {line.line.pk: line.said() for line in forms}
        one = actions.write_meeting(
            meeting=one, said=said, by=request.user, at=now, expected_version=version_of(request), **form.cleaned_data
        )
    except actions.LinesRefused as refusal:
        for line in forms:
            if line.line.pk in refusal.lines:
                line.add_error(None, refusal.lines[line.line.pk])
        return _sheet(request, one, forms, form, status=422)
    if "hold" in request.POST:
        actions.hold_meeting(meeting=one, by=request.user, at=now)
        messages.success(request, _("The meeting is held: its figures stand, and whoever took something on is told."))
    else:
        messages.success(request, _("Saved."))
    return redirect("kpi:meeting", one.pk)


@require_POST
def meeting_refresh(request, pk):
    actions.refresh_meeting(meeting=_meeting(request, pk), by=request.user, at=timezone.now())
    messages.success(request, _("The figures are those of now."))
    return redirect("kpi:meeting", pk)


@require_safe
def meeting_print(request, pk):
    """The sheet on paper, with lines to sign."""
    one = _meeting(request, pk)
    context = {"meeting": one, "lines": _lines(one), "carried": queries.carried_to(one)}
    return render(request, "kpi/meeting_print.html", context)


@require_safe
def follow_ups(request):
    """What one took on oneself; whoever sees the meetings also what others have not done yet."""
    mine = queries.follow_ups_of(request.user)
    rows = GoalLine.objects.visible_to(request.user).unfinished().select_related("meeting__store", "owner")
    others = rows.exclude(owner=request.user) if request.user.can(Permission.MEETING_VIEW) else rows.none()
    context = {
        "mine": mine,
        "page": keyset_page(others, request.GET, order=("due_on", "pk")),
        "today": timezone.localdate(),
        "may_change": request.user.can(Permission.MEETING_CHANGE),
        "sees_all": request.user.can(Permission.MEETING_VIEW),
    }
    return render(request, "kpi/follow_ups.html", context)


@require_POST
def follow_up_done(request, pk):
    """Its owner, or whoever leads the meetings, ends a matter."""
    line, may_change = _line(request, pk), request.user.can(Permission.MEETING_CHANGE)
    result = valid(ResultForm(request.POST))["result"]
    actions.finish_line(line=line, result=result, by=request.user, at=timezone.now(), may_change=may_change)
    messages.success(request, _("Done."))
    return redirect("kpi:follow_ups")


@require_POST
def follow_up_postpone(request, pk):
    line = _line(request, pk)
    actions.postpone_line(line=line, by=request.user, at=timezone.now(), **valid(PostponeForm(request.POST)))
    messages.success(request, _("The day is moved."))
    return redirect("kpi:follow_ups")


def _meeting(request, pk) -> GoalMeeting:
    found = GoalMeeting.objects.visible_to(request.user).select_related("store", "opened_by", "held_by")
    return get_object_or_404(found, pk=pk)


def _lines(one: GoalMeeting) -> list[GoalLine]:
    return list(one.lines.select_related("owner", "done_by").order_by("pk"))


def _line(request, pk) -> GoalLine:
    """One's own matter, or one of the store's for whoever leads the meetings."""
    rows = GoalLine.objects.visible_to(request.user)
    if not request.user.can(Permission.MEETING_CHANGE):
        rows = rows.filter(owner=request.user)
    return get_object_or_404(rows, pk=pk)


def _sheet(request, one: GoalMeeting, forms, form, status: int = 200):
    context = {
        "meeting": one,
        "line_forms": forms,
        "form": form,
        "may_write": request.user.can(Permission.MEETING_CHANGE) and not one.is_held,
        "carried": queries.carried_to(one),
        "missed": [line.line for line in forms if line.line.is_met is False],
        "today": timezone.localdate(),
        "may_see_targets": request.user.can(Permission.TARGET_VIEW),
        "workbook": reverse("reporting:goal_meeting_xlsx", args=[one.store.code, one.period]),
    }
    return render(request, "kpi/meeting.html", context, status=status)
