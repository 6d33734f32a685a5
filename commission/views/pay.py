"""Pay items, incentives and pay statements."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from commission import actions, queries
from commission.forms import IncentiveFilter, IncentiveForm, PayItemForm, PeopleFilter
from commission.models import PayLine, PaySlip
from commission.views.statements import explanation_page
from dealer_crm.access.permissions import Permission
from dealer_crm.organization.choices import Post
from dealer_crm.organization.queries import store_of
from dealer_crm.ui.fields import month_asked
from dealer_crm.ui.paging import keyset_page
from dealer_crm.values import Period, Refusal


# ── Pay statements ───────────────────────────────────────────────────────────────────────────────────────────────────
def own_pay(request):
    """A person's own pay statements, month by month."""
    page = keyset_page(queries.own_pay_slips(request.user), request.GET, order=("-run__period", "-pk"))
    return render(request, "commission/pay_own.html", {"page": page})


def own_pay_slip(request, pk):
    slip = get_object_or_404(queries.with_pay_lines(queries.own_pay_slips(request.user)), pk=pk)
    addresses = {"line": "commission:own_pay_line", "statement": "commission:own_statement"}
    return _slip_page(request, slip, addresses, back=reverse("commission:own_pay"))


def own_pay_line(request, pk):
    return _line_page(request, PayLine.objects.filter(slip__in=queries.own_pay_slips(request.user)), pk)


def pay_slips(request):
    """The month's pay statements, for payroll."""
    period, month_form = month_asked(request.GET, Period.of(timezone.now()).previous())
    run = queries.pay_run(request.user, period, store_of(request.user))
    rows = queries.pay_slips_of(run) if run else PaySlip.objects.none()
    page = keyset_page(rows, request.GET, order=("staff__work_number", "pk"))
    context = {"page": page, "run": run, "period": period, "month_form": month_form}
    context["totals"] = queries.pay_totals(run) if run else None
    return render(request, "commission/pay.html", context)


def pay_slip(request, pk):
    slips = PaySlip.objects.visible_to(request.user).select_related("run__store", "staff", "team", "statement")
    slip = get_object_or_404(queries.with_pay_lines(slips), pk=pk)
    addresses = {"line": "commission:pay_line", "statement": "commission:statement"}
    return _slip_page(request, slip, addresses, back=f"{reverse('commission:pay')}?period={slip.run.period}")


def pay_line(request, pk):
    return _line_page(request, PayLine.objects.visible_to(request.user), pk)


def _slip_page(request, slip, addresses, *, back):
    lines = [
        (line, queries.explanation_of(line.explanation), reverse(addresses["line"], args=[line.pk]))
        for line in slip.lines.all()
    ]
    statement_url = reverse(addresses["statement"], args=[slip.statement_id]) if slip.statement_id else ""
    context = {"slip": slip, "run": slip.run, "lines": lines, "statement_url": statement_url, "back": back}
    return render(request, "commission/pay_slip.html", context)


def _line_page(request, lines, pk):
    found = get_object_or_404(lines.select_related("run__store", "slip__staff"), pk=pk)
    return explanation_page(request, found.run, found.get_kind_display(), str(found.slip.staff), found.explanation)


# ── Pay items ────────────────────────────────────────────────────────────────────────────────────────────────────────
def pay_people(request):
    """Whose pay is kept, with what they are paid a month today."""
    form = PeopleFilter(request.GET)
    query = form.cleaned_data["query"] if form.is_valid() else ""
    rows = queries.paid_people(request.user, _today(request.user), query)
    page = keyset_page(rows, request.GET, order=("work_number", "pk"))
    template = "commission/pay_people.html#rows" if request.htmx else "commission/pay_people.html"
    rows = [(person, Post(person.post).label if person.post else "") for person in page.rows]
    return render(request, template, {"filter_form": form, "page": page, "rows": rows})


def pay_items(request, pk):
    """What one person is paid from which day on, and a new row."""
    today = _today(request.user)
    person = get_object_or_404(queries.paid_people(request.user, today), pk=pk)
    form = PayItemForm(request.POST or None, initial={"starts_on": Period.of(today).first_day})
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_pay_item(staff=person, by=request.user, at=timezone.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _("Kept; it is paid by from that day on."))
            return redirect("commission:pay_items", pk)
    context = {"person": person, "form": form, "history": queries.pay_item_history(person, today), "today": today}
    return render(request, "commission/pay_items.html", context)


# ── Incentives ───────────────────────────────────────────────────────────────────────────────────────────────────────
def incentives(request):
    form = IncentiveFilter(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    rows = queries.incentives_for(request.user, asked.get("state", ""), asked.get("query", ""))
    context = {
        "filter_form": form,
        "page": keyset_page(rows, request.GET, order=("-day", "-pk")),
        "may_create": request.user.can(Permission.ADJUSTMENT_CREATE),
        "may_approve": request.user.can(Permission.ADJUSTMENT_APPROVE),
    }
    template = "commission/pay_incentives.html#rows" if request.htmx else "commission/pay_incentives.html"
    return render(request, template, context)


def incentive_new(request):
    store = store_of(request.user)
    form = IncentiveForm(request.POST or None, store=store, initial={"day": _today(request.user)})
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_incentive(store=store, by=request.user, at=timezone.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _("Entered; it counts once the station manager has approved it."))
            return redirect("commission:incentives")
    return render(request, "commission/pay_incentive_new.html", {"form": form})


def _today(staff):
    """The day by the clock of a person's store."""
    return timezone.localdate(timezone=staff.store.tz if staff.store else None)
