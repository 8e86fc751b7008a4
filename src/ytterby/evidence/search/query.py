"""Home to the query: words, phrases in quotes, words to leave out, and filters, read from one line.

对日 稀土磁体 lang:zh kind:trade_volume since:2025-04
"price floor" -lithium dyspro*
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ytterby.evidence.claims import KINDS
from ytterby.evidence.search.entries import TYPES
from ytterby.evidence.search.tokens import lowered, units
from ytterby.terms.errors import BadValue, DateOrder, InputError, UnknownName, shown

LONGEST = 2_000
"""Characters of a query."""
MOST = 32
"""Words and phrases of a query."""

FILTERS = ("lang", "type", "place", "stage", "kind", "since", "until")
_LANGS = ("zh", "zh-Hant", "en")

_PIECE = re.compile(
    r"""(?P<minus>(?<!\S)-)?(?:
        (?P<filter>[A-Za-z]{4,6})[:\uff1a](?P<value>"[^"]*"|[^\s"]*)
      | ["\u201c\u201d\u300c](?P<phrase>[^"\u201c\u201d\u300c\u300d]*)(?:["\u201c\u201d\u300d]|\Z)
      | (?P<word>[^\s"\u201c\u201d\u300c\u300d]+)
      )""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Term:
    """One word or phrase asked for."""

    text: str
    """As typed."""
    phrase: bool = False
    """Typed in quotes: not cut, not replaced by anything but its own other names."""
    prefix: bool = False
    """Typed with a star: the beginning of a word."""


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked for."""

    terms: tuple[Term, ...]
    without: tuple[Term, ...] = ()
    lang: str = ""
    type: str = ""
    place: str = ""
    """Code of a place."""
    stage: str = ""
    kind: str = ""
    since: str = ""
    """First day, ISO."""
    until: str = ""
    """Last day, ISO."""


def parse(text: str, **options: str | None) -> Query:
    """A query from a line of text; an option (one of `FILTERS`) counts over a filter in the text.

    Raises `BadValue` for a query that asks for nothing, is too long, or has a date that is none, `UnknownName` for a
    filter's value that nobody knows, `DateOrder` where it ends before it begins.
    """
    if len(text) > LONGEST:
        raise BadValue(f"the query has {len(text)} characters", place="query", remedy=f"ask in {LONGEST} at most")
    terms: list[Term] = []
    without: list[Term] = []
    given: dict[str, str] = {}
    for piece in _PIECE.finditer(text):
        name = (piece["filter"] or "").lower()
        if name in FILTERS and not piece["minus"]:
            given[name] = piece["value"].strip('"')
        else:
            term = _term(piece)
            if term is not None:
                (without if piece["minus"] else terms).append(term)
    given |= {name: value for name, value in options.items() if value}
    filters = {name: _check(name, value) for name, value in given.items()}
    if not terms:
        raise _nothing(text, without)
    if len(terms) + len(without) > MOST:
        raise BadValue(
            f"the query has {len(terms) + len(without)} words", place="query", remedy=f"ask with {MOST} at most"
        )
    query = Query(tuple(dict.fromkeys(terms)), tuple(without), **filters)
    if query.since and query.until and query.since > query.until:
        raise DateOrder(
            f"the search ends on {query.until}, before it begins on {query.since}",
            place="query",
            remedy="swap since and until",
        )
    return query


def _term(piece: re.Match[str]) -> Term | None:
    phrase = piece["phrase"] is not None
    text = piece["phrase"] if phrase else piece["word"] or piece[0].removeprefix("-")
    if not phrase:
        text = text.strip("，。、；：？！,;?!()（）[]【】《》<>…")
    prefix = not phrase and text.endswith("*")
    text = text.strip().rstrip("*") if prefix else text.strip()
    return Term(text, phrase, prefix) if units(lowered(text)) else None


def _nothing(text: str, without: Iterable[Term]) -> InputError:
    remedy = "give a word: a Chinese character, a Latin word, a figure"
    if any(True for _ in without):
        return BadValue("the query only says what to leave out", place="query", remedy=remedy)
    if not text.strip():
        return BadValue("the query is empty", place="query", remedy=remedy)
    return BadValue(f"'{shown(text.strip(), 40)}' holds no word to look for", place="query", remedy=remedy)


def _check(name: str, value: str) -> str:
    where = f"query, {name}:{shown(value, 40)}"
    if name == "type":
        return _one_of(value.lower().removesuffix("s").replace("facilitie", "facility"), TYPES, "type", where)
    if name == "lang":
        low = value.lower().replace("_", "-")
        known = {"zh": "zh", "zh-hans": "zh", "zh-cn": "zh", "en": "en", "zh-hant": "zh-Hant", "zh-tw": "zh-Hant"}
        return known.get(low) or _one_of(value, _LANGS, "language", where)
    if name == "place":
        from ytterby.terms.places import place

        return place(value, where).code
    if name == "stage":
        from ytterby.terms.stages import stage

        return stage(value, where).id
    if name in ("since", "until"):
        return _day(value, where, last=name == "until")
    return _one_of(value.lower(), KINDS, "kind of claim", where)


def _one_of(value: str, known: tuple[str, ...], what: str, where: str) -> str:
    if value not in known:
        raise UnknownName(value, known, what, where)
    return value


def _day(value: str, where: str, *, last: bool) -> str:
    """The first or last day of an ISO day, month or year."""
    match = re.fullmatch(r"(\d{4})(?:-(\d\d?)(?:-(\d\d?))?)?", value)
    try:
        if match is None:
            raise ValueError
        year, month, day = (int(part) if part else 0 for part in match.groups())
        month = month or (12 if last else 1) if not match[2] else month
        if not match[3]:
            day = calendar.monthrange(year, month)[1] if last and 1 <= month <= 12 else 1
        return date(year, month, day).isoformat()
    except ValueError:
        raise BadValue(
            f"'{shown(value, 40)}' is no date", place=where, remedy="write 2025, 2025-04 or 2025-04-09"
        ) from None
