"""Lengths, waits, signatures, answers."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from dealer_crm.channels.formulas import (
    SendingHours,
    is_mobile,
    is_refusal,
    is_right,
    masked_address,
    signature,
    text_parts,
    wait_after,
    with_ending,
)
from dealer_crm.channels.settings import REFUSAL_WORDS

SHANGHAI = ZoneInfo("Asia/Shanghai")
HOURS = SendingHours(begins=time(9), ends=time(20), tz=SHANGHAI)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", 0),
        ("字", 1),
        ("字" * 70, 1),
        ("字" * 71, 2),
        ("字" * 134, 2),
        ("字" * 135, 3),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
    ],
)
def test_a_text_is_billed_by_parts_of_70_alone_or_67_in_a_row(text, parts):
    assert text_parts(text) == parts


@pytest.mark.parametrize(
    ("text", "refuses"),
    [
        ("T", True), (" t ", True), ("Ｔ", True), ("TD", True), ("退订", True), ("回T", True), ("回复TD。", True),
        ("【退订】", True), ("退 订！", True), ("T恤到了吗", False), ("不退订", False), ("好的", False), ("", False),
        ("。", False), ("回", False),
    ],
)  # fmt: skip
def test_only_a_whole_answer_that_means_no_more_is_a_refusal(text, refuses):
    assert is_refusal(text, REFUSAL_WORDS.default) is refuses


def test_the_way_to_unsubscribe_stands_at_the_end_once():
    assert with_ending("您好", "退订回T") == "您好 退订回T"
    assert with_ending("您好，退订回T", "退订回T") == "您好，退订回T"
    assert with_ending("您好", "") == "您好"


@pytest.mark.parametrize(
    ("tries", "asked", "wait"),
    [
        (1, None, MINUTE), (2, None, 4 * MINUTE), (3, None, 16 * MINUTE), (5, None, 256 * MINUTE),
        (6, None, timedelta(hours=6)), (1, 10 * MINUTE, 10 * MINUTE), (3, 2 * MINUTE, 16 * MINUTE),
        (1, timedelta(days=30), timedelta(hours=6)),
    ],
)  # fmt: skip
def test_every_wait_is_four_times_the_last_and_no_shorter_than_asked(tries, asked, wait):
    assert wait_after(tries, first=MINUTE, asked=asked) == wait


@pytest.mark.parametrize(
    ("at", "moment"),
    [("15 09:00", "15 09:00"), ("15 19:59", "15 19:59"), ("15 20:00", "16 09:00"), ("15 03:10", "15 09:00")],
)
def test_customers_are_written_to_in_the_sending_hours(at, moment):
    day, clock = at.split()
    found = HOURS.next_moment(
        datetime(2026, 10, int(day), *map(int, clock.split(":")), tzinfo=SHANGHAI).astimezone(UTC)
    )
    assert f"{found.astimezone(SHANGHAI):%d %H:%M}" == moment


AT = datetime(2026, 10, 15, 2, 0, tzinfo=UTC)
SIGNED = {
    "secret": "s",
    "timestamp": str(int(AT.timestamp())),
    "nonce": "n1",
    "method": "POST",
    "path": "/a/",
    "body": b"{}",
}


@pytest.mark.parametrize(
    ("changed", "late", "right"),
    [
        ({}, 0, True), ({}, 299, True), ({}, -299, True), ({}, 301, False), ({}, -301, False),
        ({"secret": "t"}, 0, False), ({"secret": ""}, 0, False), ({"nonce": "n2"}, 0, False), ({"nonce": ""}, 0, False),
        ({"path": "/b/"}, 0, False), ({"method": "PUT"}, 0, False), ({"body": b"{ }"}, 0, False),
        ({"timestamp": "soon"}, 0, False), ({"timestamp": "²"}, 0, False), ({"timestamp": "9" * 400}, 0, False),
    ],
)  # fmt: skip
def test_a_signature_is_right_for_what_was_signed_and_for_five_minutes(changed, late, right):
    given = signature(**SIGNED)
    assert is_right(given, at=AT + timedelta(seconds=late), **{**SIGNED, **changed}) is right


def test_without_a_secret_even_its_own_signature_is_wrong():
    empty = {**SIGNED, "secret": ""}
    assert not is_right(signature(**empty), at=AT, **empty)


@pytest.mark.parametrize(
    ("number", "mobile"),
    [
        ("+8613812345678", True),
        ("+861058881234", False),
        ("+8612345678901", False),
        ("+85291234567", True),
        ("", False),
    ],
)
def test_texts_go_to_mobiles(number, mobile):
    assert is_mobile(number) is mobile


def test_addresses_are_shown_masked():
    assert [masked_address(one) for one in ("+8613812345678", "wang@example.cn", "")] == [
        "138****5678", "w***@example.cn", "—",
    ]  # fmt: skip
