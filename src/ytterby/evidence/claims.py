"""Home to the claim: one typed statement with its value, its source and the exact words it was read from.

Everything numeric in Ytterby is a claim: a row of a baseline table, a figure in an article, a line of a project's
overlay. A claim is never edited; its id is the hash of what it says and where it stands, so that a review, which only
changes `status`, keeps the id.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Any, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, ValidationError, computed_field, field_validator, model_validator

from ytterby.terms.errors import BadValue

Kind = Literal[
    "share",
    "production",
    "reserve",
    "capacity",
    "trade_volume",
    "trade_change",
    "price",
    "price_change",
    "demand",
    "intensity",
    "dependency",
    "investment",
    "forecast",
    "quota",
    "duration",
    "threshold",
    "count",
    "rank",
    "date",
    "measure",
]
Access = Literal["read", "excerpt", "derived", "digest", "recall"]
Comparator = Literal["=", "~", "<", ">", "≤", "≥"]
Confidence = Literal["A", "B", "C"]
Modality = Literal["asserted", "reported", "forecast", "target", "claimed"]
Spread = Literal["5-95", "bounds", "exact"]
Status = Literal["pending", "accepted", "rejected"]

KINDS: tuple[str, ...] = get_args(Kind)

LARGEST = 1e30
"""No figure of this field is larger, in any unit; squares of what is stay well inside a float."""

_NOT_CONTENT = frozenset({"id", "path", "status", "reviewer", "reason", "when", "note", "flags", "assumed"})

Action = Literal[
    "control",
    "ban",
    "suspend",
    "resume",
    "extend",
    "lift",
    "relax",
    "tighten",
    "exempt",
    "quota",
    "tariff",
    "fund",
    "floor_price",
    "stockpile",
    "list",
    "condition",
    "negotiate",
    "ruling",
]
"""What a policy measure does."""


class Threshold(BaseModel):
    """A line a measure draws: content of 0.1 % and above, a holding of 50 %, chips of 14 nm and below."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    of: str
    """What is measured."""
    comparator: Literal["=", "~", "<", ">", "≤", "≥"]
    value: float
    unit: str


class Measure(BaseModel):
    """A policy measure as it is told in one place."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    action: Action
    instrument: str = ""
    """Id of the instrument where it is known (``cn-61-2025``), else its name as written."""
    issuer: str = ""
    items: tuple[str, ...] = ()
    """What it covers: materials, elements, technologies, named as in `terms` where they are there."""
    codes: tuple[str, ...] = ()
    """Control and customs codes."""
    thresholds: tuple[Threshold, ...] = ()
    destinations: tuple[str, ...] = ()
    """Places or parties it is aimed at."""
    issued: str = ""
    in_force: str = ""
    """Day it takes effect."""
    suspended_from: str = ""
    suspended_until: str = ""
    supersedes: tuple[str, ...] = ()
    """Instruments it changes: suspends, replaces, extends."""
    superseded_by: str = ""


class Source(BaseModel):
    """Who published a figure, in what and when."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    publisher: str = ""
    """Publisher, and through whom it was read ("IEA via SEAISI")."""
    title: str = ""
    """Short title."""
    year: int | None = None
    """Year of publication."""
    url: str = ""
    """Address."""

    @property
    def originator(self) -> str:
        """The publisher without the hands it came through."""
        return self.publisher.split(" via ")[0].strip()


class Claim(BaseModel):
    """One statement. Its figures are in `unit`; `low` and `high` are 5 % and 95 % points unless `spread` differs."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    document: str = ""
    """Id of the document, or ``baseline:<table>`` or ``overlay``."""
    path: str = ""
    """Path of the document as read."""
    passage: int | None = None
    """Number of the paragraph."""
    start: int | None = None
    """First character of the quote in the text as read."""
    end: int | None = None
    """One past the last character of the quote."""
    quote: str = ""
    """The words themselves: ``text[start:end]``."""
    kind: Kind
    subject: str = ""
    """Whose figure it is: the actor, the exporting country, the product that needs it, ``market`` of a price."""
    object: str = ""
    """What the figure is about, in words ("rare earth magnet exports to Japan")."""
    material: str = ""
    elements: tuple[str, ...] = ()
    stage: str = ""
    place: str = ""
    """ISO 3166 alpha-2, ``EU``, ``ZZ`` (several, or the rest of the world) or ``WLD``."""
    counterpart: str = ""
    """The other place, as in `place`."""
    basis: str = ""
    """What is counted ("all REO", "magnet REE")."""
    value: float | None = None
    low: float | None = None
    high: float | None = None
    comparator: Comparator = "="
    unit: str = ""
    period: str = ""
    """The time the figure covers ("2025-05", "2025", "2025-H1")."""
    as_of: str = ""
    """The time the figure was stated for or at."""
    by: str = ""
    """The time it is to be reached by."""
    against: str = ""
    """Of a change: the period it is measured against."""
    measure: Measure | None = None
    """Of kind ``measure`` (and of thresholds and dates that belong to one): what was decided."""
    modality: Modality = "asserted"
    attributed_to: str = ""
    status: Status = "pending"
    parameter: str = ""
    """Name under which it is weighed; empty = not weighed."""
    known: date | None = None
    """First day the figure could be known; None = undated."""
    source: Source = Source()
    access: Access = "excerpt"
    """How it reached us."""
    confidence: Confidence = "B"
    closure: bool = False
    """Assumed only so that the balance closes."""
    spread: Spread = "5-95"
    """How far `low` and `high` reach."""
    carried_from: str = ""
    """Id of the later claim that this one stands in for on days when it was not yet known."""
    extractor: str = ""
    """What made the claim, with its version."""
    note: str = ""
    flags: tuple[str, ...] = ()
    """Doubts raised by checks ("office: held by another on that day"), in words; they change no figure."""
    reviewer: str = ""
    reason: str = ""
    when: str = ""

    @field_validator("value", "low", "high")
    @classmethod
    def _finite(cls, value: float | None) -> float | None:
        if value is not None and not math.isfinite(value):
            raise ValueError("is not a finite number")
        if value is not None and abs(value) > LARGEST:
            raise ValueError(f"{value:g} is beyond any figure")
        return value

    @field_validator("place", "counterpart")
    @classmethod
    def _code(cls, value: str) -> str:
        if value and value != "WLD" and not (len(value) == 2 and value.isascii() and value.isupper()):
            raise ValueError(f"'{value}' is not an ISO 3166 alpha-2 code, EU, ZZ or WLD")
        return value

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"low {self.low:g} lies above high {self.high:g}")
        if self.value is not None and self.low is not None and self.low > self.value:
            raise ValueError(f"low {self.low:g} lies above value {self.value:g}")
        if self.value is not None and self.high is not None and self.high < self.value:
            raise ValueError(f"high {self.high:g} lies below value {self.value:g}")
        if self.start is not None and self.end is not None and self.start > self.end:
            raise ValueError(f"start {self.start} lies after end {self.end}")
        return self

    @computed_field  # type: ignore[prop-decorator]
    @cached_property
    def id(self) -> str:
        """Content hash: the same statement from the same place has the same id, whatever its review says."""
        # Defaults stay out, so that a field added to the record later does not rename every claim. Of words that stand
        # in a document it does not matter who read them: a better reader that says the same keeps the review.
        left_out = {*_NOT_CONTENT, "extractor"} if self.start is not None else set(_NOT_CONTENT)
        said = self.model_dump(mode="json", exclude=left_out, exclude_defaults=True)
        text = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return "c" + hashlib.sha256(text.encode()).hexdigest()[:20]

    @computed_field  # type: ignore[prop-decorator]
    @property
    def assumed(self) -> bool:
        """True where the figure is from memory, an estimate (grade C) or a closure row."""
        return self.closure or self.access == "recall" or self.confidence == "C"

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values by field name, `id` first."""
        fields = self.model_dump(mode="json")
        return {"id": fields.pop("id"), **fields}

    @classmethod
    def from_dict(cls, record: Mapping[str, Any], place: str = "") -> Claim:
        """The claim of a record made by `to_dict`; raises `BadValue` where a field is wrong or the id does not fit.

        Args:
            record: plain values by field name.
            place: where the record stands, for the error.
        """
        fields = {name: value for name, value in record.items() if name not in ("id", "assumed")}
        try:
            claim = cls.model_validate(fields)
        except ValidationError as error:
            raise refused(error, place) from None
        if record.get("id", claim.id) != claim.id:
            raise BadValue(
                f"the claim's id {record['id']} does not fit its content",
                place=place,
                remedy="a claim is never edited: drop the id, or write a new claim",
            )
        return claim


def refused(error: ValidationError, place: str = "") -> BadValue:
    """A pydantic error as one of ours: the first fault with its field."""
    first = error.errors()[0]
    name = ".".join(str(part) for part in first["loc"])
    cause = str(first["msg"]).removeprefix("Value error, ")
    where = ", ".join(part for part in (place, f"column {name}" if name else "") if part)
    return BadValue(cause[:1].lower() + cause[1:], place=where, remedy="see docs/data.md for what the column takes")
