"""Evidence (证据): pictures, documents, sound recordings about a complaint. What a file is, its content says."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from complaints.actions.locking import locked_complaint, refuse_bystander, refuse_closed, step_taken
from complaints.choices import StepKind
from complaints.models import Complaint, Evidence
from dealer_crm.files.actions import drop_file, keep_file
from dealer_crm.files.choices import FileKind
from dealer_crm.journal import actions as journal
from dealer_crm.values import Refusal

MOST_FILES = 20
"""So many files a complaint keeps; more is an archive, not evidence."""


@transaction.atomic
def add_evidence(
    *, complaint: Complaint, uploads: Sequence, note: str = "", by, at: datetime, expected_version: int | None = None
) -> list[Evidence]:
    """Keep files about the matter. Refused: none, too many, one that is no picture, PDF or recording by its content,
    or too large; a closed complaint; a bystander."""
    complaint = locked_complaint(complaint=complaint, expected_version=expected_version)
    refuse_closed(complaint=complaint)
    refuse_bystander(complaint=complaint, by=by)
    if not uploads:
        raise Refusal(_("Choose a file first."), field="evidence", code="file_missing")
    kept = keep_evidence(complaint=complaint, uploads=uploads, note=note, by=by, at=at)
    names = "、".join(one.file.name for one in kept)
    step_taken(complaint=complaint, step=StepKind.EVIDENCE, by=by, at=at, text=": ".join(filter(None, [note, names])))
    return kept


def keep_evidence(*, complaint: Complaint, uploads: Sequence, note: str = "", by, at: datetime) -> list[Evidence]:
    """The files alone, inside the transaction of who records or adds."""
    if complaint.evidence.count() + len(uploads) > MOST_FILES:
        raise Refusal(
            _("A complaint keeps at most %(most)s files.") % {"most": MOST_FILES},
            field="evidence",
            code="files_too_many",
        )
    return [
        Evidence.objects.create(
            complaint=complaint,
            file=keep_file(
                upload=upload,
                store=complaint.store,
                by=by,
                at=at,
                kinds=[FileKind.IMAGE, FileKind.PDF, FileKind.AUDIO],
                field="evidence",
            ),
            note=note.strip()[:120],
            added_by=by,
            added_at=at,
        )
        for upload in uploads
    ]


@transaction.atomic
def remove_evidence(*, evidence: Evidence, by, at: datetime) -> None:
    """Take away what was added by mistake: only who added it, while the case is open; the journal keeps the name."""
    complaint = locked_complaint(complaint=evidence.complaint)
    refuse_closed(complaint=complaint)
    if by is not None and evidence.added_by_id != by.pk:
        raise Refusal(_("Only who added a file takes it away again."), code="not_concerned")
    stored = evidence.file
    evidence.delete()
    journal.record(by=by, at=at, verb="complaint.evidence_removed", subject=complaint, note=stored.name)
    drop_file(stored=stored, by=by, at=at)
