"""Home to what was refused: the bytes as they came, why, from where, when. Nothing that was sent is ever lost silently.

An entry is a frame whose name is the id of the event (where it could be told) and whose body is one line of JSON with
the reason, followed by the first bytes of what was refused.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from ytterby.custody.ledger.frames import Frame

KEPT = 64 * 1024
"""Bytes of what was refused that are kept; of more, the SHA-256 of the whole stays."""
LONGEST_ID = 512


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something that was not captured."""

    id: str
    """Id of the event, where it could be told."""
    reason: str
    path: str
    """Where it came from, and where in it."""
    raw: bytes = b""
    """The bytes as they came."""
    size: int = -1
    """Bytes of the whole, where `raw` is not all of it."""
    time: int = 0
    """Microseconds of UTC at which it was first refused; 0 = not yet."""

    def to_dict(self) -> dict[str, Any]:
        """{"id", "reason", "path"}."""
        return {"id": self.id, "reason": self.reason, "path": self.path}


def record(refusal: Refusal) -> tuple[bytes, bytes, bytes]:
    """A refusal as (name, digest of the body, body) of a frame."""
    size = len(refusal.raw) if refusal.size < 0 else refusal.size
    told = {
        "id": refusal.id[:LONGEST_ID],
        "reason": refusal.reason,
        "path": refusal.path,
        "size": size,
        "sha256": hashlib.sha256(refusal.raw).hexdigest() if size == len(refusal.raw) else "",
    }
    body = json.dumps(told).encode() + b"\n" + refusal.raw[:KEPT]
    return told["id"].encode("utf-8", "replace"), hashlib.sha256(body).digest(), body  # type: ignore[attr-defined]


def refusal(frame: Frame) -> Refusal:
    """The refusal that a frame keeps."""
    head, _, raw = frame.body.partition(b"\n")
    told = json.loads(head)
    return Refusal(told["id"], told["reason"], told["path"], raw, int(told["size"]), frame.time)
