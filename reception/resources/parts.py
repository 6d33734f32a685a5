"""Sheet 配件目录: the parts catalogue with its purchase prices (进价).

进价 holds from 进价生效日 on, or from the day of the import; it is compared with what holds on that day, so that the
same file again changes nothing. Source: spec `kpi.md` (gross margin).
"""

from datetime import date
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from dealer_crm.access.permissions import Permission
from dealer_crm.importing.sheets import Column, SheetResource, register
from dealer_crm.importing.widgets import Choice, Code, Day, Money, Text, YesNo
from reception.choices import LineKind
from reception.models import Part, PartCost
from reception.queries.parts import costs_on

KINDS = {"配件": LineKind.PART, "精品": LineKind.ACCESSORY}
_FIELDS = ("name", "kind", "unit", "price", "is_active")


@register
class PartSheet(SheetResource):
    sheet, place, key = "配件目录", 55, ("store", "code")  # before the lines that take their cost from it
    also = {"version": "version", "store_pk": "store__pk"}

    store = Column("门店代码", Code(20), "store__code", required=True, refers="门店")
    code = Column(
        "配件编码", Code(40), "code", required=True, known_as=("零件编号", "配件代码", "零件号", "备件编码", "编码")
    )
    name = Column("名称", Text(120), "name", required=True, known_as=("配件名称", "零件名称", "备件名称"))
    kind = Column("类别", Choice(KINDS), "kind", required=True, known_as=("配件类别",))
    unit = Column("单位", Text(10), "unit", known_as=("计量单位",))
    price = Column("销售价", Money(least=Decimal(0)), "price", known_as=("含税销售价", "零售价", "建议售价"))
    unit_cost = Column(
        "进价",
        Money(least=Decimal(0)),
        "unit_cost",
        known_as=("含税进价", "采购价", "成本价", "进货价"),
        seen_by=Permission.COST_VIEW,
    )
    cost_from = Column("进价生效日", Day(), "cost_from", known_as=("生效日期", "价格生效日"))
    is_active = Column("是否启用", YesNo(), "is_active")

    def known_rows(self, keys):
        stores, codes = {store for store, _code in keys}, {code for _store, code in keys}
        return Part.objects.filter(store__code__in=stores, code__in=codes).with_cost(date.max)

    def get_queryset(self):
        return Part.objects.with_cost(date.max)

    def check(self, row, book):
        if row.given("cost_from") and not row.given("unit_cost"):
            yield "cost_from", _("A day is given, but no 进价.")

    def after_comparison(self, rows, book):
        """Of purchase prices only what is another one on its day is a change."""
        told = [row for row in rows if row.before is not None and row.given("unit_cost")]
        keys = {row.key: (row.before["store_pk"], row.get("code"), _starts_on(row, book)) for row in told}
        known = costs_on(keys.values())
        for row in told:
            held = known.get(keys[row.key])
            row.changes.pop("cost_from", None)
            row.changes.pop("unit_cost", None)
            if held != row.get("unit_cost"):
                row.changes["unit_cost"] = (held, row.get("unit_cost"))

    def touches(self, rows, book):
        yield from super().touches(rows, book)
        yield PartCost.objects.filter(part__in=[row.pk for row in rows if row.pk])

    def write(self, new, changed, book):
        parts = [
            Part(store_id=book.pk("门店", row.get("store")), code=row.get("code"), **_facts(row)) for row in new
        ]  # fmt: skip
        for row, part in zip(new, Part.objects.bulk_create(parts, batch_size=2000), strict=True):
            row.pk = part.pk
        Part.objects.bulk_update(
            [Part(pk=row.pk, version=row.before["version"] + 1, **_facts(row)) for row in changed],
            [*_FIELDS, "version"], batch_size=1000,
        )  # fmt: skip
        PartCost.objects.bulk_create(
            [
                PartCost(part_id=row.pk, starts_on=_starts_on(row, book), unit_cost=row.get("unit_cost"))
                for row in (*new, *changed)
                if row.given("unit_cost") and (row.before is None or "unit_cost" in row.changes)
            ],
            update_conflicts=True, unique_fields=["part", "starts_on"], update_fields=["unit_cost"], batch_size=2000,
        )  # fmt: skip


def _facts(row) -> dict:
    is_active = row.get("is_active")
    return {
        "name": row.get("name"), "kind": row.get("kind"), "unit": row.get("unit") or "", "price": row.get("price"),
        "is_active": True if is_active is None else is_active,
    }  # fmt: skip


def _starts_on(row, book) -> date:
    """From when a price that came in holds."""
    return row.values.get("cost_from") or timezone.localdate(book.at)
