"""Home to the way from an event as parsed to an event understood: schema, canonical form, meaning, sense, digest."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from typing import Any

from ytterby.custody.epcis import schema
from ytterby.custody.epcis.canonical import Prefixes, canonical, packed
from ytterby.custody.epcis.contexts import NONE, prefixes_of
from ytterby.custody.epcis.hashes import HASHED, hash_id
from ytterby.custody.epcis.made import Flaw, Understood
from ytterby.custody.epcis.meaning import meaning
from ytterby.custody.epcis.plain import plain
from ytterby.custody.epcis.sense import Seen, sensible
from ytterby.custody.epcis.vocabulary import trimmed

NOTHING: frozenset[str] = frozenset()


def understood(
    raw: Mapping[str, Any], context: Prefixes = NONE, *, now: int | None = None, strict: frozenset[str] = NOTHING
) -> Understood:
    """One event already parsed, understood.

    Args:
        raw: the event as EPCIS 2.0 JSON has it.
        context: prefix -> namespace of the document around it; those of its own ``@context`` are added.
        now: microseconds since 1970 that count as now; the machine's clock where it is not told.
        strict: names of checks whose doubts refuse.

    Raises:
        Flaw: what is wrong with it, and the check that says so.
    """
    kind = raw.get("type") if isinstance(raw, dict) else None
    if kind not in schema.KINDS:
        raise Flaw("schema", f"'type' is {kind!r:.80}, not one of {', '.join(schema.KINDS)}", "type")
    raw = _met(raw, kind)
    now = time.time_ns() // 1000 if now is None else now
    return plain(raw, context, now, strict) or at_length(raw, context, now, strict)


def at_length(raw: Mapping[str, Any], context: Prefixes, now: int, strict: frozenset[str]) -> Understood:
    """An event that met the schema, understood whatever it looks like. Raises `Flaw`."""
    if "@context" in raw:
        context = context | prefixes_of(raw["@context"])
    form = canonical(raw, context)
    content = packed(form)
    given = form.get("eventID")
    hashed = ""
    if given is None or HASHED.fullmatch(given):
        hashed = hash_id(form, {trimmed(space): space for space in context.spaces.values()})
    event = sensible(Seen(meaning(form, given or hashed), form, raw, now, hashed), strict)
    return Understood(event, content, hashlib.sha256(content).digest(), tuple(context.spaces.items()))


def _met(raw: Mapping[str, Any], kind: str) -> Mapping[str, Any]:
    """The event, having met the schema; a list of one that JSON-LD compacted to its member is a list again."""
    try:
        schema.check(raw, kind)
    except Flaw:
        listed = {
            key: [value] if key.endswith("List") and isinstance(value, dict) else value for key, value in raw.items()
        }
        if listed == raw:
            raise
        schema.check(listed, kind)
        return listed
    return raw
