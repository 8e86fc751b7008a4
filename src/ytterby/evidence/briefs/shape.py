"""Home to the brief's shape: a core, groups of points, the passages they cite, and what was dropped and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ytterby.terms.errors import BadValue

MOST_POINTS = 50
"""No brief is longer."""


@dataclass(frozen=True, slots=True)
class Point:
    """One thing said, and the passages it is said in."""

    text: str
    cites: tuple[int, ...] = ()
    """Passage numbers, in order, each once."""

    def to_dict(self) -> dict[str, Any]:
        """``{"text", "cites"}``."""
        return {"text": self.text, "cites": list(self.cites)}


@dataclass(frozen=True, slots=True)
class Group:
    """Points on one theme."""

    title: str
    points: tuple[Point, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """``{"title", "points"}``."""
        return {"title": self.title, "points": [point.to_dict() for point in self.points]}


@dataclass(frozen=True, slots=True)
class Dropped:
    """Something that did not stand the check."""

    text: str
    why: str

    def to_dict(self) -> dict[str, str]:
        """``{"text", "why"}``."""
        return {"text": self.text, "why": self.why}


@dataclass(frozen=True, slots=True)
class Brief:
    """A document in short."""

    document: str
    """Id of the document."""
    part: int = 0
    """Number of the article it tells of; 0 = the whole document."""
    title: str = ""
    publisher: str = ""
    date: str = ""
    lang: str = ""
    """Language of the brief: ``zh`` or ``en``."""
    core: Point = Point("")
    groups: tuple[Group, ...] = ()
    passages: tuple[tuple[int, str], ...] = ()
    """Number and words of every passage cited."""
    dropped: tuple[Dropped, ...] = ()
    maker: str = "rules"
    """``rules``, or ``model:`` and the name of the language model. What rules make is held to the stricter check."""

    def points(self) -> Iterator[Point]:
        """The core, where there is one, then the points of all groups in order."""
        if self.core.text:
            yield self.core
        for group in self.groups:
            yield from group.points

    def with_passages(self, words: Mapping[int, str]) -> Brief:
        """The same with the words of exactly the passages it cites; numbers `words` lacks are left out."""
        cited = sorted({n for point in self.points() for n in point.cites if n in words})
        return replace(self, passages=tuple((n, words[n]) for n in cited))

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values: the record of the machine interface, with where it comes from."""
        return {
            "document": self.document,
            "part": self.part,
            "title": self.title,
            "publisher": self.publisher,
            "date": self.date,
            "lang": self.lang,
            "maker": self.maker,
            "core": self.core.to_dict(),
            "groups": [group.to_dict() for group in self.groups],
            "passages": [{"n": n, "text": text} for n, text in self.passages],
            "dropped": [one.to_dict() for one in self.dropped],
        }

    @classmethod
    def from_dict(cls, record: Mapping[str, Any], place: str = "") -> Brief:
        """The brief of a record made by `to_dict`; raises `BadValue` where it is not one."""
        try:
            core = record["core"]
            return cls(
                document=str(record["document"]),
                part=int(record.get("part", 0)),
                title=str(record.get("title", "")),
                publisher=str(record.get("publisher", "")),
                date=str(record.get("date", "")),
                lang=str(record.get("lang", "")),
                maker=str(record.get("maker", "rules")),
                core=_point(core),
                groups=tuple(
                    Group(str(group["title"]), tuple(_point(point) for point in group["points"]))
                    for group in record["groups"]
                ),
                passages=tuple((int(one["n"]), str(one["text"])) for one in record["passages"]),
                dropped=tuple(Dropped(str(one["text"]), str(one["why"])) for one in record.get("dropped", ())),
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise BadValue(
                f"this is not a brief: {type(error).__name__} at {error}",
                place=place,
                remedy="a brief is what `ytterby brief --json` writes",
            ) from None


def _point(record: Mapping[str, Any]) -> Point:
    return Point(str(record["text"]), tuple(int(n) for n in record["cites"]))
