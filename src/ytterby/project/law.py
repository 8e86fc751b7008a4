"""Home to the project's law: verdicts on transfers and on tables of them, under each reading of what is unsettled."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ytterby.project.opened import Date, Opened

if TYPE_CHECKING:
    from ytterby.rules.clauses import Instrument
    from ytterby.rules.parties import PartyList
    from ytterby.rules.tabled import Verdicts
    from ytterby.rules.verdicts import Law, Verdict


class Rules(Opened):
    """The side of a project that knows the law; the project's own `regimes/` and `parties/` lie over the package's."""

    def check(
        self, facts: Path | Mapping[str, Any], on: Date = None, known: Date = None, reading: str | None = None
    ) -> list[Verdict]:
        """The verdicts on one transfer, one per reading, or the one under `reading`.

        Args:
            facts: a YAML file, or the facts themselves (docs/machine-interface.md lists them).
            on: the day of the transfer; without it the facts' own date, else today.
            known: judge by what was known on that day; without it, by what is known today.
            reading: a name of a reading; without it all of them side by side.

        Raises:
            InputError: a fact, country, material or reading nobody knows, or facts that contradict each other.
        """
        from ytterby.rules import facts as told
        from ytterby.rules import verdicts

        one = told.load(facts) if isinstance(facts, Path) else told.of(facts)
        day = on or one.day or datetime.date.today()
        if reading is not None:
            return [verdicts.under(self.law(known, reading), one, day)]
        return [verdicts.under(self.law(known, name), one, day) for name in self.readings()]

    def check_table(
        self, table: Any, on: Date = None, known: Date = None, reading: str | None = None, *, next_change: bool = False
    ) -> Verdicts:
        """The verdicts on a table of transfers (pandas, Arrow, or columns), under one reading; see `rules.tabled`."""
        from ytterby.rules import tabled

        return tabled.verdicts(table, self.law(known, reading), on, next_change=next_change)

    def law(self, known: Date = None, reading: str | None = None) -> Law:
        """The clauses and lists as known on the day `known`, today without it."""
        from ytterby.rules import regimes, verdicts

        day = known or datetime.date.today()
        return verdicts.law(day, reading or regimes.DEFAULT_READING, self._instruments, self._lists)

    def readings(self) -> list[str]:
        """Names of the rival readings of unsettled texts."""
        from ytterby.rules import regimes

        return list(regimes.readings(self._instruments)) or [regimes.DEFAULT_READING]

    @cached_property
    def _instruments(self) -> tuple[Instrument, ...]:
        from ytterby.rules import regimes

        return regimes.load(self.path / "regimes")

    @cached_property
    def _lists(self) -> dict[str, PartyList]:
        from ytterby.rules import parties

        return parties.load(self.path / "parties")
