"""What the first page says about calls."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from callback import queries
from callback.views.day import day_of
from dealer_crm.access.permissions import Permission
from dealer_crm.ui.home import Card, Item

SHOWN = 5


def my_calls_card(staff) -> Card | None:
    """For who makes calls: what is due today, and the call-backs agreed with customers."""
    if staff.store is None:
        return None
    now = timezone.now()
    _begin, end = day_of(staff.store, now)
    counts = queries.queue_counts(staff, at=now, day_ends_at=end)
    agreed = queries.my_agreed_calls(staff, until=end)[:SHOWN]
    items = [
        Item(
            label=_("Call back %(customer)s") % {"customer": task.customer},
            detail=f"{task.next_try_at.astimezone(staff.store.tz):%H:%M}",
            url=reverse("callback:task", args=[task.pk]),
            tone="danger" if task.next_try_at < now else "info",
        )
        for task in agreed
    ]
    items += [
        Item(
            label=_("Tell %(customer)s the answer") % {"customer": one.customer},
            detail=one.person.name,
            url=reverse("callback:referral", args=[one.pk]),
            tone="info",
        )
        for one in queries.referrals_to_tell(staff)[:SHOWN]
    ]
    if counts.overdue:
        items.append(Item(_("Overdue"), str(counts.overdue), reverse("callback:queue") + "?view=overdue", "danger"))
    if counts.today:
        items.append(Item(_("Due today"), str(counts.today), reverse("callback:queue") + "?view=today", "warning"))
    return Card(
        title=_("Calls to make"),
        items=items,
        url=reverse("callback:call"),
        count=counts.due,
        tone="danger" if counts.overdue else "warning",
    )


def supervision_card(staff) -> Card | None:
    """For the supervisor: what is late, held back, on the phone, and numbers that are wrong."""
    now = timezone.now()
    counts = queries.queue_counts(staff, at=now, day_ends_at=day_of(staff.store, now)[1])
    wrong = queries.wrong_numbers(staff)[:100].count()
    items = [
        Item(label, str(count), url, tone)
        for label, count, url, tone in (
            (_("Overdue"), counts.overdue, reverse("callback:queue") + "?view=overdue", "danger"),
            (_("Held back by a complaint"), counts.held, reverse("callback:queue") + "?view=held", "warning"),
            (_("On the phone now"), counts.taken, reverse("callback:live"), "info"),
            (_("Wrong numbers"), wrong, reverse("callback:wrong_numbers"), "warning"),
        )
        if count
    ]
    return Card(
        title=_("Callback centre"), items=items, url=reverse("callback:live"), count=counts.overdue, tone="danger"
    )


def my_questions_card(staff) -> Card | None:
    """What customers want to know of this person; nothing when nobody asks."""
    now, waiting = timezone.now(), list(queries.questions_for(staff)[:SHOWN])
    if not waiting:
        return None
    items = [
        Item(
            label=one.question[:40],
            detail=f"{one.answer_by.astimezone(one.store.tz):%m-%d %H:%M}",
            url=reverse("callback:referral_answer", args=[one.pk]),
            tone="danger" if one.answer_by < now else "info",
        )
        for one in waiting
    ]
    return Card(_("Customers' questions for me"), items, reverse("callback:my_questions"), len(items), "warning")


def my_leads_card(staff) -> Card | None:
    """Leads to speak to today; nothing where no showroom is kept."""
    if staff.store is None:
        return None
    today = timezone.now().astimezone(staff.store.tz).date()
    leads = queries.leads_to_contact(staff, today)
    count, first = leads.count(), list(leads[:SHOWN])
    if not count:
        return None
    items = [
        Item(
            label=f"{lead.level} {lead}",
            detail=f"{lead.model} {lead.next_contact_on:%m-%d}",
            url=reverse("callback:lead", args=[lead.pk]),
            tone="danger" if lead.next_contact_on < today else "info",
        )
        for lead in first
    ]
    return Card(_("Leads to contact"), items, reverse("callback:leads") + "?view=due", count, "warning")


def my_requests_card(staff) -> Card | None:
    """Service requests this person answers; for who leads them also what nobody has."""
    if staff.store is None:
        return None
    now, mine = timezone.now(), queries.my_requests(staff)
    waiting, total = list(mine[:SHOWN]), mine[:100].count()
    items = [
        Item(
            label=f"{one.get_kind_display()} {one.who}",
            detail=f"{one.answer_by.astimezone(one.store.tz):%m-%d %H:%M}"
            if one.state == "asked"
            else str(one.get_state_display()),
            url=reverse("callback:request", args=[one.pk]),
            tone="danger" if one.state == "asked" and one.answer_by < now else "info",
        )
        for one in waiting
    ]
    if staff.can(Permission.CALL_ASSIGN):
        for label, view in ((_("Nobody has it"), "unassigned"), (_("Answer late"), "overdue")):
            if count := queries.requests_matching(staff, at=now, view=view)[:100].count():
                total += count
                items.append(Item(label, str(count), f"{reverse('callback:requests')}?view={view}", "danger"))
    if not items:
        return None
    return Card(_("Service requests"), items, reverse("callback:my_requests"), total, "warning")
