"""Sheets 收款 and 事故定损."""

from collections import defaultdict
from decimal import Decimal

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from dealer_crm.importing.sheets import Column, SheetResource, StoreCode, register
from dealer_crm.importing.widgets import Choice, Code, Day, Money
from reception.choices import OrderKind, Payer
from reception.models import AccidentAssessment, Receipt

PAYING_WORDS = {"客户": Payer.CUSTOMER, "索赔": Payer.WARRANTY, "保险": Payer.INSURANCE}


class OfOrder(SheetResource):
    """A sheet whose rows belong to the store of their order."""

    def needs(self, known):
        return {"工单": {(row.get("order"),) for row in known}}

    def store_of(self, row, book):
        order = book.row("工单", row.get("order"))
        return StoreCode(order.get("store")) if order and order.get("store") else None


@register
class ReceiptSheet(OfOrder):
    sheet, place, key = "收款", 80, ("number",)

    number = Column("收款编号", Code(40), "number", required=True, known_as=("收款单号", "收据号", "收银单号"))
    order = Column(
        "工单号",
        Code(40),
        "order__number",
        required=True,
        refers="工单",
        fixed="收款属于原来的工单。",
        known_as=("委托书号", "委托单号", "维修单号", "结算工单号", "工单编号"),
    )
    payer = Column("付费方", Choice(PAYING_WORDS), "payer", required=True, known_as=("付费类型", "付款方", "收费区分"))
    received_on = Column("收款日期", Day(), "received_on", required=True, known_as=("收款时间", "收银日期", "收银时间"))
    amount = Column("金额", Money(), "amount", required=True, known_as=("收款金额", "实收金额", "实收"))
    accessory_amount = Column("其中精品金额", Money(), "accessory_amount")

    def known_rows(self, keys):
        return Receipt.objects.filter(number__in=[number for (number,) in keys])

    def check(self, row, book):
        amount, part = row.get("amount"), row.get("accessory_amount")
        if amount == 0:
            yield "amount", _("A receipt of 0.00 is none.")
        elif amount is not None and part is not None and not min(amount, 0) <= part <= max(amount, 0):
            yield (
                "accessory_amount",
                _("The accessory part lies outside the amount of %(amount)s.") % {"amount": amount},
            )

    def check_all(self, rows, book):
        """A refund gives back what was received: no payer of an order ends up below zero."""
        touched = {(row.get("order"), row.get("payer")) for row in rows if (row.get("amount") or 0) < 0}
        if not touched:
            return
        totals = defaultdict(Decimal)
        kept = Receipt.objects.filter(order__number__in=list({order for order, _payer in touched})).exclude(
            number__in=[row.get("number") for row in rows if row.key]
        )
        for order, payer, total in kept.values_list("order__number", "payer").annotate(total=Sum("amount")):
            totals[order, payer] += total
        for row in rows:
            totals[row.get("order"), row.get("payer")] += row.get("amount") or 0
        for row in rows:
            account = (row.get("order"), row.get("payer"))
            if (row.get("amount") or 0) < 0 and totals[account] < 0 and book.exists("工单", row.get("order")):
                yield row, "amount", _("The refund is larger than what this payer has paid on the order.")

    def write(self, new, changed, book):
        receipts = [
            Receipt(
                number=row.get("number"),
                order_id=book.pk("工单", row.get("order")),
                entered_by=book.by,
                entered_at=book.at,
                **self._facts(row),
            )
            for row in new
        ]
        for row, receipt in zip(new, Receipt.objects.bulk_create(receipts, batch_size=2000), strict=True):
            row.pk = receipt.pk
        Receipt.objects.bulk_update(
            [Receipt(pk=row.pk, **self._facts(row)) for row in changed],
            ["payer", "received_on", "amount", "accessory_amount"],
            batch_size=1000,
        )

    @staticmethod
    def _facts(row) -> dict:
        return {name: row.get(name) for name in ("payer", "received_on", "amount", "accessory_amount")}


@register
class AssessmentSheet(OfOrder):
    sheet, place, key = "事故定损", 90, ("order",)

    order = Column("工单号", Code(40), "order__number", required=True, refers="工单")
    assessed_amount = Column("定审金额", Money(least=Decimal(0)), "assessed_amount", required=True)
    assessed_on = Column("定审日期", Day(), "assessed_on")
    released_on = Column("出厂日期", Day(), "released_on")

    def known_rows(self, keys):
        return AccidentAssessment.objects.filter(order__number__in=[number for (number,) in keys])

    def check(self, row, book):
        order = book.row("工单", row.get("order"))
        if order is None:
            return
        if order.get("kind") is not None and order.get("kind") != OrderKind.ACCIDENT:
            yield "order", _("This order is no accident repair (事故车).")
        arrived_at = order.get("arrived_at")
        if arrived_at and row.given("released_on") and row.get("released_on") < timezone.localdate(arrived_at):
            yield "released_on", _("The car can't leave before it arrived.")

    def write(self, new, changed, book):
        assessments = [
            AccidentAssessment(order_id=book.pk("工单", row.get("order")), **self._facts(row)) for row in new
        ]
        for row, each in zip(new, AccidentAssessment.objects.bulk_create(assessments, batch_size=2000), strict=True):
            row.pk = each.pk
        AccidentAssessment.objects.bulk_update(
            [AccidentAssessment(pk=row.pk, **self._facts(row)) for row in changed],
            ["assessed_amount", "assessed_on", "released_on"],
            batch_size=1000,
        )

    @staticmethod
    def _facts(row) -> dict:
        return {name: row.get(name) for name in ("assessed_amount", "assessed_on", "released_on")}
