"""工作日志: what the agent adds to the day, and that the supervisor has read it. Source: spec `callback.md`."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from callback.models import WorkLog
from dealer_crm.journal import actions as journal
from dealer_crm.journal.queries import refuse_stale
from dealer_crm.organization.models import Staff
from dealer_crm.values import Refusal

OLDEST = timedelta(days=7)
"""A day further back is not remembered well enough to be written down."""


@transaction.atomic
def keep_log(
    *,
    day: date,
    by: Staff,
    at: datetime,
    also_done: str = "",
    unsolved: str = "",
    for_tomorrow: str = "",
    expected_version: int | None = None,
) -> WorkLog:
    """Complete one's own day by hand; what was read by the supervisor is to be read again."""
    today = at.astimezone(by.store.tz).date()
    if not today - OLDEST <= day <= today:
        raise Refusal(
            _("A day is completed within %(days)d days.") % {"days": OLDEST.days}, field="day", code="too_old"
        )
    log, is_new = WorkLog.objects.select_for_update().get_or_create(
        agent=by, day=day, defaults={"store": by.store, "kept_at": at}
    )
    if not is_new:
        refuse_stale(log, expected_version)
    log.also_done, log.unsolved, log.for_tomorrow = also_done.strip(), unsolved.strip(), for_tomorrow.strip()
    log.kept_at, log.seen_at, log.seen_by = at, None, None
    log.version += 0 if is_new else 1
    log.save()
    journal.record(by=by, at=at, verb="work_log.kept", subject=log, note=f"{day}")
    return log


@transaction.atomic
def read_log(*, log: WorkLog, by: Staff, at: datetime, remark: str = "") -> WorkLog:
    """The supervisor has read an agent's day, with a remark when there is one. Refused: one's own."""
    log = WorkLog.objects.select_for_update(of=["self"]).get(pk=log.pk)
    if log.agent_id == by.pk:
        raise Refusal(_("Somebody else reads your day."), code="own_log")
    log.seen_by, log.seen_at, log.remark, log.version = by, at, remark.strip()[:300], log.version + 1
    log.save(update_fields=["seen_by", "seen_at", "remark", "version"])
    journal.record(by=by, at=at, verb="work_log.read", subject=log, note=log.remark)
    return log
