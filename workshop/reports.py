"""What the workshop puts into the paper pack, and its catalogue as a workbook."""

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from dealer_crm.access.permissions import Permission
from dealer_crm.organization.models import Staff
from dealer_crm.reporting.exports import register_export
from dealer_crm.reporting.paper import register_paper
from dealer_crm.reporting.report import Column, Kind
from reception.models import Operation, OperationHours
from workshop.choices import InspectionLevel
from workshop.forms import OperationFilter
from workshop.resources.catalogue import SKILLS


def levels(*, staff, at) -> dict:
    return {"levels": [level.label for level in InspectionLevel]}


register_paper(
    code="inspection", title=_("Job and inspection sheet (blank)"), permission=Permission.JOB_VIEW, order=60,
    is_blank=True, template="workshop/paper_inspection.html", build=levels,
)  # fmt: skip


# ── Operations catalogue: the sheet of the import workbook, so that what is taken out can be brought back ────────────
def operations_asked(staff: Staff, asked: QueryDict, at):
    found = OperationFilter(asked, Operation.objects.visible_to(staff)).qs
    rows = OperationHours.objects.filter(operation__in=found).select_related("operation__store")
    return rows.order_by("operation__store__code", "operation__code", "family")


def operation_cells(row: OperationHours, _phone) -> tuple:
    one = row.operation
    words = {value: word for word, value in SKILLS.items()}
    return (
        one.store.code, one.code, one.name, words[one.skill], row.family, row.standard_hours, one.price,
        one.duration_hours, "是" if one.is_active else "否",
    )  # fmt: skip


register_export(
    code="operations",
    title=_("Operations catalogue"),
    sheet="工时定额",
    permission=Permission.ORDER_VIEW,
    rows=operations_asked,
    cells=operation_cells,
    columns=[
        Column("门店代码", width=10),
        Column("工时代码", width=16),
        Column("名称", width=30),
        Column("技能", width=12),
        Column("车系", width=14),
        Column("标准工时", Kind.HOURS),
        Column("客户价", Kind.MONEY),
        Column("标准用时", Kind.HOURS),
        Column("是否启用", width=10),
    ],
)
