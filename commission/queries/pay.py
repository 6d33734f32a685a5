"""What the pages of pay items, incentives and pay statements show. Source: spec `commission.md` (pay statement)."""

from collections import defaultdict
from datetime import date

from django.db.models import Count, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum

from commission.choices import PayKind, RunState
from commission.models import Incentive, PayItem, PayLine, PaySlip, Run
from dealer_crm.organization.models import Position, Staff, Store
from dealer_crm.values import Period


def own_pay_slips(staff: Staff) -> QuerySet[PaySlip]:
    """A person's own pay statements of months that have been reviewed; drafts still move."""
    rows = PaySlip.objects.filter(staff=staff).exclude(run__state=RunState.DRAFT)
    return rows.select_related("run__store", "staff", "team", "statement").order_by("-run__period", "-pk")


def with_pay_lines(slips: QuerySet[PaySlip]) -> QuerySet[PaySlip]:
    return slips.prefetch_related(Prefetch("lines", PayLine.objects.order_by("position")))


def pay_run(reader: Staff, period: Period, store: Store | None) -> Run | None:
    """The run whose pay statements are looked at."""
    runs = Run.objects.visible_to(reader).filter(period=str(period))
    return runs.filter(store=store).select_related("store").first()


def pay_slips_of(run: Run, query: str = "") -> QuerySet[PaySlip]:
    rows = run.pay_slips.select_related("staff", "team").order_by("staff__work_number", "pk")
    if query := query.strip():
        rows = rows.filter(Q(staff__name__icontains=query) | Q(staff__work_number__istartswith=query))
    return rows


def pay_totals(run: Run) -> dict:
    """How many people a month pays, their commission with rewards and penalties, and all they are paid."""
    sums = run.pay_slips.aggregate(
        people=Count("pk"), commission=Sum(F("commission_amount") + F("reward_amount")), pay=Sum("total_amount")
    )
    return {name: value or 0 for name, value in sums.items()}


def paid_people(reader: Staff, day: date, query: str = "") -> QuerySet[Staff]:
    """The people whose pay this person keeps, with their post and what they are paid a month (`base_now` and so on):
    whoever holds a position and had not left before last month."""
    since = Period.of(day).previous().first_day
    in_force = PayItem.objects.filter(staff=OuterRef("pk"), starts_on__lte=day).order_by("-starts_on")
    amounts = {
        f"{kind}_now": Subquery(in_force.filter(kind=kind).values("amount")[:1])
        for kind in (PayKind.BASE, PayKind.POSITION, PayKind.SKILL, PayKind.CERTIFICATION)
    }
    people = Staff.objects.visible_to(reader).filter(pk__in=Position.objects.values("staff"))
    people = people.filter(Q(left_on=None) | Q(left_on__gte=since)).with_position(day).annotate(**amounts)
    if query := query.strip():
        people = people.filter(Q(name__icontains=query) | Q(work_number__istartswith=query))
    return people.order_by("work_number", "pk")


def pay_item_history(staff: Staff, day: date) -> list[tuple[PayKind, list[PayItem]]]:
    """A person's pay items by kind, latest first; the row in force on the day is marked (`is_in_force`)."""
    rows = defaultdict(list)
    for row in staff.pay_items.select_related("entered_by").order_by("-starts_on"):
        row.is_in_force = row.starts_on <= day and not any(other.is_in_force for other in rows[row.kind])
        rows[row.kind].append(row)
    return [(kind, rows[kind]) for kind in PayKind if rows[kind]]


def incentives_for(reader: Staff, state: str = "", query: str = "") -> QuerySet[Incentive]:
    """Incentives of the store, the latest day first; `state`: waiting, approved or declined."""
    rows = Incentive.objects.visible_to(reader)
    if state == "waiting":
        rows = rows.undecided()
    elif state in ("approved", "declined"):
        rows = rows.filter(**{f"{state}_at__isnull": False})
    if query := query.strip():
        rows = rows.filter(Q(staff__name__icontains=query) | Q(staff__work_number__istartswith=query))
    return rows.select_related("staff", "entered_by", "approved_by", "declined_by")


def incentives_to_decide(staff: Staff) -> QuerySet[Incentive]:
    """What waits for this person's approval, oldest first; nobody decides on what they entered or get."""
    rows = Incentive.objects.visible_to(staff).undecided().exclude(staff=staff).exclude(entered_by=staff)
    return rows.select_related("staff").order_by("day", "pk")


def pay_decided_since(run: Run) -> bool:
    """Whether a pay item or an incentive of the month was decided after the run was computed."""
    month = Period.parse(run.period)
    items = PayItem.objects.filter(
        staff__positions__store=run.store_id, starts_on__lte=month.last_day, entered_at__gt=run.computed_at
    )
    incentives = Incentive.objects.filter(store=run.store_id, approved_at__gt=run.computed_at).of_month(month)
    return items.exists() or incentives.exists()
