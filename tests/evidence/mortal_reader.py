"""Home to extractors for the tests of reading by several processes, which import them: one kills, one breaks."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ytterby.evidence.claimed import claimed
from ytterby.evidence.claims import Claim
from ytterby.evidence.documents import Document


@dataclass(frozen=True)
class Mortal:
    """Takes claims; the first process to take some that is not `parent` is killed over it, or every one (`always`)."""

    mark: str
    parent: int
    always: bool = False

    def __call__(self, document: Document) -> Sequence[Claim]:
        mark = Path(self.mark)
        if os.getpid() != self.parent and (self.always or not mark.exists()):
            mark.write_text(str(os.getpid()))
            os.kill(os.getpid(), signal.SIGKILL)
        return breaking(document)


def breaking(document: Document) -> Sequence[Claim]:
    """Takes claims, and breaks over some documents, by what they say and are called, as nobody foresaw."""
    if "break me" in document.text and "sound" not in document.path:
        raise ZeroDivisionError("by accident")
    return claimed(document)


def where(name: Any) -> int:
    """The process that was asked."""
    return os.getpid()
