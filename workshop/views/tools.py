"""Tools and equipment (工具设备)."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from dealer_crm.access.permissions import Permission
from dealer_crm.ui.paging import keyset_page
from dealer_crm.ui.stores import store_asked
from dealer_crm.values import Refusal, Stale
from workshop import actions, queries
from workshop.choices import ToolState
from workshop.forms import ToolFilter, ToolForm, ToolReportForm
from workshop.views.shared import day_of, said


def tools(request):
    """The list with its intact rate; everybody of the workshop reports from here."""
    store = store_asked(request)
    today = day_of(store, timezone.now())
    found = ToolFilter(request.GET, queries.tools_visible_to(request.user))
    context = {
        "page": keyset_page(found.qs, request.GET, order=("number", "pk")),
        "filter_form": found.form,
        "counts": queries.tool_counts(store, today),
        "today": today,
        "may_change": request.user.can(Permission.WORKSHOP_CHANGE),
    }
    return render(request, "workshop/tools.html#rows" if request.htmx else "workshop/tools.html", context)


def tool_new(request):
    at, store = timezone.now(), store_asked(request)
    form = ToolForm(request.POST or None, people=queries.technicians_of(store, day_of(store, at)))

    def deed(version, **given):
        return actions.enter_tool(store=store, by=request.user, at=at, **given)

    return _entered(request, form, deed, title=_("New tool"))


def tool(request, pk):
    """One tool: what is known of it, what was reported."""
    found = _tool(request, pk)
    context = {
        "tool": found,
        "reports": found.reports.select_related("reported_by")[:50],
        "today": day_of(found.store, timezone.now()),
        "may_change": request.user.can(Permission.WORKSHOP_CHANGE),
    }
    return render(request, "workshop/tool.html", context)


def tool_change(request, pk):
    found, at = _tool(request, pk), timezone.now()
    people = queries.technicians_of(found.store, day_of(found.store, at))
    form = ToolForm(request.POST or None, instance=found, people=people)

    def deed(version, **given):
        return actions.change_tool(tool=found, by=request.user, at=at, expected_version=version, **given)

    return _entered(request, form, deed, title=str(found), tool=found)


def tool_report(request, pk):
    """A dialog: what was found or done, and the state the tool is in since."""
    found = _tool(request, pk)
    next_state = ToolState.DEFECTIVE if found.state == ToolState.INTACT else ToolState.INTACT
    form = ToolReportForm(request.POST or None, initial={"version": found.version, "state": next_state})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        version = given.pop("version")
        try:
            actions.report_tool(tool=found, by=request.user, at=timezone.now(), expected_version=version, **given)
            messages.success(request, _("%(tool)s: the report is kept.") % {"tool": found})
            return redirect("workshop:tool", found.pk)
        except Stale:
            raise
        except Refusal as refusal:
            said(form, refusal)
    page = {"form": form, "tool": found}
    template = "workshop/tool_report.html#dialog" if request.htmx else "workshop/tool_report.html"
    return render(request, template, page, status=422 if request.method == "POST" else 200)


def _entered(request, form, deed, *, title, tool=None):
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("workshop:tool", deed(**form.cleaned_data).pk)
        except Refusal as refusal:
            said(form, refusal)
    page = {"form": form, "title": title, "tool": tool}
    return render(request, "workshop/tool_form.html", page, status=422 if request.method == "POST" else 200)


def _tool(request, pk):
    return get_object_or_404(queries.tools_visible_to(request.user), pk=pk)
