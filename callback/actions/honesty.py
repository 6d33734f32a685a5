"""Reviewing what the honesty ledger finds. Nothing is deducted by it. Source: spec `callback.md`."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from callback.choices import HonestyKind, Verdict
from callback.models import HonestyReview
from dealer_crm.journal import actions as journal
from dealer_crm.organization.models import Staff, Store
from dealer_crm.values import Refusal


@transaction.atomic
def review_finding(
    *, store: Store, kind: str, key: str, verdict: str, note: str, by: Staff, at: datetime
) -> HonestyReview:
    """Say what a finding comes to; said again, the former review gives way. Refused without words."""
    if not note.strip():
        raise Refusal(_("Say in a few words what you found."), field="note", code="text_missing")
    review, _new = HonestyReview.objects.update_or_create(
        store=store, kind=HonestyKind(kind), key=key,
        defaults={"verdict": Verdict(verdict), "note": note.strip()[:300], "by": by, "at": at},
    )  # fmt: skip
    journal.record(
        by=by, at=at, verb="finding.reviewed", subject=review, store=store,
        note=f"{review.get_verdict_display()}: {review.note}",
    )  # fmt: skip
    return review
