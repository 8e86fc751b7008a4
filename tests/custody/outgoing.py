"""The chain of `magnets`, captured once, with what is drawn from it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path

from tests.custody.magnets import PERMITS, REGISTRY, captured

from ytterby.custody.balance import Ground, ground
from ytterby.custody.capture import up_to_date
from ytterby.custody.ledger import Ledger
from ytterby.rules import licences, regimes, verdicts
from ytterby.rules.judging import Law
from ytterby.rules.licences import Permit

TODAY = datetime.datetime(2026, 11, 21, 12, tzinfo=datetime.UTC)


@dataclass(frozen=True)
class Chain:
    folder: Path
    at: Ground
    ledger: Ledger
    law: Law
    readings: tuple[str, ...]
    permits: tuple[Permit, ...]


def made(folder: Path) -> Chain:
    captured(folder)
    law = verdicts.law(TODAY.date())
    permits = licences.read(PERMITS, "permits.yaml").permits
    book = up_to_date(folder)
    return Chain(
        folder, ground(book, REGISTRY), Ledger.open(folder), law, tuple(regimes.readings(law.instruments)), permits
    )
