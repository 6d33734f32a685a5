"""The words of every page, as a template writes them."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from django.template import engines
from django.utils import timezone, translation

NOW = datetime(2026, 11, 21, 6, 30, tzinfo=UTC)  # 14:30 in Shanghai


def written(source, **values):
    with translation.override("zh-hans"):
        return engines["django"].from_string(source).render(values)


@pytest.mark.parametrize(
    ("source", "value", "result"),
    [
        ("{{ v|money }}", Decimal("1234.5"), "1,234.50"),
        ("{{ v|money }}", None, "—"),
        ("{{ v|yuan }}", Decimal(-3), "-¥3.00"),
        ("{{ v|yuan }}", None, "—"),
        ("{{ v|capitals }}", Decimal("107.5"), "壹佰零柒元伍角整"),
        ("{{ v|hours }}", Decimal("1.5"), "1.50"),
        ("{{ v|percent }}", Decimal("0.8531"), "85.3%"),
        ("{{ v|percent:0 }}", Decimal("0.8531"), "85%"),
        ("{{ v|number }}", 12345, "12,345"),
        ("{{ v|number:1 }}", Decimal("4.25"), "4.3"),
        ("{{ v|mileage }}", 12345, "12,345 km"),
        ("{{ v|mileage }}", None, "—"),
        ("{{ v|about }}", 10_000, "10,000"),
        ("{{ v|about }}", 10_001, "10,000+"),
        ("{{ v|moment_full }}", NOW, "2026-11-21 14:30"),
        ("{{ v|clock }}", NOW, "14:30"),
        ("{{ v|clock }}", None, "—"),
        ("{{ v|day }}", NOW, "2026-11-21"),
        ("{{ v|day }}", datetime(2026, 11, 21, 20, 0, tzinfo=UTC), "2026-11-22"),
        ("{{ v|day }}", date(2026, 1, 2), "2026-01-02"),
        ("{{ v|weekday }}", date(2026, 11, 21), "2026-11-21 周六"),
        ("{{ v|moment }}", date(2026, 1, 2), "2026-01-02"),
        ("{{ v|moment }}", datetime(2024, 2, 29, 6, 30, tzinfo=UTC), "2024-02-29 14:30"),
        ("{{ v|moment }}", None, "—"),
        ("{{ v|duration }}", timedelta(minutes=125), "2 小时 05 分"),
        ("{{ v|duration }}", 25, "25 分"),
        ("{{ v|duration }}", timedelta(days=2, hours=3, minutes=59), "2 天 3 小时"),
        ("{{ v|duration }}", None, "—"),
        ("{{ v|masked }}", "+8613812345678", "138****5678"),
        ("{{ v|masked_plate }}", "京A12345", "京A***45"),
        ("{{ v|plate }}", "京A12345", '<span class="plate">京A12345</span>'),
        ("{{ v|plate }}", "京AD12345", '<span class="plate plate-green">京AD12345</span>'),
        ("{{ v|plate }}", "", "—"),
        ("{{ v|or_dash }}", 0, "0"),
        ("{{ v|or_dash }}", "", "—"),
        ("{{ v|initials }}", "欧阳小明", "小明"),
        ("{{ v|initials }}", "John Smith", "JS"),
        ("{{ v|initials }}", "", "?"),
        ("{{ v|badge }}", "<草稿>", '<span class="badge badge-neutral">&lt;草稿&gt;</span>'),
        ('{{ v|badge:"danger" }}', "超时", '<span class="badge badge-danger">超时</span>'),
        ("{{ v|badge }}", None, "—"),
    ],
)
def test_a_value_is_written_as_the_house_writes_it(source, value, result):
    assert written(source, v=value) == result


def test_a_moment_of_this_year_leaves_the_year_out():
    today = timezone.localdate()
    moment = timezone.make_aware(datetime.combine(today, time(14, 30)))
    assert written("{{ v|moment }}", v=moment) == f"{today:%m-%d} 14:30"


class Waiting(str):
    label = "等配件"
    tone = "warning"


def test_a_choice_brings_its_own_label_and_tone():
    assert written("{{ v|badge }}", v=Waiting("parts")) == '<span class="badge badge-warning">等配件</span>'


@pytest.mark.parametrize(
    ("minutes", "words", "tone"),
    [
        (31, "还剩 31 分", "success"),
        (30, "还剩 30 分", "warning"),
        (1, "还剩 1 分", "warning"),
        (0, "超时 0 分", "danger"),
        (-65, "超时 1 小时 05 分", "danger"),
    ],
)
def test_a_promise_is_amber_for_its_last_half_hour_and_red_when_late(minutes, words, tone):
    due = NOW + timedelta(minutes=minutes)
    assert written("{{ v|remaining:now }} {{ v|due_tone:now }}", v=due, now=NOW) == f"{words} {tone}"


def test_no_promise_has_no_colour():
    assert written("{{ v|remaining:now }} {{ v|due_tone:now }}", v=None, now=NOW) == "— neutral"


def test_an_icon_is_silent_unless_it_has_a_label():
    assert (
        written('{% icon "car" %}')
        == '<svg class="icon" aria-hidden="true"><use href="/static/icons.svg#car"></use></svg>'
    )
    assert written('{% icon "car" "车" %}') == (
        '<svg class="icon" role="img" aria-label="车"><use href="/static/icons.svg#car"></use></svg>'
    )
    assert written("{% icon '' %}") == ""
