"""Home to roles: which places a text names as giving and which as taking, by the words around them."""

from __future__ import annotations

import re

from ytterby.evidence.briefs import called
from ytterby.evidence.names import find
from ytterby.terms.text import fold

_PLACES = frozenset(("country", "government", "place"))
_GIVES = re.compile(r"(?:'s|’s|s')?\s*(?:的)?(?:exports|shipments|出口|对|向|输往)", re.IGNORECASE)


def roles(text: str) -> dict[str, set[str]]:
    """Places by the part they play: ``destination`` (to Japan, 对日), ``origin`` (自缅甸, China's exports)."""
    found: dict[str, set[str]] = {}
    for role, key in roles_at(text).values():
        found.setdefault(role, set()).add(key)
    return found


def roles_at(text: str) -> dict[int, tuple[str, str]]:
    """Role and key of every place that plays a part, by where it stands."""
    folded = fold(text)
    found: dict[int, tuple[str, str]] = {}
    for named in find(folded):
        if named.entity.kind not in _PLACES:
            continue
        key = called.key(named.entity)
        before = folded[max(0, named.start - 8) : named.start].rstrip().lower()
        if before.endswith((" to", "对", "向", "输")) or before == "to":
            found[named.start] = ("destination", key)
        elif before.endswith((" from", "自", "从")) or before == "from" or _GIVES.match(folded, named.end):
            found[named.start] = ("origin", key)
    return found
