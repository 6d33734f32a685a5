"""What complaints put on the first page and into the search box."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints import queries
from dealer_crm.ui.home import Card, Item
from dealer_crm.ui.search import LIMIT, Hit
from dealer_crm.ui.templatetags.ui import due_tone, remaining

SHOWN = 5


def waiting_card(staff) -> Card | None:
    """The complaints that wait for this person; nothing for who has none and leads none."""
    now = timezone.now()
    count = queries.waiting_count(staff, at=now)
    if not count and not queries.leads_complaints(staff):
        return None
    items = [
        Item(
            label=f"{complaint.number} {complaint.customer.name if complaint.customer else ''}",
            detail=_("Clock stands") if complaint.paused_at else str(remaining(complaint.due_at, now)),
            url=reverse("complaints:complaint", args=[complaint.pk]),
            tone="neutral" if complaint.paused_at else due_tone(complaint.due_at, now),
        )
        for complaint in (queries.waiting_for(staff, at=now)[:SHOWN] if count else ())
    ]
    late = any(item.tone == "danger" for item in items)
    return Card(
        title=_("Complaints that wait for me"),
        items=items,
        url=reverse("complaints:queue"),
        count=count,
        tone="danger" if late else "warning" if count else "success",
    )


def judging_card(staff) -> Card | None:
    """Appeals, goodwill and knowledge that wait for this person to decide; nothing when nothing waits."""
    today = timezone.localdate()
    items = [
        *(
            Item(f"{one.staff.name} {one.complaint.number}", _("Appeal"), reverse("complaints:appeals"), "warning")
            for one in queries.appeals_waiting_for(staff)
        ),
        *(
            Item(f"{one.complaint.number} {one.reason}", f"¥{one.amount:,.2f}", reverse("complaints:goodwill"), "info")
            for one in queries.goodwill_waiting_for(staff, on=today)
        ),
    ]
    if drafts := queries.knowledge_waiting_count(staff):
        address = f"{reverse('complaints:knowledge')}?state=waiting"
        items.append(Item(_("Knowledge base"), str(drafts), address))
    if not items:
        return None
    return Card(_("To decide about complaints"), items[:SHOWN], items[0].url, len(items), "warning")


def search_complaints(staff, query: str) -> list[Hit]:
    return [
        Hit(
            label=complaint.number,
            detail=f"{complaint.customer.name if complaint.customer else ''} {complaint.get_state_display()}",
            url=reverse("complaints:complaint", args=[complaint.pk]),
        )
        for complaint in queries.complaints_like(staff, query, most=LIMIT)
    ]
