"""Home to JSON-LD contexts as events use them: which prefix stands for which namespace. None is ever fetched."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import orjson

_KNOWN: dict[bytes, Mapping[str, str]] = {}
_MOST = 1000
"""Contexts remembered; a process that meets more starts over."""


def prefixes_of(context: Any) -> Mapping[str, str]:
    """Prefix -> namespace of an ``@context``: a URL, an object, or a list of both.

    The standard's own contexts (also its simple ones) say what the vocabulary says already, so their URLs are passed
    over; so is any other: what it declares is not known here, and names with its prefixes stay as written.
    """
    key = orjson.dumps(context)
    found = _KNOWN.get(key)
    if found is None:
        if len(_KNOWN) >= _MOST:
            _KNOWN.clear()
        found = _KNOWN[key] = MappingProxyType(dict(_declared(context)))
    return found


def _declared(context: Any) -> list[tuple[str, str]]:
    if isinstance(context, list):
        return [pair for one in context for pair in _declared(one)]
    if not isinstance(context, dict):
        return []
    made = []
    for prefix, value in context.items():
        space = value.get("@id") if isinstance(value, dict) else value
        if isinstance(space, str) and ":" in space and prefix[:1] != "@" and ":" not in prefix:
            made.append((prefix, space))
    return made
