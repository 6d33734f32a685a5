"""展厅: who came by hour and source, the leads, the supervisor's daily check."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from callback import actions, queries
from callback.choices import LeadState, LostReason, VisitSource
from callback.forms.logs import DayForm
from callback.forms.showroom import (
    CheckForm,
    LeadFactsForm,
    LeadFilter,
    LeadForm,
    LostForm,
    TalkForm,
    TrafficFilter,
    VisitForm,
    WonForm,
)
from callback.models import Lead
from callback.views.charts import traffic_chart
from dealer_crm.access.permissions import Permission
from dealer_crm.organization.queries import store_of
from dealer_crm.ui.paging import keyset_page
from dealer_crm.ui.posted import valid, version_of
from dealer_crm.ui.stores import only_of, store_asked, store_picked
from dealer_crm.values import Refusal
from dealer_crm.values.phone import national_phone

DAYS = 7


def traffic(request):
    """Visitors of some days by hour and source, what came of them, and the latest arrivals."""
    store = store_asked(request)
    today = timezone.now().astimezone(store.tz).date()
    span = {"first": today - timedelta(days=DAYS - 1), "last": today}
    form = TrafficFilter(request.GET if "first" in request.GET else span)
    if form.is_valid():
        span = form.cleaned_data
    hours = queries.traffic_by_hour(store, **span)
    figures = queries.showroom_figures(store, **span)
    context = {
        "filter_form": form, "store": store, "hours": hours, "sources": VisitSource.labels,
        "figures": figures, "chart": traffic_chart(hours) if hours else None,
        "lost": [(LostReason(reason).label, times) for reason, times in figures.reasons],
        "page": keyset_page(queries.visits_in_list(request.user), request.GET, order=("-came_at", "-pk")),
        "visit_form": VisitForm() if _may_enter(request) else None,
        "may_check": request.user.can(Permission.SHOWROOM_CHECK),
    }  # fmt: skip
    return render(request, "callback/showroom.html", context)


@require_POST
def visit(request):
    said = valid(VisitForm(request.POST))
    actions.note_visit(store=store_of(request.user), **said, by=request.user, at=timezone.now())
    messages.success(request, _("The visitor is counted."))
    return redirect("callback:showroom")


def lead_list(request):
    form, now = LeadFilter(request.GET), timezone.now()
    said = form.cleaned_data if form.is_valid() else {}
    zone = request.user.store.tz if request.user.store else timezone.get_current_timezone()
    today = now.astimezone(zone).date()
    store = store_picked(request)
    leads = queries.leads_matching(request.user, today=today, **said).filter(**only_of(store))
    context = {
        "filter_form": form, "store": store, "today": today, "may_enter": _may_enter(request),
        "page": keyset_page(leads, request.GET, order=("-entered_at", "-pk")),
        "shows_store": request.user.sees_all_stores,
    }  # fmt: skip
    return render(request, "callback/leads.html#rows" if request.htmx else "callback/leads.html", context)


def lead_new(request):
    """Enter who came, with the first talk."""
    store, now = store_of(request.user), timezone.now()
    form = LeadForm(request.POST or None, initial={"came_at": now})
    if request.method == "POST" and form.is_valid():
        try:
            lead = actions.enter_lead(store=store, **form.cleaned_data, by=request.user, at=now)
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _("The lead is entered."))
            return redirect("callback:lead", lead.pk)
    context = {"form": form, "title": _("Enter a lead"), "back": reverse("callback:leads")}
    return render(request, "callback/lead_form.html", context, status=422 if form.errors else 200)


def lead(request, pk):
    """One lead: facts, talks, what to do next."""
    found, now = _lead(request, pk), timezone.now()
    is_open, may_change = found.state == LeadState.OPEN, request.user.can(Permission.LEAD_CHANGE)
    talks = list(found.talks.select_related("by"))
    context = {
        "lead": found, "talks": talks, "missing": queries.missing_of(found, has_talk=bool(talks)),
        "today": now.astimezone(found.store.tz).date(), "may_change": may_change,
        "talk_form": TalkForm(initial={"level": found.level}) if is_open and may_change else None,
        "won_form": WonForm(staff=request.user, initial={"handed_over_at": now}) if is_open and may_change else None,
        "lost_form": LostForm() if is_open and may_change else None,
        "may_reopen": may_change and found.state == LeadState.LOST,
        "days": queries.follow_up_days(found.store, on=now.astimezone(found.store.tz).date())[found.level],
    }  # fmt: skip
    return render(request, "callback/lead.html", context)


def lead_edit(request, pk):
    found = _lead(request, pk)
    initial = {name: getattr(found, name) for name in LeadFactsForm.base_fields}
    initial["phone"] = national_phone(found.phone) if found.phone else ""
    form = LeadFactsForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_lead(
                lead=found, **form.cleaned_data, by=request.user, at=timezone.now(),
                expected_version=version_of(request),
            )  # fmt: skip
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            return redirect("callback:lead", pk)
    back = reverse("callback:lead", args=[pk])
    context = {"form": form, "title": _("Complete the lead"), "back": back, "lead": found}
    return render(request, "callback/lead_form.html", context, status=422 if form.errors else 200)


@require_POST
def lead_talk(request, pk):
    found, said = _lead(request, pk), valid(TalkForm(request.POST))
    actions.note_talk(lead=found, **said, **_who(request))
    messages.success(request, _("The talk is written down."))
    return redirect("callback:lead", pk)


@require_POST
def lead_won(request, pk):
    found, said = _lead(request, pk), valid(WonForm(request.POST, staff=request.user))
    actions.win_lead(lead=found, vehicle=said["plate"], handed_over_at=said["handed_over_at"], **_who(request))
    messages.success(request, _("The car is handed over; the calls after it are in the queue in a moment."))
    return redirect("callback:lead", pk)


@require_POST
def lead_lost(request, pk):
    found, said = _lead(request, pk), valid(LostForm(request.POST))
    actions.lose_lead(lead=found, **said, **_who(request))
    messages.success(request, _("The lead is closed as lost."))
    return redirect("callback:lead", pk)


@require_POST
def lead_reopen(request, pk):
    actions.reopen_lead(lead=_lead(request, pk), **_who(request))
    messages.success(request, _("The lead is followed up again."))
    return redirect("callback:lead", pk)


@require_POST
def lead_phone(request, pk):
    """The whole number, for who dials it."""
    number = actions.reveal_lead_phone(lead=_lead(request, pk), by=request.user, at=timezone.now())
    return HttpResponse(national_phone(number), content_type="text/plain; charset=utf-8")


def showroom_check(request):
    """A day's entries with what they lack; the supervisor notes that they were gone through."""
    store, now = store_asked(request), timezone.now()
    today = now.astimezone(store.tz).date()
    asked = request.POST if request.method == "POST" else request.GET
    form = DayForm(asked if "day" in asked else {"day": today})
    day = form.cleaned_data["day"] if form.is_valid() else today
    if request.method == "POST":
        said = valid(CheckForm(request.POST))
        actions.check_showroom_day(store=store_of(request.user), day=day, **said, by=request.user, at=now)
        messages.success(request, _("The day is checked."))
        return redirect(f"{reverse('callback:showroom_check')}?day={day:%Y-%m-%d}")
    context = {
        "day_form": form,
        "day": day,
        "found": queries.showroom_day(store, day),
        "form": CheckForm(),
    }
    return render(request, "callback/showroom_check.html", context)


def _lead(request, pk) -> Lead:
    return get_object_or_404(Lead.objects.visible_to(request.user).select_related("store", "entered_by"), pk=pk)


def _may_enter(request) -> bool:
    return request.user.can(Permission.LEAD_CHANGE) and request.user.store_id is not None


def _who(request) -> dict:
    return {"by": request.user, "at": timezone.now(), "expected_version": version_of(request)}
