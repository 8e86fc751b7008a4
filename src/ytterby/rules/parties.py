"""Home to lists of parties: who is on which authority's list, from when, and under which names.

A list may be incomplete here; it then says so, and a name that is not on it is not proved to be off it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property, lru_cache
from importlib import resources
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, Strict, StringConstraints, model_validator

from ytterby.rules import pages
from ytterby.rules.clauses import Confidence, Record, Source, Word, backwards
from ytterby.terms.errors import BadValue, UnknownName
from ytterby.terms.text import fold

Kind = Literal["control", "watch", "foreign"]
"""`control`: dual-use items refused; `watch`: stricter applications; `foreign`: a list of another government."""

GENERIC = frozenset({
    "co", "company", "ltd", "limited", "inc", "incorporated", "corp", "corporation", "llc", "lp", "llp", "plc", "pty",
    "kk", "株式会社", "有限会社", "合同会社", "株", "有限公司", "股份有限公司", "有限责任公司", "公司",
})  # fmt: skip
"""Legal forms that translations use for one another."""
OWN = frozenset({
    "ag", "gmbh", "kg", "se", "sa", "sas", "sarl", "srl", "spa", "nv", "bv", "as", "sro", "ab", "asa", "oy", "oyj",
    "aps", "sl", "kft", "zrt", "doo", "sp", "zoo", "ao", "ooo",
})  # fmt: skip
"""Legal forms that tell firms of one group apart (Hensoldt AG, Hensoldt GmbH)."""
FUSED = tuple(sorted((form for form in GENERIC if not form.isascii() and len(form) > 1), key=len, reverse=True))
ABBREVIATED = re.compile(r"(?<![^\W_])((?:[^\W\d_]\.){2,})", re.UNICODE)
APART = ((r"\bspol\s+s\s*r\s*o\b", "sro"), (r"\bs\s*r\s*o\b", "sro"), (r"\bz\s*o\s*o\b", "zoo"))


class Party(Record):
    """One member of a list."""

    name: Word
    zh: str = ""
    aliases: tuple[Word, ...] = ()
    """Other names in any script."""
    country: Annotated[str, StringConstraints(pattern="^[A-Z]{2}$")]
    since: date | None = Field(None, alias="from")
    """Where it joined later than the list began."""
    until: date | None = None
    """Last day on the list."""
    confidence: Confidence = "B"
    note: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Every name it goes by."""
        return tuple(name for name in (self.name, self.zh, *self.aliases) if name)


class PartyList(Record):
    """One list of one authority."""

    id: Annotated[str, StringConstraints(pattern="^[a-z0-9-]+$")]
    title: Word
    title_zh: str = ""
    authority: Word
    instrument: Word
    kind: Kind = "control"
    since: date = Field(alias="from")
    until: date | None = None
    known: date
    complete: Annotated[bool, Strict()] = True
    """False where not every member is known here."""
    size: int | None = None
    """How many members the authority names."""
    members: tuple[Party, ...] = ()
    sources: tuple[Source, ...] = Field(min_length=1)
    doubts: tuple[Word, ...] = ()

    @model_validator(mode="after")
    def _forward(self) -> PartyList:
        if self.until is not None and self.until < self.since:
            raise backwards(self.since, self.until)
        return self

    @cached_property
    def by_name(self) -> Mapping[str, Party]:
        """Members by the spelling of each of their names, see `spelt`."""
        return {spelt(name): party for party in self.members for name in party.names}

    @cached_property
    def by_stem(self) -> Mapping[str, tuple[tuple[Party, frozenset[str]], ...]]:
        """Members by each name without its legal form, with the forms it had; see `stem`."""
        found: dict[str, list[tuple[Party, frozenset[str]]]] = {}
        for party in self.members:
            for name in party.names:
                found.setdefault(stem(name), []).append((party, forms(name)))
        return {key: tuple(parties) for key, parties in found.items() if key}

    def find(self, name: str) -> Party | None:
        """The member of that very name; the legal form may be left out on either side, but must not be another one."""
        if not name:
            return None
        exact = self.by_name.get(spelt(name))
        if exact is not None:
            return exact
        alike = self.by_stem.get(stem(name), ())
        own = forms(name) & OWN if alike else frozenset()
        for party, _ in alike:
            listed = frozenset(form for other, had in alike if other is party for form in had & OWN)
            if not own or not listed or own & listed:
                return party
        return None

    def days(self, party: Party) -> tuple[date, date]:
        """First and last day `party` stands on it."""
        last = min(self.until or date.max, party.until or date.max)
        return max(self.since, party.since or self.since), last

    @property
    def completeness(self) -> str:
        """How much of the list is known here, in words; empty where all of it is."""
        if self.complete:
            return ""
        return f"{len(self.members)} of {self.size or 'an unknown number of'} members are known here"


@lru_cache(maxsize=65_536)
def spelt(name: str) -> str:
    """A name as it is compared: folded, without case, blanks and punctuation.

    >>> spelt("三菱重工業") == spelt("三菱重工业"), spelt("FN Herstal, S.A.")
    (True, 'fnherstalsa')
    """
    return "".join(char for char in fold(name).casefold() if char.isalnum())


def words(name: str) -> tuple[str, ...]:
    """The words of a name, folded, in small letters, dotted abbreviations joined, legal forms of Asia cut off.

    >>> words("FN Herstal, S.A."), words("三菱重工業株式會社")
    (('fn', 'herstal', 'sa'), ('三菱重工业', '株式会社'))
    """
    text = ABBREVIATED.sub(lambda found: found[1].replace(".", "") + " ", fold(name).casefold())
    for form in FUSED:
        text = text.replace(form, f" {form} ")
    text = " ".join(re.findall(r"[^\W_]+", text))
    for pattern, joined in APART:
        text = re.sub(pattern, joined, text)
    return tuple(text.split())


def forms(name: str) -> frozenset[str]:
    """The legal forms at either end of a name.

    >>> sorted(forms("GmbH & Co. KG Muster")), sorted(forms("Subaru Corporation"))
    (['co', 'gmbh', 'kg'], ['corporation'])
    """
    return frozenset(words(name)) - frozenset(_stem(name))


def stem(name: str) -> str:
    """A name without its legal forms, as it is compared.

    >>> stem("FN Herstal, S.A."), stem("株式会社TDK"), stem("Mitsubishi Heavy Industries, Ltd.")
    ('fnherstal', 'tdk', 'mitsubishiheavyindustries')
    """
    return "".join(_stem(name))


@lru_cache(maxsize=4096)
def _stem(name: str) -> tuple[str, ...]:
    kept = list(words(name))
    while len(kept) > 1 and kept[-1] in GENERIC | OWN:
        kept.pop()
    while len(kept) > 1 and kept[0] in GENERIC | OWN | {"the"}:
        kept.pop(0)
    return tuple(kept)


def load(folder: Path | None = None) -> dict[str, PartyList]:
    """The package's lists and those of a project's `folder` (one YAML file each), by id.

    Raises:
        BadValue, UnknownName, DateOrder: with file, line and key.
    """
    found = dict(_package())
    own: set[str] = set()
    for path in sorted(folder.glob("*.yaml")) if folder is not None else ():
        one = pages.read(path, PartyList)
        if one.id in own:
            raise BadValue(f"list '{one.id}' twice", place=path.name, remedy="rename one")
        own.add(one.id)
        found[one.id] = one
    return found


def known_on(lists: Mapping[str, PartyList], known: date) -> dict[str, PartyList]:
    """The lists that were published by the day `known`."""
    return {name: one for name, one in lists.items() if one.known <= known}


def members(
    which: str, on: date, known: date | None = None, lists: Mapping[str, PartyList] | None = None
) -> tuple[Party, ...]:
    """Who stands on the list `which` on the day `on`, to one who knows what was known on `known` (or on `on` itself).

    Raises:
        UnknownName: no such list, with the nearest ones.
    """
    held = load() if lists is None else lists
    if which not in held:
        raise UnknownName(which, known=held, what="list of parties")
    one = held[which]
    if one.known > (known or on):
        return ()
    return tuple(party for party in one.members if one.days(party)[0] <= on <= one.days(party)[1])


def check(named: Iterable[tuple[str, str]], lists: Mapping[str, PartyList]) -> None:
    """Sees that every (clause id, list id) names a list there is.

    Raises:
        UnknownName: a list nobody has, with the clause that names it.
    """
    for clause, name in named:
        if name not in lists:
            raise UnknownName(name, known=lists, what="list of parties", place=f"clause {clause}")


@lru_cache(maxsize=1)
def _package() -> dict[str, PartyList]:
    folder = Path(str(resources.files("ytterby"))) / "data" / "parties"
    lists = [pages.read(path, PartyList) for path in sorted(folder.glob("*.yaml"))]
    return {one.id: one for one in lists}
