"""Home to screening: which listed party a name may be, proposed with a score and a reason; a person decides.

A name that a list itself gives is a match; whatever is merely alike is a candidate and stops nothing by itself. The
likeness is plain Python (pairs of letters, then `difflib`): nomenklatura is not needed and not used. What a person
decides is appended to the project's database, never changed, and overrides the proposal from then on.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Any

from ytterby.rules import parties as party_lists
from ytterby.rules.parties import GENERIC, OWN, Party, PartyList, spelt, words
from ytterby.rules.reasons import Reason, reason
from ytterby.store.database import Database
from ytterby.store.records import now
from ytterby.terms.errors import BadValue, UnknownName, shown
from ytterby.terms.places import place

FLOOR = 0.72
"""Likeness from which on a party is proposed."""
MOST = 10
"""Candidates shown."""
SHORT = 4
"""Names of so many letters or fewer are only matched, found as a word of another name, or compared as initials."""
LONGEST = 300
"""Letters a name may have."""
ELSEWHERE = 0.9
"""Factor on the likeness of a party of another country."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A listed party that a name may be."""

    party: Party
    list: str
    score: float
    """1 for the very name or a decision; else the likeness, from `FLOOR` to below 1."""
    why: Reason
    match: bool = False
    """Whether it is the very name, or a person said so; else nothing follows from it."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "party": self.party.name,
            "zh": self.party.zh,
            "country": self.party.country,
            "list": self.list,
            "score": round(self.score, 3),
            "match": self.match,
            "why": str(self.why),
            "confidence": self.party.confidence,
            "note": self.party.note,
        }


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided about a name."""

    name: str
    party: str
    """The listed party it is; empty for nobody listed."""
    list: str
    reviewer: str
    reason: str
    at: str

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {name: getattr(self, name) for name in ("name", "party", "list", "reviewer", "reason", "at")}


def screen(
    name: str,
    country: str | None = None,
    on: date | None = None,
    *,
    lists: Mapping[str, PartyList] | None = None,
    decisions: Mapping[str, Decision] | None = None,
) -> list[Candidate]:
    """The listed parties that `name` may be, the likeliest first.

    Args:
        name: of a person or firm, in English, Chinese or Japanese.
        country: where it sits, code or name; parties of other countries score lower, none is left out.
        on: only who stands on a list on that day; without it, whoever ever did.
        lists: the package's lists without it.
        decisions: what people decided, see `decisions`; a decision is the whole answer.

    Raises:
        BadValue: a name without a letter, or longer than `LONGEST`.
        UnknownName: a country nobody knows.
    """
    key = spelt(name)
    if not key:
        raise BadValue(f"'{shown(name)}' is no name", place="screening", remedy="give the name of a person or firm")
    if len(name) > LONGEST:
        raise BadValue(f"a name of {len(name)} characters", place="screening", remedy="give one name at a time")
    where = place(country, "screening, country").code if country else ""
    held = party_lists.load() if lists is None else lists
    standing = [(one, party) for one in held.values() for party in one.members if _stands(one, party, on)]
    if decisions and key in decisions:
        return _decided(decisions[key], standing)
    found = []
    for one, party in standing:
        said = _match(name, one, party) or _alike(name, party, where)
        if said is not None:
            score, why, match = said
            found.append(Candidate(party, one.id, score, why, match))
    found.sort(key=lambda one: (-one.match, -one.score, one.party.name, one.list))
    return found[:MOST]


def _stands(one: PartyList, party: Party, on: date | None) -> bool:
    if on is None:
        return True
    first, last = one.days(party)
    return first <= on <= last


def _decided(said: Decision, standing: Iterable[tuple[PartyList, Party]]) -> list[Candidate]:
    why = reason("decided", reviewer=said.reviewer, day=said.at[:10], because=said.reason)
    key = spelt(said.party)
    return [Candidate(party, one.id, 1.0, why, True) for one, party in standing if key and spelt(party.name) == key]


def _match(name: str, one: PartyList, party: Party) -> tuple[float, Reason, bool] | None:
    if one.find(name) is not party:
        return None
    given = next((own for own in party.names if spelt(own) == spelt(name)), "")
    why = reason("is_listed", name=given) if given else reason("but_for_form", name=party.name)
    return 1.0, why, True


# likeness


def _alike(name: str, party: Party, where: str) -> tuple[float, Reason, bool] | None:
    own = _shape(name)
    best, listed = max((_likeness(own, _shape(other)), other) for other in party.names)
    why = reason("like", name=listed)
    initials = _initials(name, party)
    if initials and best < 0.85:
        best, why = 0.85, reason("short_for" if len(own.flat) <= 6 else "long_for", name=initials)
    if where and where != party.country:
        best *= ELSEWHERE
        why = reason("elsewhere", told=why, there=party.country, here=where)
    score = min(best, 0.99)
    return (score, reason("scored", told=why, score=score), False) if best >= FLOOR else None


@dataclass(frozen=True, slots=True)
class _Shape:
    """A name ready to be compared."""

    words: tuple[str, ...]
    """Without legal forms and accents, in alphabetical order."""
    flat: str
    """The words run together in their own order."""
    pairs: frozenset[str]
    """Two letters or signs each."""


@lru_cache(maxsize=16384)
def _shape(name: str) -> _Shape:
    # Latin accents go; the marks of Japanese syllables stay, since か is not が.
    plain = "".join(sign for sign in unicodedata.normalize("NFD", name) if not "\u0300" <= sign <= "\u036f")
    plain = unicodedata.normalize("NFC", plain)
    kept = [word for word in words(plain) if word not in GENERIC | OWN] or list(words(plain))
    flat = "".join(kept)
    pairs = frozenset(flat[at : at + 2] for at in range(len(flat) - 1)) or frozenset({flat})
    return _Shape(tuple(sorted(kept)), flat, pairs)


def _likeness(one: _Shape, other: _Shape) -> float:
    """From 0 to 1: the best of words in any order, letters in a row, and one name inside the other."""
    if min(len(one.flat), len(other.flat)) <= (SHORT if one.flat.isascii() else 1):
        return 1.0 if one.flat == other.flat else _inside(one, other)
    shared = len(one.pairs & other.pairs)
    dice = 2 * shared / (len(one.pairs) + len(other.pairs))
    if dice < 0.3 and not set(one.words) & set(other.words):
        return dice
    sorted_words = SequenceMatcher(None, " ".join(one.words), " ".join(other.words), autojunk=False).ratio()
    in_a_row = SequenceMatcher(None, one.flat, other.flat, autojunk=False).ratio()
    return max(dice, sorted_words, in_a_row, _inside(one, other))


def _inside(one: _Shape, other: _Shape) -> float:
    """One name inside the other: a unit of a listed group, or the group of a listed unit."""
    short, long = sorted((one, other), key=lambda shape: len(shape.flat))
    share = len(short.flat) / len(long.flat)
    if short.flat.isascii():
        whole = len(short.flat) >= 3 and all(_spoken(word, long.words) for word in short.words)
    else:
        whole = len(short.flat) >= 3 and short.flat in long.flat
    return 0.75 + 0.2 * share if whole else 0.0


def _spoken(word: str, among: tuple[str, ...]) -> bool:
    """Whether a word stands among others, a slip of the pen allowed in a long one."""
    if word in among:
        return True
    near = (other for other in among if len(word) > SHORT and abs(len(other) - len(word)) <= 2)
    return any(SequenceMatcher(None, word, other, autojunk=False).ratio() >= 0.85 for other in near)


def _initials(name: str, party: Party) -> str:
    """The name of the party that `name` shortens, or that shortens `name`, to the first letters of its words."""
    own = _letters(name)
    for other in party.names:
        theirs = _letters(other)
        if (len(theirs) >= 3 and spelt(name) == theirs) or (len(own) >= 3 and spelt(other) == own):
            return other
    return ""


def _letters(name: str) -> str:
    kept = [word for word in words(name) if word not in GENERIC | OWN and word not in ("of", "and", "the", "for")]
    return "".join(word[0] for word in kept) if all(word.isascii() for word in kept) and len(kept) > 1 else ""


# decisions


def decide(
    db: Database,
    name: str,
    party: str | None,
    *,
    reviewer: str,
    reason: str,
    lists: Mapping[str, PartyList] | None = None,
    when: str = "",
) -> Decision:
    """Keeps what a person decided: that `name` is the listed `party`, or (None) nobody listed.

    Raises:
        BadValue: no name, reviewer or reason.
        UnknownName: a party on no list, with the nearest ones.
    """
    if not spelt(name):
        raise BadValue(f"'{shown(name)}' is no name", place="decision", remedy="give the name that was screened")
    for what, text in (("reviewer", reviewer), ("reason", reason)):
        if not text.strip():
            raise BadValue(f"a decision needs a {what}", place=f"decision on {shown(name)}", remedy=f"say the {what}")
    found, where = _listed(party, lists) if party is not None else ("", "")
    made = Decision(name, found, where, reviewer.strip(), reason.strip(), when or now())
    db.execute(
        "INSERT INTO screenings (key, name, party, list, reviewer, reason, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (spelt(name), made.name, made.party, made.list, made.reviewer, made.reason, made.at),
    )
    return made


def _listed(party: str, lists: Mapping[str, PartyList] | None) -> tuple[str, str]:
    held = party_lists.load() if lists is None else lists
    for one in held.values():
        member = one.find(party)
        if member is not None:
            return member.name, one.id
    known = [member.name for one in held.values() for member in one.members]
    raise UnknownName(party, known, "listed party", "decision")


def decisions(db: Database) -> dict[str, Decision]:
    """The latest decision on each name, by its spelling (see `parties.spelt`)."""
    return {row["key"]: _decision(row) for row in db.rows("SELECT * FROM screenings ORDER BY number")}


def history(db: Database, name: str) -> list[Decision]:
    """Every decision on a name, the earliest first."""
    rows = db.rows("SELECT * FROM screenings WHERE key = ? ORDER BY number", (spelt(name),))
    return [_decision(row) for row in rows]


def _decision(row: Mapping[str, Any]) -> Decision:
    return Decision(row["name"], row["party"], row["list"], row["reviewer"], row["reason"], row["at"])


def decided(made: Mapping[str, Decision]) -> dict[str, str]:
    """Decisions as the law takes them (`verdicts.law(decided=…)`): spelt name → spelt listed party, or empty."""
    return {key: spelt(one.party) for key, one in made.items()}
