"""The diagram of the car and the fingerprint of a paper: no database."""

import pytest

from reception.choices import CarPart
from reception.formulas.diagram import PARTS, part_at, place_on
from reception.formulas.signing import fingerprint


def test_the_diagram_and_the_words_know_the_same_parts():
    assert len(PARTS) == len(CarPart)
    assert {part.code for part in PARTS} == set(CarPart.values)


@pytest.mark.parametrize("code", CarPart.values)
def test_a_mark_put_on_a_part_by_the_keyboard_lies_on_that_part(code):
    assert part_at(*place_on(code)) == code


@pytest.mark.parametrize("code", CarPart.values)
def test_marks_on_one_part_stand_beside_each_other(code):
    taken = set()
    for _time in range(6):
        taken.add(place_on(code, frozenset(taken)))

    assert len(taken) == 6


@pytest.mark.parametrize(
    ("point", "part"),
    [
        ((500, 520), "roof"),
        ((500, 280), "bonnet"),
        ((500, 70), "front_bumper"),
        ((500, 930), "rear_bumper"),
        ((200, 430), "left_front_door"),
        ((800, 430), "right_front_door"),
        ((132, 284), "left_front_wheel"),
        ((868, 716), "right_rear_wheel"),
        ((5, 500), "left_sill"),  # beside the car: the nearest part
        ((500, 5), "front_bumper"),
    ],
)
def test_a_point_says_which_part_it_lies_on(point, part):
    assert part_at(*point) == part


def test_every_outline_lies_on_the_sheet_and_left_mirrors_right():
    outlines = {part.code: set(part.outline) for part in PARTS}

    assert all(0 <= x <= 1000 and 0 <= y <= 1000 for outline in outlines.values() for x, y in outline)
    for code, outline in outlines.items():
        if code.startswith("left_"):
            assert outlines[code.replace("left", "right", 1)] == {(1000 - x, y) for x, y in outline}


def test_the_fingerprint_is_of_what_is_said_and_not_of_how_it_is_kept():
    assert fingerprint({"b": 1, "a": "保养"}) == fingerprint({"a": "保养", "b": 1})
    assert fingerprint({"a": "保养"}) != fingerprint({"a": "修理"})
    assert fingerprint({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
