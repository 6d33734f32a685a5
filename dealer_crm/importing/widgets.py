"""How a cell becomes a value: import-export widgets whose errors speak.

`clean` gets a plain cell (text, number, bool, date, datetime, time …), never a blank one, and returns the value or
raises `ValueError` with a sentence a person can act on. `render` gives the value as it stands in a workbook of ours.
Source: spec `interfaces.md`, import workbook.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _
from import_export.widgets import Widget

from dealer_crm.importing.cells import BrokenCell, fold_code, fold_sign, fold_text, shown
from dealer_crm.values import Period
from dealer_crm.values.phone import national_phone, parse_phone

# Excel keeps 15 significant digits; a longer number has lost its end.
_EXACT_DIGITS = 15


class CellWidget(Widget):
    """What all our widgets share: a broken cell is refused before anyone tries to make sense of it."""

    def clean(self, value, row=None, **kwargs):
        if isinstance(value, BrokenCell):
            if value.text:
                raise ValueError(_("The cell holds the Excel error %(error)s.") % {"error": value.text})
            raise ValueError(
                _("The cell holds a formula without a result; open and save the workbook in Excel, or type the value.")
            )
        return self.read(value)

    def read(self, value):
        raise NotImplementedError

    def render(self, value, obj=None, **kwargs):
        return "" if value is None else value


class Text(CellWidget):
    """A name, address or sentence of at most `longest` characters."""

    def __init__(self, longest: int):
        super().__init__()
        self.longest = longest

    def read(self, value):
        text = fold_text(value) if isinstance(value, str) else shown(value)
        if len(text) > self.longest:
            raise ValueError(_("Longer than %(limit)s characters.") % {"limit": self.longest})
        return text


class Code(CellWidget):
    """A code (order, staff number, store): folded, in capitals, without blanks inside."""

    def __init__(self, longest: int = 40):
        super().__init__()
        self.longest = longest

    def read(self, value):
        if isinstance(value, (bool, date, time, timedelta)):
            raise ValueError(_("“%(value)s” is not a code; store the column as text.") % {"value": shown(value)})
        if isinstance(value, (int, float)):
            value = whole_number_text(value)
        code = self.fold(value)
        if re.search(r"\s", code):
            raise ValueError(_("“%(value)s” has blanks inside.") % {"value": code})
        if len(code) > self.longest:
            raise ValueError(_("Longer than %(limit)s characters.") % {"limit": self.longest})
        return code

    def fold(self, text: str) -> str:
        return fold_code(text)

    def render(self, value, obj=None, **kwargs):
        """A code the database keeps as a list (the people of a line) is written when it is the only one."""
        if isinstance(value, list):
            value = value[0] if len(value) == 1 else None
        return super().render(value, obj, **kwargs)


class Plate(Code):
    """A number plate: as a code, without the blanks and dots people put after the letter of the town."""

    def __init__(self):
        super().__init__(12)

    def fold(self, text):
        return re.sub(r"[\s·•.\-・]", "", fold_code(text))


class Vin(Code):
    """A vehicle identification number: 17 letters and digits without I, O and Q (ISO 3779)."""

    def __init__(self):
        super().__init__(17)

    def read(self, value):
        code = re.sub(r"[\s\-]", "", super().read(re.sub(r"\s", "", value) if isinstance(value, str) else value))
        if not re.fullmatch(r"[A-HJ-NPR-Z0-9]{17}", code):
            raise ValueError(_("“%(value)s” is not a VIN: 17 letters and digits without I, O and Q.") % {"value": code})
        return code


class Phone(CellWidget):
    """A phone number as people type it, kept in E.164. Scientific form is read only where no digit is lost."""

    def read(self, value):
        if isinstance(value, bool) or not isinstance(value, (str, int, float)):
            raise ValueError(_("“%(value)s” is not a phone number.") % {"value": shown(value)})
        text = whole_number_text(value) if isinstance(value, (int, float)) else fold_sign(value)
        scientific = re.fullmatch(r"(\d+)(?:\.(\d+))?[eE]\+?(\d+)", text)
        if scientific:
            text = self._written_out(*scientific.groups(), text)
        elif re.fullmatch(r"\d+\.0+", text):
            text = text.split(".")[0]
        try:
            return parse_phone(text)
        except ValueError as error:
            raise ValueError(_("“%(value)s” is not a phone number.") % {"value": shown(value)}) from error

    @staticmethod
    def _written_out(whole: str, fraction: str | None, exponent: str, text: str) -> str:
        digits = whole + (fraction or "")
        missing = int(exponent) - len(fraction or "")
        if missing != 0:
            raise ValueError(
                _("“%(value)s” has lost its last digits; store the column as text and enter the number again.")
                % {"value": text}
            )
        return digits

    def render(self, value, obj=None, **kwargs):
        return national_phone(value) if value else ""


class Number(CellWidget):
    """A decimal number. `places`: digits after the point; `least`, `most`: bounds, both allowed."""

    def __init__(
        self, *, places: int, least: Decimal | None = None, most: Decimal | None = None, above: Decimal | None = None
    ):
        super().__init__()
        self.places, self.least, self.most, self.above = places, least, most, above

    def read(self, value):
        number = self.number(value)
        if number != round(number, self.places):
            raise ValueError(
                _("%(value)s has more than %(places)s digits after the point.")
                % {"value": number, "places": self.places}
            )
        self.refuse_out_of_bounds(number)
        return round(number, self.places)

    def number(self, value) -> Decimal:
        if isinstance(value, (bool, date, time, timedelta)):
            raise ValueError(_("“%(value)s” is not a number.") % {"value": shown(value)})
        if isinstance(value, (int, float)):
            return _exact(value)
        return self.number_in_text(fold_sign(value))

    def number_in_text(self, text: str) -> Decimal:
        bare = re.sub(r"^([+-]?)\s*[¥$]\s*", r"\1", text.replace("−", "-"))
        bare = re.sub(r"\s*元$", "", bare)
        if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", bare):
            bare = bare.replace(",", "")
        if not re.fullmatch(r"[+-]?(\d{1,15}(\.\d*)?|\.\d+)([eE][+-]?\d{1,2})?", bare):
            raise ValueError(_("“%(value)s” is not a number.") % {"value": shown(text)})
        return Decimal(bare)

    def refuse_out_of_bounds(self, number: Decimal) -> None:
        if self.above is not None and number <= self.above:
            raise ValueError(_("%(value)s must be above %(bound)s.") % {"value": _plain(number), "bound": self.above})
        if self.least is not None and number < self.least:
            raise ValueError(_("%(value)s is below %(bound)s.") % {"value": _plain(number), "bound": self.least})
        if self.most is not None and number > self.most:
            raise ValueError(_("%(value)s is above %(bound)s.") % {"value": _plain(number), "bound": self.most})


class Money(Number):
    """An amount in CNY to the fen; thousands commas, ¥ and 元 may stand with it."""

    def __init__(self, *, least: Decimal | None = None):
        super().__init__(places=2, least=least, most=Decimal("999999999999.99"))


class Whole(Number):
    """A whole number such as a line number or a mileage."""

    def __init__(self, *, least: int = 0, most: int = 2_147_483_647):
        super().__init__(places=0, least=Decimal(least), most=Decimal(most))

    def read(self, value):
        return int(super().read(value))


class Discount(Number):
    """折扣率 as the share taken off: 0.2 or 20 % is 八折. The other ways to say it are refused with the right one."""

    def __init__(self):
        super().__init__(places=4, least=Decimal(0), most=Decimal(1))

    def number_in_text(self, text):
        if text.endswith("%"):
            return super().number_in_text(text[:-1].strip()) / 100
        if "折" in text:
            raise ValueError(
                _("“%(value)s”: enter the share taken off as a number, 0.2 for 八折.") % {"value": shown(text)}
            )
        return super().number_in_text(text)

    def refuse_out_of_bounds(self, number):
        if not 0 <= number <= 1:
            raise ValueError(
                _("%(value)s lies outside 0 to 1: enter the share taken off, 0.2 for 八折.") % {"value": _plain(number)}
            )


class Choice(CellWidget):
    """One of a few words. `words`: word in the workbook → value; a word's own value is understood too."""

    def __init__(self, words: Mapping[str, object]):
        super().__init__()
        self.words = dict(words)
        self._known = {fold_code(word): value for word, value in words.items()}
        self._known.update({fold_code(str(value)): value for value in words.values() if isinstance(value, str)})
        self._word_of = {value: word for word, value in reversed(words.items())}

    def read(self, value):
        try:
            return self._known[fold_code(shown(value))]
        except KeyError as error:
            raise ValueError(
                _("“%(value)s” is not known; allowed: %(words)s.")
                % {"value": shown(value), "words": "、".join(self.words)}
            ) from error

    def render(self, value, obj=None, **kwargs):
        return self._word_of.get(value, "" if value is None else value)


class YesNo(CellWidget):
    """是 or 否, and what else people put there: Y/N, √/×, TRUE/FALSE, 1/0."""

    _WORDS = {
        **dict.fromkeys(["是", "Y", "YES", "TRUE", "T", "1", "√", "✓", "✔", "☑", "对", "已", "有"], True),
        **dict.fromkeys(["否", "N", "NO", "FALSE", "F", "0", "×", "✗", "✘", "X", "☐", "不", "未", "无"], False),
    }

    def read(self, value):
        try:
            return self._WORDS[fold_code(shown(value))]
        except KeyError as error:
            raise ValueError(_("“%(value)s” is neither 是 nor 否.") % {"value": shown(value)}) from error

    def render(self, value, obj=None, **kwargs):
        return "" if value is None else ("是" if value else "否")


_FIRST_DAY, _LAST_DAY = date(1950, 1, 1), date(2099, 12, 31)
_WRITTEN_DAY = re.compile(
    r"(\d{4})(?:[-/.](\d{1,2})[-/.](\d{1,2})|年(\d{1,2})月(\d{1,2})[日号]?|(\d{2})(\d{2}))"
    r"(?:[T\s]*(\d{1,2})[:时点](\d{1,2})?(?:[:分](\d{1,2})?(?:\.0+)?)?[分秒]?)?"
)


class Day(CellWidget):
    """A day: an Excel date or `2026-10-05`, `2026/10/5`, `2026.10.5`, `20261005`, `2026年10月5日`."""

    def read(self, value):
        return read_moment(value).date()

    def render(self, value, obj=None, **kwargs):
        return value


class Moment(CellWidget):
    """A moment as the store's clock shows it: the forms of `Day`, then `14:30`, `14:30:00`, `14时30分`."""

    def __init__(self, zone: ZoneInfo | None = None):
        super().__init__()
        self.zone = zone

    def read(self, value):
        moment = read_moment(value)
        return moment.replace(tzinfo=self.zone or timezone.get_default_timezone())

    def render(self, value, obj=None, **kwargs):
        if not value:
            return ""
        moment = timezone.localtime(value, self.zone or timezone.get_default_timezone())
        return moment.replace(tzinfo=None, microsecond=0)


def read_moment(value) -> datetime:
    """A date or moment without zone from a cell. Raises ValueError with a sentence."""
    if isinstance(value, datetime):
        # Excel keeps moments as fractions of a day, exact to the minute people typed but not to the last digit.
        moment = (value + timedelta(milliseconds=500)).replace(microsecond=0)
    elif isinstance(value, date):
        moment = datetime.combine(value, time.min)
    elif isinstance(value, (time, timedelta)):
        raise ValueError(_("“%(value)s” is a time of day without a date.") % {"value": shown(value)})
    else:
        moment = _moment_in_text(whole_number_text(value) if _is_number(value) else fold_sign(value), value)
    if not _FIRST_DAY <= moment.date() <= _LAST_DAY:
        raise ValueError(_("The year of %(value)s can't be right.") % {"value": moment.date().isoformat()})
    return moment


def _moment_in_text(text: str, value) -> datetime:
    match = _WRITTEN_DAY.fullmatch(re.sub(r"\s+(?=[年月日时分:])|(?<=[年月])\s+", "", text))
    if not match:
        if re.fullmatch(r"\d{1,2}:\d{2}(:\d{2})?", text):
            raise ValueError(_("“%(value)s” is a time of day without a date.") % {"value": text})
        if _is_number(value):
            raise ValueError(
                _("%(value)s is a number, not a date; give the cell a date format.") % {"value": shown(value)}
            )
        raise ValueError(
            _("“%(value)s” is not a date; write 2026-10-05, 2026/10/5 or 2026年10月5日, with 14:30 for a time.")
            % {"value": shown(text)}
        )
    year, *parts = match.groups()
    month, day = (part for part in parts[:6] if part is not None)
    hour, minute, second = (int(part or 0) for part in parts[6:])
    try:
        return datetime(int(year), int(month), int(day), hour, minute, second)  # noqa: DTZ001 - the store's zone follows
    except ValueError as error:
        raise ValueError(_("%(value)s does not exist in the calendar.") % {"value": shown(text)}) from error


class Month(CellWidget):
    """A period `2026-10`, kept as that text; also 2026/10, 2026年10月, 202610 and a date of its first day."""

    def read(self, value):
        if isinstance(value, datetime):
            value = value.date()
        if isinstance(value, date):
            if value.day != 1:
                raise ValueError(_("“%(value)s” is a day, not a month; write 2026-10.") % {"value": value.isoformat()})
            return str(Period(value.year, value.month))
        text = whole_number_text(value) if _is_number(value) else fold_sign(shown(value))
        match = re.fullmatch(
            r"(\d{4})(?:[-/.](\d{1,2})|年(\d{1,2})月?|(\d{2}))", text.translate({0x2013: "-", 0x2014: "-"})
        )
        try:
            year, *months = match.groups()
            period = Period(int(year), int(next(part for part in months if part)))
        except (AttributeError, ValueError) as error:
            raise ValueError(_("“%(value)s” is not a month; write 2026-10.") % {"value": shown(value)}) from error
        if not 1990 <= period.year <= 2099:
            raise ValueError(_("The year of %(value)s can't be right.") % {"value": period})
        return str(period)


def whole_number_text(value) -> str:
    """The digits of a number that stands for a code, phone or date. Raises ValueError when digits are lost."""
    number = _exact(value)
    if number != number.to_integral_value():
        return f"{number:f}"
    if abs(number) >= 10**_EXACT_DIGITS:
        raise ValueError(
            _("“%(value)s” has lost its last digits; store the column as text and enter the number again.")
            % {"value": shown(value)}
        )
    return str(int(number))


def _exact(value) -> Decimal:
    try:
        number = Decimal(value) if isinstance(value, int) else Decimal(f"{value:.15g}")
    except (InvalidOperation, ValueError) as error:
        raise ValueError(_("“%(value)s” is not a number.") % {"value": shown(value)}) from error
    if not number.is_finite():
        raise ValueError(_("“%(value)s” is not a number.") % {"value": shown(value)})
    return number


def _is_number(value) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"
