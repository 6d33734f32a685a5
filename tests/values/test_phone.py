"""Phones: read as people type them, kept in E.164, shown masked."""

import pytest

from dealer_crm.values.phone import is_valid_phone, masked_phone, national_phone, parse_phone, parse_typed_phone


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("13812345678", "+8613812345678"),
        ("138 1234 5678", "+8613812345678"),
        ("+86 138-1234-5678", "+8613812345678"),
        ("008613812345678", "+8613812345678"),
        ("021-58881234", "+862158881234"),
        ("+1 650 253 0000", "+16502530000"),
    ],
)
def test_a_number_is_kept_in_one_form_however_it_was_typed(typed, kept):
    assert parse_phone(typed) == kept


@pytest.mark.parametrize("typed", ["abc", "123", "138123456789012"])
def test_what_is_no_number_is_refused(typed):
    with pytest.raises(ValueError, match=typed):
        parse_phone(typed)


@pytest.mark.parametrize("typed", ["1391077886", "139 1077 88667", "+86 139 1077 886"])
def test_a_mobile_with_a_digit_missing_or_too_many_is_refused_where_it_is_typed(typed):
    with pytest.raises(ValueError):
        parse_typed_phone(typed)
    assert parse_phone(typed)  # a list from elsewhere says what it says


@pytest.mark.parametrize("typed", ["13910778866", "010-8520 1234", "0755-2588123", "400 810 1234", "+1 650 253 0000"])
def test_whole_numbers_of_every_kind_may_be_typed(typed):
    assert parse_typed_phone(typed) == parse_phone(typed)


@pytest.mark.parametrize(
    ("number", "valid"), [("+8613812345678", True), ("+8612012345678", False), ("+861381234567", False), ("", False)]
)
def test_numbers_of_ranges_nobody_gave_out_are_known(number, valid):
    assert is_valid_phone(number) is valid


@pytest.mark.parametrize(
    ("number", "dialled", "masked"),
    [("+8613812345678", "13812345678", "138****5678"), ("+862158881234", "021 5888 1234", "021****1234")],
)
def test_numbers_are_dialled_at_home_and_shown_masked(number, dialled, masked):
    assert (national_phone(number), masked_phone(number)) == (dialled, masked)
