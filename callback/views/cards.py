"""What the first page says about calls."""

from django.urls import reverse
from django.utils.translation import gettext as _

from callback import queries
from callback.views.day import day_of
from dealer_crm.access.permissions import Permission
from dealer_crm.ui.home import Card, Item, among


def _agreed(staff, at):
    return queries.my_agreed_calls(staff, until=day_of(staff.store, at)[1]) if staff.store else None


@among(
    _agreed,
    lambda staff, at: queries.referrals_to_tell(staff) if staff.store else None,
    if_any=lambda staff, at: queries.unfinished_calls(staff) if staff.store else None,
)
def my_calls_card(staff, at, agreed, answers) -> Card | None:
    """For who makes calls: what is due today, and the call-backs agreed with customers."""
    counts = queries.queue_counts(staff, at=at, day_ends_at=day_of(staff.store, at)[1])
    items = [
        Item(
            label=_("Call back %(customer)s") % {"customer": task.customer},
            detail=f"{task.next_try_at.astimezone(staff.store.tz):%H:%M}",
            url=reverse("callback:task", args=[task.pk]),
            tone="danger" if task.next_try_at < at else "info",
        )
        for task in agreed.first()
    ]
    items += [
        Item(
            label=_("Tell %(customer)s the answer") % {"customer": one.customer},
            detail=one.person.name,
            url=reverse("callback:referral", args=[one.pk]),
            tone="info",
        )
        for one in answers.first()
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


@among(lambda staff, at: queries.wrong_numbers(staff)[:100], if_any=lambda staff, at: queries.unfinished_calls(staff))
def supervision_card(staff, at, wrong) -> Card | None:
    """For the supervisor: what is late, held back, on the phone, and numbers that are wrong."""
    counts = queries.queue_counts(staff, at=at, day_ends_at=day_of(staff.store, at)[1])
    items = [
        Item(label, str(count), url, tone)
        for label, count, url, tone in (
            (_("Overdue"), counts.overdue, reverse("callback:queue") + "?view=overdue", "danger"),
            (_("Held back by a complaint"), counts.held, reverse("callback:queue") + "?view=held", "warning"),
            (_("On the phone now"), counts.taken, reverse("callback:live"), "info"),
            (_("Wrong numbers"), wrong.count, reverse("callback:wrong_numbers"), "warning"),
        )
        if count
    ]
    return Card(
        title=_("Callback centre"), items=items, url=reverse("callback:live"), count=counts.overdue, tone="danger"
    )


@among(lambda staff, at: queries.questions_for(staff))
def my_questions_card(staff, at, questions) -> Card | None:
    """What customers want to know of this person; nothing when nobody asks."""
    items = [
        Item(
            label=one.question[:40],
            detail=f"{one.answer_by.astimezone(one.store.tz):%m-%d %H:%M}",
            url=reverse("callback:referral_answer", args=[one.pk]),
            tone="danger" if one.answer_by < at else "info",
        )
        for one in questions.first()
    ]
    url = reverse("callback:my_questions")
    return Card(_("Customers' questions for me"), items, url, questions.count, "warning")


def _today(staff, at):
    return at.astimezone(staff.store.tz).date()


@among(lambda staff, at: queries.leads_to_contact(staff, _today(staff, at)) if staff.store else None)
def my_leads_card(staff, at, leads) -> Card | None:
    """Leads to speak to today; nothing where no showroom is kept."""
    today = _today(staff, at)
    items = [
        Item(
            label=f"{lead.level} {lead}",
            detail=f"{lead.model} {lead.next_contact_on:%m-%d}",
            url=reverse("callback:lead", args=[lead.pk]),
            tone="danger" if lead.next_contact_on < today else "info",
        )
        for lead in leads.first()
    ]
    return Card(_("Leads to contact"), items, reverse("callback:leads") + "?view=due", leads.count, "warning")


def _requests(view: str):
    """What one list of requests holds, for who leads them."""

    def rows(staff, at):
        leads = staff.store is not None and staff.can(Permission.CALL_ASSIGN)
        return queries.requests_matching(staff, at=at, view=view).values("pk") if leads else None

    return rows


@among(
    lambda staff, at: queries.my_requests(staff) if staff.store else None,
    _requests("unassigned"),
    _requests("overdue"),
)
def my_requests_card(staff, at, mine, unassigned, overdue) -> Card | None:
    """Service requests this person answers; for who leads them also what nobody has."""
    items = [
        Item(
            label=f"{one.get_kind_display()} {one.who}",
            detail=f"{one.answer_by.astimezone(one.store.tz):%m-%d %H:%M}"
            if one.state == "asked"
            else str(one.get_state_display()),
            url=reverse("callback:request", args=[one.pk]),
            tone="danger" if one.state == "asked" and one.answer_by < at else "info",
        )
        for one in mine.first()
    ]
    for label, view, pile in (
        (_("Nobody has it"), "unassigned", unassigned),
        (_("Answer late"), "overdue", overdue),
    ):
        if pile.count:
            items.append(Item(label, str(pile.count), f"{reverse('callback:requests')}?view={view}", "danger"))
    total = mine.count + unassigned.count + overdue.count
    return Card(_("Service requests"), items, reverse("callback:my_requests"), total, "warning")
