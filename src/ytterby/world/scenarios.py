"""Home to scenarios: one question in one YAML file, typed. docs/scenarios.md explains every key."""

from __future__ import annotations

import math
import os
from collections.abc import Iterable
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import Field, Strict, StringConstraints, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from ytterby.rules import pages, regimes
from ytterby.rules.clauses import Assumption, Instrument, Record, Word, backwards
from ytterby.terms.errors import BadValue, UnknownName, shown
from ytterby.world.spreads import AboveZero, AnySpread, NotNegative, Share, Spread, point

Positive = Annotated[float, Strict(), Field(gt=0, allow_inf_nan=False)]
Month = Annotated[str, StringConstraints(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]
Place = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=80)]

Day = date  # a field called `date` hides the class within its own record
TODAY = date(2026, 11, 21)
"""The day up to which the package's facts and rules reach."""
MOST_STEPS = 20_000
JOINED = ("events", "levers")
"""Lists that a scenario adds to those of the one it extends; other lists take the older one's place."""
DEEPEST = 8
"""Scenarios that may build on one another."""

EventKind = Literal[
    "throughput", "review_speed", "grant", "general_licence", "supply_loss", "border", "refuse_destination",
    "price_floor", "tech_control", "demand", "stockpile_buy", "requisition", "facility_start", "reroute",
    "air_freight", "buyer_ban", "investment", "offtake", "stockpile_release",
]  # fmt: skip

NEEDS: dict[str, tuple[str, ...]] = {
    "supply_loss": ("facility",),
    "facility_start": ("facility",),
    "refuse_destination": ("region",),
    "price_floor": ("material",),
    "demand": ("product",),
    "stockpile_buy": ("material", "region"),
    "stockpile_release": ("material", "region"),
    "reroute": ("region",),
    "air_freight": ("region",),
    "buyer_ban": ("region",),
    "investment": ("region",),
    "offtake": ("region",),
}
"""Keys that an event of a kind cannot do without."""

Stage = Literal["", "mine", "separation", "metal", "alloy", "magnet"]

SHARES = frozenset({"grant", "general_licence", "tech_control", "offtake"})
FACTORS = frozenset({"throughput", "review_speed", "reroute", "air_freight"})
SIGNED = frozenset({"stockpile_buy", "facility_start"})


class Title(Record):
    """The name a reader sees."""

    en: Word
    zh: Word


class Answer(Record):
    """A figure of the documents or tables that the scenario answers to."""

    claim: str = ""
    parameter: str = ""
    text: Word

    @model_validator(mode="after")
    def _named(self) -> Answer:
        if not self.claim and not self.parameter:
            raise PydanticCustomError("answer", "an answer names its 'claim' or its 'parameter'")
        return self


class Regimes(Record):
    """What differs from the law as it stands."""

    exclude: tuple[Word, ...] = ()
    assume: tuple[Assumption, ...] = ()


class Licensing(Record):
    """The authority, the exporters and the customs, as spreads. Throughputs are tonnes of gated material a day."""

    review_days: AboveZero
    review_stages: Annotated[int, Strict(), Field(ge=1, le=20)] = 3
    apply_horizon_days: NotNegative
    throughput_start: AboveZero
    throughput_growth: AnySpread
    throughput_max: AboveZero
    throughput_drift: NotNegative
    grant_civil: Share
    grant_military: Share
    hold_same_code: Share
    hold_delay_days: NotNegative
    hold_release_days: AboveZero
    validity_days: AboveZero
    patience_days: AboveZero
    leak: Share
    tracking_strength: Share
    restock: AboveZero
    import_demand: AboveZero
    destination_speed: dict[Place, AboveZero] = Field(default_factory=dict)
    general_licence_share: Share = point(0.0)


class Event(Record):
    """Something that happens on a day, or between two (both included)."""

    name: Name
    date: Day
    until: Day | None = None
    known_from: Day | None = None
    kind: EventKind
    region: Place | None = None
    product: str = ""
    facility: str = ""
    material: str = ""
    stage: Stage = ""
    """What an investment builds, where it names a stage."""
    zone: Literal["", "CN", "XX"] = ""
    """Price zone: China (CN) or the rest (XX), as in the world's `zones`; both where none is named."""
    end_use: Literal["any", "civil", "military"] = "any"
    value: AnySpread = point(1.0)
    source: str = ""

    @property
    def known(self) -> Day:
        """The day it became known: `known_from`, else the day it happened."""
        return self.known_from or self.date

    @model_validator(mode="after")
    def _sound(self) -> Event:
        if self.until is not None and self.until < self.date:
            raise backwards(self.date, self.until)
        for key in NEEDS.get(self.kind, ()):
            if not getattr(self, key):
                raise PydanticCustomError(
                    "event", "an event of kind '{kind}' needs '{key}'", {"kind": self.kind, "key": key}
                )
        if self.stage and self.kind != "investment":
            raise PydanticCustomError("event", "only an investment has a 'stage', not '{kind}'", {"kind": self.kind})
        low, high = self.value.low, self.value.high
        fault = ""
        if self.kind in SHARES and not (low >= 0 and high <= 1):
            fault = "is a share: between 0 and 1"
        elif self.kind in FACTORS and low <= 0:
            fault = "is a factor: above 0"
        elif self.kind not in SIGNED and low < 0:
            fault = "must not be negative"
        if fault:
            raise PydanticCustomError("event", "the value of '{kind}' {fault}", {"kind": self.kind, "fault": fault})
        return self


class Demand(Record):
    """A demand path that takes the place of the world's own for one product."""

    product: Word
    region: Place | None = None
    path: dict[Annotated[int, Field(ge=1990, le=2200)], NotNegative] = Field(min_length=1)
    kind: Literal["units_per_year", "fleet", "factor"]
    lifetime_years: Positive | None = None
    lifetime: Literal["erlang", "exponential", "weibull", "normal", "lognormal", "fixed"] = "erlang"
    """How long the products of a fleet serve about that mean; Erlang of three stages is what the chain retires by."""
    lifetime_spread: Annotated[float, Strict(), Field(ge=0.05, le=2.0)] = 0.35
    """Standard deviation over mean of a Weibull, normal or lognormal lifetime."""
    kg_per_unit: AboveZero | None = None

    @model_validator(mode="after")
    def _sound(self) -> Demand:
        if self.kind == "fleet" and self.lifetime_years is None:
            raise PydanticCustomError("demand", "a path of kind 'fleet' needs 'lifetime_years'")
        return self


class Uncertainty(Record):
    """Which spreads are drawn."""

    claims: Annotated[bool, Strict()] = True
    """Whether the world's figures vary within their claims' spreads; the scenario's own spreads always do."""


class Fit(Record):
    """What the licensing may be fitted on, and how far it is to predict."""

    until: date
    observations: tuple[Word, ...]
    months: tuple[Month, ...] = Field(min_length=1)
    predict_until: Month

    @model_validator(mode="after")
    def _sound(self) -> Fit:
        late = [month for month in self.months if month > self.until.isoformat()[:7]]
        if late:
            raise PydanticCustomError(
                "fit", "month {month} lies after 'until' {until}: it is to be predicted, not fitted",
                {"month": late[0], "until": self.until.isoformat()},
            )  # fmt: skip
        if self.predict_until < max(self.months):
            raise PydanticCustomError(
                "date_order", "'predict_until' {end} comes before the last fitted month {last}",
                {"end": self.predict_until, "last": max(self.months)},
            )  # fmt: skip
        return self


class Scenario(Record):
    """World + regimes over time + shocks + levers + uncertainty."""

    id: Name
    extends: str = ""
    """The scenario this one was laid over, for the reader; it is resolved when the file is loaded."""
    without: tuple[Word, ...] = ()
    """Events and levers of the extended scenario that were left out."""
    title: Title
    question: Word
    answers: tuple[Answer, ...] = ()
    start: date
    end: date
    step_days: Positive = 7.0
    known: date = TODAY
    world_known: date = Field(default=None, validate_default=False)  # type: ignore[assignment]
    demand_path: Literal["iea", "adamas"] = "iea"
    reading: str = regimes.DEFAULT_READING
    regimes: Regimes = Regimes()
    licensing: Licensing
    events: tuple[Event, ...] = ()
    demand: tuple[Demand, ...] = ()
    levers: tuple[Event, ...] = ()
    targets: tuple[Word, ...] = ()
    report: tuple[Word, ...] = ()
    uncertainty: Uncertainty = Uncertainty()
    fit: Fit | None = None

    @model_validator(mode="before")
    @classmethod
    def _world_known(cls, raw: object) -> object:
        if isinstance(raw, dict) and raw.get("world_known") is None:
            return {**raw, "world_known": raw.get("known", TODAY)}
        return raw

    @model_validator(mode="after")
    def _sound(self) -> Scenario:
        if self.end <= self.start:
            raise backwards(self.start, self.end)
        if self.steps > MOST_STEPS:
            raise PydanticCustomError(
                "span", "{steps} steps: at most {most}", {"steps": self.steps, "most": MOST_STEPS}
            )
        seen: set[str] = set()
        for event in (*self.events, *self.levers):
            if event.name in seen:
                raise PydanticCustomError("event", "two events or levers are called '{name}'", {"name": event.name})
            seen.add(event.name)
        return self

    @property
    def steps(self) -> int:
        """Steps from `start` that cover every day up to and with `end`."""
        return math.ceil(((self.end - self.start).days + 1) / self.step_days)

    def at(self, known: date) -> Scenario:
        """The scenario as one could have written it on `known`: rules, world and events of later days are left out."""
        return self.model_copy(
            update={
                "known": min(known, self.known),
                "world_known": min(known, self.world_known),
                "events": tuple(event for event in self.events if event.known <= known),
            }
        )

    def with_levers(self, names: Iterable[str]) -> Scenario:
        """The scenario with the named levers switched on: decided by us, so known by its knowledge date.

        ``name=value`` sets a lever's value too, in its unit (`unit_of`): a choice of ours, so it is not drawn.

        Raises:
            UnknownName: a lever it does not have.
            BadValue: a value that is no number, or out of the range of its kind.
        """
        table = {lever.name: lever for lever in self.levers}
        on: dict[str, str] = {}
        for asked in names:
            name, _, written = asked.partition("=")
            if name not in table:
                raise UnknownName(name, known=table, what="lever", place=f"scenario {self.id}")
            on[name] = written
        kept = tuple(lever for lever in self.levers if lever.name not in on)
        pulled = tuple(_pulled(table[name], written, self) for name, written in on.items())
        return self.model_copy(update={"events": self.events + pulled, "levers": kept})


def _pulled(lever: Event, written: str, scenario: Scenario) -> Event:
    raw = lever.model_dump() | {"known_from": min(lever.known, scenario.known)}
    if not written:
        return Event.model_validate(raw)
    place = f"scenario {scenario.id}, lever '{lever.name}'"
    try:
        value = float(written)
        return Event.model_validate(raw | {"value": {"median": value, "why": "set by hand"}})
    except ValidationError as error:
        told = error.errors(include_url=False)[0]
        raise BadValue(str(told["msg"]), place=place, remedy=f"found {value:g}; its unit: {unit_of(lever)}") from None
    except ValueError:
        raise BadValue(f"'{shown(written, 40)}' is no number", place=place, remedy="write it as 110 or 2e9") from None


UNITS: dict[str, str] = {
    "price_floor": "USD/kg", "stockpile_buy": "t/day", "stockpile_release": "t/day", "facility_start": "day",
    "investment": "USD", "grant": "share", "general_licence": "share", "tech_control": "share", "offtake": "share",
    "requisition": "", "refuse_destination": "", "buyer_ban": "",
}  # fmt: skip
"""Unit of an event's value by its kind; a kind that is not named here multiplies."""


def unit_of(event: Event) -> str:
    """The unit of an event's value: ``factor`` where it multiplies, empty where its value says nothing."""
    return UNITS.get(event.kind, "factor")


def bounds_of(event: Event) -> tuple[float | None, float | None]:
    """Least and largest value that an event of this kind may have, None where there is no end."""
    least = None if event.kind in SIGNED else 0.0
    return least, 1.0 if event.kind in SHARES else None


def names(folder: Path | None = None) -> tuple[str, ...]:
    """Names of the package's scenarios and of those in the project `folder`'s ``scenarios/``, sorted."""
    return tuple(sorted(_files(folder)))


def load(name: str | Path, folder: Path | None = None) -> Scenario:
    """A scenario by name or by the path of its YAML file; a project's own goes before the package's.

    Raises:
        UnknownName: no scenario of that name, an unknown key, reading, instrument or clause.
        BadValue, DateOrder: with file, line and key.
    """
    node = _composed(path_of(name, folder), folder, ())
    scenario = pages.typed(node, Scenario)
    _check_regimes(scenario, folder)
    return scenario


def read(text: str, name: str, folder: Path | None = None) -> Scenario:
    """A scenario from the text of its file, which need not be kept; `name` is what errors call it. Raises as `load`."""
    own = _files(folder).get(Path(name).stem, Path(name))
    scenario = pages.typed(_laid(pages.compose(text, name), folder, (own,)), Scenario)
    _check_regimes(scenario, folder)
    return scenario


def all(folder: Path | None = None) -> tuple[Scenario, ...]:  # noqa: A001
    """Every scenario of the package and of the project `folder`, by name."""
    return tuple(load(name, folder) for name in names(folder))


def instruments(scenario: Scenario, folder: Path | None = None) -> tuple[Instrument, ...]:
    """The instruments that the scenario runs under: what is excluded left out, what is assumed put in place.

    Args:
        scenario: its `regimes` say what differs from the law.
        folder: a project, whose ``regimes/`` may add instruments.
    """
    own = None if folder is None else folder / "regimes"
    return regimes.chosen(regimes.load(own), scenario.regimes.exclude, scenario.regimes.assume)


def check_names(
    scenario: Scenario,
    *,
    facilities: Iterable[str],
    regions: Iterable[str],
    materials: Iterable[str],
    products: Iterable[str],
) -> None:
    """Refuses a scenario that names what the world does not have.

    Raises:
        UnknownName: with the nearest names and the place in the scenario.
    """
    known = {
        "facility": frozenset(facilities),
        "region": frozenset(regions),
        "material": frozenset(materials),
        "product": frozenset(products),
    }
    entries: list[tuple[str, Event | Demand]] = [(f"event '{e.name}'", e) for e in scenario.events]
    entries += [(f"lever '{e.name}'", e) for e in scenario.levers]
    entries += [(f"demand[{n}]", d) for n, d in enumerate(scenario.demand)]
    for label, entry in entries:
        for key, choices in known.items():
            named = getattr(entry, key, None)
            if named and named not in choices:
                raise UnknownName(named, known=choices, what=key, place=f"scenario {scenario.id}, {label}")
    for region in scenario.licensing.destination_speed:
        if region not in known["region"]:
            place = f"scenario {scenario.id}, licensing.destination_speed"
            raise UnknownName(region, known=known["region"], what="region", place=place)


def spreads(scenario: Scenario) -> dict[str, Spread]:
    """Every uncertain number of the scenario by a stable name, so that scenarios share the draws of what they share."""
    found: dict[str, Spread] = {}
    for key in Licensing.model_fields:
        value = getattr(scenario.licensing, key)
        if isinstance(value, Spread):
            found[f"licensing:{key}"] = value
    for place, value in scenario.licensing.destination_speed.items():
        found[f"licensing:destination_speed:{place}"] = value
    for event in scenario.events:
        found[f"event:{event.name}"] = event.value
    for demand in scenario.demand:
        where = f"{demand.product}:{demand.region or 'all'}"
        found |= {f"demand:{where}:{year}": value for year, value in demand.path.items()}
        if demand.kg_per_unit is not None:
            found[f"demand:{where}:kg_per_unit"] = demand.kg_per_unit
    return found


def _shipped() -> Path:
    return Path(str(resources.files("ytterby"))) / "data" / "scenarios"


def _files(folder: Path | None) -> dict[str, Path]:
    found = {path.stem: path for path in _shipped().glob("*.yaml")}
    if folder is not None:
        found |= {path.stem: path for path in (folder / "scenarios").glob("*.yaml")}
    return found


def path_of(name: str | Path, folder: Path | None = None) -> Path:
    """The file of a scenario by name or path, a project's before the package's. Raises `UnknownName`, `BadValue`."""
    text = str(name)
    if text.endswith((".yaml", ".yml")) or "/" in text or "\\" in text:
        path = Path(os.path.expanduser(text))
        if not path.is_file():
            raise BadValue(
                f"no scenario file '{shown(text)}'",
                remedy="give a file that exists, or a name from `ytterby scenarios`",
            )
        return path
    found = _files(folder)
    if text not in found:
        raise UnknownName(text, known=found, what="scenario")
    return found[text]


def _composed(path: Path, folder: Path | None, below: tuple[Path, ...]) -> yaml.MappingNode:
    """The nodes of a file laid over those of the scenario it extends."""
    if path in below or len(below) > DEEPEST:
        chain = " > ".join(step.stem for step in (*below, path))
        raise BadValue(
            f"scenarios extend one another in a circle: {chain}", place=path.name, remedy="drop one `extends`"
        )
    return _laid(pages.compose(pages.text_of(path), path.name), folder, (*below, path))


def _laid(node: yaml.MappingNode, folder: Path | None, below: tuple[Path, ...]) -> yaml.MappingNode:
    """The nodes of a page laid over those of the scenario it extends; `below`: the files so far, this one last."""
    parent = next((value for key, value in node.value if key.value == "extends"), None)
    if parent is None:
        return node
    if not isinstance(parent, yaml.ScalarNode) or not parent.value:
        raise BadValue("'extends' is not the name of a scenario", place=pages.where(parent.start_mark))
    if parent.value not in _files(folder):
        raise UnknownName(
            parent.value, known=_files(folder), what="scenario", place=f"{pages.where(parent.start_mark)}, extends"
        )
    base = _composed(_files(folder)[parent.value], folder, below)
    return _pruned(pages.merged(base, node, joined=JOINED), node)


def _pruned(whole: yaml.MappingNode, page: yaml.MappingNode) -> yaml.MappingNode:
    """`whole` without the events and levers that the page's `without` names."""
    unwanted = next((value for key, value in page.value if key.value == "without"), None)
    if not isinstance(unwanted, yaml.SequenceNode):
        return whole
    lists = [value for key, value in whole.value if key.value in JOINED and isinstance(value, yaml.SequenceNode)]
    known = {pages.name_of(item) for entries in lists for item in entries.value} - {None}
    for word in unwanted.value:
        if word.value not in known:
            place = f"{pages.where(word.start_mark)}, without"
            raise UnknownName(str(word.value), known=[str(k) for k in known], what="event", place=place)
    dropped = {word.value for word in unwanted.value}
    pairs = [
        (
            key,
            yaml.SequenceNode(value.tag, [e for e in value.value if pages.name_of(e) not in dropped], value.start_mark),
        )
        if key.value in JOINED and isinstance(value, yaml.SequenceNode)
        else (key, value)
        for key, value in whole.value
    ]
    return yaml.MappingNode(whole.tag, pairs, whole.start_mark, whole.end_mark)


def _check_regimes(scenario: Scenario, folder: Path | None) -> None:
    chosen = instruments(scenario, folder)
    regimes.check_reading(scenario.reading, chosen, place=f"scenario {scenario.id}, reading")
