"""Home to decisions on file: each a JSON document named by the hash of what it was made from, and never changed.

    decisions/<kind>-<id>.json    kind, id, created, title, run, inputs, and the answer

`kind` is the verb: explain, hedge, invest, stockpile, bargain.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ytterby.store import atomic
from ytterby.terms.errors import RunError, UnknownName

LAYOUT = 1
"""Layout of the documents; one of a later layout is not read."""
KINDS = ("explain", "hedge", "invest", "stockpile", "bargain")


@dataclass(frozen=True, slots=True)
class Decision:
    """An answer on file."""

    kind: str
    id: str
    created: str
    title: Mapping[str, str]
    """The finding as a sentence, by language (``en``, ``zh``)."""
    run: str
    """The run it was drawn from; empty where it made its own trials."""
    inputs: Mapping[str, Any]
    """All it was made from: scenario, hashes, draws, seed, options."""
    answer: Mapping[str, Any]

    def to_dict(self) -> dict[str, Any]:
        """As plain data, in the order it is kept."""
        return {name: getattr(self, name) for name in self.__slots__}


def identify(kind: str, inputs: Mapping[str, Any]) -> str:
    """Twelve hex digits of the hash of what a decision is made from."""
    text = json.dumps([kind, LAYOUT, inputs], sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def keep(
    folder: Path, kind: str, inputs: Mapping[str, Any], title: Mapping[str, str], run: str, answer: Mapping[str, Any]
) -> Decision:
    """Write an answer, whole or not at all; one that is there already is handed back as it is.

    Numbers that are not finite have no place in JSON: write None for "never".

    Raises:
        StoreError: the disk refused.
    """
    name = identify(kind, inputs)
    path = folder / f"{kind}-{name}.json"
    if path.is_file():
        return _read(path)
    created = datetime.now(UTC).isoformat(timespec="seconds")
    made = Decision(kind, name, created, dict(title), run, dict(inputs), dict(answer))
    text = json.dumps({"layout": LAYOUT, **made.to_dict()}, ensure_ascii=False, default=str, allow_nan=False, indent=1)
    atomic.write(path, text.encode())
    return _read(path)


def finite(value: Any) -> Any:
    """Plain data in which a number that is not finite has become None."""
    if isinstance(value, Mapping):
        return {str(key): finite(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [finite(one) for one in value]
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    return value


def find(folder: Path, kind: str, inputs: Mapping[str, Any]) -> Decision | None:
    """The answer to the same question on the same inputs, if it was given before."""
    path = folder / f"{kind}-{identify(kind, inputs)}.json"
    return _read(path) if path.is_file() else None


def listing(folder: Path, kind: str = "") -> list[Decision]:
    """What is kept, newest first, of one kind or of all."""
    found = [_read(path) for path in folder.glob(f"{kind or '*'}-*.json")]
    return sorted(found, key=lambda one: (one.created, one.kind, one.id), reverse=True)


def load(folder: Path, kind: str, name: str) -> Decision:
    """One answer by its id, the start of it, or ``latest``.

    Raises:
        UnknownName: there is none, or the start fits several.
    """
    known = listing(folder, kind)
    fits = known[:1] if name == "latest" else [one for one in known if name and one.id.startswith(name)]
    if len(fits) != 1:
        raise UnknownName(name, known=[one.id for one in known], what=f"answer of {kind}", place=str(folder))
    return fits[0]


def _read(path: Path) -> Decision:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        layout = told.pop("layout")
        found = Decision(**told)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise RunError("a decision cannot be read", place=str(path), remedy="delete the file and ask again") from error
    if layout != LAYOUT:
        raise RunError(f"the decision has layout {layout}, not {LAYOUT}", place=str(path), remedy="ask again")
    return found
