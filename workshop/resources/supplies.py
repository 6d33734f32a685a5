"""Sheets 辅料领用 and 工时扣除 of the import workbook. Source: spec `interfaces.md`.

A deduction brought by workbook counts as approved: the importing person answers for it.
"""

from decimal import Decimal

from dealer_crm.importing.sheets import Column, SheetResource, StoreCode, in_store, register
from dealer_crm.importing.widgets import Code, Day, Money, Number, Text
from workshop.actions.deductions import MOST_HOURS
from workshop.models import ConsumableIssue, HourDeduction


@register
class ConsumableSheet(SheetResource):
    sheet, place, key = "辅料领用", 130, ("number",)

    number = Column("领用单号", Code(40), "number", required=True)
    store = Column("门店代码", Code(20), "store__code", required=True, refers="门店", fixed="领用单属于原来的门店。")
    team = Column("班组", Text(40), "team__name", required=True, refers="班组", refers_by=in_store("team"))
    issued_on = Column("领用日期", Day(), "issued_on", required=True)
    name = Column("名称", Text(120), "name", required=True)
    amount = Column("金额", Money(least=Decimal(0)), "amount", required=True)

    def known_rows(self, keys):
        return ConsumableIssue.objects.filter(number__in=[number for (number,) in keys])

    def write(self, new, changed, book):
        issues = [
            ConsumableIssue(
                number=row.get("number"), store_id=book.pk("门店", row.get("store")), **self._facts(row, book)
            )
            for row in new
        ]
        for row, issue in zip(new, ConsumableIssue.objects.bulk_create(issues, batch_size=2000), strict=True):
            row.pk = issue.pk
        ConsumableIssue.objects.bulk_update(
            [ConsumableIssue(pk=row.pk, **self._facts(row, book)) for row in changed],
            ["team", "issued_on", "name", "amount"],
            batch_size=1000,
        )

    @staticmethod
    def _facts(row, book) -> dict:
        return {
            "team_id": book.pk("班组", (row.get("store"), row.get("team"))),
            "issued_on": row.get("issued_on"),
            "name": row.get("name"),
            "amount": row.get("amount"),
        }


@register
class DeductionSheet(SheetResource):
    sheet, place, key = "工时扣除", 140, ("number",)

    number = Column("扣除单号", Code(40), "number", required=True)
    staff = Column("工号", Code(20), "staff__work_number", required=True, refers="员工")
    deducted_on = Column("日期", Day(), "deducted_on", required=True)
    hours = Column("工时", Number(places=2, above=Decimal(0), most=Decimal(MOST_HOURS)), "hours", required=True)
    reason = Column("原因", Text(200), "reason", required=True)

    def known_rows(self, keys):
        return HourDeduction.objects.filter(number__in=[number for (number,) in keys])

    def store_of(self, row, book):
        person = book.row("员工", row.get("staff"))
        return StoreCode(person.get("store")) if person and person.get("store") else None

    def write(self, new, changed, book):
        deductions = [
            HourDeduction(
                number=row.get("number"),
                # Nobody entered it here; who brings the workbook stands for it.
                approved_by=book.by,
                approved_at=book.at,
                **self._facts(row, book),
            )
            for row in new
        ]
        for row, each in zip(new, HourDeduction.objects.bulk_create(deductions, batch_size=2000), strict=True):
            row.pk = each.pk
        HourDeduction.objects.bulk_update(
            [HourDeduction(pk=row.pk, **self._facts(row, book)) for row in changed],
            ["staff", "deducted_on", "hours", "reason"],
            batch_size=1000,
        )

    @staticmethod
    def _facts(row, book) -> dict:
        return {
            "staff_id": book.pk("员工", row.get("staff")),
            "deducted_on": row.get("deducted_on"),
            "hours": row.get("hours"),
            "reason": row.get("reason"),
        }
