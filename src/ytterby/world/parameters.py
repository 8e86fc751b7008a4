"""Home to the numbers of the world: weighed claims, our own assumptions, and the sums that tables write with their
names.

Every number in the tables of `data/world` is the name of a parameter (``capacity:sep_mp``), a sum of such names
(``recipe:stoich_NdPr * recipe:rec_metal_ndpr``) or a plain number of our own choosing. A name is looked up among the
weighed claims first and among `assumptions.csv` second; what comes from the latter is marked as assumed wherever it
shows.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from ytterby.terms.errors import BadValue, UnknownName
from ytterby.world.network import CERTAIN, Uncertainty

PERCENT = ("%", "wt%", "wt_pct", "percent", "pct")
NAME = re.compile(r"[A-Za-z_]\w*(?::[A-Za-z0-9_.\-]+)+")


class WeighedLike(Protocol):
    """What the build reads of a weighed parameter (see `evidence.weigh.Weighed`)."""

    @property
    def value(self) -> float: ...
    @property
    def low(self) -> float: ...
    @property
    def high(self) -> float: ...
    @property
    def kind(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def assumed(self) -> bool: ...
    @property
    def claims(self) -> Iterable[tuple[str, float]]: ...


@dataclass(frozen=True)
class Value:
    """One number with its spread (5 % and 95 % points) and where it came from."""

    name: str
    value: float
    low: float
    high: float
    unit: str = ""
    kind: str = "point"
    assumed: bool = False
    claims: tuple[tuple[str, float], ...] = ()

    def spread(self) -> bool:
        """Whether it is uncertain at all."""
        return self.kind != "point" and self.low < self.high and self.value > 0


@dataclass(frozen=True)
class Formula:
    """What a cell says, worked out: the number, the parameters it stands on, and whether any of them is assumed."""

    value: float
    parts: tuple[Value, ...]

    @property
    def assumed(self) -> bool:
        """Whether it hangs on an assumption (a plain number in a table is one, unless it is a bare 0 or 1)."""
        return any(part.assumed for part in self.parts)


_OPERATORS: Mapping[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


class Parameters:
    """Looks numbers up by name and keeps the table of uncertain ones (row 0 is certain).

    Args:
        weighed: parameter name to weighed claim.
        assumptions: the same for our own rows; used where no claim speaks.
        overruling: assumptions that count before any claim (a project's own).
    """

    def __init__(
        self,
        weighed: Mapping[str, WeighedLike],
        assumptions: Mapping[str, Value],
        overruling: frozenset[str] = frozenset(),
    ) -> None:
        self._weighed = {name: row for name, row in weighed.items() if name not in overruling}
        self._assumptions = assumptions
        self._derived: dict[str, Value] = {}
        self._rows: list[Uncertainty] = [Uncertainty("certain", 1.0, 1.0, 1.0, "", "point", assumed=False)]
        self._row_of: dict[str, int] = {"certain": CERTAIN}

    def __contains__(self, name: str) -> bool:
        return name in self._derived or name in self._weighed or name in self._assumptions

    def derive(self, value: Value) -> None:
        """Add a number worked out from others, under its own name."""
        self._derived[value.name] = value

    def get(self, name: str, place: str = "") -> Value:
        """The number of that name.

        Raises UnknownName with the nearest names when neither a claim nor an assumption has it.
        """
        if name in self._derived:
            return self._derived[name]
        if name in self._weighed:
            return _from_weighed(name, self._weighed[name])
        if name in self._assumptions:
            return self._assumptions[name]
        raise UnknownName(name, [*self._derived, *self._weighed, *self._assumptions], what="parameter", place=place)

    def names(self) -> set[str]:
        """Every name that can be looked up."""
        return {*self._derived, *self._weighed, *self._assumptions}

    def missing(self, text: str) -> list[str]:
        """Parameter names in a cell that nothing known gives a value to."""
        return [name for name in NAME.findall(text) if name not in self]

    def formula(self, text: str, place: str = "") -> Formula:
        """Work a cell out: names, numbers, ``+ - * / ( )``, ``mean(a, b)``.

        Raises BadValue for text that is no sum, UnknownName for a name nobody gives a value to.
        """
        if text in self:
            return Formula(self.get(text).value, (self.get(text),))
        parts: list[Value] = []

        def named(match: re.Match[str]) -> str:
            parts.append(self.get(match.group(), place))
            return f"_p{len(parts) - 1}"

        written = NAME.sub(named, text)
        try:
            value = _evaluate(ast.parse(written, mode="eval").body, [part.value for part in parts])
        except (SyntaxError, ValueError, KeyError, ZeroDivisionError, RecursionError, MemoryError) as error:
            raise BadValue(
                f"'{text[:80]}' is neither a number nor a sum of parameter names",
                place=place,
                remedy="write a number such as 0.95, a parameter such as capacity:sep_mp, or their sum or product",
            ) from error
        return Formula(value, tuple(parts))

    def first(self, text: str, place: str = "") -> Formula:
        """The first of several cells parted by ``|`` whose names are all known."""
        choices = [choice.strip() for choice in text.split("|")]
        for choice in choices[:-1]:
            if choice in self:
                return self.formula(choice, place)
        return self.formula(choices[-1], place)

    def number(self, text: str, place: str = "") -> float:
        """The value of a cell, without its history."""
        return self.formula(text, place).value

    def uncertain(self, name: str, pinned: float = 1.0) -> int:
        """Row of the uncertainty table for a parameter; `CERTAIN` when it has no spread.

        `pinned` shrinks the spread (as a power of the factor): closed balances tie parameters together, so that one
        of them alone cannot be as wide as its claims.
        """
        if name not in self:
            return CERTAIN
        if name in self._row_of:
            return self._row_of[name]
        value = self.get(name)
        if not value.spread():
            self._row_of[name] = CERTAIN
            return CERTAIN
        self._row_of[name] = len(self._rows)
        self._rows.append(_row(value, pinned))
        return self._row_of[name]

    def table(self) -> tuple[Uncertainty, ...]:
        """The uncertain parameters, row 0 the certain one."""
        return tuple(self._rows)


def _from_weighed(name: str, weighed: WeighedLike) -> Value:
    scale = 0.01 if weighed.unit in PERCENT else 1.0
    claims = tuple((str(identifier), float(weight)) for identifier, weight in weighed.claims)
    return Value(
        name,
        weighed.value * scale,
        weighed.low * scale,
        weighed.high * scale,
        "share" if weighed.unit in PERCENT else weighed.unit,
        weighed.kind,
        bool(weighed.assumed),
        claims,
    )


def _row(value: Value, pinned: float) -> Uncertainty:
    median = value.value
    high = max(value.high, median) / median
    # A lower bound of zero cannot be the 5 % point of a positive amount: mirror the upper side instead.
    low = min(value.low, median) / median if value.low > 0 else 1.0 / max(high, 1.25)
    low, high = low**pinned, high**pinned
    bounded = value.kind == "beta" and median * high < 1.0
    kind = "beta" if bounded else "lognormal"
    return Uncertainty(value.name, median, median * low, median * high, value.unit, kind, value.assumed, value.claims)


def _evaluate(node: ast.expr, parts: list[float]) -> float:
    if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)) and not isinstance(node.value, bool):
        return float(node.value)
    if isinstance(node, ast.Name) and node.id.startswith("_p"):
        return parts[int(node.id[2:])]
    if isinstance(node, ast.BinOp):
        return _OPERATORS[type(node.op)](_evaluate(node.left, parts), _evaluate(node.right, parts))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_evaluate(node.operand, parts)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "mean" and node.args:
        return sum(_evaluate(each, parts) for each in node.args) / len(node.args)
    raise ValueError(ast.dump(node))
