"""What people say about their pay, and what changes after it: checks, a dispute, an appeal, money booked late."""

from datetime import datetime, timedelta

from commission.actions import (
    answer_dispute,
    appeal_against_pay,
    check_statement,
    compute_run,
    dispute_line,
    note_changed_receipt,
    vote_on_appeal,
)
from commission.models import Run
from dealer_crm.seeding.people import House
from dealer_crm.values import Period
from reception.actions import enter_receipt
from reception.choices import Payer, PaymentMethod
from reception.models import RepairOrder
from reception.queries import due_by_payer


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
    """An appeal before its committee with one vote, and money booked into the paid month: the next run corrects it."""
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
            at=at + timedelta(hours=1),
        )
    _book_late(house, run, at)
    month = Period.parse(run.period).next()
    compute_run(store=house.store, period=month, by=house.staff["L01"], at=at)


def _book_late(house: House, run: Run, at: datetime) -> None:
    """A customer's transfer of the last day that the bank showed only now."""
    unpaid = [item["order"] for item in run.carry_over if item["reason"]["code"] == "wait.customer_unpaid"]
    for order in RepairOrder.objects.filter(number__in=unpaid, store=house.store).order_by("number"):
        left = due_by_payer(order)[Payer.CUSTOMER].open_amount
        if left > 0:
            receipt = enter_receipt(
                order=order, payer=Payer.CUSTOMER, amount=left, method=PaymentMethod.TRANSFER, by=house.staff["C01"],
                at=at, received_on=Period.parse(run.period).last_day, note="银行到账通知晚到",
            )  # fmt: skip
            note_changed_receipt(receipt=receipt, at=at)
            return
