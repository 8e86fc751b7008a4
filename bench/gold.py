"""Home to what a reader marked by hand: gold lines, the documents they belong to, and where they stand in them.

One JSON object a line: doc, sentence, span, kind, subject, object, place, value | low | high, unit, time, polarity, op,
attributed_to, note, and for a policy measure `measure` (action, instrument, ...). A doc is a file of the folder:
`brief:004` is brief-004.*, `corpus:13` is 13.*, any other name is the file itself. A span counts characters of the
file's text, or of its body after the first blank line, whichever of the two the sentence stands at; in a page whose
text is not the file's (HTML), the sentence itself is looked for.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ytterby.evidence.documents import Document, Part, Passage


class BadGold(Exception):
    """A gold line that does not fit its document, with the line's number."""


@dataclass(frozen=True)
class Gold:
    """One line of gold; `start` and `end` are filled in by `placed`."""

    number: int
    doc: str
    sentence: str
    span: tuple[int, int]
    kind: str
    lang: str = ""
    subject: str = ""
    object: str = ""
    place: str = ""
    value: float | str | None = None
    low: float | None = None
    high: float | None = None
    unit: str = ""
    time: str = ""
    polarity: str = "asserted"
    op: str = "="
    attributed_to: str = ""
    note: str = ""
    measure: dict[str, Any] = field(default_factory=dict)
    start: int = -1
    end: int = -1

    @property
    def figured(self) -> bool:
        """Whether it states a number or a day (a direction or a bare measure does not)."""
        return any(one is not None for one in (self.value, self.low, self.high))


def lines(path: Path) -> list[Gold]:
    """Every line of a gold file; raises `BadGold`."""
    made = []
    for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not text.strip():
            continue
        try:
            row = json.loads(text)
            made.append(_line(number, row))
        except (ValueError, KeyError, TypeError) as error:
            raise BadGold(f"{path.name} line {number}: {error!r}") from None
    return made


def _line(number: int, row: dict[str, Any]) -> Gold:
    start, end = row["span"]
    return Gold(
        number=number,
        doc=row["doc"],
        sentence=row.get("sentence") or "",
        span=(int(start), int(end)),
        kind=row["kind"],
        lang=row.get("lang") or "",
        subject=row.get("subject") or "",
        object=row.get("object") or "",
        place=row.get("place") or "",
        value=row.get("value"),
        low=row.get("low"),
        high=row.get("high"),
        unit=row.get("unit") or "",
        time=row.get("time") or "",
        polarity=row.get("polarity") or "asserted",
        op={">=": "≥", "<=": "≤"}.get(row.get("op") or "=", row.get("op") or "="),
        attributed_to=row.get("attributed_to") or "",
        note=row.get("note") or "",
        measure=row.get("measure") or {},
    )


def file_of(folder: Path, doc: str) -> Path:
    """The file a doc names; raises `BadGold`."""
    prefix, _, name = doc.rpartition(":")
    for stem in (f"{prefix}-{name}", name) if prefix else (name,):
        exact = folder / stem
        found = [exact] if exact.is_file() else sorted(folder.glob(f"{stem}.*"))
        if found:
            return found[0]
    raise BadGold(f"no file in {folder.name}/ is {doc}")


def body_start(text: str) -> int:
    """First character after the first blank line; 0 where there is none."""
    at = text.find("\n\n")
    return at + 2 if at >= 0 else 0


def placed(gold: Gold, text: str) -> tuple[int, int]:
    """Where the line stands in a document's text; raises `BadGold` where its sentence is not there."""
    start, end = gold.span
    if not gold.sentence:
        return start, end
    for base in (0, body_start(text)):
        if text[base + start : base + end] == gold.sentence:
            return base + start, base + end
    nearest = min(_occurrences(text, gold.sentence), key=lambda at: abs(at - start), default=-1)
    if nearest < 0:
        raise BadGold(f"line {gold.number}: '{gold.sentence[:60]}' does not stand in {gold.doc}")
    return nearest, nearest + len(gold.sentence)


def _occurrences(text: str, words: str) -> Iterator[int]:
    at = text.find(words)
    while at >= 0:
        yield at
        at = text.find(words, at + 1)


def read(path: Path) -> Document:
    """The document as the package reads it."""
    try:
        from ytterby.evidence.reading import read_bytes

        return read_bytes(path.read_bytes(), path=path.name)
    except ImportError:
        return stand_in(path)


def stand_in(path: Path, content: bytes | None = None) -> Document:
    """A document of a plain text file: head lines up to the first blank line, then one passage a line."""
    text = _decoded(path.read_bytes() if content is None else content)
    head: dict[str, str] = {}
    at = body_start(text) if text.startswith(("source:", "title:", "date:", "lang:", "来源", "來源")) else 0
    for line in text[:at].splitlines():
        key, _, value = line.partition(":")
        head[key.strip()] = value.strip()
    day = head.get("date", "").lstrip("~").split(" ")[0]
    passages, offset = [], 0
    for n, line in enumerate(text.splitlines(keepends=True), 1):
        words = line.strip()
        start = offset + len(line) - len(line.lstrip())
        passages.append(Passage(n, start, start + len(words), "head" if offset < at else "paragraph"))
        offset += len(line)
    title = head.get("title", "")
    part = Part(1, 0, len(text), title=title, date=day, lang=head.get("lang", ""))  # type: ignore[arg-type]
    return Document("0" * 64, text, tuple(passages), (part,), path.name, "", title, date=day)


def _decoded(raw: bytes) -> str:
    for charset in ("utf-8", "big5", "gb18030"):
        try:
            return raw.decode(charset)
        except UnicodeDecodeError:
            continue
    raise BadGold("a document is in none of UTF-8, Big5 and GB18030")
