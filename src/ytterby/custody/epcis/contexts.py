"""Home to JSON-LD contexts as events use them: which prefix stands for which namespace. None is ever fetched."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from ytterby.custody.epcis.vocabulary import declarable, named

_KNOWN: dict[bytes, Context] = {}
_MOST = 1000
"""Contexts, and names of one context, remembered; what meets more starts over."""


class Context:
    """The prefixes of a document, and the names that were made with them."""

    __slots__ = ("_names", "spaces")

    def __init__(self, spaces: Mapping[str, str]) -> None:
        self.spaces = spaces
        """Prefix -> namespace."""
        self._names: dict[str, str] = {}

    def name(self, key: str) -> str:
        """``{namespace}local`` of a name."""
        made = self._names.get(key)
        if made is None:
            if len(self._names) >= _MOST:
                self._names.clear()
            made = self._names[key] = named(key, self.spaces)
        return made

    def __or__(self, other: Context) -> Context:
        if not self.spaces or self is other:
            return other
        return Context({**self.spaces, **other.spaces})

    def __reduce__(self) -> tuple[Any, ...]:
        return (Context, (dict(self.spaces),))


NONE = Context({})


def prefixes_of(context: Any) -> Context:
    """Prefix -> namespace of an ``@context``: a URL, an object, or a list of both.

    The standard's own contexts (also its simple ones) say what the vocabulary says already, so their URLs are passed
    over; so is any other: what it declares is not known here, and names with its prefixes stay as written.
    """
    key = orjson.dumps(context)
    found = _KNOWN.get(key)
    if found is None:
        if len(_KNOWN) >= _MOST:
            _KNOWN.clear()
        found = _KNOWN[key] = Context(dict(_declared(context)))
    return found


def _declared(context: Any) -> list[tuple[str, str]]:
    if isinstance(context, list):
        return [pair for one in context for pair in _declared(one)]
    if not isinstance(context, dict):
        return []
    made = []
    for prefix, value in context.items():
        space = value.get("@id") if isinstance(value, dict) else value
        if isinstance(space, str) and declarable(space) and prefix[:1] != "@" and ":" not in prefix:
            made.append((prefix, space))
    return made
