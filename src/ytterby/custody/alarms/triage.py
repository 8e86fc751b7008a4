"""Home to triage: what people made of alarms, appended to ``custody/triage.jsonl`` and never changed.

An alarm bears the same id whenever it is looked for again, so what was said of it stays with it. One line is one
decision; the last of an alarm counts, all of them are kept. A line that a crash cut off at the end counts as not said.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias, get_args

from ytterby.custody.alarms.alarm import Alarm
from ytterby.store.disk import told
from ytterby.store.records import as_json, now
from ytterby.terms.errors import BadValue, StoreError, UnknownName

State: TypeAlias = Literal["open", "looking", "explained", "confirmed", "dismissed"]
STATES: tuple[State, ...] = get_args(State)
FILE = "triage.jsonl"
LONGEST = 4_000
"""Characters a reason may have."""


@dataclass(frozen=True, slots=True)
class Said:
    """One decision on an alarm."""

    alarm: str
    state: State
    who: str
    why: str
    at: str
    """ISO, UTC."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Triaged:
    """An alarm with what people made of it."""

    alarm: Alarm
    history: tuple[Said, ...] = ()
    """The oldest first."""

    @property
    def state(self) -> State:
        """Where it stands: open where nobody said anything."""
        return self.history[-1].state if self.history else "open"

    def to_dict(self) -> dict[str, Any]:
        """The alarm by the names of the machine interface, with its state and history."""
        return {**self.alarm.to_dict(), "state": self.state, "history": [one.to_dict() for one in self.history]}


def say(folder: Path, alarm: str, state: str, *, who: str, why: str, known: Iterable[str] | None = None) -> Said:
    """Appends one decision; it is on the disk on return.

    Args:
        folder: the project's ``custody/``.
        alarm: id of the alarm.
        state: one of `STATES`.
        who: who decided.
        why: the reason; an alarm may be opened again or looked at without one.
        known: ids of the alarms there are; without them any id, and always one that was decided on before.

    Raises:
        UnknownName: a state or alarm that is none.
        BadValue: nobody named, or no reason for an end.
        StoreError: the disk refuses, or the file is damaged.
    """
    place = f"triage of {alarm:.40}"
    if state not in STATES:
        raise UnknownName(state, STATES, "state", place)
    if not who.strip():
        raise BadValue("a decision needs who made it", place=place, remedy="say who decided")
    if state not in ("open", "looking") and not why.strip():
        raise BadValue(f"'{state}' needs a reason", place=place, remedy="say why")
    if len(why) > LONGEST:
        raise BadValue(f"a reason of {len(why):,} characters", place=place, remedy=f"keep it under {LONGEST:,}")
    before = history(folder)
    if known is not None and alarm not in before:
        names = sorted(set(known))
        if alarm not in names:
            raise UnknownName(alarm, names, "alarm", place, remedy="'ytterby alarms' lists the alarms there are")
    made = Said(alarm, state, who.strip(), why.strip(), now())
    _append(folder / FILE, as_json(made.to_dict(), place).encode())
    return made


def history(folder: Path) -> dict[str, tuple[Said, ...]]:
    """Every decision by the id of its alarm, the oldest first. Raises `StoreError` where the file is damaged."""
    path = folder / FILE
    try:
        content = path.read_bytes() if path.exists() else b""
    except OSError as error:
        raise told(error, "read", path) from error
    whole, _, _ = content.rpartition(b"\n")
    found: dict[str, tuple[Said, ...]] = {}
    for number, line in enumerate(whole.split(b"\n"), 1):
        if line.strip():
            said = _read(line, path, number)
            found[said.alarm] = (*found.get(said.alarm, ()), said)
    return found


def triaged(alarms: Sequence[Alarm], said: dict[str, tuple[Said, ...]]) -> list[Triaged]:
    """Alarms with what was said of each."""
    return [Triaged(one, said.get(one.id, ())) for one in alarms]


def _read(line: bytes, path: Path, number: int) -> Said:
    try:
        made = Said(**json.loads(line))
        if made.state not in STATES or not all(isinstance(part, str) for part in asdict(made).values()):
            raise ValueError("not a decision")
    except (ValueError, TypeError) as error:
        remedy = "mend that line, or take the file from a copy"
        raise StoreError("a decision cannot be read", place=f"{path} line {number}", remedy=remedy) from error
    return made


def _append(path: Path, line: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a+b") as file:
            file.seek(0)
            content = file.read()
            # a line a crash cut off was never said
            file.truncate(content.rfind(b"\n") + 1)
            file.write(line + b"\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise told(error, "write", path) from error
