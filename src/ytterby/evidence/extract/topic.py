"""Home to what a text has been about: what later sentences leave unsaid because earlier ones said it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ytterby.evidence.claims import Kind, Measure, Modality
from ytterby.evidence.names import Entity


@dataclass(slots=True)
class Found:
    """A statement read from a passage, before it becomes a claim; offsets are the passage's."""

    kind: Kind
    start: int
    end: int
    value: float | None = None
    low: float | None = None
    high: float | None = None
    comparator: str = "="
    unit: str = ""
    subject: str = ""
    object: str = ""
    material: Entity | None = None
    stage: str = ""
    place: str = ""
    counterpart: str = ""
    basis: str = ""
    period: str = ""
    as_of: str = ""
    by: str = ""
    against: str = ""
    modality: Modality = "asserted"
    attributed_to: str = ""
    measure: Measure | None = None
    theme: str = ""
    """What it measures in the words of the cues: export, production, price ..."""
    actor: Entity | None = None
    said_by: int = -1
    """Of a measure: one past the words that decide."""
    part: bool = False
    """A part of the amount told before it ("of which 400 tonnes NdPr")."""


@dataclass(slots=True)
class Topic:
    """What one article has been about so far."""

    today: date | None = None
    chinese: bool = False
    theme: str = ""
    """What the last figure measured."""
    held: str = ""
    """Of parts: whether the last one was a share, a dependence or a rate of self-sufficiency."""
    flow: str = ""
    """The last trade spoken of: ``export`` or ``import``."""
    reporter: str = ""
    """Country whose trade it is."""
    counterpart: str = ""
    material: Entity | None = None
    actor: Entity | None = None
    """Who the last sentence was about."""
    company: Entity | None = None
    """The company last spoken of as one who acts."""
    continental: bool = False
    """Whether Europe was spoken of last, and not the Union."""
    office: Entity | None = None
    """The office or government last spoken of as one who acts."""
    home: Entity | None = None
    """The country that 国内 means in this text: the title's, else China in simplified Chinese."""
    nation: Entity | None = None
    """The country last spoken of as one who acts, or whose office or firm did."""
    product: Entity | None = None
    speaker: str = ""
    voice: str = ""
    """Who is quoted in the paragraph that is being read."""
    author: str = ""
    """The house of analysts or the organisation that published the text itself."""
    issuer: str = ""
    """Authority whose measure is spoken of."""
    instrument: str = ""
    issued: str = ""
    """Day of issue of that instrument."""
    period: str = ""
    narrow: str = ""
    """The month or quarter last spoken of."""
    wide: str = ""
    """The year of the sentence before, where the text then goes back to months."""
    place: Entity | None = None
    """Subnational place last named."""
    price_unit: str = ""
    """Unit of the last price told with one."""
    licensing: bool = False
    """Whether the sentence before spoke of licences."""
    firm: str = ""
    """A firm that was spoken of without a name."""
    site: str = ""
    """Country of the site last named."""
    columns: Any = None
    """Headings of the table that is being read (`tables.Columns`)."""
    last: Found | None = None
    title: str = ""
    """Folded title of the article."""
    said: list[Found] = field(default_factory=list)
