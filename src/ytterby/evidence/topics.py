"""Home to topics: saved questions in both languages, the documents that answer them, and the page made of those.

A topic is a YAML file: an id, a title in both languages, words of which any, words of which each group, and words of
which none must stand in a text, the places and materials it is about, and the day since when. The package ships some;
a project keeps its own in its folder ``topics`` and may put one in the place of a shipped one by the same id.
"""

from __future__ import annotations

import math
import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from ytterby.evidence.claims import refused
from ytterby.evidence.documents import SPOKEN, Document
from ytterby.terms.errors import BadValue, InputError, StoreError, UnknownName
from ytterby.terms.text import fold

FOLDER = "topics"
"""Where a project keeps its topics, inside its folder."""

TITLE_WEIGHT = 3.0
"""A term in a title counts as much as in so many passages."""

_ID = re.compile(r"[^\W_][\w-]{0,63}")


class Words(BaseModel):
    """Terms for one thing in both languages; any of them stands for it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    zh: tuple[str, ...] = ()
    en: tuple[str, ...] = ()

    @field_validator("zh", "en")
    @classmethod
    def _said(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if any(not word.strip() for word in value):
            raise ValueError("holds an empty term")
        return value

    def __bool__(self) -> bool:
        return bool(self.zh or self.en)

    def hinted(self, text: str) -> bool:
        """Whether a term may stand in a folded text in small letters: quick, and never false where one does."""
        return any(hint in text for hint in self._hints)

    @cached_property
    def _hints(self) -> tuple[str, ...]:
        return tuple(re.split(r"[\s-]", fold(word).lower().strip())[0] for word in (*self.zh, *self.en))

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Finds the terms in folded text: Chinese anywhere, English as whole words in any case, also in the plural."""
        parts = [re.escape(fold(word)) for word in sorted(self.zh, key=len, reverse=True)]
        for word in sorted(self.en, key=len, reverse=True):
            body = r"[\s-]+".join(re.escape(piece) for piece in re.split(r"[\s-]+", fold(word)))
            # Capitals only (MP, US) are names: in small letters they are other words.
            case = "" if word.isupper() and len(word) <= 4 else "(?i:"
            parts.append(rf"(?<![A-Za-z0-9]){case}{body}(?:s|es)?{')' if case else ''}(?![A-Za-z0-9])")
        return re.compile("|".join(parts) or r"(?!)")


class Title(BaseModel):
    """What a topic is called."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    zh: str
    en: str


class Match(BaseModel):
    """How a document answers a topic."""

    model_config = ConfigDict(frozen=True)

    score: float
    """Above 0; comparable within one topic."""
    passages: tuple[int, ...]
    """Numbers of the passages that name the topic's terms."""
    parts: tuple[int, ...]
    """Numbers of the articles that answer it."""
    terms: tuple[str, ...]
    """Terms found, as they stand there."""


class Topic(BaseModel):
    """A saved question."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    title: Title
    any: Words = Words()
    """One of these must be named; empty = no such demand."""
    all: tuple[Words, ...] = ()
    """Of each of these one must be named."""
    none: Words = Words()
    """None of these may be named in an article."""
    places: tuple[str, ...] = ()
    """ISO 3166 alpha-2 codes, of which one must be named."""
    materials: tuple[str, ...] = ()
    """Ids of names or groups (``magnets``), of which one must be named."""
    since: date | None = None
    """Day of publication from which documents count."""
    note: str = ""

    @field_validator("id")
    @classmethod
    def _slug(cls, value: str) -> str:
        if not _ID.fullmatch(value):
            raise ValueError("an id is letters, digits and hyphens, 64 at most")
        return value

    def match(self, document: Document) -> Match | None:
        """How a document answers; None where it does not. Every article of a page answers for itself."""
        groups = [group for group in (self.any, *self.all) if group]
        titles = "\n".join(part.title for part in document.parts)
        whole = fold(f"{document.title}\n{titles}\n{document.text}").lower()
        if not all(group.hinted(whole) for group in groups):
            return None
        numbers = sorted({passage.part for passage in document.passages}) or [1]
        found = [one for number in numbers if (one := self._article(document, number)) is not None]
        if not found:
            return None
        return Match(
            score=round(math.fsum(one.score for one in found) / math.sqrt(len(numbers)), 6),
            passages=tuple(n for one in found for n in one.passages),
            parts=tuple(n for one in found for n in one.parts),
            terms=tuple(dict.fromkeys(term for one in found for term in one.terms)),
        )

    def _article(self, document: Document, number: int) -> Match | None:
        passages = [p for p in document.passages if p.part == number and p.kind != "noise"]
        part = document.parts[number - 1] if number <= len(document.parts) else None
        day, title = (part.date, part.title) if part else (document.date, document.title)
        if self.since is not None and (not day or day[:10] < self.since.isoformat()[: len(day)]):
            return None
        texts = {p.n: fold(document.words(p)) for p in passages}
        whole = "\n".join((fold(title), *texts.values()))
        if self.none and self.none.pattern.search(whole):
            return None
        groups = [group for group in (self.any, *self.all) if group]
        if not all(group.pattern.search(whole) for group in groups) or not self._named(whole):
            return None
        hits = {n: [m[0] for group in groups for m in group.pattern.finditer(text)] for n, text in texts.items()}
        head = [m[0] for group in groups for m in group.pattern.finditer(fold(title))]
        spoken = {p.n for p in passages if p.kind in SPOKEN}
        score = math.fsum(math.log1p(len(found)) for n, found in hits.items() if n in spoken)
        score = score / math.sqrt(1 + len(spoken)) + TITLE_WEIGHT * math.log1p(len(head)) + 0.01
        terms = tuple(dict.fromkeys((*head, *(term for found in hits.values() for term in found))))
        return Match(
            score=score,
            passages=tuple(n for n, found in hits.items() if found and n in spoken) or tuple(sorted(spoken)[:1]),
            parts=(number,),
            terms=terms,
        )

    def _named(self, folded: str) -> bool:
        """Whether one of the places and one of the materials is named, where the topic asks for them."""
        if not self.places and not self.materials:
            return True
        from ytterby.evidence.names import find

        named = [one.entity for one in find(folded)]
        here = {one.place for one in named if one.place}
        goods = {word for one in named for word in (one.id, one.group, one.material) if word}
        return (not self.places or bool(here & set(self.places))) and (
            not self.materials or bool(goods & set(self.materials))
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain values, without what is empty."""
        return self.model_dump(mode="json", exclude_defaults=True)


def listed(folder: Path | None = None) -> list[Topic]:
    """Every topic: the shipped ones and those of a project's folder, in order of id.

    Raises `BadValue` naming the file where one cannot be read.
    """
    return sorted(_known(folder).values(), key=lambda topic: topic.id)


def load(name: str, folder: Path | None = None) -> Topic:
    """The topic of an id or of a title in either language; raises `UnknownName` with the nearest ones.

    Args:
        name: ``rare-earth-dominance``, ``稀土主导权`` or ``rare-earth dominance``.
        folder: the project's folder, whose own topics come first.
    """
    known = _known(folder)
    wanted = _plain(name)
    for topic in known.values():
        if wanted in (_plain(topic.id), _plain(topic.title.zh), _plain(topic.title.en)):
            return topic
    names = [*known, *(topic.title.zh for topic in known.values()), *(topic.title.en for topic in known.values())]
    raise UnknownName(name, names, "topic", remedy="'ytterby topic' lists them; your own go into the project's topics/")


def read(text: str, place: str) -> Topic:
    """The topic a YAML text describes; raises `BadValue` naming line and field."""
    try:
        record = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{place} line {mark.line + 1}" if mark else place
        cause = str(getattr(error, "problem", None) or "this is not YAML")
        raise BadValue(f"the topic cannot be read: {cause}", place=where, remedy="mend the YAML") from None
    if not isinstance(record, dict):
        raise BadValue("the topic is not a record", place=place, remedy="write id, title and terms as keys")
    try:
        topic = Topic.model_validate(record)
    except ValidationError as error:
        raise refused(error, place) from None
    if not (topic.any or topic.all or topic.places or topic.materials):
        raise BadValue("the topic asks for nothing", place=place, remedy="give terms under any or all")
    if not all(topic.all):
        raise BadValue("a group of terms under 'all' is empty", place=place, remedy="give it terms, or leave it out")
    return topic


def write(topic: Topic) -> str:
    """The topic as YAML that `read` takes."""
    return yaml.safe_dump(topic.to_dict(), allow_unicode=True, sort_keys=False, width=110)


def save(topic: Topic, folder: Path) -> Path:
    """Keep a topic in a project's folder, in the place of an older one of its id; returns the file.

    Raises `StoreError` where the folder cannot be written; the older file is then as it was.
    """
    path = folder / FOLDER / f"{topic.id}.yaml"
    read(write(topic), path.name)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(write(topic))
        os.replace(name, path)
    except OSError as error:
        raise StoreError(
            f"the topic cannot be saved: {error.strerror}",
            place=str(path),
            remedy="make the folder writable",
        ) from None
    return path


def matches(topic: Topic, documents: Iterable[Document]) -> Iterator[tuple[Document, Match]]:
    """The documents that answer a topic, as they come."""
    for document in documents:
        found = topic.match(document)
        if found is not None:
            yield document, found


@cache
def _shipped() -> tuple[Topic, ...]:
    found = sorted(files("ytterby").joinpath("data", "topics").iterdir(), key=lambda one: one.name)
    return tuple(read(one.read_text(encoding="utf-8"), one.name) for one in found if one.name.endswith(".yaml"))


def _known(folder: Path | None) -> dict[str, Topic]:
    known = {topic.id: topic for topic in _shipped()}
    own = folder / FOLDER if folder is not None else None
    for path in sorted(own.glob("*.yaml")) if own is not None and own.is_dir() else ():
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"the topic cannot be read: {error}", place=str(path), remedy="save it as UTF-8") from None
        topic = read(text, f"{FOLDER}/{path.name}")
        known[topic.id] = topic
    return known


def _plain(name: str) -> str:
    return re.sub(r"[\s_-]+", " ", fold(name)).strip().casefold()
