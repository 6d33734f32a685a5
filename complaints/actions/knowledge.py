"""The knowledge base: written by who meets a matter, approved by the supervisor, grown from closed cases.

Source: complaints.md, "Knowledge base".
"""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _

from complaints.choices import Category, ComplaintState, StepKind
from complaints.models import Complaint, KnowledgeEntry, KnowledgeVersion
from dealer_crm.access.permissions import Permission
from dealer_crm.access.roles import Role
from dealer_crm.journal import actions as journal
from dealer_crm.journal.queries import refuse_stale
from dealer_crm.notices.actions import notify
from dealer_crm.organization.models import Store
from dealer_crm.organization.queries import staff_with_role
from dealer_crm.values import Refusal

# What a version says, in the order in which it is read.
WORDS = ("phenomenon", "cause", "remedy", "wording")


@transaction.atomic
def write_knowledge(
    *,
    store: Store,
    category: Category,
    phenomenon: str,
    remedy: str,
    cause: str = "",
    wording: str = "",
    source: Complaint | None = None,
    by,
    at: datetime,
) -> KnowledgeEntry:
    """Write a new entry. The supervisor's own holds at once; anybody else's waits for the supervisor, who is told.

    Refused: without phenomenon or remedy.
    """
    entry = KnowledgeEntry.objects.create(store=store, category=category, source=source, created_at=at)
    _add_version(entry, 1, _worded(phenomenon, cause, remedy, wording), by, at)
    return entry


@transaction.atomic
def change_knowledge(
    *,
    entry: KnowledgeEntry,
    category: Category,
    phenomenon: str,
    remedy: str,
    cause: str = "",
    wording: str = "",
    by,
    at: datetime,
    expected_version: int | None = None,
) -> KnowledgeEntry:
    """Write a new version; the one in force stays in force until the supervisor approves it. Refused: withdrawn."""
    entry = _locked(entry, expected_version)
    newest = entry.versions.first()
    entry.category = category
    entry.version += 1
    entry.save(update_fields=["category", "version"])
    _add_version(entry, newest.number + 1, _worded(phenomenon, cause, remedy, wording), by, at)
    return entry


@transaction.atomic
def approve_knowledge(
    *, entry: KnowledgeEntry, by, at: datetime, expected_version: int | None = None
) -> KnowledgeEntry:
    """Let the newest version hold. Refused when it holds already, or the entry is withdrawn."""
    entry = _locked(entry, expected_version)
    newest = entry.versions.first()
    if newest.approved_at:
        raise Refusal(
            _("The newest version of “%(entry)s” holds already.") % {"entry": newest}, code="approved_already"
        )
    entry.version += 1
    _put_in_force(entry, newest, by, at)
    if newest.written_by and newest.written_by != by:
        notify(
            recipients=[newest.written_by],
            key=f"knowledge:{newest.pk}:approved",
            text=_("“%(entry)s” is in the knowledge base now") % {"entry": newest},
            url=reverse("complaints:knowledge_entry", args=[entry.pk]),
            at=at,
        )
    return entry


@transaction.atomic
def withdraw_knowledge(
    *, entry: KnowledgeEntry, by, at: datetime, expected_version: int | None = None
) -> KnowledgeEntry:
    """Take an entry out of what is offered; its versions stay readable."""
    entry = _locked(entry, expected_version)
    entry.withdrawn_at = at
    entry.version += 1
    entry.save(update_fields=["withdrawn_at", "version"])
    journal.record(by=by, at=at, verb="knowledge.withdrawn", subject=entry)
    return entry


@transaction.atomic
def draft_from_case(*, complaint: Complaint, by, at: datetime) -> KnowledgeEntry:
    """A draft out of a closed case: what happened, what was found, what was done, what was said. Always waits for
    approval, for the words of a case hold names. Refused: the case is not closed, or is in the knowledge base already.
    """
    complaint = Complaint.objects.select_related("store").select_for_update(of=("self",), no_key=True).get(
        pk=complaint.pk
    )  # fmt: skip
    if complaint.state != ComplaintState.CLOSED:
        raise Refusal(
            _("%(number)s is not closed yet; knowledge is drawn from closed cases.") % {"number": complaint.number},
            code="not_closed",
        )
    if KnowledgeEntry.objects.filter(source=complaint).exists():
        raise Refusal(
            _("%(number)s is in the knowledge base already.") % {"number": complaint.number}, code="drafted_already"
        )
    said = dict(complaint.steps.exclude(text="").order_by("pk").values_list("kind", "text"))
    entry = KnowledgeEntry.objects.create(
        store=complaint.store, category=complaint.category, source=complaint, created_at=at
    )
    words = _worded(
        complaint.description or complaint.get_category_display(),
        said.get(StepKind.VERIFY, ""),
        said.get(StepKind.REMEDY) or said.get(StepKind.DECISION) or _("To be completed"),
        said.get(StepKind.REPLY, ""),
    )
    _add_version(entry, 1, words, by, at, must_wait=True)
    return entry


@transaction.atomic
def use_knowledge(*, entry: KnowledgeEntry, by, at: datetime) -> None:
    """Count that an entry helped."""
    KnowledgeEntry.objects.filter(pk=entry.pk).update(used_count=F("used_count") + 1, used_at=at)


def _worded(phenomenon: str, cause: str, remedy: str, wording: str) -> dict[str, str]:
    words = dict(zip(WORDS, (text.strip() for text in (phenomenon, cause, remedy, wording)), strict=True))
    words["phenomenon"] = words["phenomenon"][:200]
    for name, sentence in (
        ("phenomenon", _("Say what is noticed.")),
        ("remedy", _("Say what is to be done.")),
    ):
        if not words[name]:
            raise Refusal(sentence, field=name, code="text_missing")
    return words


def _add_version(entry: KnowledgeEntry, number: int, words: dict, by, at: datetime, *, must_wait: bool = False) -> None:
    version = KnowledgeVersion.objects.create(entry=entry, number=number, written_by=by, written_at=at, **words)
    journal.record(by=by, at=at, verb="knowledge.drafted", subject=entry, note=version.phenomenon)
    if not must_wait and (by is None or by.can(Permission.KNOWLEDGE_APPROVE)):
        _put_in_force(entry, version, by, at)
        return
    notify(
        recipients=[one for one in staff_with_role(entry.store, Role.CRC) if one != by],
        key=f"knowledge:{version.pk}:written",
        text=_("“%(entry)s” waits to come into the knowledge base") % {"entry": version},
        url=reverse("complaints:knowledge_entry", args=[entry.pk]),
        at=at,
    )


def _put_in_force(entry: KnowledgeEntry, version: KnowledgeVersion, by, at: datetime) -> None:
    version.approved_by, version.approved_at = by, at
    version.save(update_fields=["approved_by", "approved_at"])
    entry.current = version
    entry.save(update_fields=["current", "version"])
    journal.record(by=by, at=at, verb="knowledge.approved", subject=entry, note=version.phenomenon)


def _locked(entry: KnowledgeEntry, expected_version: int | None) -> KnowledgeEntry:
    fresh = KnowledgeEntry.objects.select_related("store").select_for_update(of=("self",), no_key=True).get(pk=entry.pk)
    refuse_stale(fresh, expected_version)
    if fresh.withdrawn_at:
        raise Refusal(_("This entry was withdrawn from the knowledge base."), code="withdrawn")
    return fresh
