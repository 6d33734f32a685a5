"""The explanation stored with every amount, and the amount worked out again from it alone.

Source: spec `commission.md` ("every fen is explained"). Nothing is computed beside an explanation: `explain` writes
down the formula, the values and the rows and then *reads the amount off them* with the same `recompute` that anybody
may run on the stored JSON years later.

A formula is plain arithmetic over named values: + − × ÷, brackets, and three words.
`total(group)` adds the counted amounts of the source rows of a group, `positive(x)` is x or zero if that is more,
`least(x, y)` the smaller one. It is a notation to be read, not a language to program in: plans have no formulas.
"""

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal, localcontext
from typing import Any

from dealer_crm.values import fen, share_out

# How an amount is rounded. FEN: half-up to the fen. SHARE: the total to the fen, then largest remainder over `shares`.
# RATE: four decimals, for reading. EXACT: as it is.
FEN, SHARE, RATE, EXACT = "fen", "share", "rate", "exact"

# Fifty digits, of which the last thirty are dropped before a half-up decision: a quotient that would be exactly half a
# fen must not fall to either side by the digits that did not fit.
_DIGITS = Context(prec=50, rounding=ROUND_HALF_EVEN)
_SETTLED = Decimal("1E-20")
_RATE_STEP = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class NamedValue:
    """A value put into a formula. `label`: whose or which, as people say it. `figure`: the explained figure it is."""

    name: str
    value: Decimal
    unit: str = "CNY"
    label: str = ""
    figure: str = ""


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A document behind an amount: what it says (`value`) and what of it counts. `note`: why it counts differently (a
    code of `wording.NOTICES`), or what somebody gave as the reason, in their words."""

    group: str
    kind: str
    number: str
    day: date | None
    value: Decimal
    counted: Decimal
    order: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    """One receiver's weight in a sharing, ordered by key for ties."""

    key: str
    weight: Decimal


@dataclass(frozen=True, slots=True)
class Explanation:
    """`rule` chooses the sentence; `part` says which of the `shares` this amount is; `plan` is the plan version."""

    rule: str
    formula: str
    amount: Decimal
    plan: str
    unit: str
    values: tuple[NamedValue, ...] = ()
    rows: tuple[SourceRow, ...] = ()
    rounding: str = FEN
    shares: tuple[Share, ...] = ()
    part: str = ""

    def value(self, name: str) -> Decimal:
        return next(known.value for known in self.values if known.name == name)


def explain(rule: str, formula: str, *, plan: str, rounding: str = FEN, unit: str = "CNY", **parts: Any) -> Explanation:
    """Write an explanation down and read its amount off it."""
    draft = Explanation(rule, formula, Decimal(0), plan, rounding=rounding, unit=unit, **parts)
    return replace(draft, amount=recompute(draft))


def recompute(explanation: Explanation) -> Decimal:
    """The amount, from what the explanation says and nothing else. Raises ValueError when it doesn't make sense."""
    value = exact(explanation)
    match explanation.rounding:
        case "fen":
            return _to_fen(value)
        case "share":
            parts = share_out(_to_fen(value), [share.weight for share in explanation.shares])
            keys = [share.key for share in explanation.shares]
            return parts[keys.index(explanation.part)]
        case "rate":
            return value.quantize(_SETTLED).quantize(_RATE_STEP, rounding=ROUND_HALF_UP)
        case "exact":
            return value
    raise ValueError(f"unknown rounding: {explanation.rounding}")


def exact(explanation: Explanation) -> Decimal:
    """What the formula comes to before any rounding."""
    with localcontext(_DIGITS):
        return _evaluate(ast.parse(explanation.formula, mode="eval").body, _scope(explanation))


def worked_formula(explanation: Explanation, written: Callable[[Decimal, str], str]) -> str:
    """The formula with the values in it: `(167.4 × 120.00 − 652.00) ÷ 1.17 × 18 %`. `written(value, unit)` formats."""
    with localcontext(_DIGITS):
        return _worked(ast.parse(explanation.formula, mode="eval").body, _scope(explanation), written)


def group_totals(explanation: Explanation) -> dict[str, tuple[Decimal, str]]:
    """The groups of rows the formula adds up: their counted total and its unit, groups without rows included."""
    scope = _scope(explanation)
    calls = (node for node in ast.walk(ast.parse(explanation.formula, mode="eval")) if isinstance(node, ast.Call))
    groups = {node.args[0].id for node in calls if node.func.id == "total"}
    return {group: scope.total(group) for group in sorted(groups)}


def to_json(explanation: Explanation) -> dict[str, Any]:
    """Plain JSON, numbers as text so that no digit is lost."""
    return {
        "rule": explanation.rule,
        "formula": explanation.formula,
        "amount": str(explanation.amount),
        "unit": explanation.unit,
        "rounding": explanation.rounding,
        "plan": explanation.plan,
        "values": [
            {"name": v.name, "value": str(v.value), "unit": v.unit, "label": v.label, "figure": v.figure}
            for v in explanation.values
        ],
        "shares": [[share.key, str(share.weight)] for share in explanation.shares],
        "part": explanation.part,
        "rows": [
            {
                "group": row.group,
                "kind": row.kind,
                "number": row.number,
                "day": row.day.isoformat() if row.day else None,
                "value": str(row.value),
                "counted": str(row.counted),
                "order": row.order,
                "note": row.note,
            }
            for row in explanation.rows
        ],
    }


def from_json(stored: Mapping[str, Any]) -> Explanation:
    """Read what `to_json` wrote."""
    return Explanation(
        rule=stored["rule"],
        formula=stored["formula"],
        amount=Decimal(stored["amount"]),
        unit=stored["unit"],
        rounding=stored["rounding"],
        plan=stored["plan"],
        values=tuple(NamedValue(**{**value, "value": Decimal(value["value"])}) for value in stored["values"]),
        shares=tuple(Share(key, Decimal(weight)) for key, weight in stored["shares"]),
        part=stored["part"],
        rows=tuple(_row(row) for row in stored["rows"]),
    )


def _row(stored: Mapping[str, Any]) -> SourceRow:
    numbers = {"value": Decimal(stored["value"]), "counted": Decimal(stored["counted"])}
    return SourceRow(**{**stored, **numbers, "day": date.fromisoformat(stored["day"]) if stored["day"] else None})


def _to_fen(value: Decimal) -> Decimal:
    with localcontext(_DIGITS):
        return fen(value.quantize(_SETTLED)) + 0  # no −0.00


@dataclass(frozen=True, slots=True)
class _Scope:
    """Values by name and totals of rows by group, each with its unit."""

    values: Mapping[str, tuple[Decimal, str]]
    totals: Mapping[str, tuple[Decimal, str]]

    def total(self, group: str) -> tuple[Decimal, str]:
        """A group without rows adds up to nothing."""
        return self.totals.get(group, (Decimal(0), ""))


# What the rows of a kind count, where it is not money.
ROW_UNITS = {
    "labour": "hours",
    "hour_deduction": "hours",
    "settlement": "cars",
    "complaint": "count",
    "score": "score",
    "appointment": "count",
}


def _scope(explanation: Explanation) -> _Scope:
    totals: dict[str, tuple[Decimal, str]] = {}
    for row in explanation.rows:
        so_far, unit = totals.get(row.group, (Decimal(0), ROW_UNITS.get(row.kind, "CNY")))
        totals[row.group] = (so_far + row.counted, unit)
    return _Scope({value.name: (value.value, value.unit) for value in explanation.values}, totals)


_OPERATORS = {
    ast.Add: (operator.add, "+", 1),
    ast.Sub: (operator.sub, "−", 1),
    ast.Mult: (operator.mul, "×", 2),
    ast.Div: (operator.truediv, "÷", 2),
}


def _evaluate(node: ast.expr, scope: _Scope) -> Decimal:
    match node:
        case ast.Name(id=name) if name in scope.values:
            return scope.values[name][0]
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            return _OPERATORS[type(op)][0](_evaluate(left, scope), _evaluate(right, scope))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_evaluate(operand, scope)
        case ast.Call(func=ast.Name(id="total"), args=[ast.Name(id=group)]):
            return scope.total(group)[0]
        case ast.Call(func=ast.Name(id="positive"), args=[inner]):
            return max(_evaluate(inner, scope), Decimal(0))
        case ast.Call(func=ast.Name(id="least"), args=[left, right]):
            return min(_evaluate(left, scope), _evaluate(right, scope))
    raise ValueError(f"not part of a pay formula: {ast.unparse(node)}")


def _worked(node: ast.expr, scope: _Scope, written: Callable[[Decimal, str], str]) -> str:
    node = _deciding(node, scope)
    match node:
        case None:
            return written(Decimal(0), "")
        case ast.Name(id=name):
            return written(*scope.values[name])
        case ast.BinOp(left=left, op=op, right=right):
            _function, sign, rank = _OPERATORS[type(op)]
            # On the right, a − (b − c) and a ÷ (b × c) keep their brackets.
            before = _bracketed(left, rank, scope, written)
            return f"{before} {sign} {_bracketed(right, rank + 1, scope, written)}"
        case ast.UnaryOp(operand=operand):
            return f"−{_bracketed(operand, 2, scope, written)}"
        case ast.Call(args=[ast.Name(id=group)]):
            return written(*scope.total(group))
    raise ValueError(f"not part of a pay formula: {ast.unparse(node)}")


def _bracketed(node: ast.expr, rank: int, scope: _Scope, written: Callable[[Decimal, str], str]) -> str:
    """Brackets around what binds less tightly than its surroundings: sums 1, products 2, the rest stands alone."""
    text = _worked(node, scope, written)
    return text if _binding(node, scope) >= rank else f"({text})"


def _binding(node: ast.expr, scope: _Scope) -> int:
    match _deciding(node, scope):
        case ast.BinOp(op=op):
            return _OPERATORS[type(op)][2]
        case ast.UnaryOp(operand=operand):
            return 2 if _binding(operand, scope) == 2 else 3  # −a × b is a product, −(a + b) stands alone
    return 3


def _deciding(node: ast.expr, scope: _Scope) -> ast.expr | None:
    """See through `positive` and `least` to the piece that decides; None when that is zero."""
    match node:
        case ast.Call(func=ast.Name(id="positive"), args=[inner]):
            return _deciding(inner, scope) if _evaluate(inner, scope) >= 0 else None
        case ast.Call(func=ast.Name(id="least"), args=[left, right]):
            return _deciding(left if _evaluate(left, scope) <= _evaluate(right, scope) else right, scope)
    return node
