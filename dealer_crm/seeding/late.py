"""What people say about their pay, and what changes after it: checks, a dispute, an appeal, a sheet found late."""

from datetime import datetime
from decimal import Decimal

from commission.actions import (
    answer_dispute,
    appeal_against_pay,
    check_statement,
    compare_locked_months,
    compute_run,
    dispute_line,
    vote_on_appeal,
)
from commission.models import Run
from dealer_crm.seeding.people import House
from dealer_crm.values import Period
from workshop.models import ConsumableIssue


def check_and_dispute(house: House, run: Run, at: datetime) -> None:
    """Most have checked their statement; one line was disputed and, looked up, found right."""
    slips = list(run.statements.select_related("staff").order_by("staff__work_number"))
    disputed = next((slip for slip in slips if slip.lines.filter(item="C.share").exists()), None)
    for slip in slips[: len(slips) * 3 // 4]:
        if slip != disputed:
            check_statement(slip=slip, by=slip.staff, at=at)
    if disputed:
        dispute = dispute_line(
            line=disputed.lines.get(item="C.share"), text="上月抢修的两台车工时没有看到", by=disputed.staff, at=at
        )
        answer_dispute(
            dispute=dispute, is_upheld=False, answer="两台车当月未竣工，工时计入竣工当月", by=house.staff["L01"], at=at
        )


def appeal_and_book_late(house: House, run: Run, at: datetime) -> None:
    """An appeal before its committee with one vote, and a paid month found to lack something: the next run corrects
    it."""
    slip = run.statements.select_related("staff").filter(staff=house.staff["A01"]).first()
    if slip:
        appeal = appeal_against_pay(
            statement=slip, line=slip.lines.order_by("position").first(), claimed_amount=None,
            text="月中三天代班前台主管，接待的车没有全部计入，请核对。", by=slip.staff, at=at,
        )  # fmt: skip
        first = appeal.votes.order_by("pk").last()
        vote_on_appeal(
            appeal=appeal,
            amount=0,
            reasons="台次按结算计，代班不影响分配系数。",
            by=first.member,
            at=at,
        )
    _book_late(house, run, at)
    month = Period.parse(run.period).next()
    compute_run(store=house.store, period=month, by=house.staff["L01"], at=at)


def _book_late(house: House, run: Run, at: datetime) -> None:
    """A sheet of consumables of the month that turned up after it was paid and came in by workbook: no event tells of
    it, the nightly comparison finds it."""
    month = Period.parse(run.period)
    ConsumableIssue.objects.create(
        number=f"{house.store.code}-FL{month.last_day:%y%m%d}-补", store=house.store, team=house.teams["机电一组"],
        issued_on=month.last_day, name="刹车清洗剂（补录）", quantity=Decimal(12), amount=Decimal("318.00"),
    )  # fmt: skip
    compare_locked_months(store=house.store, at=at)
