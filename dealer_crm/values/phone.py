"""Phone numbers: stored in E.164, shown masked. Source: spec `people-and-roles.md` (privacy)."""

import re
from functools import cache

import phonenumbers

REGION = "CN"
_SHORTEST_AT_HOME = 9  # an area code and a number; a bare local number can't be dialled from elsewhere


def parse_phone(text: str) -> str:
    """Read a phone number as people type it and return it in E.164 (`+8613812345678`).

    Raises ValueError when it is no possible number of its country.
    """
    try:
        number = phonenumbers.parse(text, REGION)
    except phonenumbers.NumberParseException as error:
        raise ValueError(text) from error
    if not phonenumbers.is_possible_number(number) or (
        number.country_code == 86 and len(str(number.national_number)) < 9
    ):
        raise ValueError(text)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def parse_typed_phone(text: str) -> str:
    """The same for what a person types at this moment, who can be asked: a mobile at home has 11 digits, none missing
    and none too many. (What comes from elsewhere is kept as it is and put on the data-quality list.)"""
    number = parse_phone(text)
    if re.match(r"\+861[3-9]", number) and len(number) != len("+8613812345678"):
        raise ValueError(text)
    return number


def is_valid_phone(number: str) -> bool:
    """True when the number lies in a range that has been given out; false ones go to the data-quality list."""
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(number, REGION))
    except phonenumbers.NumberParseException:
        return False


@cache
def valid_numbers_pattern() -> str:
    """The numbers at home that `is_valid_phone` takes (E.164) as a pattern, for asking a whole table."""
    plan = phonenumbers.PhoneMetadata.metadata_for_region(REGION)
    kinds = (
        plan.fixed_line, plan.mobile, plan.pager, plan.toll_free, plan.premium_rate, plan.shared_cost,
        plan.personal_number, plan.voip, plan.uan, plan.voicemail,
    )  # fmt: skip
    patterns = [kind.national_number_pattern for kind in kinds if kind and kind.national_number_pattern]
    return rf"^\+86(?:{'|'.join(f'(?:{pattern})' for pattern in patterns)})$"


def national_phone(number: str) -> str:
    """The number as it is dialled at home: `13812345678`, `021-5888 1234`."""
    if number.startswith("+861") and len(number) == 14:
        return number[3:]
    try:
        parsed = phonenumbers.parse(number, REGION)
    except phonenumbers.NumberParseException:
        return number
    style = (
        phonenumbers.PhoneNumberFormat.NATIONAL
        if parsed.country_code == 86
        else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    )
    return phonenumbers.format_number(parsed, style)


def masked_phone(number: str) -> str:
    """The number as everybody may see it: `138****5678`."""
    national = national_phone(number)
    return f"{national[:3]}****{national[-4:]}" if len(national) >= 8 else "****"
