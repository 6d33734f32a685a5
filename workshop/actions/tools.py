"""Tools and equipment (工具设备): entered, changed, reported on."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from dealer_crm.access.permissions import Permission
from dealer_crm.journal import actions as journal
from dealer_crm.journal.queries import refuse_stale
from dealer_crm.organization.models import Staff, Store
from dealer_crm.values import Refusal
from workshop.choices import ToolKind, ToolState
from workshop.models import Tool, ToolReport

_FIELDS = ("number", "name", "kind", "place", "keeper", "next_check_on")


@transaction.atomic
def enter_tool(
    *, store: Store, number: str, name: str, kind: ToolKind, by, at: datetime, place: str = "",
    keeper: Staff | None = None, next_check_on: date | None = None,
) -> Tool:  # fmt: skip
    """Put a tool on the list; it is intact until somebody says otherwise."""
    number = _checked(store, number, name, keeper)
    tool = Tool.objects.create(
        store=store, number=number, name=name.strip(), kind=kind, place=place.strip(), keeper=keeper,
        next_check_on=next_check_on,
    )  # fmt: skip
    journal.record(by=by, at=at, verb="tool.entered", subject=tool)
    return tool


@transaction.atomic
def change_tool(
    *, tool: Tool, number: str, name: str, kind: ToolKind, by, at: datetime, place: str = "",
    keeper: Staff | None = None, next_check_on: date | None = None, expected_version: int | None = None,
) -> Tool:  # fmt: skip
    """Change what the list says of a tool; its state changes by reports only."""
    tool = _locked(tool, expected_version)
    number = _checked(tool.store, number, name, keeper, other_than=tool)
    before = {name: getattr(tool, name) for name in _FIELDS}
    tool.number, tool.name, tool.kind, tool.place = number, name.strip(), kind, place.strip()
    tool.keeper, tool.next_check_on = keeper, next_check_on
    if changes := journal.changed_fields(before, tool):
        tool.version += 1
        tool.save(update_fields=[*_FIELDS, "version"])
        journal.record(by=by, at=at, verb="tool.changed", subject=tool, changes=changes)
    return tool


@transaction.atomic
def report_tool(
    *, tool: Tool, state: ToolState, note: str, by, at: datetime, next_check_on: date | None = None,
    expected_version: int | None = None,
) -> ToolReport:  # fmt: skip
    """Say what was found: a defect, a repair, a check in order. The newest report is the tool's state.

    Anybody in the workshop reports; scrapping, and taking a scrapped tool back, is the supervisor's.
    """
    tool = _locked(tool, expected_version)
    if not note.strip():
        raise Refusal(_("Say what was found or done."), field="note", code="note_missing")
    if next_check_on and next_check_on <= at.astimezone(tool.store.tz).date():
        raise Refusal(_("The next check lies in the future."), field="next_check_on", code="check_past")
    if ToolState.SCRAPPED in (state, tool.state) and not by.can(Permission.WORKSHOP_CHANGE):
        raise Refusal(
            _("Scrapping a tool, or taking a scrapped one back, is the workshop supervisor's."),
            field="state",
            code="scrapping_needs_supervisor",
        )
    before = {"state": tool.state, "next_check_on": tool.next_check_on}
    tool.state, tool.version = state, tool.version + 1
    if state == ToolState.SCRAPPED:
        tool.next_check_on = None
    elif next_check_on:
        tool.next_check_on = next_check_on
    tool.save(update_fields=["state", "next_check_on", "version"])
    report = ToolReport.objects.create(tool=tool, state=state, note=note.strip(), reported_by=by, reported_at=at)
    changes = journal.changed_fields(before, tool)
    journal.record(by=by, at=at, verb="tool.reported", subject=tool, changes=changes, note=note.strip())
    return report


def _locked(tool: Tool, expected_version: int | None) -> Tool:
    tool = Tool.objects.select_for_update(of=("self",)).select_related("store").get(pk=tool.pk)
    refuse_stale(tool, expected_version)
    return tool


def _checked(store: Store, number: str, name: str, keeper: Staff | None, other_than: Tool | None = None) -> str:
    number = " ".join(number.split()).upper()
    if not number:
        raise Refusal(_("Give the tool its number."), field="number", code="number_missing")
    if not name.strip():
        raise Refusal(_("Give the tool its name."), field="name", code="name_missing")
    others = Tool.objects.filter(store=store, number=number).exclude(pk=other_than.pk if other_than else None)
    if others.exists():
        raise Refusal(
            _("There is a tool with the number %(number)s already.") % {"number": number},
            field="number",
            code="number_taken",
        )
    if keeper and keeper.store_id != store.pk:
        raise Refusal(_("%(person)s belongs to another store.") % {"person": keeper}, field="keeper")
    return number
