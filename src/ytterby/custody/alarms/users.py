"""Home to the alarm on end users: what a licence let through to one firm moves on, unchanged, to another.

A lot that was shipped under a licence is for the end user it was licensed for. Where that firm ships the same lot to
another party, nobody who gave the licence knows where it is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from ytterby.custody.alarms.alarm import CALLED, Alarm, Detector, Settings
from ytterby.custody.alarms.line import Figure, Line, line
from ytterby.custody.balance import Ground
from ytterby.custody.movements import Flow


def find(at: Ground, settings: Settings) -> Sequence[Alarm]:
    """Licensed lots handed on, by who handed them to whom."""
    moves = at.movements
    shipped = np.flatnonzero(moves.flow == Flow.SHIPPED)
    to = at.counterpart[shipped]
    under = at.resting_on("licence")[moves.event[shipped]]
    # (lot, who it was licensed for) -> the shipment that brought it
    allowed: dict[tuple[int, int], int] = {}
    for row, receiver, one in zip(shipped.tolist(), to.tolist(), under.tolist(), strict=True):
        if one:
            allowed.setdefault((int(moves.lot[row]), receiver), row)
    found: dict[tuple[int, int], list[int]] = defaultdict(list)
    for row, receiver in zip(shipped.tolist(), to.tolist(), strict=True):
        sender = int(at.site[row])
        if sender != receiver and (int(moves.lot[row]), sender) in allowed:
            # a return to the firm it came from passes nobody by
            brought = allowed[int(moves.lot[row]), sender]
            if int(at.site[brought]) != receiver:
                found[sender, receiver].append(row)
    return [_alarm(at, sender, receiver, rows) for (sender, receiver), rows in found.items()]


def _alarm(at: Ground, sender: int, receiver: int, rows: list[int]) -> Alarm:
    moves, names = at.movements, at.sites.names
    mass = float(moves.mass[rows].sum()) / 1e9
    who, whom = names[sender], names[receiver] if receiver >= 0 else ""
    there = str(at.place[receiver])
    told: dict[str, Figure] = {"kg": mass, "who": who, "whom": whom or Line("nobody")}
    first = min(rows, key=lambda row: int(moves.time[row]))
    lots = sorted({at.book.lot_name(int(moves.lot[row])) for row in rows})
    return Alarm(
        kind="wrong_user",
        facility=who,
        counterpart=whom,
        about="licensed lots",
        since=int(moves.time[first]),
        called=int(moves.time[first]),
        mass=mass,
        score=99.0,
        found=line("went_on_to", place=there, **told) if there else line("went_on", **told),
        lines=tuple(line("lot", lot=lot) for lot in lots[:CALLED]),
        events=tuple(dict.fromkeys(int(moves.event[row]) for row in sorted(rows, key=lambda r: int(moves.time[r]))))[
            :CALLED
        ],
    )


DETECTOR = Detector(
    "users",
    ("Wrong end user", "最终用户不符"),
    find,
    (
        "the records say so: a lot shipped under a licence was shipped on by its end user",
        "记录如此：凭许可证发出的批次被最终用户转发",
    ),
    ("wrong_user",),
)
