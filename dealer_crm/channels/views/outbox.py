"""What was sent to whom, what became of it, what came back."""

from datetime import date, datetime, time, timedelta

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from dealer_crm.access.permissions import Permission
from dealer_crm.channels import actions, queries
from dealer_crm.channels.forms import OutboxFilter
from dealer_crm.journal.queries import entries_about, read_lines
from dealer_crm.organization.queries import stores_to_choose
from dealer_crm.ui.fields import month_asked
from dealer_crm.ui.paging import keyset_page
from dealer_crm.values import Period
from dealer_crm.values.phone import national_phone


def message_list(request):
    form = OutboxFilter(request.GET)
    said = form.cleaned_data if form.is_valid() else {}
    rows = queries.messages_matching(
        request.user, state=said.get("state"), purpose=said.get("purpose"), channel=said.get("channel"),
        tail=said.get("tail", ""), since=_begins(said.get("first")), until=_begins(said.get("last"), days=1),
    )  # fmt: skip
    page = keyset_page(rows, request.GET)
    context = {"filter_form": form, "page": page, "shows_store": request.user.sees_all_stores}
    return render(request, "channels/outbox.html#rows" if request.htmx else "channels/outbox.html", context)


def message(request, pk):
    """One message: its words and its story."""
    found = get_object_or_404(queries.messages_visible_to(request.user), pk=pk)
    context = {
        "message": found,
        "steps": found.steps.order_by("-id"),
        "answers": found.answers.order_by("-id"),
        "story": [
            {"at": line.entry.at, "text": line.words, "by": line.entry.by_name, "detail": line.note}
            for line in read_lines(entries_about(found), reader=request.user)
        ],
        "may_send": request.user.can(Permission.MESSAGE_SEND),
        "may_reveal": bool(found.to) and request.user.can(Permission.MESSAGE_SEND),
    }
    return render(request, "channels/message.html", context)


def withdraw(request, pk):
    return _done(request, pk, actions.withdraw_message, _("The message is withdrawn."))


def again(request, pk):
    return _done(request, pk, actions.send_again, _("The message is sent again."))


def reveal(request, pk):
    """The whole address, once, for a reason that is kept."""
    found = get_object_or_404(queries.messages_visible_to(request.user), pk=pk)
    if request.method != "POST":
        return redirect("channels:message", pk)
    reason = request.POST.get("reason", "")
    address = actions.reveal_address(message=found, reason=reason, by=request.user, at=timezone.now())
    shown = national_phone(address) if found.is_to_phone else address
    return render(
        request, "channels/address.html#address" if request.htmx else "channels/address.html",
        {"message": found, "shown": shown},
    )  # fmt: skip


def answer_list(request):
    """What customers wrote back."""
    page = keyset_page(queries.answers_visible_to(request.user), request.GET)
    return render(request, "channels/answers.html#rows" if request.htmx else "channels/answers.html", {"page": page})


def figures(request):
    """A month of messages by channel and purpose."""
    store = stores_to_choose(request.user)[0]
    today = timezone.now().astimezone(store.tz).date()
    period, form = month_asked(request.GET, Period.of(today))
    plan = queries.sending_plan(store, period.last_day)
    rows = queries.message_figures(
        request.user, since=period.bounds(store.tz)[0], until=period.bounds(store.tz)[1], part_price=plan.part_price
    )  # fmt: skip
    context = {"filter_form": form, "period": period, "rows": rows, "total": queries.total_of(rows), "plan": plan}
    return render(request, "channels/figures.html", context)


def _done(request, pk, deed, said):
    found = get_object_or_404(queries.messages_visible_to(request.user), pk=pk)
    if request.method == "POST":
        deed(message=found, by=request.user, at=timezone.now())
        messages.success(request, said)
    return redirect("channels:message", pk)


def _begins(day: date | None, days: int = 0) -> datetime | None:
    """Midnight of a day, or of so many days later."""
    return (
        datetime.combine(day + timedelta(days=days), time(), timezone.get_current_timezone())
        if day is not None
        else None
    )
