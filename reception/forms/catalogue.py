"""What of a line editor can be read while somebody is still filling it in."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from reception.choices import LineKind
from reception.forms.lines import PREFIX

LINES_AT_MOST = 400


@dataclass(frozen=True)
class TypedLine:
    kind: LineKind
    code: str
    quantity: Decimal


def typed_lines(asked) -> list[TypedLine]:
    """The rows that say how much of what; half-typed and removed ones are left out."""
    total = asked.get(f"{PREFIX}-TOTAL_FORMS", "")
    rows = range(min(int(total), LINES_AT_MOST) if total.isdecimal() else 0)
    return [line for row in rows if (line := _typed(asked, f"{PREFIX}-{row}"))]


def _typed(asked, row: str) -> TypedLine | None:
    name, kind = asked.get(f"{row}-name", "").strip(), asked.get(f"{row}-kind", "")
    if not name or kind not in LineKind.values or asked.get(f"{row}-DELETE"):
        return None
    try:
        quantity = Decimal(asked.get(f"{row}-quantity", ""))
    except InvalidOperation:
        return None
    if not 0 < quantity < 1000:
        return None
    return TypedLine(LineKind(kind), asked.get(f"{row}-code", ""), quantity)
