"""What is written beside the program (psql, a script) is noted by the database; what the program does is told once."""

import pytest
from django.db import connection, transaction

from dealer_crm.journal.models import Entry
from dealer_crm.journal.queries import entries_about, read_lines
from dealer_crm.journal.receivers import SETTING
from reception import actions
from reception.choices import OrderState
from reception.models import Customer, Receipt, RepairOrder, Settlement
from tests.factories.reception import MORNING, RepairOrderFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def by_hand():
    """Run SQL as somebody who is not the program."""

    def run(statement: str, *values):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL {SETTING} = ''")
            cursor.execute(statement, values)
            cursor.execute(f"SET LOCAL {SETTING} = 'on'")

    return run


@pytest.mark.parametrize(
    ("table", "model", "column", "value"),
    [
        ("reception_repairorder", RepairOrder, "symptoms", "改了"),
        ("reception_settlement", Settlement, "number", "JS-9"),
        ("reception_receipt", Receipt, "note", "改了"),
        ("reception_customer", Customer, "address", "改了"),
    ],
)
def test_a_row_changed_by_hand_is_a_line_with_role_and_both_values(people, by_hand, table, model, column, value):
    RepairOrderFactory(advisor=people.advisor, state=OrderState.SETTLED, paid=True)
    row = model.objects.get()
    before = getattr(row, column)
    assert not Entry.objects.filter(verb__startswith="database.").exists()

    by_hand(f"UPDATE {table} SET {column} = %s WHERE id = %s", value, row.pk)

    line = Entry.objects.get(verb__startswith="database.")
    assert (line.verb, line.subject_type, line.subject_id) == ("database.updated", model._meta.label_lower, str(row.pk))
    assert line.changes == {column: [before, value]}
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_user")
        assert (line.by_id, line.by_name) == ("", cursor.fetchone()[0])
    assert line.origin.startswith("database")


def test_rows_put_in_and_taken_out_by_hand_are_told_in_the_story_with_their_store(people, by_hand):
    order = RepairOrderFactory(advisor=people.advisor, lines=0)
    by_hand("DELETE FROM reception_promise WHERE order_id = %s", order.pk)  # a table nobody watches
    by_hand("DELETE FROM reception_repairorder WHERE id = %s", order.pk)
    by_hand(
        "INSERT INTO reception_customer (code, store_id, name, name_pinyin, kind, gender, area, address,"
        " contact_channel, source, level, tags, no_call_reason, no_text_reason, value_class, created_at, version)"
        " VALUES ('X', %s, '张三', '', 'person', '', '', '', 'phone', '', 'ordinary', '{}', '', '', '', now(), 1)",
        people.store.pk,
    )

    (gone,) = read_lines(entries_about(order))
    assert (gone.words, gone.entry.store_code) == ("直接在数据库中删除", people.store.code)
    (made,) = entries_about(Customer.objects.get(code="X"))
    assert (made.verb, made.subject_label, made.changes) == ("database.inserted", "张三", {})


def test_what_the_program_does_is_told_once(people):
    order = RepairOrderFactory(advisor=people.advisor)

    actions.edit_order(order=order, by=people.advisor, at=MORNING, symptoms="抖动")

    assert [line.verb for line in entries_about(order)] == ["repair_order.changed"]
    assert not Entry.objects.filter(verb__startswith="database.").exists()
