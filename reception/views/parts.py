"""The parts catalogue (配件目录), and what the lines of an order cost."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from dealer_crm.access.permissions import Permission
from dealer_crm.organization.queries import store_of
from dealer_crm.ui.home import Card, Item, among
from dealer_crm.ui.paging import keyset_page
from reception import actions, forms, queries
from reception.views.acting import attempt, status_of


def parts(request):
    """The catalogue by code; purchase prices for those who may know them."""
    sees_costs = request.user.can(Permission.COST_VIEW)
    search = forms.CostedPartFilter if sees_costs else forms.PartFilter
    rows = queries.parts_visible_to(request.user, timezone.localdate())
    found = search(request.GET, rows, request=request)
    context = {
        "page": keyset_page(found.qs, request.GET, order=("code", "pk")),
        "filter_form": found.form,
        "sees_costs": sees_costs,
        "may_change": request.user.can(Permission.COST_CHANGE) and request.user.store is not None,
        "may_import": request.user.can(Permission.WORKBOOK_IMPORT),
    }
    return render(request, "reception/parts.html#rows" if request.htmx else "reception/parts.html", context)


def part_new(request):
    form = forms.PartForm(request.POST or None)

    def enter(version, **given):
        return actions.enter_part(store=store_of(request.user), by=request.user, at=timezone.now(), **given)

    return _entered(request, form, enter, title=_("New article"))


def part(request, pk):
    found = get_object_or_404(queries.parts_visible_to(request.user, timezone.localdate()), pk=pk)
    form = forms.PartForm(request.POST or None, part=found)

    def change(version, **given):
        return actions.change_part(
            part=found, by=request.user, at=timezone.now(), expected_version=version, **given
        )  # fmt: skip

    shown = {"costs": found.costs.order_by("-starts_on"), "story": queries.story_of(found, reader=request.user)}
    return _entered(request, form, change, title=str(found), **shown)


def _entered(request, form, deed, **shown):
    if request.method == "POST" and form.is_valid():
        saved = attempt(form, lambda: deed(**form.cleaned_data))
        if saved is not None:
            messages.success(request, _("%(part)s is saved.") % {"part": saved})
            return redirect("reception:parts")
    page = {"form": form, **shown}
    return render(request, "reception/part.html", page, status=status_of(request, form))


def parts_uncosted(request):
    """Lines that wait for the bill of another workshop, or for the price of their article."""
    page = keyset_page(queries.uncosted_lines(request.user, timezone.now()), request.GET, order=("-pk",))
    template = "reception/parts_uncosted.html#rows" if request.htmx else "reception/parts_uncosted.html"
    may_change = request.user.can(Permission.COST_CHANGE) and request.user.store is not None
    return render(request, template, {"page": page, "may_change": may_change})


@among(queries.uncosted_lines)
def uncosted_card(staff, at, lines) -> Card:
    """First page of who enters bills: what the margin leaves out until they come."""
    items = [
        Item(
            f"{one.order.vehicle.plate} {one.name}",
            one.order.number,
            reverse("reception:order_costs", args=[one.order_id]),
        )
        for one in lines.first()
    ]
    title, address = _("Lines without a purchase price"), reverse("reception:parts_uncosted")
    return Card(title, items, url=address, count=lines.count, tone="info")


@require_POST
def parts_complete(request):
    """Lines that were written before their article had a purchase price."""
    count = actions.complete_costs(store=store_of(request.user), by=request.user, at=timezone.now())
    said = ngettext("%(count)d order line completed.", "%(count)d order lines completed.", count) % {"count": count}
    messages.success(request, said if count else _("The catalogue knows none of the lines without a purchase price."))
    return redirect("reception:parts_uncosted")


def order_costs(request, pk):
    """What the parts, accessories and outside work of an order cost."""
    order = get_object_or_404(queries.orders_with_car(request.user), pk=pk)
    return _shown_costs(request, order, forms.CostsForm(queries.costed_lines(order)))


@require_POST
def order_costs_save(request, pk):
    """Bills that came, and what was entered wrong."""
    order = get_object_or_404(queries.orders_with_car(request.user), pk=pk)
    form = forms.CostsForm(queries.costed_lines(order), request.POST)
    if form.is_valid() and attempt(form, lambda: _save_costs(request, order, form)) is not None:
        messages.success(request, _("The purchase prices are saved."))
        return redirect("reception:order_costs", pk=order.pk)
    if getattr(form, "is_stale", False):
        form.caught_up(queries.costed_lines(order))
    return _shown_costs(request, order, form)


def _shown_costs(request, order, form):
    page = {
        "order": order,
        "form": form,
        "may_change": request.user.can(Permission.COST_CHANGE),
        "sums": queries.costs_of(form.lines),
        "story": queries.costs_told(form.lines, reader=request.user),
    }
    return render(request, "reception/order_costs.html", page, status=status_of(request, form))


def _save_costs(request, order, form):
    return actions.set_line_costs(
        order=order, costs=form.costs(), seen=form.seen(), reason=form.cleaned_data["reason"], by=request.user,
        at=timezone.now(),
    )  # fmt: skip
