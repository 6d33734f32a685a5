"""Sheet 月度目标 of the import workbook. Source: spec `interfaces.md`, `kpi.md` (targets).

A target whose goal changes loses the signatures given in the program: people sign what they read. Whether it counts as
signed says the sheet (已签认: the paper was signed).
"""

from decimal import Decimal

from django.utils.translation import gettext as _

from dealer_crm.importing.sheets import Column, SheetResource, register
from dealer_crm.importing.widgets import Choice, Code, Money, Month, YesNo
from dealer_crm.kpi.choices import Measure
from dealer_crm.kpi.models import Target, TargetSignature

MEASURES = {"产值": Measure.OUTPUT, "接车台次": Measure.CAR_COUNT, "精品销售": Measure.ACCESSORY_SALES}


@register
class TargetSheet(SheetResource):
    sheet, place, key = "月度目标", 100, ("store", "period", "measure", "staff")
    double_column = "measure"

    store = Column("门店代码", Code(20), "store__code", required=True, refers="门店")
    period = Column("月份", Month(), "period", required=True)
    measure = Column("指标", Choice(MEASURES), "measure", required=True)
    staff = Column("工号", Code(20), "staff__work_number", refers="员工")
    goal = Column("目标值", Money(least=Decimal(0)), "goal", required=True)
    is_signed = Column("已签认", YesNo(), "is_signed", required=True)

    def known_rows(self, keys):
        return Target.objects.filter(
            order_kind="", store__code__in={key[0] for key in keys}, period__in={key[1] for key in keys}
        )

    def check(self, row, book):
        person = book.row("员工", row.get("staff")) if row.given("staff") else None
        if person and row.given("store") and person.get("store") not in (None, row.get("store")):
            yield "staff", _("This person belongs to store %(store)s.") % {"store": person.get("store")}

    def touches(self, rows, book):
        yield from super().touches(rows, book)
        yield TargetSignature.objects.filter(target__in=[row.pk for row in rows if row.pk])

    def write(self, new, changed, book):
        targets = [
            Target(
                store_id=book.pk("门店", row.get("store")),
                period=row.get("period"),
                measure=row.get("measure"),
                staff_id=book.pk("员工", row.get("staff")),
                **self._facts(row, book),
            )
            for row in new
        ]
        for row, target in zip(new, Target.objects.bulk_create(targets, batch_size=2000), strict=True):
            row.pk = target.pk
        Target.objects.bulk_update(
            [Target(pk=row.pk, **self._facts(row, book)) for row in changed], ["goal", "is_signed", "set_by", "set_at"]
        )
        TargetSignature.objects.filter(target__in=[row.pk for row in changed if "goal" in row.changes]).delete()

    @staticmethod
    def _facts(row, book) -> dict:
        return {"goal": row.get("goal"), "is_signed": row.get("is_signed"), "set_by": book.by, "set_at": book.at}
