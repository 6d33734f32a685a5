"""工作日志: one's own day, and for the supervisor everybody's."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from callback import actions, queries
from callback.forms.logs import DayForm, LogForm
from callback.models import WorkLog
from dealer_crm.access.permissions import Permission
from dealer_crm.organization.models import Staff
from dealer_crm.organization.queries import store_of
from dealer_crm.ui.posted import valid, version_of


def log(request):
    """A day of one agent: what the program counted and what was added; `?agent=` for who may assign calls."""
    context = _day(request)
    if request.method == "POST":
        said = valid(LogForm(request.POST))
        actions.keep_log(
            day=context["day"], **said, by=request.user, at=timezone.now(), expected_version=version_of(request)
        )
        messages.success(request, _("Your day is written down."))
        return redirect(f"{reverse('callback:log')}?day={context['day']:%Y-%m-%d}")
    return render(request, "callback/log.html", context)


def log_print(request):
    """The day on paper."""
    return render(request, "callback/log_print.html", _day(request))


@require_POST
def log_read(request, pk):
    found = get_object_or_404(WorkLog.objects.visible_to(request.user), pk=pk)
    actions.read_log(log=found, remark=request.POST.get("reason", ""), by=request.user, at=timezone.now())
    messages.success(request, _("Noted as read."))
    return redirect(f"{reverse('callback:log')}?day={found.day:%Y-%m-%d}&agent={found.agent_id}")


def _day(request) -> dict:
    store, now = store_of(request.user), timezone.now()
    today = now.astimezone(store.tz).date()
    asked = request.POST if request.method == "POST" else request.GET
    form = DayForm(asked if "day" in asked else {"day": today})
    day = form.cleaned_data["day"] if form.is_valid() else today
    may_all, wanted = request.user.can(Permission.CALL_ASSIGN), request.GET.get("agent", "")
    agent = request.user
    if may_all and wanted.isdecimal():
        agent = get_object_or_404(Staff.objects.of_store(store), pk=int(wanted[:18]))
    found = queries.work_log(agent, day)
    words = {name: getattr(found, name) for name in LogForm.base_fields} if found else None
    return {
        "day_form": form, "day": day, "agent": agent, "log": found, "done": queries.day_done(agent, store, day),
        "form": LogForm(initial=words) if agent == request.user else None,
        "agents": queries.agents_with_logs(store, day) if may_all else None,
        "may_read": may_all and found is not None and agent != request.user,
    }  # fmt: skip
