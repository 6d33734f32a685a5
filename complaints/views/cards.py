"""What complaints put on the first page and into the search box."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints import queries
from dealer_crm.ui.home import SHOWN, Card, Item, among
from dealer_crm.ui.search import LIMIT, Hit
from dealer_crm.ui.templatetags.ui import due_tone, remaining


@among(lambda staff, at: queries.waiting_for(staff, at=at))
def waiting_card(staff, at, waiting) -> Card | None:
    """The complaints that wait for this person."""
    items = [
        Item(
            label=f"{complaint.number} {complaint.customer.name if complaint.customer else ''}",
            detail=_("Clock stands") if complaint.paused_at else str(remaining(complaint.due_at, at)),
            url=reverse("complaints:complaint", args=[complaint.pk]),
            tone="neutral" if complaint.paused_at else due_tone(complaint.due_at, at),
        )
        for complaint in waiting.first()
    ]
    late = any(item.tone == "danger" for item in items)
    return Card(
        title=_("Complaints that wait for me"),
        items=items,
        url=reverse("complaints:queue"),
        count=waiting.count,
        tone="danger" if late else "warning",
    )


@among(
    lambda staff, at: queries.appeals_of_others(staff),
    lambda staff, at: queries.goodwill_of_others(staff),
    lambda staff, at: queries.knowledge_waiting_for(staff).values("pk"),
)
def judging_card(staff, at, appeals, goodwill, drafts) -> Card | None:
    """Appeals, goodwill and knowledge that wait for this person to decide; nothing when nothing waits."""
    items = [
        *(
            Item(f"{one.staff.name} {one.complaint.number}", _("Appeal"), reverse("complaints:appeals"), "warning")
            for one in queries.appeals_waiting_for(staff, appeals.all())
        ),
        *(
            Item(f"{one.complaint.number} {one.reason}", f"¥{one.amount:,.2f}", reverse("complaints:goodwill"), "info")
            for one in queries.goodwill_waiting_for(staff, on=timezone.localdate(at), rows=goodwill.all())
        ),
    ]
    if drafts.count:
        address = f"{reverse('complaints:knowledge')}?state=waiting"
        items.append(Item(_("Knowledge base"), str(drafts.count), address))
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
