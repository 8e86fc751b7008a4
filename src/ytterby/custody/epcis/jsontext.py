"""Home to the text of JSON: strict parsing, and a document walked to its events without holding them all.

RFC 8259 with nothing loose: no NaN, no name told twice in one object, no nesting beyond what a document needs, no
number that is infinite. A document is walked once, which finds where each event begins and ends; sixteen bytes are kept
of each.
"""

from __future__ import annotations

import json
import re
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn

import numpy as np
import orjson

from ytterby.custody.epcis.made import Flaw
from ytterby.terms.errors import shown

RENAMED = "eventID"
"""The one name that may be told twice: the last holds, and the event is doubted. The standard's own examples do it."""

_COLON = ord(":")
_SPACE = re.compile(r"[ \t\r\n]*")
_WAY = ("epcisBody", "queryResults", "resultsBody", "eventList")
"""Names that lead to the events."""


def parsed(content: bytes) -> dict[str, Any]:
    """One JSON object.

    Raises:
        Flaw: it is not JSON, not an object, or tells a name twice.
    """
    try:
        made = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise Flaw("json", shown(str(error), 200)) from None
    if type(made) is not dict:
        raise Flaw("json", "not an object")
    # What the parser drops of a name told twice has a colon; what it keeps has as many as it had. Escapes may hide one.
    if b"\\" in content or content.count(b":") != _again(made).count(b":"):
        _strict(content)
    return made


def _again(made: Any) -> bytes:
    try:
        return orjson.dumps(made)
    except orjson.JSONEncodeError:
        # what nests deeper than it writes, it still reads
        raise Flaw("depth", "nested too deep") from None


def parsed_all(content: bytes, lines: Sequence[bytes]) -> list[dict[str, Any]] | None:
    """Many JSON objects at once; None where one of them has to be looked at by itself (`parsed`).

    Args:
        content: what holds the lines, and nothing but white space beside them.
        lines: the text of each object.
    """
    try:
        made = [orjson.loads(line) for line in lines]
        told = orjson.dumps(made)
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        return None
    if b"\\" in content or {*map(type, made)} != {dict}:
        return None
    # no object has more colons than its text: where all together have as many, each has
    kept, was = (np.count_nonzero(np.frombuffer(text, "u1") == _COLON) for text in (told, content))
    return made if kept == was else None


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        # told twice alike is clumsy, told twice differently may be read either way
        for name, value in pairs:
            if made[name] != value and name != RENAMED:
                raise Flaw("json", f"'{shown(name)}' is told twice in one object")
    return made


def _no_constant(text: str) -> NoReturn:
    raise Flaw("json", f"{text} is no number")


def _strict(content: bytes) -> None:
    try:
        json.loads(content, object_pairs_hook=_pairs, parse_constant=_no_constant)
    except RecursionError:
        raise Flaw("depth", "nested too deep") from None
    except json.JSONDecodeError as error:
        raise Flaw("json", shown(str(error), 200)) from None


@dataclass(slots=True)
class Walked:
    """A document, walked: all but its events, and where they stand."""

    text: str
    head: Any
    """The document without its events; None where it was an array of events."""
    path: str
    """JSON pointer of the list of events."""
    spans: array[int] = field(default_factory=lambda: array("Q"))

    def events(self) -> Iterator[bytes]:
        """The text of each event."""
        for place in range(0, len(self.spans), 2):
            yield self.text[self.spans[place] : self.spans[place + 1]].encode()


def walk(content: bytes) -> Walked:
    """Find the events of a document, a query document or an array. Raises `Flaw`."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Flaw("json", f"not UTF-8 at byte {error.start}") from None
    walker = _Walker(text)
    try:
        end = walker.whole()
    except json.JSONDecodeError as error:
        raise Flaw("json", shown(str(error), 200)) from None
    except RecursionError:
        raise Flaw("depth", "nested too deep") from None
    except (StopIteration, IndexError):
        raise Flaw("json", "it ends before it is complete") from None
    if _space(text, end) != len(text):
        raise Flaw("json", f"something follows the document at character {end}")
    return walker.found


def _space(text: str, place: int) -> int:
    found = _SPACE.match(text, place)
    return found.end() if found else place


class _Walker:
    """Reads a document by hand as far as its lists of events, and lets the decoder skip what is in them."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.found = Walked(text, None, "")
        self.skip = json.JSONDecoder().raw_decode
        self.decode = json.JSONDecoder(object_pairs_hook=_pairs, parse_constant=_no_constant).raw_decode

    def whole(self) -> int:
        """Walk it; where it ends."""
        start = _space(self.text, 0)
        if self.text[start] == "[":
            return self._list(start)
        self.found.head, end = self._object(start, ())
        return end

    def _object(self, place: int, way: tuple[str, ...]) -> tuple[dict[str, Any], int]:
        text = self.text
        made: dict[str, Any] = {}
        place = _space(text, place + 1)
        if text[place] == "}":
            return made, place + 1
        while True:
            if text[place] != '"':
                raise Flaw("json", f"a name was expected at character {place}")
            key, place = self.decode(text, place)
            if key in made and key in _WAY:
                raise Flaw("json", f"'{shown(key)}' is told twice in one object")
            place = _space(text, place)
            if text[place] != ":":
                raise Flaw("json", f"':' was expected at character {place}")
            place = _space(text, place + 1)
            made[key], place = self._value(key, place, way)
            place = _space(text, place)
            if text[place] == "}":
                return made, place + 1
            if text[place] != ",":
                raise Flaw("json", f"',' was expected at character {place}")
            place = _space(text, place + 1)

    def _value(self, key: str, place: int, way: tuple[str, ...]) -> tuple[Any, int]:
        if key in _WAY and len(way) < 4:
            if key == "eventList" and way and self.text[place] == "[":
                self.found.path = "/" + "/".join((*way, key))
                return [], self._list(place)
            if key != "eventList" and self.text[place] == "{":
                return self._object(place, (*way, key))
        found: tuple[Any, int] = self.decode(self.text, place)
        return found

    def _list(self, place: int) -> int:
        text, spans = self.text, self.found.spans
        place = _space(text, place + 1)
        if text[place] == "]":
            return place + 1
        while True:
            _, end = self.skip(text, place)
            spans.append(place)
            spans.append(end)
            place = _space(text, end)
            if text[place] == "]":
                return place + 1
            if text[place] != ",":
                raise Flaw("json", f"',' was expected at character {place}")
            place = _space(text, place + 1)
