"""Home to the contract of a check of sense: what it sees, what it says, and how grave that is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from ytterby.custody.epcis.identifiers import Identifier, identifier
from ytterby.custody.event import KINDS, Event, Kind, Piece

Grade: TypeAlias = Literal["refuse", "doubt"]

INSTANCES = ("epcList", "childEPCs", "inputEPCList", "outputEPCList")
CLASSES = ("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList")
_NAMED = (("sourceList", "source"), ("destinationList", "destination"), ("bizTransactionList", "bizTransaction"))


@dataclass(slots=True)
class Seen:
    """What checks look at."""

    event: Event
    form: Mapping[str, Any]
    """Its canonical form."""
    raw: Mapping[str, Any]
    """As it was written."""
    now: int
    """Microseconds since 1970."""
    hashed: str = ""
    """Its event hash, where it was made."""
    inputs: list[Piece] = field(init=False)
    outputs: list[Piece] = field(init=False)
    weighed: bool = field(init=False)
    """It is one whole transformation, all of whose inputs are weighed."""
    _named: list[tuple[str, str, Identifier]] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        event = self.event
        if event.kind == "transformation":
            self.inputs = [piece for piece in event.pieces if piece.role == "input"]
            self.outputs = [piece for piece in event.pieces if piece.role == "output"]
            self.weighed = bool(self.inputs) and all(piece.mass is not None for piece in self.inputs)

    @property
    def named(self) -> list[tuple[str, str, Identifier]]:
        """Every thing, place and party: the list it stands in, how it was written, what it is."""
        if not self._named:
            self._named = list(_names(self.form))
        return self._named


def _names(form: Mapping[str, Any]) -> Iterator[tuple[str, str, Identifier]]:
    for key, value in form.items():
        if key in INSTANCES:
            yield from [(key, uri, identifier(uri)) for uri in value]
        elif key in CLASSES:
            yield from [(key, one["epcClass"], identifier(one["epcClass"])) for one in value]
        elif key == "readPoint" or key == "bizLocation":
            yield key, value["id"], identifier(value["id"])
        elif key == "parentID":
            yield key, value, identifier(value)
    for name, part in _NAMED:
        if name in form:
            yield from [(name, one[part], identifier(one[part])) for one in form[name]]


@dataclass(frozen=True, slots=True)
class Check:
    """One question asked of events."""

    name: str
    grade: Grade
    asks: str
    """What it refuses or doubts, for the documentation."""
    find: Callable[[Seen], str]
    """What it found; empty where nothing."""
    kinds: tuple[Kind, ...] = KINDS
    """Of which events it is asked."""
    wrong: bool = False
    """Only of error declarations."""


def check(
    name: str, grade: Grade, asks: str, kinds: tuple[Kind, ...] = KINDS, *, wrong: bool = False
) -> Callable[[Callable[[Seen], str]], Check]:
    """Make a check of a function that says what it found."""

    def made(find: Callable[[Seen], str]) -> Check:
        return Check(name, grade, asks, find, kinds, wrong)

    return made
