"""Add-ons: what was found, what it would cost, what the customer says."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dealer_crm.access.permissions import Permission
from reception import actions, forms, queries
from reception.views.acting import act, attempt, own_order, status_of


def add_on_new(request, pk):
    order = own_order(request, pk)
    form = forms.AddOnForm(request.POST or None, request.FILES or None)
    lines = forms.ProposedLinesForm(order.store, request.POST or None)

    def deed(version, **given):
        drafts = lines.drafts()
        return actions.propose_add_on(order=order, lines=drafts, by=request.user, at=timezone.now(), **given)

    return _proposal(request, form, lines, deed, order, title=_("Propose an add-on"), submit=_("Propose"))


def add_on_edit(request, pk):
    add_on = _own_add_on(request, pk)
    fields = ("reason", "urgency", "wanted_promise_at", "version")
    form = forms.AddOnForm(
        request.POST or None, request.FILES or None, initial={name: getattr(add_on, name) for name in fields}
    )
    lines = forms.ProposedLinesForm(add_on.order.store, request.POST or None, lines=add_on.lines.all())

    def deed(version, **given):
        given |= {"lines": lines.drafts(), "expected_version": version}
        return actions.change_add_on(add_on=add_on, by=request.user, at=timezone.now(), **given)

    title = _("Add-on %(number)s") % {"number": add_on.number}
    return _proposal(request, form, lines, deed, add_on.order, title=title, submit=_("Save"))


def _proposal(request, form, lines, deed, order, *, title, submit):
    """The page of a proposal: what was found, and its lines in the editor of the order."""
    back = _back(request.user, order)
    is_sound = request.method == "POST" and form.is_valid() and lines.is_valid()
    if is_sound and attempt(form, lambda: deed(**form.cleaned_data)) is not None:
        return redirect(back)
    page = {"order": order, "form": form, "lines": lines.formset, "title": title, "submit": submit, "back": back}
    return render(request, "reception/add_on.html", page, status=status_of(request, form))


def add_on_agree(request, pk):
    add_on = _own_add_on(request, pk)
    form = forms.AgreeForm(
        request.POST or None, initial={**_answer_now(add_on), "promised_at": add_on.wanted_promise_at}
    )

    def deed(**given):
        return actions.agree_to_add_on(add_on=add_on, by=request.user, at=timezone.now(), **given)

    return _answer(request, form, deed, add_on, title=_("Customer agrees"), submit=_("Record: agreed"), tone="success")


def add_on_decline(request, pk):
    add_on = _own_add_on(request, pk)
    form = forms.DeclineForm(
        request.POST or None, initial={**_answer_now(add_on), "follow_up_on": _follow_up(add_on.order.store, add_on)}
    )

    def deed(**given):
        return actions.decline_add_on(add_on=add_on, by=request.user, at=timezone.now(), **given)

    return _answer(
        request, form, deed, add_on, title=_("Customer declines"), submit=_("Record: declined"), tone="primary"
    )


def add_on_withdraw(request, pk):
    add_on = _own_add_on(request, pk)
    form = forms.ReasonForm(request.POST or None, initial={"version": add_on.version})

    def deed(**given):
        return actions.withdraw_add_on(add_on=add_on, by=request.user, at=timezone.now(), **given)

    return _answer(request, form, deed, add_on, title=_("Withdraw the add-on"), submit=_("Withdraw"), tone="danger")


@require_POST
def add_on_suggest(request, pk):
    """Keep a declined add-on as a suggestion after all."""
    add_on = _own_add_on(request, pk)
    actions.suggest_declined(add_on=add_on, by=request.user, at=timezone.now())
    return redirect(_back(request.user, add_on.order))


def _answer(request, form, deed, add_on, **shown):
    return act(request, form, deed, to=_back(request.user, add_on.order), add_on=add_on, **shown)


def _answer_now(add_on) -> dict:
    return {
        "version": add_on.version,
        "answered_by": add_on.order.customer.name,
        "answered_at": timezone.localtime().replace(second=0, microsecond=0),
    }


def _follow_up(store, add_on):
    return actions.follow_up_day(urgency=add_on.urgency, store=store, on=timezone.localdate())


def _own_add_on(request, pk: int):
    """An add-on of an order the person may write: of the store (else 404), of one's own order as the order says."""
    add_on = get_object_or_404(queries.add_ons_visible_to(request.user).prefetch_related("lines"), pk=pk)
    if not queries.may_change(add_on.order, request.user):
        raise PermissionDenied
    return add_on


def _back(staff, order) -> str:
    """The add-ons of the order page; who may not look at orders goes to the first page."""
    if staff.can(Permission.ORDER_VIEW):
        return reverse("reception:order", args=[order.pk]) + "#add-ons"
    return reverse("ui:home")
