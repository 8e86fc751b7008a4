"""Home to titles: an office beside a person's name ("美国财政部长耶伦", "Farley, head of Ford") and whose it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from ytterby.evidence.names.entities import Named, every, read_rows
from ytterby.terms.tables import several

_REACH = 48
_BODIES = frozenset({"company", "organisation", "agency", "analyst"})
_SEATS = frozenset({"country", "government", "agency"})
_SHARED = frozenset(
    {"vice-premier", "vice-commerce", "spokesperson-commerce", "spokesperson-foreign", "chief-executive"}
)
"""Offices that several hold at once, or whose holders the table knows only in part."""

_HEADS = frozenset({"president", "premier"})

_FREE_ZH = re.compile(
    r"(?:(?<![目此日先当以之提年月周天任多])前(?:任|国家)?|原|时任|卸任|离任|已故|候任|代理|拟任|接任|继任|候选|提名|出任|退休|下任|下一任|副|助理|历任|曾任|曾担任|"
    r"做过|当过|当时)的?$"
)
_FREE_EN = re.compile(
    r"\b(?:former|ex|then|late|acting|deputy|incoming|previous|one[- ]time|vice|assistant|under|designate|elect|"
    r"outgoing|nominee|onetime|ousted|sacked|as|retired|past|next|future)[\s-]*$",
    re.IGNORECASE,
)
_FREE_AFTER = re.compile(r"^(?:\s*-?\s*(?:designate|elect|nominee)\b|\s*(?:候选人|提名人|人选|当选人))", re.IGNORECASE)
_LINK_ZH = re.compile(r"[\s·的、]{0,2}$")
_LINK_EN = re.compile(r"[\s,]{1,2}$")
_NEXT_ZH = re.compile(r"^\s?(?:[(（]\s?|，?(?:现任|作为|身为|是现任|是))?")
_NEXT_EN = re.compile(
    r"^(?:,\s(?:the\s|an?\s|who is\s|who serves as\s)?|\s\(\s?(?:the\s)?|\sis\s(?:the\s)?)", re.IGNORECASE
)
_PLACE_AFTER_EN = re.compile(r"^\s(?:of|at|for)\s(?:the\s)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Title:
    """A person and the office a text gives them."""

    start: int
    end: int
    """Characters of both together."""
    person: Named
    offices: tuple[str, ...]
    """Ids of the offices the words may mean."""
    of: str
    """Country code or id of the body; empty where not told."""
    of_en: str
    freed: bool
    """Whether a word beside it (former, 前, 时任, designate, deputy) says it is not held now."""

    @property
    def shared(self) -> bool:
        """Whether others hold the same office at the same time."""
        return bool(_SHARED.intersection(self.offices))


@dataclass(frozen=True, slots=True)
class _Word:
    """The words of one or more offices."""

    offices: tuple[str, ...]
    country: str


@dataclass(frozen=True, slots=True)
class _Words:
    """The words for offices in one language."""

    offices: Mapping[str, _Word]
    """By their words, in small letters."""
    lengths: tuple[int, ...]
    """Of those words, the longest first."""


def titles(text: str, named: list[Named], people: Iterable[Named]) -> Iterator[Title]:
    """The titles given to `people` in a folded text, each person's nearest."""
    at = {one.start: index for index, one in enumerate(named)}
    for person in people:
        place = at[person.start]
        near = named[max(0, place - 4) : place], named[place + 1 : place + 5]
        found = _before(text, person, near[0]) or _after(text, person, near[1], near[0])
        if found is not None:
            yield found


def _before(text: str, person: Named, left: list[Named]) -> Title | None:
    """An office that ends where the person begins."""
    edge = person.start
    window = text[max(0, edge - _REACH) : edge]
    for words, link in ((_zh_words(), _LINK_ZH), (_en_words(), _LINK_EN)):
        gap = link.search(window)
        if gap is None:
            continue
        found = _ending(window[: gap.start()], words)
        if found:
            start = edge - len(window) + gap.start() - len(found)
            owner, begin = _owner(text, start, edge, left)
            return _title(
                text, begin, person.end, person, words.offices[found], owner, freed=_freed(text, begin, start)
            )
    return None


def _after(text: str, person: Named, right: list[Named], left: list[Named]) -> Title | None:
    """An office that follows the person: 耶伦财长, "Yellen, the Treasury secretary"."""
    edge = person.end
    window = text[edge : edge + _REACH]
    lead = _NEXT_ZH.match(window)
    begin = lead.end() if lead else 0
    owner = next((one for one in right if one.start - edge == begin and one.entity.kind in _SEATS), None)
    hit = _first_hit(_zh_words(), window, begin, owner.end - edge if owner else begin)
    if hit is not None:
        freed = bool(_FREE_AFTER.match(text[edge + hit[1] : edge + hit[1] + 16]))
        of = owner.entity.place if owner else ""
        end = edge + hit[1]
        return _title(
            text, person.start, end, person, _zh_words().offices[hit[0]], of, freed=freed or _back(text, person.start)
        )
    lead = _NEXT_EN.match(window)
    if lead is None:
        return None
    return _after_en(text, person, right, edge, lead.end())


def _after_en(text: str, person: Named, right: list[Named], edge: int, begin: int) -> Title | None:
    window = text[edge : edge + _REACH]
    told = next((one for one in right if edge + begin <= one.start <= edge + begin + 4), None)
    skip, of = begin, ""
    if told is not None and told.entity.kind in (*_SEATS, *_BODIES):
        after = told.end - edge
        skip = after + (2 if window[after : after + 2] == "'s" else 0) + 1
        of = told.entity.place if told.entity.kind in _SEATS else told.entity.id
    # "the U.S. Treasury secretary": the agency's name runs into the office's.
    hit = _first_hit(_en_words(), window, skip, skip) or _first_hit(_en_words(), window, begin, skip)
    if hit is None:
        return None
    end = edge + hit[1]
    owned = _PLACE_AFTER_EN.match(text[end : end + 12])
    if owned is not None:
        owner = next((one for one in right if one.start == end + owned.end()), None)
        if owner is not None:
            of, end = owner.entity.id, owner.end
    freed = bool(_FREE_AFTER.match(text[end : end + 16])) or _back(text, person.start)
    return _title(text, person.start, end, person, _en_words().offices[hit[0]], of, freed=freed)


def _first_hit(words: _Words, window: str, first: int, last: int) -> tuple[str, int] | None:
    """The office that begins at `first` or, at the start of a word, up to `last`: its words and where they end."""
    for at in range(first, last + 1):
        if at == first or not (window[at - 1].isascii() and window[at - 1].isalnum()):
            found = _beginning(window[at:], words)
            if found:
                return found, at + len(found)
    return None


def _beginning(text: str, words: _Words) -> str:
    """The longest of the words that the text begins with, whole."""
    text = _lower(text)
    for length in words.lengths:
        if text[:length] in words.offices and not (text[length - 1].isascii() and text[length : length + 1].isalnum()):
            return text[:length]
    return ""


def _ending(text: str, words: _Words) -> str:
    """The longest of the words that the text ends with, whole."""
    text = _lower(text)
    for length in words.lengths:
        at = len(text) - length
        if at >= 0 and text[at:] in words.offices and not (text[at].isascii() and text[max(0, at - 1) : at].isalnum()):
            return text[at:]
    return ""


def _lower(text: str) -> str:
    return text.replace("\u0130", "I").lower()


def _back(text: str, start: int) -> bool:
    window = text[max(0, start - 16) : start]
    return bool(_FREE_ZH.search(window) or _FREE_EN.search(window))


def _owner(text: str, start: int, edge: int, left: list[Named]) -> tuple[str, int]:
    """Country or body right before the office, and where the whole begins."""
    for one in reversed(left):
        if one.start >= start:
            continue
        # 美国前财长: the word that frees may stand between the country and the office.
        between = text[one.end : start] if one.end <= start else ""
        if one.end > start and one.end <= edge:
            # 美国财政部 runs into 财政部长: the agency's country tells.
            return (one.entity.place, one.start) if one.entity.kind in ("agency", "government") else ("", start)
        if len(between) <= 12 and re.fullmatch(r"(?:'s|’s)?[\s的]*(?:\w{1,10}[\s-])?\w{0,4}?", between):
            if one.entity.kind in ("country", "government"):
                return one.entity.place, one.start
            if one.entity.kind in _BODIES:
                return one.entity.id, one.start
            if one.entity.kind == "outlet":
                return "", start
        break
    return "", start


def _freed(text: str, begin: int, start: int) -> bool:
    for edge in {begin, start}:
        window = text[max(0, edge - 16) : edge]
        if _FREE_ZH.search(window) or _FREE_EN.search(window):
            return True
    return False


def _title(text: str, start: int, end: int, person: Named, word: _Word, of: str, *, freed: bool) -> Title:
    of = of or word.country
    owner = every().get(of)
    if owner is not None and owner.kind == "agency" and "chief-executive" not in word.offices:
        of = owner.place
        owner = every().get(of)
    # "President Biden's law" calls a man by the office he made it in.
    freed = freed or ("'s" in text[end : end + 2] and bool(_HEADS.intersection(word.offices)))
    return Title(start, end, person, word.offices, of, owner.en if owner else "", freed)


def office_name(office: str, of: str) -> str:
    """English name of an office in a country: its own word there (Treasury secretary), else the common one."""
    return _office_names().get((office, of)) or _office_names().get((office, ""), office)


@cache
def _office_names() -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for row in read_rows("offices"):
        found.setdefault((row["body"] or row["id"], row["country"] if row["body"] else ""), row["en"])
    return found


@cache
def _zh_words() -> _Words:
    return _words("words_zh")


@cache
def _en_words() -> _Words:
    return _words("words_en")


def _words(column: str) -> _Words:
    found: dict[str, _Word] = {}
    for row in read_rows("offices"):
        office = row["body"] or row["id"]
        for word in several(row[column]):
            key = word.lower()
            if key in found:
                old = found[key]
                country = old.country if old.country == row["country"] else ""
                found[key] = _Word(tuple(dict.fromkeys((*old.offices, office))), country)
            else:
                found[key] = _Word((office,), row["country"])
    return _Words(found, tuple(sorted(set(map(len, found)), reverse=True)))
