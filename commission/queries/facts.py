"""The facts of a store's month, gathered in a fixed number of queries. Source: spec `commission.md`."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from commission.choices import ChangeState, PlanState, RunState
from commission.formulas.facts import (
    AdjustmentFact,
    CoefficientChangeFact,
    ComebackFact,
    ComplaintFact,
    ConsumableFact,
    HourDeductionFact,
    MonthFacts,
    PositionFact,
    ScoreFact,
    StaffFact,
    TargetFact,
    TeamFact,
)
from commission.formulas.people import position_on
from commission.models import Adjustment, CoefficientChange, PlanVersion, Run
from commission.queries import facts_posts
from commission.queries.counted import counted_complaints
from complaints.models import Complaint
from dealer_crm.appraisal.queries import scores_by_number
from dealer_crm.kpi.models import Target
from dealer_crm.kpi.queries import order_facts, touched_orders, waiting_orders
from dealer_crm.organization.models import Position, Staff, Store, Team
from dealer_crm.values import Period
from reception.models import RepairOrder
from workshop.models import ComebackDecision, ConsumableIssue, HourDeduction
from workshop.queries import teams_at_fault


def version_in_force(store: Store, period: Period) -> PlanVersion | None:
    """The approved plan version that holds for a month: the latest that started."""
    return (
        PlanVersion.objects.filter(plan__store=store, state=PlanState.APPROVED, starts_period__lte=str(period))
        .select_related("plan")
        .order_by("-starts_period")
        .first()
    )


def pay_is_locked(store: Store, day: date) -> bool:
    """Whether the month of a day is paid for good; the workshop asks before it changes what counted."""
    period = str(Period.of(day))
    return Run.objects.filter(store=store, period=period, state=RunState.LOCKED).exists()


def locked_months(store: Store, periods: Collection[Period], *, lock: bool = False) -> set[Period]:
    """Those of the months whose pay is locked, or checked by people on its way there. With `lock` asked inside a
    change: who moves a month on at the same moment waits."""
    runs = Run.objects.filter(store=store, period__in=[str(period) for period in periods])
    if lock:
        runs = runs.order_by("pk").select_for_update(of=("self",))
    return {Period.parse(period) for period, state in runs.values_list("period", "state") if state != RunState.DRAFT}


def objection_to_score(store: Store, period: Period) -> str:
    """Why no score of this month can change now; "" as long as it can: not once people check their slips, and never
    again once the month is locked. Asked inside the change: who locks the month at the same moment waits."""
    run = Run.objects.select_for_update(of=("self",)).filter(store=store, period=str(period)).first()
    if run and run.state == RunState.LOCKED:
        return _("%(month)s is locked; enter it in the next open month.") % {"month": period}
    if run and run.state != RunState.DRAFT:
        return _("The run of %(month)s is “%(state)s”: have it sent back to draft first.") % {
            "month": run.period,
            "state": run.get_state_display(),
        }
    return ""


def month_facts(store: Store, period: Period, measures: Collection[str] = facts_posts.ALL_MEASURES) -> MonthFacts:
    """Everything one store's month is paid from, in a fixed number of queries. `measures` of the catalogue: those the
    plan looks at (`measures_of`); without a word, all that a plan may look at."""
    touched = touched_orders(store, period).order_by().values("pk")
    waiting = waiting_orders(store, period).order_by().values("pk")
    # One set of ids: for an id in either of two, PostgreSQL reads every order there ever was.
    orders = order_facts(RepairOrder.objects.filter(pk__in=touched.union(waiting)), store)
    staff = _staff(store, {line.seller for order in orders for line in order.lines if line.seller})
    levels, pay_items = facts_posts.pay_items([person.number for person in staff], period)
    return MonthFacts(
        store=store.code,
        period=period,
        staff=staff,
        teams=tuple(
            TeamFact(name, kind) for name, kind in Team.objects.filter(store=store).values_list("name", "kind")
        ),
        orders=tuple(orders),
        targets=_targets(store, period),
        scores=tuple(ScoreFact(number, score) for number, score in scores_by_number(store, period)),
        complaints=_complaints(store, period),
        consumables=tuple(
            ConsumableFact(*row)
            for row in ConsumableIssue.objects.filter(
                store=store, issued_on__range=(period.first_day, period.last_day)
            ).values_list("number", "team__name", "issued_on", "amount")
        ),
        hour_deductions=_hour_deductions(store, period, staff),
        comebacks=_comebacks({order.number for order in orders}),
        coefficient_changes=_coefficient_changes(store, period),
        adjustments=_adjustments(store, period),
        locks=tuple(
            (Period.parse(month), locked_at)
            for month, locked_at in Run.objects.filter(store=store, state=RunState.LOCKED).values_list(
                "period", "locked_at"
            )
        ),
        appointments=facts_posts.kept_appointments(store, period),
        incentives=facts_posts.incentives(store, period),
        levels=levels,
        measures=facts_posts.measures(store, period, measures),
        pay_items=pay_items,
    )


def _hour_deductions(store: Store, period: Period, staff: tuple[StaffFact, ...]) -> tuple[HourDeductionFact, ...]:
    """Approved ones of who was in this store on the day, wherever they are now."""
    people = {person.number: person for person in staff}
    rows = HourDeduction.objects.approved().filter(
        staff__work_number__in=people, deducted_on__range=(period.first_day, period.last_day)
    )
    found = [HourDeductionFact(*row) for row in rows.values_list(
        "number", "staff__work_number", "deducted_on", "hours", "reason"
    )]  # fmt: skip
    here = ((fact, position_on(people[fact.staff], fact.deducted_on)) for fact in found)
    return tuple(fact for fact, position in here if position is None or position.store == store.code)


def _coefficient_changes(store: Store, period: Period) -> tuple[CoefficientChangeFact, ...]:
    """Those of the month that are approved, and those that wait: nothing is paid by these, but the run points at
    them."""
    rows = (
        CoefficientChange.objects.filter(store=store, state__in=[ChangeState.APPROVED, ChangeState.ASKED])
        .touching(period.first_day, period.last_day)
        .order_by("staff__work_number", "starts_on", "pk")
    )
    return tuple(
        CoefficientChangeFact(number, team, coefficient, state == ChangeState.APPROVED, reason, first, last)
        for number, team, coefficient, state, reason, first, last in rows.values_list(
            "staff__work_number", "team__name", "coefficient", "state", "reason", "starts_on", "ends_on"
        )
    )


def _adjustments(store: Store, period: Period) -> tuple[AdjustmentFact, ...]:
    """Those of the month that are approved, and those that wait: the run points at them. Declined ones are gone."""
    rows = Adjustment.objects.filter(store=store, period=str(period), declined_at=None).order_by("pk")
    return tuple(
        AdjustmentFact(str(pk), number, amount, approved_at is not None, reason)
        for pk, number, amount, approved_at, reason in rows.values_list(
            "pk", "staff__work_number", "amount", "approved_at", "reason"
        )
    )


def _staff(store: Store, sellers: set[str]) -> tuple[StaffFact, ...]:
    """Everyone who ever held a position in the store, and every seller named on its lines."""
    positions = defaultdict(list)
    concerned = Staff.objects.filter(Q(positions__store=store) | Q(work_number__in=sellers)).distinct()
    for staff, *values in Position.objects.filter(staff__in=concerned).values_list(
        "staff", "store__code", "post", "starts_on", "coefficient", "team__name"
    ):
        positions[staff].append(PositionFact(*values))
    return tuple(
        StaffFact(*values, positions=tuple(positions[pk]))
        for pk, *values in concerned.order_by("work_number").values_list(
            "pk", "work_number", "name", "hired_on", "regularised_on", "left_on"
        )
    )


def _targets(store: Store, period: Period) -> tuple[TargetFact, ...]:
    rows = Target.objects.filter(store=store, period=str(period), order_kind="", team=None)
    return tuple(
        TargetFact(measure, goal, staff, signed)
        for measure, goal, staff, signed in rows.values_list("measure", "goal", "staff__work_number", "is_signed")
    )


def _complaints(store: Store, period: Period) -> tuple[ComplaintFact, ...]:
    """Complaints received in the month, and those of earlier months whose truth was decided since they were locked."""
    start, end = period.bounds(store.tz)
    rows = (
        Complaint.objects.filter(store=store)
        .filter(Q(received_at__gte=start, received_at__lt=end) | Q(received_at__lt=start, verified_at__gte=start))
        .order_by("number")
        .prefetch_related("responsibilities__staff")
    )
    counted = counted_complaints(store, [complaint.number for complaint in rows])
    return tuple(
        ComplaintFact(
            complaint.number,
            complaint.received_at.astimezone(store.tz).date(),
            complaint.is_verified,
            complaint.verified_at,
            tuple(sorted(part.staff.work_number for part in complaint.responsibilities.all())),
            counted.get(complaint.number, ()),
        )
        for complaint in rows
    )


def _comebacks(order_numbers: set[str]) -> tuple[ComebackFact, ...]:
    """The inspector's decisions with the teams at fault, as the workshop says."""
    decisions = ComebackDecision.objects.filter(order__number__in=order_numbers).select_related(
        "team", "technician", "order__store"
    )
    return tuple(
        ComebackFact(decision.order.number, decision.is_accepted, tuple(team.name for team in teams_at_fault(decision)))
        for decision in decisions
    )
