"""The customers of a segment as a workbook. Source: spec `reception.md` (Segments), `people-and-roles.md` (Privacy)."""

from collections.abc import Iterator

from django.utils import translation

from dealer_crm.access.permissions import Permission
from dealer_crm.reporting.report import Column, Kind, Report, Sheet
from dealer_crm.values.phone import national_phone
from reception import queries
from reception.models import Segment

# The sheets are Chinese whatever language the person at the keyboard reads.
_LANGUAGE = "zh-hans"


def segment_report(segment: Segment, *, by, at) -> Report:
    """Phones in full only for who may export them; whoever takes the file stands in it with the time."""
    is_whole = by.can(Permission.PHONE_EXPORT)
    with translation.override(_LANGUAGE):
        return Report(
            title=f"客户分类：{segment.name}",
            file_stem=f"segment-{segment.store.code}-{segment.pk}",
            notes=[
                ("门店", f"{segment.store.code} {segment.store.name}"),
                ("分类", segment.name),
                ("电话", "完整号码，仅限本次用途" if is_whole else "已隐去中间四位"),
                ("数据时间", at),
                ("导出人", str(by)),
            ],
            sheets=[
                Sheet(
                    "客户",
                    [
                        Column("客户编号", width=18), Column("客户名称", width=22), Column("客户类型"), Column("级别"),
                        Column("价值等级"), Column("手机", width=18), Column("地区", width=18),
                        Column("拒绝回访"), Column("车牌号", width=24), Column("车型", width=24),
                        Column("最近进厂", Kind.DATE),
                    ],
                    list(_rows(segment, at, is_whole)),
                )
            ],
        )  # fmt: skip


def _rows(segment: Segment, at, is_whole: bool) -> Iterator[tuple]:
    customers = queries.rows_shown(queries.customers_in(segment, at=at)).order_by("pk")
    for customer in customers.iterator(chunk_size=2000):
        phones, cars = list(customer.phones.all()), list(customer.vehicles.all())
        yield (
            customer.code,
            customer.name,
            customer.get_kind_display(),
            customer.get_level_display(),
            customer.value_class,
            (national_phone(phones[0].number) if is_whole else str(phones[0])) if phones else "",
            customer.area,
            "是" if customer.refuses_calls else "否",
            " ".join(car.plate for car in cars),
            " ".join(dict.fromkeys(f"{car.brand} {car.series}".strip() for car in cars)),
            customer.last_visit_at,
        )
