"""Who did how much of a job: by the clock, or as the supervisor says."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from dealer_crm.organization.models import Staff
from dealer_crm.values import Refusal
from reception.choices import LineKind
from reception.models import LineShare, OrderLine
from workshop import events, formulas
from workshop.actions.locking import locked_order
from workshop.actions.progress import share_line
from workshop.models import Job
from workshop.queries import is_paid, may_share, shares_of_clock


@transaction.atomic
def split_labour(
    *, line: OrderLine, shares: Mapping[Staff, Decimal], by, at: datetime, expected_version: int | None = None
) -> None:
    """Say who did how much of a labour line; the shares make one whole. Source: commission.md (several technicians).

    Also when the month of the hours is paid, as long as the order isn't settled: pay corrects it in an open month.
    Announces `labour_shared`.
    """
    order = locked_order(order=line.order, expected_version=expected_version)
    if order.settled_at:
        raise Refusal(_("Order %(order)s is settled; its labour stands.") % {"order": order.number}, code="wrong_state")
    if line.kind != LineKind.LABOUR:
        raise Refusal(_("Only labour is split among technicians."), code="not_labour")
    if any(share <= 0 for share in shares.values()):
        raise Refusal(
            _("Everybody who is named has a share above zero; leave out who did nothing."), code="share_not_above_zero",
            field="shares",
        )  # fmt: skip
    if not formulas.shares_add_up(shares.values()):
        total = sum(shares.values(), Decimal(0))
        raise Refusal(
            _("The shares must add up to 100 %%; they come to %(total)s %%.") % {"total": f"{total * 100:.2f}"},
            code="shares_dont_add_up",
            field="shares",
        )
    fitting = set(may_share(line, at).values_list("pk", flat=True))
    for technician in shares:
        if technician.store_id != order.store_id:
            raise Refusal(_("%(person)s belongs to another store.") % {"person": technician}, field="shares")
        if technician.pk not in fitting:
            raise Refusal(
                _("%(person)s works in no team of this workshop.") % {"person": technician}, code="other_hands",
                field="shares",
            )  # fmt: skip
    share_line(line=line, shares=shares, by=by, at=at)
    events.labour_shared.send(sender=OrderLine, line_id=line.pk, order_id=order.pk, at=at)


def share_by_clock(*, job: Job, by: Staff, at: datetime) -> None:
    """Credit the technicians of a finished job in proportion to their minutes, unless somebody has split it already."""
    if _is_labour(job) and not LineShare.objects.filter(line=job.line).exists():
        share_line(line=job.line, shares=shares_of_clock(job, at), by=by, at=at)


def was_shared_by_clock(*, job: Job, at: datetime) -> bool:
    """Whether the shares on record are those the clock gives, so that they may follow when the clock is corrected."""
    if not _is_labour(job) or job.order.settled_at or is_paid(job.order):
        return False
    known = {share.technician: share.share for share in job.line.shares.select_related("technician")}
    return known == shares_of_clock(job, at)


def _is_labour(job: Job) -> bool:
    return job.line is not None and job.line.kind == LineKind.LABOUR
