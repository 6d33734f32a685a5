"""October is over: the people of a store are judged by the shipped cards."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from dealer_crm.appraisal import actions, queries
from dealer_crm.appraisal.choices import LineKind
from dealer_crm.appraisal.models import Sheet
from dealer_crm.values import Period
from tests.factories import cast

OCTOBER = Period(2026, 10)
OPENED = datetime(2026, 11, 1, 1, tzinfo=UTC)


@pytest.fixture
def people(db):
    return cast.of_store()


@pytest.fixture
def sheets(people) -> dict:
    """Everybody's sheet of October by the person, just opened."""
    actions.open_sheets(store=people.store, period=OCTOBER, at=OPENED)
    return {sheet.staff: sheet for sheet in Sheet.objects.select_related("staff", "store")}


def full_points(sheet) -> dict[int, Decimal]:
    """Full points for every entered indicator, nothing for the rest."""
    return {
        line.pk: line.indicator.points if line.indicator.kind == LineKind.INDICATOR else Decimal(0)
        for line in queries.lines_of(sheet)
        if line.is_entered
    }


def reviewed(sheet, *, by, enterer, at=OPENED + timedelta(days=5), **changed) -> Sheet:
    """The sheet through all its steps; `changed`: name of the line → points the enterer gives instead of the full."""
    lines = {line.indicator.name: line for line in queries.lines_of(sheet)}
    points = full_points(sheet) | {lines[name].pk: Decimal(value) for name, value in changed.items()}
    notes = {lines[name].pk: "当月检查记录" for name in changed}
    actions.go_on_without_self_score(store=sheet.store, at=at)
    actions.enter_points(sheet=sheet, points=points, notes=notes, by=enterer, at=at)
    return actions.finish_review(sheet=sheet, changes={}, remark="", by=by, at=at)
