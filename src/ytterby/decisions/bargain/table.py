"""Home to the file a bargain is written in: sides, their policies, what is paid beside rare earths.

docs/decisions-bargain.md explains every key.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import date, timedelta
from importlib import resources
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, Strict, model_validator
from pydantic_core import PydanticCustomError

from ytterby.decisions.bargain.equilibria import MOST
from ytterby.rules import pages
from ytterby.rules.clauses import Record, Word
from ytterby.terms.errors import BadValue, UnknownName
from ytterby.world.scenarios import Answer, Event, EventKind, Name, Place, Positive, Title
from ytterby.world.spreads import AnySpread, Real, point

Day = date  # a field called `date` hides the class within its own record


class Lever(Record):
    """One thing a policy does in the world: an event of a scenario that begins when the policy does."""

    kind: EventKind
    region: Place | None = None
    product: str = ""
    facility: str = ""
    material: str = ""
    zone: Literal["", "CN", "XX"] = ""
    end_use: Literal["any", "civil", "military"] = "any"
    value: AnySpread = point(1.0)
    months: Positive | None = None
    """How long it lasts; to the end without it."""
    source: str = ""

    @model_validator(mode="after")
    def _sound(self) -> Lever:
        self.event("lever", date(2027, 1, 1), date(2027, 1, 1))
        return self

    def event(self, name: str, begins: date, known: date) -> Event:
        """The event it is, from the day on which the policy begins."""
        until = None if self.months is None else begins + timedelta(days=round(self.months * 30.44) - 1)
        told = self.model_dump(exclude={"months"})
        return Event.model_validate(
            told | {"name": name, "date": begins, "until": until, "known_from": min(begins, known)}
        )


class Law(Record):
    """What a policy does to an instrument of the law: it holds, or is suspended, from the day the policy begins."""

    instrument: Word
    clause: str = ""
    does: Literal["holds", "suspended"]
    months: Positive | None = None


class Paid(Record):
    """Units of a payment that a policy brings with it."""

    payment: Word
    units: Real


class Policy(Record):
    """What one side may do: a named bundle of levers, law and payments. A side's first is how things stand."""

    id: Name
    name: Title
    about: Title | None = None
    levers: tuple[Lever, ...] = ()
    law: tuple[Law, ...] = ()
    pays: tuple[Paid, ...] = ()


class Party(Record):
    """Countries whose fate is counted together."""

    id: Name
    name: Title
    regions: tuple[Place, ...] = Field(min_length=1)
    """Whose output, arms and industry count for it."""


class Side(Party):
    """A side at the table."""

    policies: tuple[Policy, ...] = ()

    @model_validator(mode="after")
    def _sound(self) -> Side:
        if not self.policies:
            raise PydanticCustomError("side", "side '{side}' has no policies", {"side": self.id})
        if len(self.policies) > MOST:
            raise PydanticCustomError(
                "side", "side '{side}' has more than {most} policies", {"side": self.id, "most": MOST}
            )
        _once("policy", (one.id for one in self.policies))
        return self


class Payment(Record):
    """What changes hands, or is given up, outside the rare-earth model, in USD bn a year."""

    id: Name
    name: Title
    unit: Title
    """What one unit is."""
    worth: dict[Name, AnySpread] = Field(min_length=1)
    """Side -> USD bn a year it gains (+) or loses (-) by one unit; a side that is not named is not touched."""
    source: Word


class Measure(Record):
    """What a small change of a lever is counted in: tonnes of an element that leave China for some regions."""

    element: Word
    to: tuple[Place, ...] = Field(min_length=1)


class Rate(Record):
    """A lever of one side against a payment of the other: how much of the one is worth a unit of the other."""

    side: Name
    """Whose lever it is."""
    lever: Lever
    measure: Measure
    against: Name
    """The payment."""


class Bargain(Record):
    """Two sides, what each may do, and what is asked."""

    id: Name
    title: Title
    question: Title
    answers: tuple[Answer, ...] = ()
    scenario: Word = "baseline"
    date: Day
    """Day on which the policies begin."""
    years: Annotated[float, Strict(), Field(gt=0, le=20, allow_inf_nan=False)] = 4.0
    """For how long payoffs are counted."""
    later: tuple[Annotated[int, Strict(), Field(ge=2025, le=2060)], ...] = ()
    """Years in which the same game is played again, each from its first day."""
    discount: Annotated[float, Strict(), Field(gt=0, lt=1, allow_inf_nan=False)] = 0.9
    """Worth of next year's dollar in this one, for the game played again and again."""
    threat: Literal["equilibrium", "maxmin", "status-quo"] = "equilibrium"
    """What each side has without a deal: the equilibrium (where there is one alone, else maxmin), what it can secure
    alone, or how things stand."""
    sides: tuple[Side, ...]
    bystanders: tuple[Party, ...] = ()
    """Who does not sit at the table and feels it all the same."""
    payments: tuple[Payment, ...] = ()
    weights: dict[Name, AnySpread] = Field(default_factory=dict)
    """In place of the package's weights of the same name."""
    worths: dict[Word, AnySpread] = Field(default_factory=dict)
    """USD of value added by a unit of a world product, in place of the package's or beside them."""
    rates: tuple[Rate, ...] = ()

    @model_validator(mode="after")
    def _sound(self) -> Bargain:
        if len(self.sides) != 2:
            raise PydanticCustomError("sides", "a bargain has two sides, not {n}", {"n": len(self.sides)})
        _once("side", (one.id for one in self.parties))
        _once("payment", (one.id for one in self.payments))
        sides, payments = {one.id for one in self.sides}, {one.id for one in self.payments}
        touched = [name for one in self.payments for name in one.worth]
        _known("side", [*touched, *(one.side for one in self.rates)], sides)
        paid = [each.payment for side in self.sides for policy in side.policies for each in policy.pays]
        _known("payment", [*paid, *(one.against for one in self.rates)], payments)
        return self

    @property
    def parties(self) -> tuple[Party, ...]:
        """Sides and bystanders."""
        return (*self.sides, *self.bystanders)

    def side(self, name: str) -> int:
        """Which of the two sides it is."""
        return [one.id for one in self.sides].index(name)


def _once(what: str, ids: Iterable[str]) -> None:
    seen: set[str] = set()
    for one in ids:
        if one in seen:
            raise PydanticCustomError("twice", "two of kind {what} are called '{name}'", {"what": what, "name": one})
        seen.add(one)


def _known(what: str, asked: Iterable[str], known: set[str]) -> None:
    for one in asked:
        if one not in known:
            raise PydanticCustomError(
                "unknown", "no {what} is called '{name}': {known}",
                {"what": what, "name": one, "known": ", ".join(sorted(known)) or "there is none"},
            )  # fmt: skip


def names(folder: Path | None = None) -> tuple[str, ...]:
    """Names of the package's bargains and of those in the project `folder`'s ``bargains/``, sorted."""
    return tuple(sorted(_files(folder)))


def path_of(name: str | Path, folder: Path | None = None) -> Path:
    """The file of a bargain by its name, or the path itself where it ends in .yaml or .yml.

    Raises:
        UnknownName: no bargain of that name.
        BadValue: no file there.
    """
    files = _files(folder)
    if str(name) in files:
        return files[str(name)]
    path = Path(name)
    if path.suffix not in (".yaml", ".yml"):
        raise UnknownName(str(name), known=files, what="bargain", place="bargain")
    if not path.is_file():
        raise BadValue(
            "no such file", place=os.fspath(path), remedy=f"give a path, or one of: {', '.join(sorted(files))}"
        )
    return path


def load(name: str | Path, folder: Path | None = None) -> Bargain:
    """A bargain by name or by the path of its YAML file; a project's own goes before the package's.

    Raises:
        UnknownName: no bargain of that name, or an unknown key.
        BadValue: a side without policies, an unknown payment or side, a number out of range; with file and line.
    """
    return pages.read(path_of(name, folder), Bargain)


def _files(folder: Path | None) -> dict[str, Path]:
    shipped = Path(str(resources.files("ytterby"))) / "data" / "bargains"
    own = [] if folder is None else sorted((folder / "bargains").glob("*.yaml"))
    return {path.stem: path for path in (*sorted(shipped.glob("*.yaml")), *own)}
