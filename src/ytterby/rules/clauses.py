"""Home to clauses: what one instrument demands, of which goods, from whom, since when, and how sure we are.

Time has three axes. *Valid* time: the days an interval covers. *Knowledge* time: the day it became known; nothing known
later decides earlier. *Reading*: where a text is unsettled, rival readings stand side by side, each with a name.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, Strict, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

Word = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]

Symbol = Literal["La", "Ce", "Pr", "Nd", "Pm", "Sm", "Eu", "Gd", "Tb", "Dy", "Ho", "Er", "Tm", "Yb", "Lu", "Y", "Sc"]

Form = Literal[
    "concentrate", "compound", "oxide", "metal", "alloy", "target", "magnet", "scrap", "crystal", "ceramic", "fibre",
    "assembly", "equipment", "technology", "service", "battery", "superhard", "other",
]  # fmt: skip
"""What a thing is, apart from what is in it."""

Scope = Literal["listed", "all_dual_use", "unlisted", "any"]
"""`listed`: the elements in the forms; `all_dual_use`: whatever another clause in force lists; `unlisted`: the same
forms without the listed elements (goods that share a customs code); `any`: anything at all."""

Trigger = Literal[
    "export", "re_export", "content", "made_with_technology", "equipment", "technology", "service", "person", "buyer",
    "declaration", "domestic", "import", "allocation", "purchase", "benchmark", "label", "assessment", "statement",
]  # fmt: skip
"""From `domestic` on: duties and programmes that stop no shipment by themselves (quotas, traceability, duties at the
border of the importer, priority orders, stockpiles, Union benchmarks, labels, statements of governments)."""

Outcome = Literal["licence", "refused", "reported", "tested", "buyer_ban", "notice"]
"""`tested`: formally free, held until a test shows what it is; `notice`: binds nobody in a shipment, worth knowing."""

EndUse = Literal[
    "civil", "military", "military_potential", "wmd", "terrorism", "chips_14nm", "memory_256_layers", "chip_tools",
    "ai_military", "medical", "humanitarian", "disaster_relief", "rare_earths_abroad", "repair", "exhibition",
    "testing",
]  # fmt: skip

Policy = Literal["", "presumed_denial", "case_by_case", "strict_review"]
"""How applications under a clause are looked at."""

Confidence = Literal["A", "B", "C", "M"]
"""A text of the instrument seen, B law firm, agency or wire, C one weak source, M from memory."""


def backwards(since: date, until: date) -> PydanticCustomError:
    """What pydantic is told of an end before its start; `pages` makes a `DateOrder` of it."""
    return PydanticCustomError(
        "date_order", "{until} comes before {since}", {"until": until.isoformat(), "since": since.isoformat()}
    )


class Record(BaseModel):
    """Frozen; a key the schema does not know is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Source(Record):
    """Where a clause was read."""

    title: Word
    confidence: Confidence


class Code(Record):
    """A control code; `inferred` when only the sequence of its neighbours says so."""

    code: Word
    inferred: Annotated[bool, Strict()] = False


class Narrowing(Record):
    """A form in which fewer of a clause's elements are listed."""

    form: Form
    elements: tuple[Symbol, ...] = Field(min_length=1)


class Items(Record):
    """What a clause is about."""

    scope: Scope
    elements: tuple[Symbol, ...] = ()
    substances: tuple[Word, ...] = ()
    """Listed substances that are no rare earths (``Ga``, ``Sb``, ``graphite``, ``superhard``)."""
    forms: tuple[Form, ...] = ()
    only: tuple[Narrowing, ...] = ()
    """Forms that are listed for some of the elements only. Gates do not look at it: they err on the strict side."""
    codes: tuple[Code, ...] = ()
    hs: tuple[Word, ...] = ()
    text: Word


class Threshold(Record):
    """A share from which on a clause bites."""

    basis: Literal["value_share", "mass_share"]
    of: Word
    at_least: Share
    below: Annotated[bool, Strict()] = False
    """It bites below the share instead, also where there is none of it (limbs of an exemption)."""
    symbols: tuple[Word, ...] = ()
    """For a mass share: the elements or substances that are summed; none named = Dy and Tb."""
    doubt: str = ""


class Exemption(Record):
    """Who or what a clause spares."""

    what: Word
    condition: str = ""
    confidence: Confidence


class Interval(Record):
    """Days on which something holds: `since` (key `from`) up to and with `until`; open where `until` is missing."""

    since: date = Field(alias="from")
    until: date | None = None
    known: date
    readings: tuple[Word, ...] = ()
    """Readings under which it holds; none named = all."""
    why: str = ""

    @model_validator(mode="after")
    def _forward(self) -> Interval:
        if self.until is not None and self.until < self.since:
            raise backwards(self.since, self.until)
        return self

    def applies(self, known: date, reading: str) -> bool:
        """Whether one who knows what was known on `known`, and reads so, reckons with it."""
        return self.known <= known and (not self.readings or reading in self.readings)

    def covers(self, on: date) -> bool:
        """Whether `on` lies within."""
        return self.since <= on and (self.until is None or on <= self.until)


class Rival(Record):
    """One of several readings of an unsettled text."""

    name: Word
    text: Word
    sources: tuple[Source, ...] = Field(min_length=1)


class Clause(Record):
    """One demand of one instrument."""

    id: Word
    """The instrument's id, a dot, the clause's own short name."""
    title: Word
    title_zh: str = ""
    """The same in Chinese, our own words too."""
    paraphrase: Word
    """Our own words; the instrument's text is not quoted."""
    legal_basis: str = ""
    items: Items
    trigger: Trigger
    origins: tuple[Annotated[str, StringConstraints(pattern="^[A-Z]{2}$")], ...] = ("CN",)
    """Where the goods come from (for `buyer`: where no stage may have been)."""
    upstream: Annotated[bool, Strict()] = False
    """Whether earlier stages (mining, refining) count as origin."""
    destinations: tuple[Annotated[str, StringConstraints(pattern="^[A-Z]{2}$")], ...] = ()
    """None named = all."""
    end_use: Literal["any", "civil", "military"] = "any"
    end_uses: tuple[EndUse, ...] = ()
    """Narrower than `end_use`: the ends it is about; none named = as `end_use` says."""
    parties: str = ""
    """Which exporters, buyers or users, where not all."""
    lists: tuple[Word, ...] = ()
    """Lists of parties whose members it reaches."""
    ownership: Share | None = None
    """Holding from which on the firms a listed party owns are reached too."""
    cots: Annotated[bool, Strict()] | None = None
    """Whether it is about commercial off-the-shelf items only, or only about others; missing = both."""
    exempts: tuple[Word, ...] = ()
    """Clauses or instruments it lifts for the transfers it is about."""
    disputed: str = ""
    """Why it is disputed that the clause reaches these goods: what meets it is undetermined, not settled by taste."""
    rivals: tuple[Rival, ...] = ()
    """Rival readings of a text on which no verdict hangs; those that verdicts hang on stand on the instrument."""
    policy: Policy = ""
    report_within_working_days: Annotated[int, Field(gt=0)] | None = None
    outcome: Outcome
    military: Literal["", "presumed_denial"] = ""
    """How applications for military ends fare in practice, where the text itself does not refuse them."""
    licence: tuple[Literal["individual", "general", "certificate"], ...] = ()
    review_working_days: Annotated[int, Field(gt=0)] | None = None
    validity_days: Annotated[int, Field(gt=0)] | None = None
    threshold: Threshold | None = None
    exemptions: tuple[Exemption, ...] = ()
    in_force: tuple[Interval, ...] = Field(min_length=1)
    sources: tuple[Source, ...] = Field(min_length=1)
    doubts: tuple[Word, ...] = ()

    @property
    def instrument(self) -> str:
        """The id of the instrument it stands in."""
        return self.id.partition(".")[0]


class Suspension(Record):
    """What an instrument suspends, and on which days."""

    instrument: Word
    clause: str = ""
    """None named = the whole instrument."""
    intervals: tuple[Interval, ...] = Field(min_length=1)

    def reaches(self, clause: Clause) -> bool:
        """Whether it is about `clause`."""
        return clause.id == self.clause if self.clause else clause.instrument == self.instrument


class Instrument(Record):
    """An announcement, order, law or contract clause."""

    id: Annotated[str, StringConstraints(pattern="^[a-z0-9-]+$")]
    title: Word
    title_zh: str = ""
    authority: Word
    legal_basis: str = ""
    issued: date
    clauses: tuple[Clause, ...] = ()
    suspends: tuple[Suspension, ...] = ()
    readings: tuple[Rival, ...] = ()
    sources: tuple[Source, ...] = Field(min_length=1)
    doubts: tuple[Word, ...] = ()

    @model_validator(mode="after")
    def _own(self) -> Instrument:
        seen: set[str] = set()
        for clause in self.clauses:
            if clause.instrument != self.id or clause.id == self.id:
                names = {"id": clause.id, "own": self.id}
                raise PydanticCustomError("clause_id", "clause id '{id}' must be '{own}.' and a name", names)
            if clause.id in seen:
                raise PydanticCustomError("clause_id", "clause id '{id}' twice", {"id": clause.id})
            seen.add(clause.id)
        return self


class Assumption(Record):
    """A what-if: the clauses of an instrument (or one of them) hold from a day on, whatever their own intervals say.

    With `suspended` they are suspended on these days instead, and keep their own intervals otherwise.
    """

    instrument: Word
    clause: str = ""
    suspended: Annotated[bool, Strict()] = False
    since: date = Field(alias="from")
    until: date | None = None

    @model_validator(mode="after")
    def _forward(self) -> Assumption:
        if self.until is not None and self.until < self.since:
            raise backwards(self.since, self.until)
        return self
