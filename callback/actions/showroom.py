"""The supervisor's check of a showroom day. Source: spec `callback.md`, showroom (daily check of completeness)."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from callback.models import ShowroomCheck
from callback.queries.showroom import showroom_day
from dealer_crm.journal import actions as journal
from dealer_crm.organization.models import Staff, Store
from dealer_crm.values import Refusal


@transaction.atomic
def check_showroom_day(*, store: Store, day: date, by: Staff, at: datetime, remark: str = "") -> ShowroomCheck:
    """Keep that a day's entries were gone through, with what was found. Checked again, the later check holds."""
    if day > at.astimezone(store.tz).date():
        raise Refusal(_("This day lies ahead."), field="day", code="ahead")
    found = showroom_day(store, day)
    check, _is_new = ShowroomCheck.objects.update_or_create(
        store=store, day=day,
        defaults={
            "leads": len(found.entries), "complete": found.complete, "uncontacted": len(found.uncontacted),
            "remark": remark.strip()[:300], "checked_by": by, "checked_at": at,
        },
    )  # fmt: skip
    journal.record(
        by=by, at=at, verb="showroom.checked", subject=check, store=store,
        note=f"{day}: {found.complete}/{len(found.entries)}",
    )  # fmt: skip
    return check
