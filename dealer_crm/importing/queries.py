"""What the import pages and the sweep ask."""

from collections import Counter
from datetime import timedelta

from django.db.models import Q

from dealer_crm.importing.models import ImportRun
from dealer_crm.importing.sheets import registered_sheets

# A step whose worker was killed is taken up again after this long; above the longest time a step may take.
LEASE = timedelta(minutes=31)


def runs_of(staff):
    """A person's imports and those of their store, newest first, without the files."""
    return ImportRun.objects.visible_to(staff).without_file().select_related("brought_by", "store")


def claimable(at):
    """Runs nobody is working on: never taken in hand since their last step, or by a worker that is long gone."""
    return ImportRun.objects.owed().filter(Q(claimed_at=None) | Q(claimed_at__lt=at - LEASE)).order_by("id")


def sheet_forms() -> list[dict]:
    """The sheets one can fill in: name, and columns with ★ for the key and ? for what may stay empty."""
    return [
        {
            "name": resource.sheet,
            "columns": [
                f"{'★' if name in resource.key else ''}{column.header}{'' if column.required else '?'}"
                for name, column in resource.fields.items()
            ],
        }
        for resource in registered_sheets()
    ]


def totals(counts: dict[str, dict[str, int]]) -> dict[str, int]:
    """New, changed, unchanged and refused rows of all sheets together."""
    total = Counter({"new": 0, "changed": 0, "unchanged": 0, "refused": 0})
    for of_sheet in counts.values():
        total.update(of_sheet)
    return dict(total)


def in_order(by_sheet: dict[str, object]) -> list[tuple[str, object]]:
    """What was kept by sheet, in the order of the sheets (the database keeps no order of keys)."""
    places = {resource.sheet: place for place, resource in enumerate(registered_sheets())}
    return sorted(by_sheet.items(), key=lambda item: places.get(item[0], len(places)))


def progress_key(run_id: int) -> str:
    return f"import {run_id}"
