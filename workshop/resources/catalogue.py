"""Sheet 工时定额: the operations catalogue, one row for each operation and model family.

What belongs to the operation itself (name, skill, price …) stands in each of its rows and must be the same in all.
Source: spec `workshop.md` (import/export as a spreadsheet).
"""

from collections import defaultdict
from decimal import Decimal

from django.db.models import F
from django.utils.translation import gettext as _

from dealer_crm.importing.sheets import Column, SheetResource, register
from dealer_crm.importing.widgets import Choice, Code, Money, Number, Text, YesNo
from reception.actions.catalogue import HOURS_AT_MOST
from reception.choices import Skill
from reception.models import Operation, OperationHours

SKILLS = {
    "保养": Skill.MAINTENANCE,
    "机修": Skill.MECHANICAL,
    "电器": Skill.ELECTRICAL,
    "诊断": Skill.DIAGNOSIS,
    "新能源高压": Skill.HIGH_VOLTAGE,
    "钣金": Skill.BODY,
    "喷漆": Skill.PAINT,
    "加装": Skill.FITTING,
}
_HOURS = {"places": 2, "above": Decimal(0), "most": HOURS_AT_MOST}
_OF_OPERATION = ("name", "skill", "price", "duration_hours", "is_active")


@register
class OperationSheet(SheetResource):
    sheet, place, key = "工时定额", 150, ("store", "code", "family")
    double_column = "family"

    store = Column("门店代码", Code(20), "operation__store__code", required=True, refers="门店")
    code = Column(
        "工时代码", Code(40), "operation__code", required=True, known_as=("项目代码", "作业代码", "工时编码", "工位码")
    )
    name = Column("名称", Text(120), "operation__name", required=True, known_as=("项目名称", "作业名称", "维修项目"))
    skill = Column("技能", Choice(SKILLS), "operation__skill", required=True, known_as=("工种",))
    family = Column("车系", Text(40), "family", known_as=("车型系列", "适用车系"))
    standard_hours = Column(
        "标准工时", Number(**_HOURS), "standard_hours", required=True, known_as=("定额工时", "工时", "工时定额")
    )
    price = Column("客户价", Money(least=Decimal(0)), "operation__price", known_as=("工时费", "客户价格"))
    duration_hours = Column("标准用时", Number(**_HOURS), "operation__duration_hours")
    is_active = Column("是否启用", YesNo(), "operation__is_active")

    def known_rows(self, keys):
        return OperationHours.objects.filter(operation__in=self._operations((store, code) for store, code, _ in keys))

    def load(self, keys, *, lock=False):
        """The operation is locked before its hours, as by the page."""
        if lock:
            operations = self._operations((store, code) for store, code, _family in keys)
            list(operations.order_by("pk").select_for_update().values_list("pk"))
        return super().load(keys, lock=lock)

    def check_all(self, rows, book):
        first = {}
        for row in rows:
            if row.key is None:
                continue
            earlier = first.setdefault(row.key[:2], row)
            for name in _OF_OPERATION:
                if row.given(name) and earlier.given(name) and row.values[name] != earlier.values[name]:
                    yield (
                        row,
                        name,
                        _("Row %(row)s says something else of the same operation.") % {"row": earlier.number},
                    )

    def touches(self, rows, book):
        yield self._operations(row.key[:2] for row in rows if row.key)
        yield from super().touches(rows, book)

    def write(self, new, changed, book):
        known = self._write_operations([*new, *changed], book)
        hours = [
            OperationHours(
                operation_id=known[row.key[:2]],
                family=row.get("family") or "",
                standard_hours=row.get("standard_hours"),
            )
            for row in new
        ]
        for row, one in zip(new, OperationHours.objects.bulk_create(hours, batch_size=2000), strict=True):
            row.pk = one.pk
        OperationHours.objects.bulk_update(
            [OperationHours(pk=row.pk, standard_hours=row.get("standard_hours")) for row in changed],
            ["standard_hours"],
            batch_size=1000,
        )

    def _write_operations(self, rows, book) -> dict[tuple, int]:
        """Make or change the operations of these rows; (store, code) → id. A blank cell says nothing."""
        said = defaultdict(dict)
        for row in rows:
            said[row.key[:2]] |= {name: row.values[name] for name in _OF_OPERATION if row.given(name)}
        standing = {(one.store.code, one.code): one for one in self._operations(said).select_related("store")}
        made = Operation.objects.bulk_create(
            [
                Operation(store_id=book.pk("门店", store), code=code, **facts)
                for (store, code), facts in said.items()
                if (store, code) not in standing
            ],
            batch_size=2000,
        )
        Operation.objects.filter(pk__in=[one.pk for one in standing.values()]).update(version=F("version") + 1)
        for key, operation in standing.items():
            for name, value in said[key].items():
                setattr(operation, name, value)
        Operation.objects.bulk_update(standing.values(), _OF_OPERATION, batch_size=1000)
        stores = {book.pk("门店", store): store for store, _code in said}
        return {key: one.pk for key, one in standing.items()} | {
            (stores[one.store_id], one.code): one.pk for one in made
        }

    @staticmethod
    def _operations(keys):
        stores, codes = set(), set()
        for store, code in keys:
            stores.add(store)
            codes.add(code)
        return Operation.objects.filter(store__code__in=stores, code__in=codes)
