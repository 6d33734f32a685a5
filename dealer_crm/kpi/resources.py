"""Sheet 月度目标 of the import workbook. Source: spec `interfaces.md`, `kpi.md` (targets).

A target whose goal changes loses the signatures given in the program: people sign what they read. Whether it counts as
signed says the sheet (已签认: the paper was signed).
"""

from decimal import Decimal

from django.utils.translation import gettext as _

from dealer_crm.importing.sheets import Column, SheetResource, follows, in_store, register
from dealer_crm.importing.widgets import Choice, Code, Month, Number, Text, YesNo
from dealer_crm.kpi.choices import Measure, Unit
from dealer_crm.kpi.models import Fact, FactMonth, Target, TargetSignature
from dealer_crm.kpi.queries import is_ceiling
from reception.choices import OrderKind

MEASURES = {
    "产值": Measure.OUTPUT,
    "接车台次": Measure.CAR_COUNT,
    "精品销售": Measure.ACCESSORY_SALES,
    "毛利": Measure.MARGIN,
    "准时交车率": Measure.ON_TIME,
    "外返率": Measure.EXTERNAL_COMEBACK,
    "内返率": Measure.INTERNAL_REWORK,
    "一次修复率": Measure.FIRST_TIME_FIX,
    "工时利用率": Measure.LABOUR_UTILISATION,
    "工作效率": Measure.WORK_EFFICIENCY,
    "预约率": Measure.APPOINTMENT_RATE,
    "预约履约率": Measure.APPOINTMENTS_KEPT,
    "备件满足率": Measure.PARTS_FILL,
    "应收回收率": Measure.RECOVERY,
    "回访覆盖率": Measure.CALL_COVERAGE,
    "三日内回访率": Measure.CALL_IN_WINDOW,
    "电话接通率": Measure.CALL_CONNECTED,
    "投诉率": Measure.COMPLAINT_RATE,
    "首次回复及时率": Measure.COMPLAINT_REPLIED,
    "解决及时率": Measure.COMPLAINT_SOLVED,
    "处理结果满意率": Measure.COMPLAINT_CONTENT,
    "客户流失率": Measure.CUSTOMER_LOSS,
    "首保流失率": Measure.FIRST_SERVICE_LOSS,
    "定保实施率": Measure.SERVICE_COMPLIANCE,
    "续保率": Measure.INSURANCE_RENEWAL,
    "会员占比": Measure.MEMBER_SHARE,
    "售后满意度 CSI": Measure.CSI,
    "CSI": Measure.CSI,
    "销售满意度 SSI": Measure.SSI,
    "SSI": Measure.SSI,
    "服务十项": Measure.TEN_QUESTIONS,
    "十项检查": Measure.TEN_QUESTIONS,
    "净推荐值 NPS": Measure.NPS,
    "NPS": Measure.NPS,
}
ORDER_KINDS = {
    "常规保养": OrderKind.MAINTENANCE,
    "首保": OrderKind.FIRST_SERVICE,
    "普通修理": OrderKind.REPAIR,
    "事故车": OrderKind.ACCIDENT,
    "索赔": OrderKind.WARRANTY,
    "PDI": OrderKind.PDI,
    "免费活动": OrderKind.CAMPAIGN,
    "精品加装": OrderKind.ACCESSORY,
    "返修": OrderKind.COMEBACK,
}
_MOST = Decimal(99999999999999)

# The kept months of a store that goes, go with it.
follows(FactMonth, "store")
follows(Fact, "month")


@register
class TargetSheet(SheetResource):
    sheet, place, key = "月度目标", 100, ("store", "period", "measure", "staff", "team", "order_kind")
    double_column = "measure"

    store = Column("门店代码", Code(20), "store__code", required=True, refers="门店")
    period = Column("月份", Month(), "period", required=True)
    measure = Column("指标", Choice(MEASURES), "measure", required=True)
    staff = Column("工号", Code(20), "staff__work_number", refers="员工")
    team = Column("班组", Text(40), "team__name", refers="班组", refers_by=in_store("team"))
    order_kind = Column("维修类型", Choice(ORDER_KINDS), "order_kind")
    goal = Column("目标值", Number(places=4, least=Decimal(0), most=_MOST), "goal", required=True)
    floor = Column("底线", Number(places=4, least=Decimal(0), most=_MOST), "floor")
    is_signed = Column("已签认", YesNo(), "is_signed", required=True)

    def known_rows(self, keys):
        return Target.objects.filter(store__code__in={key[0] for key in keys}, period__in={key[1] for key in keys})

    def check(self, row, book):
        person = book.row("员工", row.get("staff")) if row.given("staff") else None
        if person and row.given("store") and person.get("store") not in (None, row.get("store")):
            yield "staff", _("This person belongs to store %(store)s.") % {"store": person.get("store")}
        if row.given("measure"):
            yield from _parts_that_cannot_be(row, Measure(row.get("measure")))
            yield from _figures_that_cannot_be(row, Measure(row.get("measure")))

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
                team_id=book.pk("班组", (row.get("store"), row.get("team"))) if row.given("team") else None,
                order_kind=row.get("order_kind") or "",
                **self._facts(row, book),
            )
            for row in new
        ]
        for row, target in zip(new, Target.objects.bulk_create(targets, batch_size=2000), strict=True):
            row.pk = target.pk
        Target.objects.bulk_update(
            [Target(pk=row.pk, **self._facts(row, book)) for row in changed],
            ["goal", "floor", "is_signed", "set_by", "set_at"],
        )
        read_anew = [row.pk for row in changed if {"goal", "floor"} & set(row.changes)]
        TargetSignature.objects.filter(target__in=read_anew).delete()

    @staticmethod
    def _facts(row, book) -> dict:
        return {
            "goal": row.get("goal"),
            "floor": row.get("floor"),
            "is_signed": row.get("is_signed"),
            "set_by": book.by,
            "set_at": book.at,
        }


def _parts_that_cannot_be(row, measure: Measure):
    """The same refusals as in the program: who and what a target can be of."""
    parts = [name for name in ("staff", "team", "order_kind") if row.given(name)]
    if parts and not measure.is_amount:
        yield parts[0], _("“%(measure)s” is set for the whole store only.") % {"measure": measure.label}
    elif len(parts) > 1:
        yield parts[-1], _("A target is of a team, of a person or of a type of orders, not of several.")


def _figures_that_cannot_be(row, measure: Measure):
    goal, floor = row.get("goal"), row.get("floor")
    if goal is not None and measure.unit == Unit.SHARE and goal > 2:
        yield "goal", _("Rates as a share of one: 0.96 is 96 %.")
    if goal is None or floor is None:
        return
    if is_ceiling(measure) and floor < goal:
        yield "floor", _("What is at most the goal has its floor above it.")
    if not is_ceiling(measure) and floor > goal:
        yield "floor", _("The floor can't lie above the goal.")
