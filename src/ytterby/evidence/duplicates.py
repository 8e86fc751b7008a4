"""Home to near duplicates: copies of a text, cut, edited or in the other script, told from texts with other figures.

Notices of customs and prices are written from templates: two months differ in nothing but their figures, and are not
copies. So wording makes two texts candidates, and figures decide: the figures of a copy stand in the fuller text, in
the same order or each in the same sentence. Every member of a cluster must stand so in the cluster's fullest
text, which is why no chain of copies can tie two texts with different figures.

Versions of one work are no duplicates of each other. Nothing is deleted: a cluster is a list of ids.
"""

from __future__ import annotations

import hashlib
import re
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from zlib import crc32

from ytterby.evidence.documents import SPOKEN, Document
from ytterby.evidence.search.tokens import lowered, units

PERMUTATIONS = 128
"""Hash functions of a signature; a likeness is known to about ±0.04."""
LIKE = 0.55
"""Shared shingles over all shingles, from which texts are alike."""
INSIDE = 0.75
"""Share of the shorter text's shingles in the longer one, from which it is a part of it."""
PART = 0.25
"""Least share of the longer text that a cut copy has: a quoted sentence is no copy."""
PLAIN = 0.7
"""As `LIKE`, for texts that have no figures to decide by."""

_CUT = 0.95
"""Share of the fuller text from which a text is not thought cut."""
_SHINGLE = 4
_MANY = 5
_BANDS = 16
_TRIED = 24
"""Candidates that are looked at, those with the most in common first."""
_LONGEST_LIST = 64
"""Texts remembered under one key; what stands in more of them tells nothing."""

_DIGITS = r"\d+(?:[.,]\d+)*"
_ZH = "〇○零一二两三四五六七八九十百千万亿"
_WORDS = (
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
    "nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion half third "
    "quarter double doubled tripled january february march april june july august september october november december"
)
_FIGURE = re.compile(
    rf"(?P<digits>{_DIGITS})"
    rf"|(?P<zh>[{_ZH}]+成[{_ZH}半]?|[{_ZH}]+点[{_ZH}]+|(?<=第)[{_ZH}]+|[{_ZH}]{{2,}}"
    rf"|[{_ZH}](?=[年月日号吨公美元成倍个家项%季周天人分])|半数|一半|翻番)"
    rf"|(?<![a-z])(?P<word>{'|'.join(_WORDS.split())})(?![a-z])"
)
_SENTENCE = re.compile(r"[。!?\n]|\.(?=\s)")
_EDGE_FIRST = re.compile(rf"\s*(?:{_DIGITS}|[{_ZH}])")
_EDGE_LAST = re.compile(rf"(?:{_DIGITS}|[{_ZH}])[.,]?\s*(?:\.\.\.|…+)?\s*\Z")
_DATELINE = re.compile(r"\A[^。\n]{0,30}?\d日?(?:电|电讯|讯|電|訊)|\A[^.\n]{0,40}?\((?:Reuters|AFP|AP|Xinhua)\)")


@dataclass(frozen=True, slots=True)
class Cluster:
    """Copies of one text."""

    id: str
    """Of its first member: it stays when members join."""
    members: tuple[str, ...]
    """Ids of documents, in the order they came."""
    representative: str
    """The fullest of them, of equals the first."""
    likeness: tuple[float, ...]
    """Share of shingles each member has in common with the representative's, or, of a part, of its own; 0 to 1."""


@dataclass(frozen=True, slots=True)
class _Figure:
    """A figure of a text with the sentence it stands in."""

    value: str
    sentence: int
    """Hash of the sentence's words."""


@dataclass(slots=True)
class _Print:
    """What is kept of a text."""

    id: str
    work: str
    length: int
    """Shingles."""
    digest: array[int]
    figures: tuple[_Figure, ...]
    cut: tuple[bool, bool]
    """Whether its first and its last figure stand at the very edge, where a cut may have left a part of them."""
    same: str
    """Hash of its words."""


@dataclass(slots=True)
class _Group:
    name: str
    members: list[_Print] = field(default_factory=list)
    fullest: int = 0

    @property
    def head(self) -> _Print:
        return self.members[self.fullest]


class Clusterer:
    """Clusters that grow as documents come."""

    def __init__(self) -> None:
        self._groups: dict[str, _Group] = {}
        self._group_of: dict[str, str] = {}
        self._by_words: dict[str, str] = {}
        self._by_key: dict[int, int | list[int]] = {}
        self._ids: list[str] = []

    def add(self, document: Document) -> str:
        """Take a document in; returns the id of its cluster, which is its own id while it is alone.

        Adding a document again changes nothing.
        """
        if document.id in self._group_of:
            return self._group_of[document.id]
        made = _print(document)
        if not made.length:
            self._open(made)
            return made.id
        group = self._same_words(made) or self._nearest(made)
        if group is None:
            group = self._open(made)
        else:
            self._join(group, made)
        self._by_words.setdefault(made.same, made.id)
        return group.name

    def clusters(self, least: int = 2) -> list[Cluster]:
        """The clusters of at least so many members, in the order of their first."""
        return [_cluster(group) for group in self._groups.values() if len(group.members) >= least]

    def _open(self, made: _Print) -> _Group:
        group = _Group(made.id, [made])
        self._groups[made.id] = group
        self._group_of[made.id] = made.id
        self._remember(made)
        return group

    def _remember(self, made: _Print) -> None:
        number = len(self._ids)
        self._ids.append(made.id)
        for key in _keys(made):
            known = self._by_key.setdefault(key, number)
            if isinstance(known, int):
                if known != number:
                    self._by_key[key] = [known, number]
            elif len(known) < _LONGEST_LIST:
                known.append(number)

    def _join(self, group: _Group, made: _Print) -> None:
        group.members.append(made)
        self._group_of[made.id] = group.name
        if (len(made.figures), made.length) > (len(group.head.figures), group.head.length):
            group.fullest = len(group.members) - 1
        if made.same not in self._by_words:
            self._remember(made)
            self._draw_in(group, made)

    def _draw_in(self, group: _Group, made: _Print) -> None:
        """Clusters that the fuller text holds too: the head and the tail of it may have come before."""
        if group.head is not made:
            return
        for other in self._candidates(made):
            if other is group or _works(group) & _works(other):
                continue
            if all(_copies(member, made) for member in other.members):
                group.members += other.members
                self._group_of |= dict.fromkeys((member.id for member in other.members), group.name)
                del self._groups[other.name]

    def _same_words(self, made: _Print) -> _Group | None:
        known = self._by_words.get(made.same)
        group = self._groups[self._group_of[known]] if known else None
        return None if group is None or _another_version(group, made) else group

    def _nearest(self, made: _Print) -> _Group | None:
        for group in self._candidates(made):
            if not _another_version(group, made) and _fits(group, made):
                return group
        return None

    def _candidates(self, made: _Print) -> Iterator[_Group]:
        counts: Counter[str] = Counter()
        for key in _keys(made):
            known = self._by_key.get(key, ())
            counts.update(self._group_of[self._ids[n]] for n in ((known,) if isinstance(known, int) else known))
        for name, _ in counts.most_common(_TRIED):
            if name in self._groups:
                yield self._groups[name]


def clusters(documents: Iterable[Document]) -> list[Cluster]:
    """Clusters of two or more near duplicates.

    Fuller texts are taken first, so the result does not hang on the order given.
    """
    found = Clusterer()
    for document in sorted(documents, key=lambda one: (-len(one.text), one.date or "9999", one.id)):
        found.add(document)
    return found.clusters()


def same_figures(one: Document, other: Document) -> bool:
    """Whether the guard lets two texts be copies: the figures of one stand in the other, order or sentence alike."""
    first, second = _print(one), _print(other)
    fuller, shorter = sorted((first, second), key=lambda made: (len(made.figures), made.length), reverse=True)
    return _holds(fuller.figures, _whole(shorter, fuller))


def _cluster(group: _Group) -> Cluster:
    return Cluster(
        id=group.name,
        members=tuple(member.id for member in group.members),
        representative=group.head.id,
        likeness=tuple(round(max(_likeness(member, group.head)), 3) for member in group.members),
    )


def _works(group: _Group) -> set[str]:
    return {member.work for member in group.members if member.work}


def _another_version(group: _Group, made: _Print) -> bool:
    return bool(made.work) and made.work in _works(group)


def _fits(group: _Group, made: _Print) -> bool:
    """Whether a text belongs to a cluster: a copy of its fullest text, or a fuller text that holds every member."""
    if _copies(made, group.head):
        return True
    return (len(made.figures), made.length) > (len(group.head.figures), group.head.length) and all(
        _copies(member, made) for member in group.members
    )


def _copies(shorter: _Print, fuller: _Print) -> bool:
    if (len(shorter.figures), shorter.length) > (len(fuller.figures), fuller.length):
        return False
    if shorter.same != fuller.same:
        alike, inside = _likeness(shorter, fuller)
        plain = not shorter.figures
        if alike < (PLAIN if plain else LIKE) and (inside < INSIDE or shorter.length < PART * fuller.length):
            return False
        if plain and fuller.figures and inside < INSIDE:
            return False
    return _holds(fuller.figures, _whole(shorter, fuller))


def _whole(shorter: _Print, fuller: _Print) -> tuple[_Figure, ...]:
    """The figures of the shorter text, without those that were cut with it."""
    if shorter.length > _CUT * fuller.length:
        return shorter.figures
    first, last = shorter.cut
    return shorter.figures[int(first) : len(shorter.figures) - int(last)]


def _likeness(one: _Print, other: _Print) -> tuple[float, float]:
    """Shared shingles over all, and over those of the shorter text; estimated from the signatures."""
    if not one.length or not other.length:
        return 0.0, 0.0
    equal = sum(1 for a, b in zip(one.digest, other.digest, strict=True) if a == b)
    alike = equal / PERMUTATIONS
    shared = alike / (1.0 + alike) * (one.length + other.length)
    return alike, min(1.0, shared / min(one.length, other.length))


def _holds(fuller: Sequence[_Figure], shorter: Sequence[_Figure]) -> bool:
    """Whether the figures of a copy stand in the fuller text, in order or each in the very sentence it stood in."""
    if Counter(one.value for one in shorter) - Counter(one.value for one in fuller):
        return False
    rest = iter(fuller)
    if all(any(one.value == other.value for other in rest) for one in shorter):
        return True
    return set(shorter) <= set(fuller)


def _keys(made: _Print) -> Iterator[int]:
    """Keys under which copies meet: neighbouring figures, which templates do not share, and bands of the signature."""
    values = [one.value for one in made.figures]
    for one, other in pairwise(values):
        yield hash((one, other))
    first = values[0] if values else ""
    last = values[-1] if values else ""
    rows = PERMUTATIONS // _BANDS
    # A text with many figures is met by them; one with few only by its words.
    for band in range(_BANDS if len(values) < _MANY else _BANDS // 4):
        yield hash((band, first if band % 2 else last, made.digest[band * rows : (band + 1) * rows].tobytes()))


def _print(document: Document) -> _Print:
    from rensa import RMinHash  # type: ignore[import-untyped]

    low = lowered(_words(document))
    words = [unit.text for unit in units(low)]
    flat = ["0" if word[0].isdigit() else word for word in words]
    shingles = {" ".join(flat[at : at + _SHINGLE]) for at in range(max(1, len(flat) - _SHINGLE + 1))} if flat else set()
    signature = RMinHash(num_perm=PERMUTATIONS, seed=20_250_404)
    signature.update(sorted(shingles))
    return _Print(
        id=document.id,
        work=document.work,
        length=len(shingles),
        digest=array("I", signature.digest()),
        figures=tuple(_figures(low)),
        cut=(_EDGE_FIRST.match(low) is not None, _EDGE_LAST.search(low) is not None),
        same=hashlib.sha256(" ".join(words).encode("utf-8", "replace")).hexdigest()[:32],
    )


def _words(document: Document) -> str:
    """What the document states, without page furniture and without the dateline, which each outlet writes anew."""
    spoken = [document.words(passage) for passage in document.passages if passage.kind in SPOKEN]
    text = "\n".join(spoken) if spoken else document.text
    return _DATELINE.sub("", text, count=1)


def _figures(low: str) -> Iterator[_Figure]:
    for sentence in _SENTENCE.split(low):
        figures = list(_FIGURE.finditer(sentence))
        if figures:
            words = crc32(" ".join(unit.text for unit in units(sentence)).encode())
            yield from (_Figure(_value(match), words) for match in figures)


def _value(match: re.Match[str]) -> str:
    if match["digits"]:
        return re.sub(r",(?=\d{3})", "", match[0]).rstrip(".,")
    return match[0]
