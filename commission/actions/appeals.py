"""申诉: a person appeals against a locked statement, a committee decides by votes. Source: spec `commission.md`."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from commission.choices import AppealState, RunState
from commission.formulas.appeals import A_DAY_LATER, LAST_DAY, LEAST_MEMBERS, OVER, marks_passed, verdict
from commission.models import Adjustment, AppealVote, PayAppeal, Run, Statement, StatementLine
from commission.queries import appeals
from dealer_crm.access.permissions import Permission
from dealer_crm.access.roles import PERMISSIONS
from dealer_crm.journal import actions as journal
from dealer_crm.notices.actions import notify
from dealer_crm.organization.models import Staff, Store
from dealer_crm.organization.queries import staff_with_role
from dealer_crm.values import Refusal, fen


def tell_locked(*, run: Run, at: datetime) -> int:
    """Everybody learns that the month is final and until when they may appeal. Returns how many were told."""
    until = appeals.appeal_until_of(run)
    return sum(
        notify(
            recipients=[slip.staff],
            key=f"run:{run.pk}:locked:{slip.staff_id}",
            text=_("Your commission of %(month)s is final: ¥%(amount)s. You may appeal until %(until)s.")
            % {"month": run.period, "amount": f"{slip.net_amount:,.2f}", "until": f"{until:%m-%d}"},
            at=at,
            url=reverse("commission:own_statement", args=[slip.pk]),
        )
        for slip in run.statements.select_related("staff")
        if slip.staff.is_active
    )


@transaction.atomic
def appeal_against_pay(
    *, statement: Statement, line: StatementLine | None, text: str, by: Staff, at: datetime,
    claimed_amount: Decimal | None = None,
) -> PayAppeal:  # fmt: skip
    """Contradict one's own locked statement: a line of it, or (no line) that something is missing.

    A committee of at least two is named at once and told. Refused: another's statement, a month that isn't locked,
    later than the days after it was locked, a second time about one line, without reasons, where fewer than two may
    decide.
    """
    statement = Statement.objects.select_related("run__store", "staff").get(pk=statement.pk)
    run = Run.objects.select_for_update(of=("self",), no_key=True).select_related("store").get(pk=statement.run_id)
    day = at.astimezone(run.store.tz).date()
    _refuse_appeal(statement, line, text, claimed_amount, by, day)
    members = appeals.committee_for(statement, line, day)
    if len(members) < LEAST_MEMBERS:
        raise Refusal(
            _("A committee needs two people who may decide and have not decided on it before; ask the administrator to "
              "name them."),
            code="no_committee",
        )  # fmt: skip
    appeal = PayAppeal.objects.create(
        statement=statement, staff=by, line=line, text=text.strip(), claimed_amount=claimed_amount, appealed_at=at,
        decide_by=appeals.decide_by(run.store, day),
    )  # fmt: skip
    AppealVote.objects.bulk_create(AppealVote(appeal=appeal, member=member, named_at=at) for member in members)
    journal.record(
        by=by, at=at, verb="pay_appeal.made", subject=appeal, store=run.store,
        note=f"{appeal.text} → {'、'.join(one.name for one in members)}",
    )  # fmt: skip
    _tell_members(appeal, members, at)
    return appeal


def _refuse_appeal(statement: Statement, line, text: str, claimed_amount, by: Staff, day) -> None:
    run = statement.run
    if statement.staff_id != by.pk or (line is not None and line.statement_id != statement.pk):
        raise Refusal(_("Everybody appeals against their own statement only."), code="not_own")
    if run.state != RunState.LOCKED:
        raise Refusal(_("The month is not final yet: dispute the line while the run is checked."), code="wrong_state")
    until = appeals.appeal_until_of(run)
    if day > until:
        raise Refusal(
            _("An appeal against %(month)s was possible until %(until)s.")
            % {"month": run.period, "until": f"{until:%Y-%m-%d}"},
            code="appeal_late",
        )
    if not text.strip():
        raise Refusal(
            _("Say what speaks against it; the committee decides by it."), field="text", code="reason_missing"
        )
    if claimed_amount is not None and claimed_amount <= 0:
        raise Refusal(_("The amount must be above zero."), field="claimed_amount")
    if PayAppeal.objects.filter(statement=statement, line=line).exists():
        raise Refusal(_("You have appealed about this already."), code="appealed_already")


@transaction.atomic
def vote_on_appeal(*, appeal: PayAppeal, amount: Decimal, reasons: str, by: Staff, at: datetime) -> PayAppeal:
    """Cast one's vote, once, with the reasons: an amount grants it, zero rejects. With the vote that makes the majority
    the appeal is decided, and the person is answered.

    What is granted becomes an approved adjustment of the first open month nobody has checked yet.
    """
    appeal = _undecided(appeal)
    vote = appeal.votes.filter(member=by).first()
    if vote is None:
        raise Refusal(_("This appeal is for its committee to decide."), code="not_decider")
    if vote.voted_at:
        raise Refusal(_("You have voted already."), code="voted_already")
    if amount < 0:
        raise Refusal(_("An appeal can't take money away; zero turns it down."), field="amount")
    if not reasons.strip():
        raise Refusal(_("Give the reasons; the person reads them."), field="reasons", code="reason_missing")
    vote.amount, vote.reasons, vote.voted_at = fen(amount), reasons.strip(), at
    vote.save(update_fields=["amount", "reasons", "voted_at"])
    journal.record(
        by=by, at=at, verb="pay_appeal.voted", subject=appeal, store=appeal.statement.run.store,
        changes={"amount": [None, vote.amount]}, note=vote.reasons,
    )  # fmt: skip
    granted = verdict(list(appeal.votes.values_list("amount", flat=True)))
    if granted is not None:
        _decide(appeal, granted, by=by, at=at)
    return appeal


@transaction.atomic
def add_member(*, appeal: PayAppeal, member: Staff, by: Staff, at: datetime) -> PayAppeal:
    """Name a further member, when one of those named is away. The person concerned and who decided before can't be."""
    appeal = _undecided(appeal)
    if by.pk == appeal.staff_id:
        raise Refusal(_("Nobody names the committee of their own appeal."), code="four_eyes")
    if appeal.votes.filter(member=member).exists():
        raise Refusal(_("%(name)s is a member already.") % {"name": member.name}, field="member")
    if member not in appeals.may_sit(appeal.statement, appeal.line):
        raise Refusal(
            _("%(name)s may not decide this appeal.") % {"name": member.name}, field="member", code="not_decider"
        )
    AppealVote.objects.create(appeal=appeal, member=member, named_at=at)
    journal.record(
        by=by, at=at, verb="pay_appeal.member_named", subject=appeal, store=appeal.statement.run.store,
        note=member.name,
    )  # fmt: skip
    _tell_members(appeal, [member], at)
    return appeal


@transaction.atomic
def remind_committees(*, store: Store, at: datetime) -> int:
    """Ask members who have not voted once more: a day after they were named and on the last day. The morning after it
    who names further members is told as well. Returns how many were told.

    The vote is marked in the transaction that tells: late, doubled or killed, nothing is lost and nothing told twice.
    """
    told, now = 0, at.astimezone(store.tz)
    for vote in appeals.votes_awaited(store):
        marks = marks_passed(vote.named_at.astimezone(store.tz), vote.appeal.decide_by, now)
        if len(marks) > vote.reminders:
            told += _remind(vote, marks[-1], at)
            vote.reminders = len(marks)
            vote.save(update_fields=["reminders"])
    return told


def _remind(vote: AppealVote, mark: str, at: datetime) -> int:
    appeal, store = vote.appeal, vote.appeal.statement.run.store
    text = {
        A_DAY_LATER: _("The appeal of %(name)s against the pay of %(month)s waits for your vote, until %(until)s."),
        LAST_DAY: _("Today is the last day to vote on the appeal of %(name)s against the pay of %(month)s."),
        OVER: _(
            "The appeal of %(name)s against the pay of %(month)s was to be decided by %(until)s; votes are missing."
        ),
    }[mark]
    naming = [role for role, may in PERMISSIONS.items() if Permission.PAY_APPEAL_NAME in may] if mark == OVER else []
    people = {vote.member, *(staff_with_role(store, *naming) if naming else ())} - {appeal.staff}
    return notify(
        recipients=people,
        key=f"pay_appeal:{appeal.pk}:{mark}",
        text=text
        % {"name": appeal.staff.name, "month": appeal.statement.run.period, "until": f"{appeal.decide_by:%m-%d}"},
        at=at,
        url=reverse("commission:appeal", args=[appeal.pk]),
    )


def _undecided(appeal: PayAppeal) -> PayAppeal:
    rows = PayAppeal.objects.select_for_update(of=("self",), no_key=True)
    appeal = rows.select_related("statement__run__store", "staff", "line").get(pk=appeal.pk)
    if appeal.state != AppealState.OPEN:
        raise Refusal(_("This appeal is decided already."), code="decided")
    return appeal


def _decide(appeal: PayAppeal, granted: Decimal, *, by: Staff, at: datetime) -> None:
    if granted:
        appeal.adjustment = _adjustment_for(appeal, granted, at)
        appeal.granted_amount = granted
    appeal.state = AppealState.GRANTED if granted else AppealState.REJECTED
    appeal.decided_at = at
    appeal.save(update_fields=["state", "decided_at", "granted_amount", "adjustment"])
    journal.record(
        by=by, at=at, verb=f"pay_appeal.{appeal.state}", subject=appeal, store=appeal.statement.run.store,
        changes={"granted_amount": [None, granted]},
    )  # fmt: skip
    facts = {"month": appeal.statement.run.period, "amount": f"{granted:,.2f}"}
    text = (
        _("Your appeal about %(month)s is granted: ¥%(amount)s are paid with %(paid)s.")
        % {**facts, "paid": appeal.adjustment.period}
        if granted
        else _("Your appeal about %(month)s is turned down; read the reasons.") % facts
    )
    notify(
        recipients=[appeal.staff],
        key=f"pay_appeal:{appeal.pk}:decided",
        text=text,
        at=at,
        url=reverse("commission:own_appeals"),
    )


def _adjustment_for(appeal: PayAppeal, granted: Decimal, at: datetime) -> Adjustment:
    """The committee's money. Two of its members stand in the adjustment: entered by one, approved by who granted it."""
    run = appeal.statement.run
    Store.objects.select_for_update(no_key=True).get(pk=run.store_id)  # a month being computed is waited for
    voted = appeal.votes.exclude(voted_at=None).select_related("member")
    approver = max((vote for vote in voted if vote.amount), key=lambda vote: vote.voted_at).member
    other = next(vote.member for vote in voted if vote.member != approver)
    item = _(appeal.line.name) if appeal.line else _("missing item")
    return Adjustment.objects.create(
        store=run.store, period=str(appeals.month_that_pays(run.store)), staff=appeal.staff, amount=granted,
        reason=_("Appeal about %(month)s granted by the committee: %(item)s") % {"month": run.period, "item": item},
        entered_by=other, entered_at=at, approved_by=approver, approved_at=at,
    )  # fmt: skip


def _tell_members(appeal: PayAppeal, members: list[Staff], at: datetime) -> None:
    for member in members:
        notify(
            recipients=[member],
            key=f"pay_appeal:{appeal.pk}:member:{member.pk}",
            text=_("%(name)s appeals against the pay of %(month)s; your vote is asked for.")
            % {"name": appeal.staff.name, "month": appeal.statement.run.period},
            at=at,
            url=reverse("commission:appeal", args=[appeal.pk]),
        )
