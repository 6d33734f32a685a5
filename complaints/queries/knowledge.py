"""The knowledge base as it is read: found, offered while somebody types, waiting for approval."""

from dataclasses import dataclass

from django.db.models import F, Max, Q

from complaints.formulas import likeness, pairs
from complaints.models import Complaint, KnowledgeEntry
from dealer_crm.access.permissions import Permission
from dealer_crm.organization.models import Staff, Store

OFFERED = 4
# So many entries are compared with what is typed, the most used first.
COMPARED = 300
# Less alike than this is no help.
ENOUGH = 0.25


def knowledge_matching(staff: Staff, *, text: str = "", category: str = "", state: str = ""):
    """Entries a person may read, the most used first; `state`: "" in force, "waiting" for approval, "withdrawn"."""
    rows = KnowledgeEntry.objects.visible_to(staff)
    if state == "waiting":
        rows = waiting_knowledge(rows)
    elif state == "withdrawn":
        rows = rows.filter(withdrawn_at__isnull=False)
    else:
        rows = rows.in_force()
    if category:
        rows = rows.filter(category=category)
    for word in text.split():
        rows = rows.filter(
            Q(versions__phenomenon__icontains=word)
            | Q(versions__remedy__icontains=word)
            | Q(versions__cause__icontains=word)
            | Q(versions__wording__icontains=word)
        )
    return rows.distinct().select_related("current__written_by", "store", "source")


def waiting_knowledge(rows):
    """Entries whose newest version is not the one in force."""
    newest = rows.filter(withdrawn_at=None).annotate(newest=Max("versions__number"))
    return newest.filter(Q(current=None) | Q(current__number__lt=F("newest")))


def knowledge_waiting_for(staff: Staff):
    """The entries whose newest version this person may put in force."""
    if not staff.can(Permission.KNOWLEDGE_APPROVE):
        return KnowledgeEntry.objects.none()
    return waiting_knowledge(KnowledgeEntry.objects.visible_to(staff))


def knowledge_waiting_count(staff: Staff) -> int:
    return knowledge_waiting_for(staff).count()


def is_drafted(complaint: Complaint) -> bool:
    """Whether the knowledge base has an entry drawn from this case."""
    return KnowledgeEntry.objects.filter(source=complaint).exists()


@dataclass(frozen=True)
class Suggestion:
    """An entry offered for what is being typed."""

    entry: KnowledgeEntry
    phenomenon: str
    cause: str
    remedy: str
    wording: str


def knowledge_for(store: Store, *, category: str = "", text: str = "", most: int = OFFERED) -> list[Suggestion]:
    """What the knowledge base offers for a category and words: the most alike first, among equals the most used.

    Where the words find nothing, or there are none, the most used of the category; without either nothing. One
    question, whatever is typed. Also for the callback desk, while an enquiry is written down.
    """
    typed = pairs(text)
    if not (typed or category):
        return []
    rows = KnowledgeEntry.objects.filter(store=store).in_force().select_related("current")
    known = list(rows.order_by("-used_count", "-pk")[:COMPARED])
    found = []
    for place, entry in enumerate(known if typed else ()):
        one = entry.current
        alike = likeness(typed, pairs(f"{one.phenomenon} {one.cause}"))
        if alike >= ENOUGH:
            found.append((entry.category != category, -alike, place, entry))
    alike = [entry for *_order, entry in sorted(found, key=lambda row: row[:3])]
    return [_suggestion(entry) for entry in (alike or [one for one in known if one.category == category])[:most]]


def knowledge_of_case(complaint: Complaint) -> list[Suggestion]:
    """What the knowledge base offers to who works on a case."""
    return knowledge_for(
        complaint.store, category=complaint.category, text=f"{complaint.description} {complaint.wish}"[:2000]
    )


def _suggestion(entry: KnowledgeEntry) -> Suggestion:
    one = entry.current
    return Suggestion(entry, one.phenomenon, one.cause, one.remedy, one.wording)
