"""What a locked month lacks, and what a committee's votes come to: the formulas alone, with any figures."""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commission.formulas.appeals import marks_passed, verdict
from commission.formulas.corrections import ChangedRow, PaidItem, changed_rows, missing_lines, source_of
from commission.formulas.explanation import NamedValue, SourceRow, explain, recompute
from commission.formulas.lines import ADJUSTMENT, DEDUCTION, ITEM, Detail, PersonLine
from commission.formulas.wording import sentence
from dealer_crm.values import Period

SEPTEMBER = Period(2026, 9)

# ── The formula alone: any items, any truth ──────────────────────────────────────────────────────────────────────────
CODES = [("A.share", "item"), ("A.complaints", "deduction"), ("C.share", "item")]
ITEMS = st.dictionaries(
    st.tuples(st.sampled_from(["A01", "T01"]), st.sampled_from(CODES), st.sampled_from(["", "机电一组", "机电二组"])),
    st.integers(min_value=-50_000, max_value=50_000),
    max_size=8,
)  # fmt: skip


def due(items) -> list[PersonLine]:
    """The lines of a month from (person, item, pool) → fen."""
    lines = []
    for (staff, (code, kind), pool), cents in items.items():
        amount = Decimal(abs(cents) if kind == "deduction" else cents) / 100
        values = (NamedValue("pool", amount, "CNY", pool), NamedValue("all", amount))
        explanation = explain("pool_share", "pool", plan="v1", values=values)
        lines.append(
            PersonLine(staff, code, code, kind, amount, Decimal(1), Decimal(1), explanation.amount, explanation)
        )
    return lines


def effect(items) -> Counter:
    """(person, item) → fen, as it changes pay."""
    sums = Counter()
    for line in due(items):
        sums[line.staff, line.code] += int(line.amount * 100) * (-1 if line.kind == "deduction" else 1)
    return Counter({key: cents for key, cents in sums.items() if cents})


def pay(paid, corrections) -> list[PaidItem]:
    """What stands paid once the corrections have been: the store's books, in short."""
    known = {item.line: item for item in paid}
    for place, line in enumerate(corrections, start=1 + max(known, default=0)):
        if line.line is None:
            is_deduction = line.explanation.rule == "correction_of_deduction"
            source = source_of(line.recomputed)
            known[place] = PaidItem(
                place, line.staff, line.code, line.title, is_deduction, Decimal(0), line.amount, source
            )
        else:
            known[line.line] = replace(known[line.line], corrected=known[line.line].corrected + line.amount)
    return list(known.values())


def standing(paid) -> Counter:
    sums = Counter()
    for item in paid:
        sums[item.staff, item.code] += int(
            ((-item.amount if item.is_deduction else item.amount) + item.corrected) * 100
        )
    return Counter({key: cents for key, cents in sums.items() if cents})


@given(ITEMS, ITEMS, ITEMS, st.randoms())
def test_paid_and_corrections_are_the_truth_in_any_order_and_only_once(first, second, third, dice):
    paid = [
        PaidItem(place, line.staff, line.code, line.title, line.kind == "deduction", line.amount,
                 source=source_of(line.explanation))
        for place, line in enumerate(due(first), start=1)
    ]  # fmt: skip
    assert missing_lines(SEPTEMBER, "v1", paid, due(first)) == ()
    for truth in (second, third):
        lines = due(truth)
        found = missing_lines(SEPTEMBER, "v1", paid, lines)
        shuffled = sorted(paid, key=lambda _item: dice.random()), sorted(lines, key=lambda _line: dice.random())
        assert missing_lines(SEPTEMBER, "v1", *shuffled) == found
        assert all(line.amount and recompute(line.explanation) == line.amount for line in found)
        paid = pay(paid, found)
        assert standing(paid) == effect(truth)
        assert missing_lines(SEPTEMBER, "v1", paid, lines) == ()


# ── One item, word for word ──────────────────────────────────────────────────────────────────────────────────────────
SHARE = PaidItem(7, "A01", "A.share", "Share of the pool", False, Decimal(100))
OFF = PaidItem(8, "A01", "A.complaints", "Complaints", True, Decimal(30))


def line_of(item, amount, *, pool="", base=0, staff=None) -> PersonLine:
    """What is due for an item today."""
    kind, amount = DEDUCTION if item.is_deduction else ITEM, Decimal(amount)
    values = (NamedValue("gross", amount), NamedValue("pool", amount, "CNY", pool))
    explanation = explain("pool_share", "pool", plan="v2", values=values)
    number = staff or item.staff
    return PersonLine(number, item.code, item.title, kind, Decimal(base), Decimal(1), Decimal(1), amount, explanation)


@pytest.mark.parametrize(
    ("paid", "due", "kept", "said"),
    [
        ([SHARE], [line_of(SHARE, 120)],
         ("correction: recomputed - paid = 20.00, line 7", "recomputed 120", "paid 100"),
         "Worked out again, this item of 2026-09 comes to 120.00; 100.00 was paid for it so far: 20.00."),
        ([replace(SHARE, corrected=Decimal(5))], [line_of(SHARE, 120)],
         ("correction: recomputed - paid - corrected = 15.00, line 7", "recomputed 120", "paid 100", "corrected 5"),
         "Worked out again, this item of 2026-09 comes to 120.00; 105.00 was paid for it so far: 15.00."),
        ([replace(SHARE, amount=Decimal(0), corrected=Decimal(5))], [line_of(SHARE, 120)],
         ("correction: recomputed - corrected = 115.00, line 7", "recomputed 120", "corrected 5"),
         "Worked out again, this item of 2026-09 comes to 120.00; 5.00 was paid for it so far: 115.00."),
        ([], [line_of(SHARE, 120)],
         ("correction: recomputed = 120.00, line None", "recomputed 120"),
         "Worked out again, this item of 2026-09 comes to 120.00; 0.00 was paid for it so far: 120.00."),
        ([SHARE], [],
         ("correction: recomputed - paid = -100.00, line 7", "recomputed 0", "paid 100"),
         "Worked out again, this item of 2026-09 comes to 0.00; 100.00 was paid for it so far: -100.00."),
        ([OFF], [line_of(OFF, 50)],
         ("correction_of_deduction: paid - recomputed = -20.00, line 8", "recomputed 50", "paid 30"),
         "Worked out again, this deduction of 2026-09 comes to 50.00; 30.00 was taken off so far: -20.00."),
        ([replace(OFF, corrected=Decimal(10))], [],
         ("correction_of_deduction: paid - recomputed - corrected = 20.00, line 8", "recomputed 0", "paid 30",
          "corrected 10"),
         "Worked out again, this deduction of 2026-09 comes to 0.00; 20.00 was taken off so far: 20.00."),
        ([], [line_of(OFF, 50)],
         ("correction_of_deduction: -recomputed = -50.00, line None", "recomputed 50"),
         "Worked out again, this deduction of 2026-09 comes to 50.00; 0.00 was taken off so far: -50.00."),
    ],
)  # fmt: skip
def test_a_correction_says_what_was_paid_and_what_is_due(paid, due, kept, said):
    [found] = missing_lines(SEPTEMBER, "v1", paid, due)
    explanation, item = found.explanation, (paid or due)[0]
    assert (found.staff, found.code, found.title, explanation.plan) == (item.staff, item.code, item.title, "v1")
    assert found.recomputed == (due[0].explanation if due else None)
    assert {(value.unit, value.label) for value in explanation.values} == {("CNY", "2026-09")}
    assert kept == (
        f"{explanation.rule}: {explanation.formula} = {found.amount}, line {found.line}",
        *(f"{value.name} {value.value}" for value in explanation.values),
    )
    template, params = sentence(explanation)
    assert template % params == said


def test_what_is_no_share_of_a_pool_has_no_source():
    assert source_of(explain("event_pay", "total(incentives)", plan="v1")) == ""


def test_adjustments_belong_to_their_own_month_and_are_never_corrected():
    assert missing_lines(SEPTEMBER, "v1", [], [replace(line_of(SHARE, 120), kind=ADJUSTMENT)]) == ()


TWO_POOLS = [replace(SHARE, line=1, source="机电二组"), replace(SHARE, line=2, source="机电一组")]


@pytest.mark.parametrize(
    ("due", "found"),
    [
        # Each beside the one from its own pool.
        ([line_of(SHARE, 101, pool="机电一组"), line_of(SHARE, 102, pool="机电二组")], [(1, "2.00"), (2, "1.00")]),
        # A team has another name now: the rest stand beside each other by pool, then by size.
        ([line_of(SHARE, 101, pool="新组"), line_of(SHARE, 102, pool="机电二组")], [(1, "2.00"), (2, "1.00")]),
        ([line_of(SHARE, 101, pool="新二组"), line_of(SHARE, 102, pool="新一组")], [(1, "1.00"), (2, "2.00")]),
        ([line_of(SHARE, 101, base=9), line_of(SHARE, 102, base=8)], [(1, "1.00"), (2, "2.00")]),
        ([line_of(SHARE, 102, pool="机电二组")], [(1, "2.00"), (2, "-100.00")]),
        ([line_of(SHARE, 100, pool=one) for one in ("机电一组", "机电二组", "新组")], [(None, "100.00")]),
    ],
)
def test_of_several_shares_each_is_corrected_by_its_own_pool(due, found):
    corrections = missing_lines(SEPTEMBER, "v1", TWO_POOLS, due)
    assert [(line.line, str(line.amount)) for line in corrections] == found


def test_corrections_stand_by_person_and_item():
    paid = [replace(OFF, line=4), replace(SHARE, line=9, staff="A02"), replace(SHARE, line=5)]
    assert [line.line for line in missing_lines(SEPTEMBER, "v1", paid, [])] == [4, 5, 9]


# ── The documents behind them ────────────────────────────────────────────────────────────────────────────────────────
def document(number, *, code="C", receiver="机电一组", before=2, now=3, order="GD81-1") -> ChangedRow:
    return ChangedRow(code, receiver, "labour", number, order, date(2026, 9, 3), Decimal(before), Decimal(now))


def test_a_correction_names_the_documents_that_count_differently_for_it():
    """Their own under the same item, and those of the pool they shared in under the same letter."""
    item = PaidItem(1, "T01", "C.share", "Share", False, Decimal(100), source="机电一组")
    changed = [
        document("of the team"),
        document("of another team", receiver="机电二组"),
        document("of another letter", code="B.installers"),
        document("their own", code="C.share", receiver="T01"),
        document("their own of another item", code="C.hours", receiver="T01"),
        document("of the store", code="A.output", receiver=""),
    ]
    for due in ([line_of(item, 90, pool="机电一组")], []):
        [found] = missing_lines(SEPTEMBER, "v1", [item], due, changed)
        assert found.explanation.rows == (
            SourceRow("changed", "labour", "of the team", date(2026, 9, 3), Decimal(2), Decimal(3), "GD81-1"),
            SourceRow("changed", "labour", "their own", date(2026, 9, 3), Decimal(2), Decimal(3), "GD81-1"),
        )
    [of_store] = missing_lines(SEPTEMBER, "v1", [SHARE], [], changed)
    assert [row.number for row in of_store.explanation.rows] == ["of the store"]
    [of_store] = missing_lines(SEPTEMBER, "v1", [], [line_of(SHARE, 90)], changed)
    assert [row.number for row in of_store.explanation.rows] == ["of the store"]
    [new] = missing_lines(SEPTEMBER, "v1", [], [line_of(item, 90, pool="机电二组")], changed)
    assert [row.number for row in new.explanation.rows] == ["of another team", "their own"]


def detail(number, counted, *, day=date(2026, 9, 3), order="GD81-1", code="C") -> Detail:
    return Detail(code, "机电一组", "labour", number, order, day, Decimal(9), Decimal(counted), "")


@pytest.mark.parametrize(
    ("counted", "known", "now", "found"),
    [
        ([detail("1", 2)], [], [detail("1", 2)], []),
        ([detail("1", 2)], [], [detail("1", 3)], [document("1")]),
        ([detail("1", 2)], [], [], [document("1", now=0)]),
        ([], [], [detail("1", 3)], [document("1", before=0)]),
        # What a correction has changed already is not told again.
        ([detail("1", 2)], [document("1", before=2, now=3)], [detail("1", 3)], []),
        ([detail("1", 2)], [document("1", before=2, now=5)], [detail("1", 3)], [document("1", before=5)]),
        # Two rows of one document count together; the day is that of whoever knows it.
        ([detail("1", 1, day=None), detail("1", 1)], [], [detail("1", 3, day=None)], [document("1")]),
        ([detail("2", 2), detail("1", 2, order="GD81-2"), detail("1", 2, code="B")], [], [],
         [document("1", code="B", now=0), document("2", now=0), document("1", order="GD81-2", now=0)]),
    ],
)  # fmt: skip
def test_documents_that_count_differently_now_are_found(counted, known, now, found):
    assert changed_rows(counted, known, now) == found


# ── A committee ──────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("votes", "granted"),
    [
        ([None, None, None], None),
        ([100, None, None], None),
        ([100, 80, None], 80),
        ([100, 80, 0], 80),
        ([0, 0, None], 0),
        ([100, 0, None], None),
        ([100, 0, 0], 0),
        ([100, None], None),  # the second may grant more or less, or reject
        ([100, 0], 100),  # even: in the person's favour
        ([100, 60], 100),
        (["0.50", 0, "0.01"], "0.01"),
        ([0, None], None),
        ([0, 0], 0),
        ([100, 50, 0, 0], 50),
        ([100, 50, 0, None], None),
        ([100, 50, 20, None], 50),
    ],
)
def test_the_votes_of_a_committee_come_to_what_half_of_its_members_grant(votes, granted):
    for order in (votes, votes[::-1]):
        given = verdict([None if vote is None else Decimal(vote) for vote in order])
        assert given == (None if granted is None else Decimal(granted))


SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(day, hour, minute=0) -> datetime:
    return datetime(2026, 10, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("named", "now", "passed"),
    [
        (at(12, 15), at(13, 14, 59), []),
        (at(12, 15), at(13, 15), ["a_day_later"]),
        (at(12, 15), at(16, 7, 59), ["a_day_later"]),
        (at(12, 15), at(16, 8), ["a_day_later", "last_day"]),
        (at(12, 15), at(17, 7, 59), ["a_day_later", "last_day"]),
        (at(12, 15), at(17, 8), ["a_day_later", "last_day", "over"]),
        # Named on the day before the last: the last morning comes first.
        (at(15, 15), at(16, 15), ["last_day", "a_day_later"]),
        # Named after a mark: nobody is reminded of what had passed already.
        (at(16, 8), at(17, 8), ["a_day_later", "over"]),
        (at(18, 9), at(30, 9), ["a_day_later"]),
    ],
)
def test_who_has_not_voted_is_reminded_after_a_day_on_the_last_morning_and_on_the_one_after(named, now, passed):
    """The last day is the 16th."""
    assert marks_passed(named, date(2026, 10, 16), now) == passed
