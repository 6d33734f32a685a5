"""Who has checked their statement, who disputes what, who answers. Source: spec `commission.md` (a month's run)."""

from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet, prefetch_related_objects

from commission.choices import DisputeRemedy, DisputeState, RunState
from commission.models import Dispute, Run, Statement, StatementCheck, StatementLine
from dealer_crm.access.permissions import Permission
from dealer_crm.access.roles import PERMISSIONS
from dealer_crm.organization.models import Staff, Store
from dealer_crm.organization.queries import staff_with_role

_LINES = Prefetch("lines", StatementLine.objects.order_by("position"))


def lines_read(slip: Statement) -> list[list[str]]:
    """What a person reads on their statement; the same again needs no second check."""
    return [[line.item, str(line.amount)] for line in slip.lines.all()]


@dataclass(frozen=True)
class CheckedSlip:
    """A statement of a run as the run's page lists it: checked when, disputed how often."""

    slip: Statement
    checked_at: object
    open_disputes: int
    is_expected: bool

    @property
    def is_unchecked(self) -> bool:
        return self.is_expected and not self.checked_at and not self.open_disputes


def checked_slips(run: Run) -> list[CheckedSlip]:
    """The people of a run with their checks and disputes, in four queries however many people. Who has left the house
    can't be asked."""
    slips = run.statements.select_related("staff", "team").order_by("staff__work_number")
    if run.state == RunState.DRAFT:  # nobody is asked before it is reviewed
        return [CheckedSlip(slip, None, 0, is_expected=False) for slip in slips]
    slips = slips.prefetch_related(_LINES)
    checks = {check.staff_id: check for check in run.checks.all()}
    disputed = list(run.disputes.open().values_list("staff_id", flat=True))
    return [
        CheckedSlip(
            slip=slip,
            checked_at=check.checked_at
            if (check := checks.get(slip.staff_id)) and check.lines == lines_read(slip)
            else None,
            open_disputes=disputed.count(slip.staff_id),
            is_expected=slip.staff.is_active,
        )
        for slip in slips
    ]


def check_of(slip: Statement) -> StatementCheck | None:
    """The check of a statement as it is now."""
    check = StatementCheck.objects.filter(run=slip.run_id, staff=slip.staff_id).first()
    return check if check and check.lines == lines_read(slip) else None


def slips_of_reviewed_runs(staff: Staff) -> QuerySet[Statement]:
    """A person's own statements of the months whose slips are to be checked."""
    slips = Statement.objects.filter(staff=staff, run__state=RunState.REVIEWED).select_related("run")
    return slips.defer("run__figures", "run__carry_over")


def slips_to_check(staff: Staff, rows: list[Statement] | None = None) -> list[Statement]:
    """Those of them that wait for the person's check: not checked as they are now. `rows`: where they were asked."""
    slips = list(slips_of_reviewed_runs(staff)) if rows is None else rows
    prefetch_related_objects(slips, _LINES)
    checks = StatementCheck.objects.filter(staff=staff, run__in=[slip.run_id for slip in slips]) if slips else ()
    read = {check.run_id: check.lines for check in checks}
    return [slip for slip in slips if read.get(slip.run_id) != lines_read(slip)]


def disputes_for(staff: Staff) -> QuerySet[Dispute]:
    """The disputes of the stores a person may see, the latest first."""
    rows = Dispute.objects.visible_to(staff)
    return rows.select_related("run__store", "staff", "line", "answered_by")


def disputes_to_answer(staff: Staff) -> QuerySet[Dispute]:
    """The open ones this person may answer, oldest first: not their own."""
    rows = disputes_for(staff).open() if staff.can(Permission.DISPUTE_ANSWER) else Dispute.objects.none()
    return rows.exclude(staff=staff).order_by("raised_at", "pk")


def own_disputes(slip: Statement) -> list[Dispute]:
    return list(Dispute.objects.filter(run=slip.run_id, staff=slip.staff_id).select_related("answered_by"))


def answerers_of(store: Store) -> list[Staff]:
    """Who answers disputes in a store."""
    return list(
        staff_with_role(store, *(role for role, may in PERMISSIONS.items() if Permission.DISPUTE_ANSWER in may))
    )


def disputes_in_the_way(run: Run) -> list[Dispute]:
    """What keeps a run from being approved: open disputes, and upheld ones the run was not computed anew for."""
    stale = Q(state=DisputeState.UPHELD, answered_at__gte=run.computed_at, remedy__in=DisputeRemedy.values)
    return list(run.disputes.filter(Q(state=DisputeState.OPEN) | stale).select_related("staff"))
