"""The parts catalogue as the sheet of the import workbook, purchase prices included: for those who may see them."""

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dealer_crm.access.permissions import Permission
from dealer_crm.organization.models import Staff
from dealer_crm.reporting.exports import register_export
from dealer_crm.reporting.report import Column, Kind
from reception import forms, queries
from reception.models import Part
from reception.resources.parts import KINDS

_WORDS = {kind: word for word, kind in KINDS.items()}


def parts_asked(staff: Staff, asked: QueryDict, at):
    parts = queries.parts_visible_to(staff, timezone.localdate(at))
    return forms.CostedPartFilter(asked, parts).qs.order_by("store__code", "code")


def part_cells(part: Part, _phone) -> tuple:
    return (
        part.store.code, part.code, part.name, _WORDS[part.kind], part.unit, part.price, part.unit_cost, part.cost_from,
        "是" if part.is_active else "否",
    )  # fmt: skip


register_export(
    code="parts",
    title=_("Parts catalogue"),
    sheet="配件目录",
    permission=Permission.COST_VIEW,
    rows=parts_asked,
    cells=part_cells,
    columns=[
        Column("门店代码", width=10),
        Column("配件编码", width=16),
        Column("名称", width=30),
        Column("类别", width=8),
        Column("单位", width=8),
        Column("销售价", Kind.MONEY),
        Column("进价", Kind.MONEY),
        Column("进价生效日", Kind.DATE),
        Column("是否启用", width=10),
    ],
)
