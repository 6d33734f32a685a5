"""What a locked month lacks, and what a committee's votes come to: the formulas alone, with any figures."""

from collections import Counter
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commission.formulas.appeals import verdict
from commission.formulas.corrections import PaidItem, missing_lines, source_of
from commission.formulas.explanation import NamedValue, explain, recompute
from commission.formulas.lines import PersonLine
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
