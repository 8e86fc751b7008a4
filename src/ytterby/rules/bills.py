"""Home to bills of materials: which thing is made of how many of which, read from CSV, JSON or Excel.

One line per use: `parent`, `child`, `quantity` (how many of the child in one parent). What is known of a thing stands
on any line where it is the child, or on a line of its own without a parent: `value_usd` and `mass_kg` of one piece,
`origin`, `technology_origin`, `material`, mass fractions (`Dy`, `Tb`, `Nd` ...), `recycled` (the share of its rare
earths that comes from recycling), `cots` (yes or no: commercial off the shelf). Numbers are read exactly, as written:
``0.1`` is one tenth.

A composition is told whole: where one fraction is told, the others are 0. In a bill that tells any, a part without one
and of no material that carries rare earths holds none; a magnet, an alloy, a motor without one is unknown.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Literal

from ytterby.rules import sheets
from ytterby.rules.columns import SYMBOLS
from ytterby.rules.facts import Facts, Item
from ytterby.rules.sheets import Row
from ytterby.terms.errors import BadValue, InputError, Unbalanced, UnknownName, shown
from ytterby.terms.materials import material
from ytterby.terms.places import place

AMOUNTS = ("value_usd", "mass_kg", "recycled")
TEXTS = ("origin", "technology_origin", "material", "name", "cots")
COLUMNS = ("parent", "child", "quantity", *AMOUNTS, *TEXTS, *SYMBOLS)
"""Names a column may have; a symbol's column holds its mass fraction."""

LONGEST_NUMBER = 40
"""Characters a number may have: more digits than any price or weight, and no room for an exponent that fills memory."""

LONGEST_LOOP = 8
"""Things of a loop that an error names."""

FLAGS = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}

Amount = Literal["value", "mass"]


@dataclass(frozen=True, slots=True)
class Thing:
    """What is known of one thing; None and empty text: not told."""

    id: str
    value: Fraction | None = None
    """USD a piece."""
    mass: Fraction | None = None
    """kg a piece."""
    origin: str = ""
    technology: str = ""
    material: str = ""
    """Id of a material of `terms.materials`, or whatever else was written."""
    form: str = ""
    """Form of that material (`clauses.Form`); empty where it is none of `terms.materials`."""
    carries: frozenset[str] = frozenset()
    """Elements that the material has by its nature, in whatever share."""
    composition: tuple[tuple[str, Fraction], ...] | None = None
    """Mass fractions by element."""
    recycled: Fraction | None = None
    cots: bool | None = None
    place: str = ""
    """Where it stands in the file, for errors."""

    def told(self, amount: Amount) -> Fraction | None:
        """USD or kg a piece."""
        return self.value if amount == "value" else self.mass


@dataclass(frozen=True)
class Bill:
    """A bill of materials: things, and the uses of one in another."""

    things: Mapping[str, Thing]
    uses: tuple[tuple[str, str, Fraction], ...]
    """(parent, child, how many)."""
    name: str = "the bill"

    @cached_property
    def parts(self) -> Mapping[str, tuple[tuple[str, Fraction], ...]]:
        """What each thing that is made of others is made of: (child, how many)."""
        found: dict[str, list[tuple[str, Fraction]]] = {}
        for parent, child, count in self.uses:
            found.setdefault(parent, []).append((child, count))
        return {parent: tuple(children) for parent, children in found.items()}

    @cached_property
    def order(self) -> tuple[str, ...]:
        """Every thing, each after everything it is part of."""
        return _ordered(self)

    @cached_property
    def composed(self) -> bool:
        """Whether the bill tells what any part is composed of."""
        return any(thing.composition is not None for thing in self.things.values())

    @cached_property
    def roots(self) -> tuple[str, ...]:
        """Things that are part of nothing."""
        children = {child for _, child, _ in self.uses}
        return tuple(name for name in self.things if name not in children)

    def elements(self, thing: Thing) -> tuple[tuple[str, Fraction], ...] | None:
        """Mass fractions of a thing; None where nobody told them, see the head of this module."""
        if thing.composition is not None:
            return thing.composition
        return () if self.composed and not thing.form else None


def load(path: Path) -> Bill:
    """The bill in a ``.csv``, ``.json`` or ``.xlsx`` file.

    Raises:
        BadValue, UnknownName: with file, line and column.
        Unbalanced: a thing that is, in the end, a part of itself.
    """
    return _made(sheets.rows(path), path.name)


def of(rows: Iterable[Mapping[str, Any]], name: str = "the bill") -> Bill:
    """The bill of some rows; see `load` for the errors."""
    return _made(((f"{name}, row {number}", row) for number, row in enumerate(rows, 1)), name)


def _made(rows: Iterable[Row], name: str) -> Bill:
    told: dict[str, list[Row]] = {}
    uses: list[tuple[str, str, Fraction]] = []
    looked: set[str] = set()
    for where, row in rows:
        if not row.keys() <= looked:
            looked |= _known(row.keys() - looked, where)
        child = _text(row.get("child"))
        if not child:
            raise BadValue("no child", place=where, remedy="name the thing that the line is about")
        lines = told.setdefault(child, [])
        if not row.keys() <= _OF_THE_USE:
            lines.append((where, row))
        parent = _text(row.get("parent"))
        if parent:
            told.setdefault(parent, [])
            uses.append((parent, child, _quantity(_text(row.get("quantity")), where)))
    if not told:
        raise BadValue("the bill is empty", place=name, remedy="give lines with parent, child and quantity")
    bill = Bill({child: _thing(child, lines, name) for child, lines in told.items()}, tuple(uses), name)
    bill.order  # noqa: B018 - a loop is refused while the file is at hand
    return bill


_OF_THE_USE = frozenset({"parent", "child", "quantity"})


def _known(columns: Iterable[str], where: str) -> set[str]:
    found = set(columns)
    strange = sorted(found.difference(COLUMNS))
    if strange:
        raise UnknownName(strange[0], COLUMNS, "column", where)
    return found


Cells = Iterable[tuple[str, str, str]]
"""Column, text and place of what is told of a thing, each column once."""


def _cells(lines: Sequence[Row], child: str) -> Cells:
    """What some lines tell of a thing, where they agree."""
    told: dict[str, tuple[str, str]] = {}
    for where, row in lines:
        for column, cell in row.items():
            text = "" if column in _OF_THE_USE else _text(cell)
            if not text:
                continue
            before = told.setdefault(column, (text, where))
            if before[0] != text:
                cause = (
                    f"{column} of {shown(child)} is {shown(text)} here and {shown(before[0])} elsewhere ({before[1]})"
                )
                raise BadValue(cause, place=where, remedy="one thing has one value: mend one of the lines")
    return [(column, text, where) for column, (text, where) in told.items()]


def _thing(child: str, lines: Sequence[Row], name: str) -> Thing:
    if not lines:
        return Thing(child, place=name)
    found: dict[str, Any] = {}
    inside: list[tuple[str, Fraction]] = []
    for column, text, where in _cells(lines, child):
        reader = _READERS.get(column)
        if reader is not None:
            found[column] = reader(text, where, column)
        elif column in _AT:
            inside.append((column, _share(text, where, column)))
    if sum(part for _, part in inside) > 1:
        cause = f"the mass fractions of {shown(child)} sum to {float(sum(part for _, part in inside)):g}"
        raise BadValue(f"{cause}: more than the whole", place=lines[-1][0], remedy="mend the composition")
    stuff, form, carries = found.get("material", ("", "", frozenset()))
    return Thing(
        id=child,
        value=found.get("value_usd"),
        mass=found.get("mass_kg"),
        origin=found.get("origin", ""),
        technology=found.get("technology_origin", ""),
        material=stuff,
        form=form,
        carries=carries,
        composition=tuple(sorted(inside, key=_in_order)) or None,
        recycled=found.get("recycled"),
        cots=found.get("cots"),
        place=lines[0][0],
    )


@lru_cache(maxsize=4096)
def _material(written: str) -> tuple[str, str, frozenset[str]]:
    """Id, form and elements of a material; what `terms.materials` does not know (steel, resin) has neither."""
    if not written:
        return "", "", frozenset()
    try:
        found = material(written).id
    except InputError:
        # Any magnet is one, also of a family that has no id of its own.
        return written, "magnet" if written.casefold().startswith("magnet") else "", frozenset()
    known = Facts(item=Item(material=found))
    return found, known.form, known.elements or frozenset()


def _code(text: str, where: str, column: str) -> str:
    return _place(text) or place(text, f"{where}, column {column}").code


@lru_cache(maxsize=4096)
def _place(text: str) -> str:
    try:
        return place(text).code
    except InputError:
        return ""


def _flag(text: str, where: str, column: str) -> bool:
    if text.casefold() not in FLAGS:
        cause = f"'{shown(text)}' is neither yes nor no"
        raise BadValue(cause, place=f"{where}, column {column}", remedy="write yes or no")
    return FLAGS[text.casefold()]


def _share(text: str, where: str, column: str) -> Fraction:
    found = number_of(text, where, column)
    if not 0 <= found <= 1:
        cause = f"{text} is no fraction of a whole"
        raise BadValue(cause, place=f"{where}, column {column}", remedy="give a number between 0 and 1")
    return found


def _amount(text: str, where: str, column: str) -> Fraction:
    found = number_of(text, where, column)
    if found < 0:
        place = f"{where}, column {column}"
        raise BadValue(f"{text} is negative", place=place, remedy="give a number of 0 or more")
    return found


def _stuff(text: str, where: str, column: str) -> tuple[str, str, frozenset[str]]:
    return _material(text)


_READERS: Mapping[str, Callable[[str, str, str], Any]] = {
    "material": _stuff,
    "value_usd": _amount,
    "mass_kg": _amount,
    "recycled": _share,
    "origin": _code,
    "technology_origin": _code,
    "cots": _flag,
}
_AT = {symbol: at for at, symbol in enumerate(SYMBOLS)}


def _in_order(part: tuple[str, Fraction]) -> int:
    return _AT[part[0]]


def number_of(text: str, where: str, column: str) -> Fraction:
    """A number exactly as written (``0.05``, ``1/3``).

    Raises:
        BadValue: no number, or a longer one than `LONGEST_NUMBER`.
    """
    found = _number(text) if len(text) <= LONGEST_NUMBER else None
    if found is not None:
        return found
    place = f"{where}, column {column}"
    if len(text) > LONGEST_NUMBER:
        raise BadValue(f"a number of {len(text)} characters", place=place, remedy=f"at most {LONGEST_NUMBER}")
    raise BadValue(f"'{shown(text)}' is no number", place=place, remedy="write it like 12, 0.05 or 1/3")


@lru_cache(maxsize=100_000)
def _number(text: str) -> Fraction | None:
    try:
        _, e, power = text.replace("E", "e").partition("e")
        # 1_000 is a number to Python and a slip of the pen in a bill.
        if "_" in text or (e and abs(int(power)) > LONGEST_NUMBER):
            return None
        return Fraction(text)
    except (ValueError, ZeroDivisionError):
        return None


def _quantity(text: str, where: str) -> Fraction:
    place = f"{where}, column quantity"
    if not text:
        raise BadValue("no quantity", place=place, remedy="say how many of the child one parent has")
    found = number_of(text, where, "quantity")
    if found <= 0:
        raise BadValue(f"a quantity of {text}", place=place, remedy="give a number above 0, or leave the line out")
    return found


def _text(cell: Any) -> str:
    return cell.strip() if isinstance(cell, str) else "" if cell is None else str(cell).strip()


def in_order(bill: Bill, root: str) -> list[str]:
    """The things in `root`, each after everything it is part of; `root` itself first.

    Raises:
        Unbalanced: a thing that is, in the end, a part of itself; the loop is named.
    """
    inside = {root}
    waiting = [root]
    while waiting:
        for child, _ in bill.parts.get(waiting.pop(), ()):
            if child not in inside:
                inside.add(child)
                waiting.append(child)
    return [name for name in bill.order if name in inside]


def _ordered(bill: Bill) -> tuple[str, ...]:
    uses = dict.fromkeys(bill.things, 0)
    for _, child, _ in bill.uses:
        uses[child] += 1
    ready = deque(name for name, count in uses.items() if not count)
    order: list[str] = []
    while ready:
        name = ready.popleft()
        order.append(name)
        for child, _ in bill.parts.get(name, ()):
            uses[child] -= 1
            if not uses[child]:
                ready.append(child)
    if len(order) < len(bill.things):
        raise _loop(bill, set(order))
    return tuple(order)


def _loop(bill: Bill, order: set[str]) -> Unbalanced:
    # Each of the rest has a parent among the rest: walking up must come round.
    rest = bill.things.keys() - order
    parent_of = {child: parent for parent, child, _ in bill.uses if parent in rest and child in rest}
    trail: dict[str, None] = {}
    name = min(rest)
    while name not in trail:
        trail[name] = None
        name = parent_of[name]
    names = list(trail)
    loop = [name, *reversed(names[names.index(name) :])]
    if len(loop) > LONGEST_LOOP:
        loop = [*loop[: LONGEST_LOOP - 1], "…", loop[-1]]
    cause = f"a thing is part of itself: {' → '.join(shown(one) for one in loop)}"
    return Unbalanced(cause, place=bill.name, remedy="take one of the uses out")
