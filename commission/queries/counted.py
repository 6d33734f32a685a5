"""Which complaints locked pay has taken off whom. Source: spec `commission.md`, A (deductions)."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import F

from commission.choices import LineKind, RunState
from commission.formulas.corrections import CORRECTION_OF_DEDUCTION
from commission.models import StatementLine
from dealer_crm.organization.models import Store
from dealer_crm.values import Period


def counted_complaints(store: Store, numbers: Iterable[str]) -> dict[str, tuple[tuple[str, Period], ...]]:
    """Complaint → (person, month) where locked pay has taken it off and no locked correction has given it back."""
    lines = StatementLine.objects.filter(run__store=store, run__state=RunState.LOCKED).exclude(kind=LineKind.ITEM)
    taken = lines.filter(kind=LineKind.DEDUCTION, explanation__rule="verified_complaints")
    taken = taken.annotate(month=F("run__period"))
    corrections = lines.filter(kind=LineKind.CORRECTION, explanation__rule=CORRECTION_OF_DEDUCTION)
    corrections = corrections.annotate(month=F("correction__corrected_run__period"))
    latest = {}
    for found in (taken, corrections):
        for staff, item, month, explanation, recomputed, kind in found.order_by("run__period", "pk").values_list(
            "statement__staff__work_number", "item", "month", "explanation", "recomputed", "kind"
        ):
            standing = explanation if kind == LineKind.DEDUCTION else recomputed
            latest[staff, month, item] = {row["number"] for row in (standing or {}).get("rows", ())}
    counted, wanted = defaultdict(set), set(numbers)
    for (staff, month, _item), documents in latest.items():
        for number in documents & wanted:
            counted[number].add((staff, Period.parse(month)))
    return {number: tuple(sorted(found, key=lambda pair: (pair[0], str(pair[1])))) for number, found in counted.items()}
