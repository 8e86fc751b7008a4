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
    from ytterby.rules.exposure import Exposure
    from ytterby.rules.licences import Position
    from ytterby.rules.parties import PartyList
    from ytterby.rules.review import Outlook
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

    def calendar(self, applied: Date = None, known: Date = None) -> Outlook:
        """What to expect of an application filed on a day: the statutory clock, and review in practice as observed.

        Raises:
            BadValue: too little was observed by the day `known`.
        """
        from ytterby.rules import review

        return review.outlook(review.practice(self._observed(), known), applied or datetime.date.today())

    def _observed(self) -> list[dict[str, Any]]:
        return [
            {
                "id": claim.parameter,
                "metric": claim.subject,
                "value": claim.value,
                "low": claim.low,
                "high": claim.high,
                "unit": claim.unit,
                "comparator": claim.comparator,
                "known": claim.known,
                "observer": claim.attributed_to,
                "end_use": "military" if "military" in claim.basis else "",
                "confidence": claim.confidence,
            }
            for claim in self._claims()
            if claim.parameter.startswith("licence:") and not claim.carried_from and claim.status == "accepted"
        ]

    def licences(
        self, holdings: Path, on: Date = None, known: Date = None, reading: str | None = None, revoke: str | None = None
    ) -> Position:
        """Where one stands with licences: what is left of each, which orders go, and when stocks run out.

        Args:
            holdings: a YAML file of permits, shipments, orders and stocks (docs/machine-interface.md).
            on: the day to look from; today without it.
            known: judge orders by what was known on that day.
            reading: how unsettled texts are read.
            revoke: what if this licence were revoked.
        """
        from ytterby.rules import licences

        held = licences.load(holdings)
        held = held if revoke is None else licences.revoked(held, revoke)
        law = self.law(known, reading)
        return licences.position(held, on or datetime.date.today(), law, self._ninety_days())

    def _ninety_days(self) -> float:
        from ytterby.rules import review

        return review.practice(self._observed()).quantile(0.9).days

    def exposure(self, bill: Path, root: str | None = None) -> Exposure:
        """A bill of materials rolled up exactly; `.margins(origin)` says how far each threshold is."""
        from ytterby.rules import bills, exposure

        return exposure.roll_up(bills.load(bill), root)

    def replay(
        self,
        table: Any,
        on: tuple[Date, Date] = (None, None),
        known: tuple[Date, Date] = (None, None),
        reading: tuple[str | None, str | None] = (None, None),
    ) -> list[dict[str, Any]]:
        """The transfers of a table whose verdict differs between two days, days of knowledge or readings."""
        from ytterby.rules import replay, tabled

        today = datetime.date.today()
        first, second = (tabled.read(table, day or today) for day in on)
        laws = [self.law(day, name) for day, name in zip(known, reading, strict=True)]
        return [
            {"row": one.row, "before": one.before, "after": one.after, "clauses": list(one.clauses)}
            for one in replay.changed(laws[0], laws[1], first, second)
        ]

    def timeline(self, start: datetime.date, end: datetime.date, reading: str | None = None) -> list[dict[str, Any]]:
        """What was in force and what suspended between two days, by clause."""
        from ytterby.rules import replay

        return [span.to_dict() for span in replay.timeline(self.law(None, reading), start, end)]

    def draw_timeline(self, path: Path, reading: str | None = None) -> Path:
        """Draws what was in force from the first clause to two years from now, as an SVG file at `path`."""
        from ytterby.figures.base import Caption
        from ytterby.figures.timeline import timeline
        from ytterby.rules import replay
        from ytterby.store import atomic

        today = datetime.date.today()
        held = self.law(None, reading)
        spans = replay.timeline(held, datetime.date(2023, 1, 1), today + datetime.timedelta(days=730))
        basis = "by instrument; a span that still runs is open"
        caption = Caption(f"What was in force, read as {held.reading}", basis)
        atomic.write(path, timeline(replay.figure_rows(spans), caption, today=today.isoformat()).encode())
        return path

    def instruments(self) -> list[Instrument]:
        """The instruments, the package's and the project's own."""
        return list(self._instruments)

    def instrument(self, name: str, on: Date = None, reading: str | None = None) -> dict[str, Any]:
        """One instrument as a page: clauses with their standing on a day, sources and doubts.

        Raises:
            UnknownName: no such instrument.
        """
        from ytterby.rules import replay
        from ytterby.terms.errors import UnknownName

        known = {one.id: one for one in self._instruments}
        if name not in known:
            raise UnknownName(name, known, "instrument")
        return replay.page(known[name], self.law(None, reading), on or datetime.date.today())

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
