"""Receivables as a workbook: what is open now, by age, how much has come in by month, what must go back.

Source: spec `reception.md` (Receipts). No phones: whoever is called about money is looked up in the program.
"""

from collections.abc import Iterator

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from dealer_crm.access.permissions import Permission
from dealer_crm.reporting import registry
from dealer_crm.reporting.report import Column, Kind, Report, Sheet
from reception import queries
from reception.models import Receivable

# The sheets are Chinese whatever language the person at the keyboard reads.
_LANGUAGE = "zh-hans"
RECOVERY_MONTHS = 12


def receivables_report(*, store, period, by, at) -> Report:
    """`period` ends the months of the recovery rate; open and overpaid money is as it stands at `at`."""
    with translation.override(_LANGUAGE):
        rows, today = Receivable.objects.of_store(store), at.astimezone(store.tz).date()
        return Report(
            title="应收款",
            file_stem=f"receivables-{store.code}-{period}",
            notes=[
                ("门店", f"{store.code} {store.name}"),
                ("期间", str(period)),
                ("说明", "应收与应退为数据时间的余额；回款率为各月有效结算截至数据时间的收回比例"),
                ("数据时间", at),
                ("导出人", str(by or "系统")),
            ],
            sheets=[
                _ageing(rows, today, store.tz),
                _recovery(rows, period, store.tz),
                _listed("应收明细", rows.unpaid().order_by("due_since", "pk"), today, store.tz),
                _listed("应退明细", rows.overpaid().order_by("-pk"), today, store.tz),
            ],
        ).held()


def _ageing(rows, today, tz) -> Sheet:
    columns = [Column("付费方"), Column("笔数", Kind.INT, total=True)] + [
        Column(title, Kind.MONEY, total=True) for title in ("0–30天", "31–60天", "61–90天", "90天以上", "未收合计")
    ]
    *by_payer, _together = queries.ageing(rows, today, tz)
    return Sheet(
        "账龄",
        columns,
        [
            (one.payer.label, one.count, one.up_to_30, one.up_to_60, one.up_to_90, one.older, one.open_amount)
            for one in by_payer
        ],
    )


def _recovery(rows, period, tz) -> Sheet:
    columns = [
        Column("结算月份"), Column("付费方"), Column("结算金额", Kind.MONEY), Column("已收", Kind.MONEY),
        Column("未收", Kind.MONEY), Column("回款率", Kind.PERCENT),
    ]  # fmt: skip
    found = queries.recovery(rows, period.shifted(1 - RECOVERY_MONTHS), period, tz)
    return Sheet(
        "回款率",
        columns,
        [
            (
                str(one.period), one.payer.label if one.payer else "合计", one.settled_amount, one.received_amount,
                one.open_amount, one.rate,
            )
            for one in found
        ],
    )  # fmt: skip


def _listed(title: str, rows, today, tz) -> Sheet:
    columns = [
        Column("工单号", width=20), Column("车牌号"), Column("客户名称", width=22), Column("维修类型"),
        Column("服务顾问"), Column("付费方"), Column("结算日期", Kind.DATE), Column("账龄（天）", Kind.INT),
        Column("应收", Kind.MONEY, total=True), Column("已收", Kind.MONEY, total=True),
        Column("余额", Kind.MONEY, total=True),
    ]  # fmt: skip
    return Sheet(title, columns, _rows(rows, today, tz))


def _rows(rows, today, tz) -> Iterator[tuple]:
    for row in rows.select_related("order__vehicle", "order__customer", "order__advisor").iterator(2000):
        yield (
            row.order.number, row.order.vehicle.plate, row.order.customer.name, str(row.order.get_kind_display()),
            row.order.advisor.name if row.order.advisor else "", str(row.get_payer_display()),
            row.due_since.astimezone(tz).date(), queries.age_in_days(row.due_since, today, tz),
            row.settled_amount, row.received_amount, row.open_amount,
        )  # fmt: skip


registry.register(
    code="receivables",
    title=_("Receivables"),
    permission=Permission.RECEIVABLE_VIEW,
    build=receivables_report,
    description=_("Open money by age and payer, recovery rate by month, what must be paid back."),
    order=45,
)
