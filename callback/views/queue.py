"""The queue as a list, one call with its story, and who is on the phone now."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from callback import actions, queries
from callback.forms import AssignForm, TaskFilter
from callback.models import CallTask
from callback.views.day import bounds, day_of
from dealer_crm.access.permissions import Permission
from dealer_crm.access.roles import Role
from dealer_crm.channels.queries import messages_under
from dealer_crm.journal.queries import entries_about
from dealer_crm.journal.verbs import words_for
from dealer_crm.organization.models import Staff
from dealer_crm.organization.queries import staff_with_role
from dealer_crm.ui.paging import keyset_page
from dealer_crm.ui.stores import only_of, store_asked, store_picked


def queue(request):
    now = timezone.now()
    _begin, end = day_of(request.user.store, now)
    form, store = TaskFilter(request.GET, rules=queries.rules_of(request.user)), store_picked(request)
    tasks = queries.tasks_in_list(request.user).filter(**only_of(store))
    tasks = _narrowed(tasks, form, request.user.store, now, end)
    page = keyset_page(tasks, request.GET, order=("due_at", "pk"))
    context = {"filter_form": form, "store": store, "page": page, "now": now}
    context["shows_store"] = request.user.sees_all_stores
    if request.htmx:
        return render(request, "callback/queue.html#rows", context)
    context["counts"] = queries.queue_counts(request.user, at=now, day_ends_at=end, store=store)
    context["may_take"] = request.user.can(Permission.CALL_TAKE) and request.user.store_id
    return render(request, "callback/queue.html", context)


def _narrowed(tasks, form: TaskFilter, store, now, end):
    said = form.cleaned_data if form.is_valid() else {}
    begin, until = bounds(store, said.get("first"), said.get("last"))
    view = said.get("view", "")
    tasks = queries.in_view(tasks, view, at=now, day_ends_at=end) if view else tasks
    if not view and not (begin or until):
        tasks = tasks.unfinished()
    if begin:
        tasks = tasks.filter(due_at__gte=begin)
    if until:
        tasks = tasks.filter(due_at__lt=until)
    return tasks.filter(rule=said["rule"]) if said.get("rule") else tasks


def task(request, pk):
    """One call: why it is owed by when, everything tried, who has it."""
    found, now = get_object_or_404(queries.tasks_in_list(request.user), pk=pk), timezone.now()
    entries = entries_about(found).order_by("id")
    context = {
        "task": found,
        "contacts": queries.call_contacts(request.user).filter(task=found).order_by("at", "pk"),
        "texts": messages_under(f"call:{found.pk}:"),
        "holding": queries.complaints_holding(found, request.user) if found.is_held else [],
        "may_see_texts": request.user.can(Permission.MESSAGE_VIEW),
        "story": [
            {"at": entry.at, "text": words_for(entry.verb), "by": entry.by_name, "detail": entry.note}
            for entry in entries
        ],
        "assign_form": AssignForm(agents=_agents(found.store)) if request.user.can(Permission.CALL_ASSIGN) else None,
        "may_take": request.user.can(Permission.CALL_TAKE)
        and request.user.store_id == found.store_id
        and found.opens_at <= now,
        "now": now,
    }
    return render(request, "callback/task.html", context)


def live(request):
    """Who is on which call at this moment; asks again by itself."""
    now = timezone.now()
    store = store_asked(request)
    begin, end = day_of(store, now)
    plan = queries.call_plan(store, begin.date())
    context = {
        "agents": queries.agents_now(store, at=now, day_begins_at=begin, claim_lasts=plan.claim_lasts),
        "rules": queries.queue_by_rule(store, at=now, day_ends_at=end),
        "promised": queries.promised_calls(store, at=now, until=end, personal_lasts=plan.personal_lasts),
        "takers": _agents(store),
        "counts": queries.queue_counts(request.user, at=now, day_ends_at=end, store=store),
        "may_assign": request.user.can(Permission.CALL_ASSIGN),
        "store": store,
        "now": now,
    }
    return render(request, "callback/live.html#board" if request.htmx else "callback/live.html", context)


@require_POST
def assign(request, pk):
    """The supervisor gives a call to another agent."""
    found = get_object_or_404(CallTask.objects.visible_to(request.user).select_related("store"), pk=pk)
    form = AssignForm(request.POST, agents=_agents(found.store))
    if form.is_valid():
        agent = form.cleaned_data["agent"]
        actions.assign_task(task=found, agent=agent, by=request.user, at=timezone.now())
        messages.success(request, _("The call is %(agent)s's now.") % {"agent": agent})
    else:
        messages.error(request, _("Choose an agent."))
    return redirect("callback:live") if request.POST.get("from") == "live" else redirect("callback:task", found.pk)


@require_POST
def hand_over(request, pk):
    """All calls that wait for one agent go to another, or to everybody."""
    agent = get_object_or_404(Staff.objects.visible_to(request.user), pk=pk)
    form = AssignForm({"agent": request.POST.get("agent")}, agents=_agents(agent.store))
    to = form.cleaned_data["agent"] if request.POST.get("agent") and form.is_valid() else None
    count = actions.hand_over_calls(agent=agent, to=to, by=request.user, at=timezone.now())
    told = ngettext("%(count)d call is handed over.", "%(count)d calls are handed over.", count)
    messages.success(request, told % {"count": count})
    return redirect("callback:live")


@require_POST
def send_back(request, pk):
    """The supervisor puts a taken call back into the queue."""
    found = get_object_or_404(CallTask.objects.visible_to(request.user), pk=pk)
    actions.release_claim(task=found, by=request.user, at=timezone.now(), reason=request.POST.get("reason", "")[:200])
    messages.success(request, _("The call is back in the queue."))
    return redirect("callback:live")


def _agents(store):
    return staff_with_role(store, Role.AGENT, Role.CRC) if store else Staff.objects.none()
