"""Home to the contract of a page.

A page is one small file in ``desk/pages/`` that ends in ``PAGE = Page(...)`` (or ``PAGES = (...)``) and is found by
being there. It never touches HTTP: `build` gets the open project and what was asked, and says in plain data what is to
be shown; `render` makes HTML of it, `counter` JSON, CSV and SVG. A page looks like this:

    WORDS = {
        "nav": ("Sources", "来源"),
        "title": ("{n} sources carry {claims} figures", "{n} 个来源支撑 {claims} 个数字"),
    }

    def build(project: Project, asked: Asked) -> Shown:
        rows = asked.kept("sources", lambda: listed(project.claims()))
        table = Table((Column("publisher", asked.say("publisher")),), [{"publisher": one.publisher} for one in rows])
        everything = Section("all", asked.say("nav"), [table])
        return Shown(asked.say("title", n=len(rows), claims=9), [everything], basis=asked.today.isoformat())

    PAGE = Page("sources", build, WORDS, nav=90)

The rules of a page:

- Its title states the finding, in the language asked for (`asked.lang`); `basis` says unit, date and basis in one line.
- Words of the page stand in its `WORDS`, key -> (English, 中文), and come out of `asked.say(key, **fields)`; the
  frame's own are in `words`. The key ``nav`` names the page. Text in another language is a `Tongue` or has a `lang`.
- Addresses are made by `asked.to("document", id, at="p4")` (same language) and `asked.asking(kind="share")` (same
  page).
- What is slow is kept: `asked.kept("claims", project.claims)` holds until the project changes.
- Wrong questions raise `terms.errors`: the desk shows cause, place and remedy, 404 for an unknown name.
- Each section has rows for JSON and CSV by its blocks; the first section with rows is the page's own, or `Shown.rows`.
- A page that takes forms has `act(project, asked, given) -> Done`. The desk has by then refused foreign origins,
  missing keys and files too large. `act` raises for what is refused: the page is then shown again with the refusal on
  top and what was typed in the form. Long work: `asked.jobs.start("run", {...})` gives a job to lead to.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar

from ytterby.desk import urls, words
from ytterby.desk.blocks import Block, Cell, Link, Pager, Rows
from ytterby.desk.urls import Address, Lang
from ytterby.terms.errors import BadValue, UnknownName, YtterbyError

if TYPE_CHECKING:
    from ytterby.desk.jobs import Jobs
    from ytterby.project import Project

Kept = TypeVar("Kept")
PASSAGES = 400
"""Passages of a document on one page; a longer one is shown in parts."""
Said: TypeAlias = Mapping[str, tuple[str, str]]
"""Key -> (English, 中文)."""


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One number of the strip under the title."""

    label: str
    value: Cell
    unit: str = ""
    note: str = ""
    """Its range or basis, e.g. ``5-95 %: 31-96``."""
    assumed: bool = False
    to: Address | None = None
    """Where the number comes from."""


@dataclass(frozen=True, slots=True)
class Section:
    """One finding: its title says it, its blocks show it."""

    anchor: str
    """Letters, digits and hyphens; part of addresses (``/-/anchor.csv``), so it does not change with the language."""
    title: str
    blocks: Sequence[Block]
    basis: str = ""
    """Unit · date · basis."""
    sources: Sequence[Link | str] = ()
    note: str = ""
    width: Literal["full", "wide", "half", "third"] = "full"
    """Of the page on a desk: all, two thirds, half, a third. On a phone always all."""

    def rows(self) -> Rows:
        """The rows of the first block that has any."""
        return next((found for block in self.blocks if (found := block.rows())), ())


@dataclass(frozen=True, slots=True)
class Saved:
    """A file to be saved instead of a page to be shown."""

    name: str
    """Letters, digits, hyphens and points."""
    media: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Shown:
    """All that a page says, as plain data."""

    title: str
    """The finding, as a sentence."""
    sections: Sequence[Section] = ()
    basis: str = ""
    lead: str = ""
    keys: Sequence[KeyFigure] = ()
    controls: Sequence[Block] = ()
    """Filters and the like, above the sections."""
    crumbs: Sequence[Link] = ()
    """The way here, without the page itself."""
    rows: Rows | None = None
    """The page's own rows for JSON and CSV; without it those of the first section that has any."""
    data: Mapping[str, Any] = field(default_factory=dict)
    """More for the JSON, beside title, basis, keys and sections."""
    status: int = 200
    to: Address | None = None
    """Where the browser is led instead, where what was asked for has an address of its own."""
    file: Saved | None = None
    """What the browser saves instead, where a file was asked for."""
    refresh: int = 0
    """Seconds after which a browser without script looks again; for pages of a running job."""

    def main(self) -> Rows:
        """The rows of the page."""
        if self.rows is not None:
            return self.rows
        return next((found for section in self.sections if (found := section.rows())), ())

    def section(self, anchor: str) -> Section | None:
        """The section with an anchor."""
        return next((one for one in self.sections if one.anchor == anchor), None)


@dataclass(frozen=True, slots=True)
class File:
    """A file that a form sent."""

    name: str
    """As its sender called it: never a path to write to."""
    content: bytes


@dataclass(frozen=True, slots=True)
class Given:
    """What a form sent."""

    form: str
    """Its name."""
    fields: Mapping[str, tuple[str, ...]]
    files: Sequence[File] = ()

    def get(self, name: str, default: str = "") -> str:
        """The value of a field, its last where it was sent several times, without blanks around it."""
        found = self.fields.get(name, ())
        return found[-1].strip() if found else default

    def whole(self, name: str, label: str, least: int, most: int) -> int:
        """A whole number that was typed; `label` names the field where it is refused. Raises `BadValue`."""
        written = self.get(name)
        if not (written.isascii() and written.isdigit() and len(written) < 12 and least <= int(written) <= most):
            remedy = f"give a whole number from {least} to {most:,}"
            raise BadValue(f"'{written:.40}' is not one", place=label, remedy=remedy)
        return int(written)

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of a field."""
        return self.fields.get(name, ())


@dataclass(frozen=True, slots=True)
class Done:
    """A form was carried out: where to go now, and what to say there once."""

    to: Address
    said: str = ""


@dataclass(frozen=True)
class Asked:
    """One question to a page."""

    address: Address
    jobs: Jobs
    words: Said = field(default_factory=dict)
    keep: Callable[[str, Callable[[], Any]], Any] = field(default=lambda name, make: make())
    given: Given | None = None
    """What a form sent, where it was refused and is shown again."""
    refusal: YtterbyError | None = None
    today: datetime.date = field(default_factory=datetime.date.today)

    @property
    def lang(self) -> Lang:
        """Language of the page."""
        return self.address.lang

    @property
    def name(self) -> str:
        """What the page is about: its first name, empty without one."""
        return self.address.names[0] if self.address.names else ""

    @property
    def names(self) -> tuple[str, ...]:
        """All it is about."""
        return self.address.names

    def get(self, key: str, default: str = "") -> str:
        """The answer to one question of the address; the last where it stands several times."""
        return next((value for name, value in reversed(self.address.asked) if name == key), default)

    def all(self, key: str) -> tuple[str, ...]:
        """Every answer to one question."""
        return tuple(value for name, value in self.address.asked if name == key)

    def whole(self, key: str, default: int, least: int = 1, most: int = 1_000_000) -> int:
        """A whole number that was asked for. Raises `BadValue`."""
        written = self.get(key)
        if not written:
            return default
        if not (written.isascii() and written.lstrip("-").isdigit() and len(written) < 12):
            raise BadValue(f"'{written:.40}' is no whole number", place=f"'{key}' of the address")
        if not least <= int(written) <= most:
            remedy = f"give a number from {least} to {most}"
            raise BadValue(f"{written} is out of range", place=f"'{key}' of the address", remedy=remedy)
        return int(written)

    def day(self, key: str) -> datetime.date | None:
        """A day that was asked for. Raises `BadValue`."""
        return date(self.get(key), f"'{key}' of the address")

    def choice(self, key: str, options: Iterable[str], default: str = "") -> str:
        """One of `options`. Raises `UnknownName`."""
        written, known = self.get(key), tuple(options)
        if written and written not in known:
            raise UnknownName(written, known, key, f"'{key}' of the address")
        return written or default

    def to(
        self, page: str, *names: str, asked: Mapping[str, str] | Iterable[tuple[str, str]] = (), at: str = ""
    ) -> Address:
        """The address of a page, in the language of this one; a passage far down in the part of its document."""
        if page == "document" and at[:1] == "p" and at[1:].isdigit() and int(at[1:]) > PASSAGES:
            asked = {**dict(asked), "page": str((int(at[1:]) - 1) // PASSAGES + 1)}
        return urls.to(page, *names, lang=self.lang, asked=asked, at=at)

    def asking(self, **changes: str | None) -> Address:
        """This page with some questions changed (None takes one away); turns back to its first rows."""
        return self.address.as_form("html").asking({"page": None, **changes})

    def say(self, key: str, **fields: object) -> str:
        """Words of this page or of the frame, in the language of the page."""
        return words.say(self.lang, key, self.words, **fields)

    def kept(self, name: str, make: Callable[[], Kept]) -> Kept:
        """What `make` gives, made once and held until the project changes; pages share what bears one name."""
        found: Kept = self.keep(name, make)
        return found

    def paged(self, rows: Sequence[Kept], size: int = 50) -> tuple[Sequence[Kept], Pager | None]:
        """The rows of the page of rows that was asked for (``?page=2``), and the way to the others."""
        if len(rows) <= size:
            return rows, None
        last = (len(rows) - 1) // size + 1
        number = min(self.whole("page", 1), last)
        first = (number - 1) * size
        shown = rows[first : first + size]
        here = self.address.as_form("html")
        before = here.asking({"page": str(number - 1) if number > 2 else None}) if number > 1 else None
        after = here.asking({"page": str(number + 1)}) if number < last else None
        return shown, Pager(first + 1, first + len(shown), len(rows), before, after)


Build: TypeAlias = Callable[["Project", Asked], Shown]
Act: TypeAlias = Callable[["Project", Asked, Given], Done]


@dataclass(frozen=True)
class Page:
    """A member of the family of pages."""

    name: str
    """First word of its address: letters, digits and hyphens."""
    build: Build
    words: Said
    """Its words; ``nav`` is its name in menus."""
    about: tuple[str, ...] = ()
    """What the names in its address stand for, e.g. ``("document",)``; all have to be there."""
    lists: bool = False
    """Whether its address stands without them too: then it lists what there is."""
    nav: int = 0
    """Its place in the menu, from 1; 0 keeps it out."""
    under: str = ""
    """The page of the menu it belongs to, where it has no place of its own."""
    act: Act | None = None
    live: bool = False
    """Whether it changes without the project changing (a job's progress): then it is never kept."""


def date(written: str, place: str) -> datetime.date | None:
    """A day as ISO text; None where nothing is written. Raises `BadValue`."""
    if not written:
        return None
    try:
        return datetime.date.fromisoformat(written)
    except ValueError:
        raise BadValue(
            f"'{written:.40}' is no day", place=place, remedy="write year, month and day as 2025-06-30"
        ) from None
