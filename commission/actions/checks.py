"""Checking one's own statement. Source: spec `commission.md` ("each person is asked to check their own statement")."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from commission.choices import RunState
from commission.models import Run, Statement, StatementCheck
from commission.queries import checks
from dealer_crm.journal import actions as journal
from dealer_crm.notices.actions import notify
from dealer_crm.organization.models import Staff
from dealer_crm.values import Refusal


@transaction.atomic
def check_statement(*, slip: Statement, by: Staff, at: datetime) -> StatementCheck:
    """The person has read their statement and finds it right. Twice is once.

    Refused: another's statement, a month that is not up for checking, one with a line disputed and not answered.
    """
    run = Run.objects.select_for_update(of=("self",)).get(pk=slip.run_id)
    slip = Statement.objects.filter(pk=slip.pk, staff=by).select_related("staff").first()
    if slip is None:
        raise Refusal(_("Everybody checks their own statement only."), code="not_own")
    if run.state != RunState.REVIEWED:
        raise Refusal(
            _("The run of %(month)s is “%(state)s”: there is nothing to check now.")
            % {"month": run.period, "state": run.get_state_display()},
            code="wrong_state",
        )
    if run.disputes.open().filter(staff=by).exists():
        raise Refusal(_("You dispute a line of it; wait for the answer first."), code="dispute_open")
    known = checks.check_of(slip)
    if known:
        return known
    check, _was_new = StatementCheck.objects.update_or_create(
        run=run, staff=by, defaults={"lines": checks.lines_read(slip), "checked_at": at}
    )
    journal.record(
        by=by, at=at, verb="statement.checked", subject=slip, store=run.store, note=f"{slip.net_amount:,.2f}"
    )
    return check


def ask_to_check(*, run: Run, at: datetime) -> int:
    """Tell everybody whose statement isn't checked that it may be checked now. Returns how many were told."""
    return _tell_unchecked(run, f"run:{run.pk}:check:{run.version}", at)


@transaction.atomic
def remind_unchecked(*, run: Run, by: Staff, at: datetime) -> int:
    """Ask those once more who have not checked; at most once a day. Returns how many were told."""
    run = Run.objects.select_for_update(of=("self",)).select_related("store").get(pk=run.pk)
    if run.state != RunState.REVIEWED:
        raise Refusal(_("People are asked to check while the run is reviewed."), code="wrong_state")
    day = at.astimezone(run.store.tz).date()
    told = _tell_unchecked(run, f"run:{run.pk}:check:{run.version}:{day}", at)
    if not told:
        raise Refusal(_("Everybody has checked, or was reminded today already."), code="nobody_to_remind")
    journal.record(by=by, at=at, verb="run.reminded", subject=run, note=str(told))
    return told


def _tell_unchecked(run: Run, key: str, at: datetime) -> int:
    return sum(
        notify(
            recipients=[one.slip.staff],
            key=f"{key}:{one.slip.staff_id}",
            text=_("Please check your commission statement of %(month)s: ¥%(amount)s. Dispute a line that is wrong.")
            % {"month": run.period, "amount": f"{one.slip.net_amount:,.2f}"},
            at=at,
            url=reverse("commission:own_statement", args=[one.slip.pk]),
        )
        for one in checks.checked_slips(run)
        if one.is_unchecked
    )


def refuse_unchecked(run: Run, *, seen: int | None) -> None:
    """Approval with statements nobody has checked is warned of; who has seen how many may go on knowingly. `seen` None
    asks nothing."""
    unchecked = [] if seen is None else [one.slip.staff.name for one in checks.checked_slips(run) if one.is_unchecked]
    if len(unchecked) > (seen or 0):
        raise Refusal(
            _("%(count)s have not checked their statement: %(people)s. Confirm that it is approved all the same.")
            % {"count": len(unchecked), "people": "、".join(unchecked)},
            code="unchecked",
        )
