"""A figure: a threshold, rate or deadline a supervisor can see and change, with the day from which it holds.

Every app declares its figures in `<app>/settings.py`; `dealer_crm.organization.queries.figure` reads the one in force.
Source: spec `README.md`, conventions.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

REGISTERED: dict[str, "Figure"] = {}


@dataclass(frozen=True)
class Figure:
    """One dated setting.

    `code`: `<app>.<name>`, stable. `default`: the shipped value, whose type (int, Decimal, bool, str, list of str) is
    the type of every later value. `unit`: what the number counts ("minutes", "days", "%", "CNY"). `source`: spec page.
    `words`: for a list of codes, what each code is called; then only these codes can be chosen.
    """

    code: str
    default: Any
    label: Any
    unit: Any = ""
    source: str = ""
    words: Any = None

    def __post_init__(self):
        known = REGISTERED.get(self.code)
        if known is not None and known != self:
            raise ValueError(f"figure declared twice: {self.code}")
        REGISTERED[self.code] = self

    def read(self, stored: Any) -> Any:
        """Turn a stored JSON value into the figure's own type. Raises ValueError when it can't be."""
        if isinstance(self.default, bool):
            return bool(stored)
        if isinstance(self.default, Decimal):
            try:
                return Decimal(str(stored))
            except ArithmeticError as error:
                raise ValueError(str(stored)) from error
        if isinstance(self.default, int):
            return int(stored)
        if isinstance(self.default, list):
            return [str(item) for item in stored]
        return str(stored)

    def stored(self, value: Any) -> Any:
        """The JSON form of a value."""
        return str(value) if isinstance(self.default, Decimal) else value
