"""Home to reading events out of bytes: found by looking, told one by one, each understood or refused.

JSON documents and query documents, JSON-LD with any context, bare events, arrays of events, JSON lines, XML of EPCIS
1.2 and 2.0, and the tables of `tables`. Nothing that comes in raises, and none makes reading slow: each event costs
what it is long. A document is walked event by event, so memory holds one event beside the bytes
given and their text.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

import orjson

from ytterby.custody.epcis import jsontext, schema, tables, xml
from ytterby.custody.epcis.canonical import Prefixes
from ytterby.custody.epcis.contexts import NONE, Context, prefixes_of
from ytterby.custody.epcis.made import Flaw, Refused, Understood
from ytterby.custody.epcis.understanding import understood
from ytterby.terms.errors import InputError, shown

Read: TypeAlias = Understood | Refused

LONGEST_EVENT = 4 * 1024 * 1024
"""Bytes of one event."""
TOGETHER = 16 * 1024
"""Bytes of JSON lines that are parsed at once: as many as the processor keeps near."""
LONGEST_DOCUMENT = 512 * 1024 * 1024
"""Bytes of one document; JSON lines and tables have no limit of their own."""
_DOCUMENTS = ("EPCISDocument", "EPCISQueryDocument")
_TWICE = (("named", "its eventID is told twice: the last holds"),)
_ENCODING = re.compile(r"""^(\s*<\?xml[^>]{0,99}?)\s+encoding\s*=\s*["'][\w-]{1,20}["']""")
_KEPT = 64 * 1024
"""Bytes of a refused whole that are handed on."""


def read(content: bytes, where: str, *, now: int | None = None, strict: frozenset[str] = frozenset()) -> Iterator[Read]:
    """The events in some bytes, in their order.

    Args:
        content: a whole file, or any whole number of JSON lines.
        where: what it is called in `Refused.path`: a file, an address.
        now: microseconds since 1970 that count as now; the machine's clock where it is not told.
        strict: names of checks whose doubts refuse (`sense.CHECKS`).
    """
    reader = _Reader(where, now, strict)
    try:
        yield from reader.any(content)
    except Flaw as flaw:
        yield reader.refused(flaw, content[:_KEPT], flaw.path)
    except InputError as error:
        yield Refused("", f"table: {error.cause}", _path(where, error.place), content[:_KEPT])


class _Reader:
    """Reads what stands at one place."""

    def __init__(self, where: str, now: int | None, strict: frozenset[str]) -> None:
        self.where, self.now, self.strict = where, now, strict

    def any(self, content: bytes) -> Iterator[Read]:
        """Whatever it is."""
        content = _utf8(content)
        first = content[:4096].lstrip()[:1]
        if first == b"<":
            yield from self._xml(content)
        elif first in (b"{", b"["):
            yield from self._json(content, first)
        elif first:
            yield from self._table(content)

    def refused(self, flaw: Flaw, raw: bytes, path: str, name: str = "") -> Refused:
        """The record of a refusal."""
        return Refused(name, f"{flaw.check}: {flaw.reason}", _path(self.where, path), raw)

    def one(self, raw: Any, content: bytes, context: Prefixes, place: str | int) -> Read:
        """One event already parsed; `place` is a path, or the number of a line."""
        try:
            made = understood(raw, context, now=self.now, strict=self.strict)
            return _doubted(made, _TWICE) if content.count(b'"eventID"') > 1 else made
        except Flaw as flaw:
            path = place if isinstance(place, str) else f"line {place}"
            inner = f"{path}/{flaw.path}" if flaw.path else path
            return self.refused(flaw, content, inner, _name(raw))
        except RecursionError:
            path = place if isinstance(place, str) else f"line {place}"
            return self.refused(Flaw("depth", "nested too deep"), content, path)

    def _json(self, content: bytes, first: bytes) -> Iterator[Read]:
        if first == b"{" and _lines(content):
            yield from self._json_lines(content)
            return
        if len(content) > LONGEST_DOCUMENT:
            raise Flaw("size", f"a document of {len(content)} bytes, more than {LONGEST_DOCUMENT}: send JSON lines")
        if first == b"{" and len(content) <= LONGEST_EVENT:
            parsed = jsontext.parsed(content)
            if parsed.get("type") not in _DOCUMENTS:
                yield self.one(parsed, content, NONE, "")
                return
        yield from self._document(content)

    def _json_lines(self, content: bytes) -> Iterator[Read]:
        start, number, whole = 0, 0, len(content)
        while start < whole:
            end = content.rfind(b"\n", start, start + TOGETHER)
            if end < 0:
                end = content.find(b"\n", start)
            some = content[start : whole if end < 0 else end]
            lines = some.split(b"\n")
            start += len(some) + 1
            yield from self._some_lines(some, lines, number)
            number += len(lines)

    def _some_lines(self, content: bytes, lines: Sequence[bytes], number: int) -> Iterator[Read]:
        """Lines that follow each other, the first with this number (from 0)."""
        every = jsontext.parsed_all(content, lines) if len(lines) > 1 else None
        for at, line in enumerate(lines, 1):
            if every is not None:
                raw = every[at - 1]
            elif not line or line.isspace():
                continue
            else:
                try:
                    if len(line) > LONGEST_EVENT:
                        raise Flaw("size", f"an event of {len(line)} bytes, more than {LONGEST_EVENT}")
                    raw = jsontext.parsed(line)
                except Flaw as flaw:
                    yield self.refused(flaw, line[:_KEPT], f"line {number + at}")
                    continue
            if raw.get("type") in _DOCUMENTS:
                where = f"{self.where}#line {number + at}"
                yield from read(line, where, now=self.now, strict=self.strict)
            else:
                yield self.one(raw, line, NONE, number + at)

    def _document(self, content: bytes) -> Iterator[Read]:
        whole = jsontext.walk(content)
        head, path = whole.head, whole.path
        context: Prefixes = NONE
        doubts: tuple[tuple[str, str], ...] = ()
        if isinstance(head, dict):
            context, doubts = _heading(head)
        for number, text in enumerate(whole.events()):
            here = f"{path}/{number}"
            try:
                if len(text) > LONGEST_EVENT:
                    raise Flaw("size", f"an event of {len(text)} bytes, more than {LONGEST_EVENT}")
                raw = jsontext.parsed(text)
            except Flaw as flaw:
                yield self.refused(flaw, text[:_KEPT], here)
                continue
            yield _doubted(self.one(raw, text, context, here), doubts)

    def _xml(self, content: bytes) -> Iterator[Read]:
        if len(content) > LONGEST_DOCUMENT:
            raise Flaw("size", f"a document of {len(content)} bytes, more than {LONGEST_DOCUMENT}")
        for number, (raw, context, flaw) in enumerate(xml.events(content)):
            here = f"/eventList/{number}"
            text = orjson.dumps(raw)
            if flaw is not None:
                yield self.refused(flaw, text, here, _name(raw))
            else:
                yield self.one(raw, text, Context(dict(context)), here)

    def _table(self, content: bytes) -> Iterator[Read]:
        for row in tables.events(content):
            if row.flaw is not None:
                yield self.refused(row.flaw, row.text, row.path)
            else:
                yield self.one(row.raw, row.text, NONE, row.path)


def _heading(head: dict[str, Any]) -> tuple[Prefixes, tuple[tuple[str, str], ...]]:
    """The context of a document, and what is wrong with its heading, which says nothing of its events."""
    name = {"EPCISDocument": "document", "EPCISQueryDocument": "queryDocument"}.get(str(head.get("type")))
    if name is None:
        raise Flaw("schema", "it is neither an event nor a document of events", "type")
    try:
        schema.check(head, name)
    except Flaw as flaw:
        if flaw.path.startswith("epcisBody") or "epcisBody" not in head:
            raise
        return prefixes_of(head.get("@context", [])), (("heading", flaw.reason),)
    return prefixes_of(head["@context"]), ()


def _doubted(one: Read, doubts: tuple[tuple[str, str], ...]) -> Read:
    if not doubts or isinstance(one, Refused):
        return one
    return replace(one, event=replace(one.event, doubts=(*one.event.doubts, *doubts)))


def _lines(content: bytes) -> bool:
    """Whether these are JSON lines: the first line is a whole object and another follows, or it is no document."""
    start = len(content) - len(content.lstrip()) if content[:1].isspace() else 0
    end = content.find(b"\n", start)
    if end < 0:
        return False
    if end - start > LONGEST_EVENT or content[start:end].rstrip()[-1:] != b"}":
        return False
    try:
        orjson.loads(content[start:end])
    except orjson.JSONDecodeError:
        # a broken first line must not make a document of a million good ones
        following = content[end + 1 : end + 4097].lstrip()
        return content[end - 1 : end] == b"}" and following.startswith(b'{"')
    return bool(content[end + 1 : end + 4097].strip()) or len(content) > end + 4097


def _utf8(content: bytes) -> bytes:
    if content.startswith(codecs.BOM_UTF8):
        return content[3:]
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and content[2:4] != b"\0\0":
        text = content.decode("utf-16", errors="replace")
        return _ENCODING.sub(r"\1", text, count=1).encode("utf-8", errors="replace")
    return content


def _name(raw: Any) -> str:
    found = raw.get("eventID") or raw.get("id") if isinstance(raw, Mapping) else ""
    return shown(found, 300) if isinstance(found, str) else ""


def _path(where: str, path: str) -> str:
    if not path:
        return where
    return f"{where}{'' if path.startswith('/') and '#' in where else '#'}{path}"


__all__ = ["LONGEST_DOCUMENT", "LONGEST_EVENT", "Read", "read"]
