"""异议: a person disputes a line of their statement; manager or payroll answer. Source: spec `commission.md`."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from commission.actions.proposals import add_adjustment
from commission.choices import DisputeRemedy, DisputeState, RunState
from commission.models import Dispute, Run, StatementCheck, StatementLine
from commission.queries import checks
from dealer_crm.journal import actions as journal
from dealer_crm.notices.actions import notify
from dealer_crm.organization.models import Staff
from dealer_crm.values import Period, Refusal


@transaction.atomic
def dispute_line(*, line: StatementLine, text: str, by: Staff, at: datetime) -> Dispute:
    """Say that a line of one's own statement is wrong, and why; the month can't be approved before it is answered."""
    run = Run.objects.select_for_update(of=("self",)).select_related("store").get(pk=line.run_id)
    line = StatementLine.objects.filter(pk=line.pk, statement__staff=by).first()
    if line is None:
        raise Refusal(_("Everybody disputes lines of their own statement only."), code="not_own")
    if run.state != RunState.REVIEWED:
        raise Refusal(
            _("The run of %(month)s is “%(state)s”: lines are disputed while it is reviewed, later you may appeal.")
            % {"month": run.period, "state": run.get_state_display()},
            code="wrong_state",
        )
    if not text.strip():
        raise Refusal(_("Say what is wrong with this line."), field="text", code="reason_missing")
    if run.disputes.open().filter(line=line).exists():
        raise Refusal(_("You dispute this line already; wait for the answer."), code="disputed_already")
    StatementCheck.objects.filter(run=run, staff=by).delete()
    dispute = Dispute.objects.create(
        run=run, staff=by, line=line, item=line.item, name=line.name, amount=line.amount, text=text.strip(),
        raised_at=at,
    )  # fmt: skip
    journal.record(by=by, at=at, verb="dispute.raised", subject=dispute, store=run.store, note=dispute.text)
    notify(
        recipients=[person for person in checks.answerers_of(run.store) if person != by],
        key=f"dispute:{dispute.pk}:raised",
        text=_("%(name)s disputes “%(item)s” of %(month)s: %(text)s") % _facts(dispute),
        at=at,
        url=reverse("commission:disputes"),
    )
    return dispute


@transaction.atomic
def answer_dispute(
    *, dispute: Dispute, is_upheld: bool, answer: str, by: Staff, at: datetime, remedy: str = "",
    amount: Decimal | None = None,
) -> Dispute:  # fmt: skip
    """Answer it once, with the reason. Upheld: say whether what is on record is put right and the month computed again,
    or by which `amount` (CNY, signed) an adjustment puts it right, which the station manager approves; in both cases
    the run is sent back and computed again before it can be approved."""
    run = Run.objects.select_for_update(of=("self",)).select_related("store").get(pk=dispute.run_id)
    dispute = Dispute.objects.select_for_update(of=("self",)).select_related("staff", "run__store").get(pk=dispute.pk)
    if dispute.state != DisputeState.OPEN:
        raise Refusal(_("This dispute is answered already."), code="decided")
    if by.pk == dispute.staff_id:
        raise Refusal(_("Nobody answers their own dispute."), code="four_eyes")
    if not answer.strip():
        raise Refusal(_("Give the reason; the person reads it."), field="answer", code="reason_missing")
    if is_upheld and remedy not in DisputeRemedy.values:
        raise Refusal(_("Say how it is put right."), field="remedy", code="remedy_missing")
    if is_upheld and remedy == DisputeRemedy.ADJUSTMENT:
        if not amount:
            raise Refusal(_("Name the amount of the adjustment."), field="amount", code="amount_missing")
        reason = _("Dispute of “%(item)s”: %(answer)s") % {"item": _(dispute.name), "answer": answer.strip()}
        add_adjustment(
            store=run.store, period=Period.parse(run.period), staff=dispute.staff, amount=amount, reason=reason[:200],
            by=by, at=at,
        )  # fmt: skip
    dispute.state = DisputeState.UPHELD if is_upheld else DisputeState.REJECTED
    dispute.remedy = remedy if is_upheld else ""
    dispute.answer, dispute.answered_by, dispute.answered_at = answer.strip(), by, at
    dispute.save(update_fields=["state", "remedy", "answer", "answered_by", "answered_at"])
    journal.record(by=by, at=at, verb=f"dispute.{dispute.state}", subject=dispute, store=run.store, note=dispute.answer)
    text = (
        _("Your dispute of “%(item)s” (%(month)s) is upheld: %(answer)s")
        if is_upheld
        else _("Your dispute of “%(item)s” (%(month)s) is turned down: %(answer)s")
    )
    slip = run.statements.filter(staff=dispute.staff).first()
    notify(
        recipients=[dispute.staff],
        key=f"dispute:{dispute.pk}:{dispute.state}",
        text=text % _facts(dispute),
        at=at,
        url=reverse("commission:own_statement", args=[slip.pk]) if slip else reverse("commission:own"),
    )
    return dispute


def refuse_disputed(run: Run) -> None:
    """A run is approved only when every dispute is answered and every upheld one is in it."""
    found = checks.disputes_in_the_way(run)
    open_ones = [one.staff.name for one in found if one.state == DisputeState.OPEN]
    if open_ones:
        raise Refusal(
            _("Disputes of %(people)s are to be answered first.") % {"people": "、".join(sorted(set(open_ones)))},
            code="dispute_open",
        )
    if found:
        raise Refusal(
            _("The upheld disputes of %(people)s are not in this run yet: send it back and compute it again.")
            % {"people": "、".join(sorted({one.staff.name for one in found}))},
            code="dispute_not_put_right",
        )


def _facts(dispute: Dispute) -> dict[str, str]:
    return {
        "name": dispute.staff.name, "item": _(dispute.name), "month": dispute.run.period, "text": dispute.text,
        "answer": dispute.answer,
    }  # fmt: skip
