"""Tools and equipment: the list, its counts, what is due."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q, QuerySet

from dealer_crm.organization.models import Staff, Store
from workshop import formulas
from workshop.choices import ToolState
from workshop.models import Tool


@dataclass(frozen=True)
class ToolCounts:
    """`due`: whose check is due or overdue. Scrapped tools count nowhere."""

    tools: int
    intact: int
    defective: int
    in_repair: int
    due: int

    @property
    def intact_rate(self) -> Decimal | None:
        """完好率: intact ÷ all that are not scrapped."""
        return formulas.intact_rate(self.intact, self.tools)


def tools_visible_to(staff: Staff) -> QuerySet[Tool]:
    return Tool.objects.visible_to(staff).select_related("store", "keeper")


def tool_counts(store: Store, day: date) -> ToolCounts:
    kept = Tool.objects.filter(store=store).exclude(state=ToolState.SCRAPPED)
    return ToolCounts(
        **kept.aggregate(
            tools=Count("pk"),
            intact=Count("pk", filter=Q(state=ToolState.INTACT)),
            defective=Count("pk", filter=Q(state=ToolState.DEFECTIVE)),
            in_repair=Count("pk", filter=Q(state=ToolState.REPAIR)),
            due=Count("pk", filter=Q(next_check_on__lte=day)),
        )
    )


def tools_to_see_to(staff: Staff, day: date) -> QuerySet[Tool]:
    """Defective tools, and those whose check is due, the oldest trouble first."""
    wanted = Q(state=ToolState.DEFECTIVE) | Q(next_check_on__lte=day)
    return tools_visible_to(staff).exclude(state=ToolState.SCRAPPED).filter(wanted).order_by("next_check_on", "number")
