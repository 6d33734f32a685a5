"""Who can do what, who is to be there when, and who was: skills, shifts, attendance."""

from datetime import date, datetime, timedelta

from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dealer_crm.organization.models import Store, Team
from dealer_crm.ui.stores import store_asked
from dealer_crm.values import Refusal
from workshop import actions, formulas, queries
from workshop.choices import WORKSHOP_TEAMS
from workshop.forms import AttendanceForm, ShiftsForm, SkillsForm
from workshop.views.shared import day_of, said


# ── Skills ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def skills(request):
    """Every team with what its people may do."""
    store = store_asked(request)
    teams = queries.skills_of_teams(store, day_of(store, timezone.now()))
    return render(request, "workshop/skills.html", {"teams": teams})


def team_skills(request, pk):
    at = timezone.now()
    team = get_object_or_404(
        Team.objects.visible_to(request.user).select_related("store"), pk=pk, kind__in=WORKSHOP_TEAMS
    )
    today = day_of(team.store, at)
    skilled = next(one for one in queries.skills_of_teams(team.store, today) if one.team == team)
    form = SkillsForm(request.POST or None, team=skilled, initial={"starts_on": today})
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                for person, chosen in form.changed():
                    starts_on = form.cleaned_data["starts_on"]
                    actions.set_skills(technician=person, skills=chosen, starts_on=starts_on, by=request.user, at=at)
            messages.success(request, _("The skills of %(team)s are saved.") % {"team": team})
            return redirect("workshop:skills")
        except Refusal as refusal:
            said(form, refusal)
    return render(request, "workshop/skills_team.html", {"form": form, "team": team})


# ── Shifts ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def shifts(request):
    """A week of the plan; every cell is written in place."""
    at, store = timezone.now(), store_asked(request)
    monday = _week_asked(request, store, at)
    week = queries.week_plan(store, monday)
    form = ShiftsForm(request.POST or None, week=week, today=day_of(store, at))
    if request.method == "POST" and form.is_valid():
        try:
            count = actions.plan_shifts(store=store, changes=form.changes, by=request.user, at=at)
            messages.success(request, _("%(count)s shifts are changed.") % {"count": count})
            return redirect(_week(monday))
        except Refusal as refusal:
            said(form, refusal)
    context = {
        "form": form,
        "week": week,
        "monday": monday,
        "today": form.today,
        "before": _week(monday - timedelta(days=7)),
        "after": _week(monday + timedelta(days=7)),
    }
    return render(request, "workshop/shifts.html", context)


@require_POST
def shifts_copy(request):
    at, store = timezone.now(), store_asked(request)
    monday = _week_asked(request, store, at)
    count = actions.copy_week(store=store, monday=monday, by=request.user, at=at)
    messages.success(request, _("%(count)s shifts are taken over.") % {"count": count})
    return redirect(_week(monday))


def _week_asked(request, store: Store, at: datetime) -> date:
    asked = request.POST.get("week") or request.GET.get("week", "")
    try:
        day = parse_date(asked)
    except ValueError:
        day = None
    if day is None or not 2000 < day.year < 2100:
        day = day_of(store, at)
    return formulas.monday_of(day)


def _week(monday: date) -> str:
    return f"{reverse('workshop:shifts')}?week={monday:%Y-%m-%d}"


# ── Attendance ───────────────────────────────────────────────────────────────────────────────────────────────────────
def attendance_own(request):
    """The touch on the technician's page: come, go, and the shift of the day."""
    at, store = timezone.now(), request.user.store
    context = {"there": queries.open_attendance(request.user)}
    if store:
        plan = queries.day_plan(store, at)
        context |= {"span": plan.span_of(request.user.pk), "is_planned": plan.is_kept}
    part = "workshop/attendance_own.html"
    return render(request, f"{part}#part" if request.htmx else part, context)


@require_POST
def attendance_come(request):
    actions.come(by=request.user, at=timezone.now())
    messages.success(request, _("Good morning. Your attendance has begun."))
    return redirect("workshop:my_jobs")


@require_POST
def attendance_leave(request):
    actions.leave(by=request.user, at=timezone.now())
    messages.success(request, _("Your attendance has ended. See you."))
    return redirect("workshop:my_jobs")


def attendance(request):
    """Who was there on a day, beside the plan."""
    at, store = timezone.now(), store_asked(request)
    day = min(_day_asked(request, store, at), day_of(store, at))
    people = queries.attendance_of_day(store, day)
    context = {
        "people": [(one, one.attended(at)) for one in people],
        "day": day,
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1) if day < day_of(store, at) else None,
        "present": sum(any(row.left_at is None for row in one.times) for one in people),
    }
    return render(request, "workshop/attendance.html", context)


def attendance_new(request, pk):
    """What somebody forgot to touch."""
    at, store = timezone.now(), store_asked(request)
    day = min(_day_asked(request, store, at), day_of(store, at))
    person = get_object_or_404(queries.technicians_of(store, day), pk=pk)
    begins = datetime.combine(day, person.store.opens_at, store.tz)
    form = AttendanceForm(request.POST or None, initial={"came_at": begins})

    def deed(**given):
        return actions.enter_attendance(staff=person, by=request.user, at=at, **given)

    return _written(request, form, deed, day, title=person.name, submit=_("Enter"))


def attendance_correct(request, pk):
    row = get_object_or_404(queries.attendance_visible_to(request.user), pk=pk)
    form = AttendanceForm(request.POST or None, initial={"came_at": row.came_at, "left_at": row.left_at})

    def deed(**given):
        return actions.correct_attendance(attendance=row, by=request.user, at=timezone.now(), **given)

    return _written(request, form, deed, row.day, title=row.staff.name, submit=_("Correct"))


@require_POST
def attendance_strike(request, pk):
    row = get_object_or_404(queries.attendance_visible_to(request.user), pk=pk)
    actions.strike_attendance(attendance=row, reason=request.POST.get("reason", ""), by=request.user, at=timezone.now())
    return redirect(_day(row.day))


def _written(request, form, deed, day: date, *, title, submit):
    if request.method == "POST" and form.is_valid():
        try:
            deed(**form.cleaned_data)
            messages.success(request, _("The attendance of %(person)s is saved.") % {"person": title})
            return redirect(_day(day))
        except Refusal as refusal:
            said(form, refusal)
    page = {"form": form, "title": title, "submit": submit, "day": day, "back": _day(day)}
    template = "workshop/attendance_form.html#dialog" if request.htmx else "workshop/attendance_form.html"
    return render(request, template, page, status=422 if request.method == "POST" else 200)


def _day_asked(request, store: Store, at: datetime) -> date:
    try:
        day = parse_date(request.GET.get("day", ""))
    except ValueError:
        day = None
    return day if day and 2000 < day.year < 2100 else day_of(store, at)


def _day(day: date) -> str:
    return f"{reverse('workshop:attendance')}?day={day:%Y-%m-%d}"
