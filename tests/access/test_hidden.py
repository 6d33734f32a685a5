"""Values behind a permission of their own: every word that guards one means something, and the right people read it."""

import pytest
from django.apps import apps

from dealer_crm.access.hidden import HIDDEN
from dealer_crm.access.permissions import Permission
from dealer_crm.access.roles import PERMISSIONS, Role
from dealer_crm.importing.sheets import registered_sheets
from dealer_crm.journal import guards, verbs
from dealer_crm.journal.models import Entry
from dealer_crm.journal.queries import seen_by
from reception.models import OrderLine, Settlement

READERS = {role for role, allowed in PERMISSIONS.items() if Permission.JOURNAL_VIEW in allowed}


class Reader:
    def __init__(self, role: Role):
        self.role = role

    def can(self, permission: Permission) -> bool:
        return permission in PERMISSIONS[self.role]


@pytest.mark.parametrize(
    ("sees", "name"),
    [
        (guards.sees_change, "unit_cost"),
        (guards.sees_deed, "run.computed"),
        (guards.sees_deed, "statement.checked"),
        (guards.sees_deed, "plan.changed"),
        (guards.sees_thing, "commission.adjustment"),
        (guards.sees_thing, "commission.incentive"),
        (guards.sees_thing, "commission.coefficientchange"),
    ],
)
def test_of_those_who_read_the_journal_only_the_administrator_is_not_told_costs_and_pay(sees, name):
    assert {role for role in READERS if sees(Reader(role), name)} == READERS - {Role.ADMIN}


@pytest.mark.parametrize(
    "app", ["reception", "workshop", "callback", "complaints", "satisfaction", "commission", "kpi", "appraisal"]
)
def test_who_keeps_accounts_reads_in_the_journal_that_something_was_done_but_not_with_whom(app):
    thing = next(iter(apps.get_app_config(app).get_models()))._meta.label_lower
    assert {role for role in READERS if guards.sees_business(Reader(role), thing)} == READERS - {Role.ADMIN}
    line = Entry(subject_type=thing, subject_label="京A12345 李明", verb="x.y", changes={"plate": [None, "京A12345"]})
    seen = seen_by(Reader(Role.ADMIN), line, of_everything=True)
    assert (seen.thing, seen.changes) == (HIDDEN, {"plate": [None, HIDDEN]})
    if app != "commission":  # on the page of the thing itself, which asks for its own permission, it is told
        assert seen_by(Reader(Role.ADMIN), line).thing == "京A12345 李明"
    assert guards.sees_business(Reader(Role.ADMIN), "organization.staff")


def test_every_guard_of_the_journal_guards_something():
    """A word nobody uses, or misspelt, would guard nothing."""
    fields = {field.name for model in (OrderLine, Settlement) for field in model._meta.fields}
    known = fields | set(verbs.known()) | {model._meta.label_lower for model in apps.get_models()}
    assert set(guards._kept) - known == set()


def test_purchase_prices_are_the_guarded_columns_of_the_import():
    guarded = {
        (sheet.sheet, column.header): column.seen_by
        for sheet in registered_sheets()
        for column in sheet.fields.values()
        if column.seen_by
    }
    assert guarded == dict.fromkeys([("配件目录", "进价"), ("工单项目", "成本单价")], Permission.COST_VIEW)
