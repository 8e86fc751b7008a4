"""Home to what a page is made of: text, tables, figures, forms and the rest, as plain frozen data.

Every kind of block is one dataclass here with a `kind`, and one template ``data/desk/blocks/<kind>.html`` that draws
it; a new kind is those two. Nothing here is HTML: text is escaped when it is drawn, whatever it holds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, TypeAlias

from ytterby.desk.urls import Address
from ytterby.terms.errors import BadValue

Tone: TypeAlias = Literal["plain", "good", "bad", "pending", "accepted", "rejected", "assumed", "contested"]
"""How a chip or mark looks: always a word and a border beside the colour."""

Rows: TypeAlias = Sequence[Mapping[str, Any]]

# words in a line


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead somewhere: to an address of the desk, or outside (http, https)."""

    text: str
    to: Address | str
    lang: str = ""
    """Language of the words where it is not the page's."""
    hint: str = ""

    def __post_init__(self) -> None:
        if isinstance(self.to, str) and not self.to.startswith(("https://", "http://")):
            raise BadValue(f"the address '{self.to:.60}' is none", place=f"link '{self.text:.60}'")


@dataclass(frozen=True, slots=True)
class Chip:
    """One word of standing: accepted, assumed, contested."""

    text: str
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class Tongue:
    """Words in a language of their own: a quotation, a title."""

    text: str
    lang: str


@dataclass(frozen=True, slots=True)
class Mark:
    """Words of a passage that something was read from."""

    text: str
    tone: Tone = "plain"
    to: Address | str | None = None
    hint: str = ""
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Strong:
    """Words that carry weight: a number in a sentence."""

    text: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A box to tick, in a row of a `Pick`."""

    name: str
    value: str
    label: str
    """What is ticked, for those who cannot see the row."""


Inline: TypeAlias = "str | Link | Chip | Tongue | Mark | Strong | Tick"
Words: TypeAlias = "Inline | Sequence[Inline]"
"""One piece, or pieces in a row; nothing is put between them."""
Cell: TypeAlias = "Words | int | float | bool | None"
"""What a table cell holds. Numbers are spelled with thin spaces; write years and codes as text."""

# blocks


class Block:
    """What stands in a section."""

    __slots__ = ()
    kind: ClassVar[str]

    def rows(self) -> Rows:
        """What the block says as plain rows, for JSON and CSV; none where it only shows."""
        return ()


@dataclass(frozen=True, slots=True)
class Text(Block):
    """Paragraphs."""

    kind: ClassVar[str] = "text"
    paragraphs: Sequence[Words]
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Notice(Block):
    """Something the reader must not miss: a doubt, a gap, a refusal."""

    kind: ClassVar[str] = "notice"
    text: Words
    tone: Tone = "pending"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table."""

    key: str
    label: str
    kind: Literal["text", "number", "date", "wide"] = "text"
    """``number`` stands flush right, ``wide`` holds sentences."""


@dataclass(frozen=True, slots=True)
class Table(Block):
    """Rows by column; a row with a true ``assumed`` is hatched and says so."""

    kind: ClassVar[str] = "table"
    columns: Sequence[Column]
    cells: Sequence[Mapping[str, Cell]]
    """One mapping per row, by column key."""
    caption: str = ""
    data: Rows | None = None
    """Plain rows behind it, where they say more than the cells or where only some are shown."""
    empty: str = ""
    """What to say where there are no rows."""
    pager: Pager | None = None

    def rows(self) -> Rows:
        """The rows with names of columns as keys."""
        if self.data is not None:
            return self.data
        return [{one.key: flat(row.get(one.key)) for one in self.columns} for row in self.cells]


@dataclass(frozen=True, slots=True)
class Pager:
    """Which rows of how many are shown, and the way to the others."""

    first: int
    last: int
    total: int
    before: Address | None = None
    after: Address | None = None


@dataclass(frozen=True, slots=True)
class Figure(Block):
    """A drawing of `ytterby.figures`, laid out anew for each width."""

    kind: ClassVar[str] = "figure"
    draw: Callable[[bool, float], str]
    """(bare, width in px) -> SVG text. Bare leaves the title to the page: hand it on to `Caption(bare=...)`."""
    data: Rows = ()
    """The rows it shows, for CSV and JSON."""
    narrow: bool = True
    """Whether a second layout is drawn for phones; without it the wide one scrolls."""

    def rows(self) -> Rows:
        """The rows it shows."""
        return self.data


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a list."""

    title: Words
    meta: Words = ()
    """The quiet line under it: source, date."""
    text: Words = ()
    chips: Sequence[Chip] = ()
    data: Mapping[str, Any] = field(default_factory=dict)
    """The entry as a plain row."""


@dataclass(frozen=True, slots=True)
class Items(Block):
    """A list of entries: what is new, hits of a search."""

    kind: ClassVar[str] = "items"
    items: Sequence[Item]
    ordered: bool = False
    empty: str = ""
    pager: Pager | None = None
    data: Rows | None = None

    def rows(self) -> Rows:
        """The entries' plain rows."""
        if self.data is not None:
            return self.data
        return [dict(one.data) or {"title": flat(one.title), "meta": flat(one.meta)} for one in self.items]


@dataclass(frozen=True, slots=True)
class Facts(Block):
    """Names and what they are: the head of a record."""

    kind: ClassVar[str] = "facts"
    facts: Sequence[tuple[str, Cell]]

    def rows(self) -> Rows:
        """One row per fact."""
        return [{"name": name, "value": flat(value)} for name, value in self.facts]


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a facet."""

    text: str
    to: Address
    count: int | None = None
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Facets(Block):
    """Ways to narrow what is shown, each a link with its count: the address stays the state."""

    kind: ClassVar[str] = "facets"
    groups: Sequence[tuple[str, Sequence[Choice]]]


@dataclass(frozen=True, slots=True)
class Passage:
    """One numbered paragraph of a document."""

    n: int
    pieces: Sequence[Inline]
    """Text with marks in it; together exactly the paragraph."""
    heading: bool = False
    quiet: bool = False
    """Page furniture and metadata."""


@dataclass(frozen=True, slots=True)
class Passages(Block):
    """A document's own words, with what was read from them marked; each passage has the anchor ``p<n>``."""

    kind: ClassVar[str] = "passages"
    passages: Sequence[Passage]
    lang: str
    pager: Pager | None = None

    def rows(self) -> Rows:
        """Number and text of each."""
        return [{"n": one.n, "text": flat(one.pieces)} for one in self.passages]


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a form asks for."""

    name: str
    label: str
    kind: Literal["text", "search", "number", "date", "select", "checkbox", "textarea", "file", "hidden"] = "text"
    value: str = ""
    options: Sequence[tuple[str, str]] = ()
    """(value, words) of a select."""
    help: str = ""
    error: str = ""
    """Why what was given is refused."""
    required: bool = False
    least: str = ""
    most: str = ""
    step: str = ""
    lang: str = ""
    many: bool = False
    """Whether several files or options may be chosen."""
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Form(Block):
    """A form. ``get`` puts what was given into the address; ``post`` hands it to the page's `act`."""

    kind: ClassVar[str] = "form"
    name: str
    """Tells the forms of a page apart: what was typed comes back to the form that sent it."""
    fields: Sequence[Field]
    submit: str
    to: Address | str
    """An address of the desk; as text only the path of something that is no page (``/token``)."""
    method: Literal["get", "post"] = "post"
    danger: bool = False
    inline: bool = False
    """In one row, as filters are."""

    @property
    def uploads(self) -> bool:
        """Whether it sends files."""
        return any(one.kind == "file" for one in self.fields)


@dataclass(frozen=True, slots=True)
class Pick(Block):
    """Blocks with boxes to tick (`Tick`) and a button: what is ticked goes into the address."""

    kind: ClassVar[str] = "pick"
    blocks: Sequence[Block]
    submit: str
    to: Address

    def rows(self) -> Rows:
        """The rows of what is inside."""
        return [row for block in self.blocks for row in block.rows()]


@dataclass(frozen=True, slots=True)
class Written(Block):
    """A text as it stands in a file, letter for letter."""

    kind: ClassVar[str] = "written"
    text: str
    label: str
    """What it is, for those who cannot see it."""


@dataclass(frozen=True, slots=True)
class Pair(Block):
    """Two columns side by side, one under the other on a phone: a text and its brief, two runs."""

    kind: ClassVar[str] = "pair"
    left: Sequence[Block]
    right: Sequence[Block]
    left_title: str = ""
    right_title: str = ""
    lead: Literal["even", "left"] = "even"

    def rows(self) -> Rows:
        """The rows of both sides, with the side named."""
        sides = ((self.left_title or "left", self.left), (self.right_title or "right", self.right))
        return [{"side": name, **row} for name, blocks in sides for block in blocks for row in block.rows()]


@dataclass(frozen=True, slots=True)
class Progress(Block):
    """How far a job is; follows it while it runs."""

    kind: ClassVar[str] = "progress"
    job: str
    state: str
    """The word of its state, in the page's language."""
    done: int
    total: int
    left: str = ""
    """Time left, in words."""
    running: bool = True


@dataclass(frozen=True, slots=True)
class Details(Block):
    """Blocks that open on demand."""

    kind: ClassVar[str] = "details"
    title: str
    blocks: Sequence[Block]
    open: bool = False

    def rows(self) -> Rows:
        """The rows of what is inside."""
        return [row for block in self.blocks for row in block.rows()]


def flat(value: Any) -> Any:
    """A cell without its dress: text, number, or nothing.

    >>> flat(("Dy ", Chip("assumed", "assumed")))
    'Dy assumed'
    """
    if isinstance(value, Link | Chip | Tongue | Mark | Strong):
        return value.text
    if isinstance(value, Tick):
        return ""
    if isinstance(value, list | tuple):
        return "".join(str(flat(one)) for one in value)
    return value
