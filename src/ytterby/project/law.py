"""Home to the project's law: verdicts on transfers and on tables of them, under each reading of what is unsettled."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from ytterby.project.opened import Date, Opened

if TYPE_CHECKING:
    from ytterby.project.shipments import Flip, Watched
    from ytterby.rules.clauses import Instrument
    from ytterby.rules.exposure import Exposure
    from ytterby.rules.facts import Facts
    from ytterby.rules.parties import PartyList
    from ytterby.rules.planned import Compared, Position, WhatIf
    from ytterby.rules.pricing import Priced
    from ytterby.rules.reasons import Reason
    from ytterby.rules.review import Outlook, Practice
    from ytterby.rules.screening import Candidate, Decision
    from ytterby.rules.tabled import Verdicts
    from ytterby.rules.verdicts import Law, Step, Verdict
    from ytterby.terms.errors import InputError


Kept = TypeVar("Kept")

AHEAD = 180
"""Days ahead that the timeline shows."""


class Rules(Opened):
    """The side of a project that knows the law; the project's own `regimes/` and `parties/` lie over the package's."""

    def check(
        self,
        facts: Path | Mapping[str, Any],
        on: Date = None,
        known: Date = None,
        reading: str | None = None,
        *,
        holdings: Path | None = None,
    ) -> list[Verdict]:
        """The verdicts on one transfer, one per reading, or the one under `reading`.

        Args:
            facts: a YAML file, or the facts themselves (docs/machine-interface.md lists them).
            on: the day of the transfer; without it the facts' own date, else today.
            known: judge by what was known on that day; without it, by what is known today.
            reading: a name of a reading; without it all of them side by side.
            holdings: a YAML file ``{firm: {owner: share}}``; listed owners behind the end user are found through it.

        Raises:
            InputError: a fact, country, material or reading nobody knows, or facts that contradict each other.
        """
        from ytterby.rules import facts as told
        from ytterby.rules import verdicts

        one = told.load(facts) if isinstance(facts, Path) else told.of(facts)
        if holdings is not None and one.end_user:
            one = one.model_copy(update={"owners": {**one.owners, **self._owners(holdings, one.end_user)}})
        day = on or one.day or datetime.date.today()
        names = self.readings() if reading is None else [reading]
        alike = self._alike(one, day)
        found = [verdicts.under(self.law(known, name), one, day) for name in names]
        return [dataclasses.replace(verdict, notes=(*verdict.notes, *alike)) for verdict in found]

    def course(
        self, one: Facts, start: Date = None, known: Date = None, reading: str | None = None
    ) -> tuple[Step, ...]:
        """What is said of one transfer from a day on (today without it), step by step."""
        from ytterby.rules import verdicts

        return verdicts.course(self.law(known, reading), one, start or datetime.date.today())

    def shipments(self) -> tuple[list[Watched], list[InputError]]:
        """The shipments that are watched (`shipments/*.yaml`), and what is wrong with files that cannot be read."""
        from ytterby.project import shipments

        return shipments.load(self.path)

    def keep_shipment(self, name: str, facts: Path | Mapping[str, Any] | Facts) -> Path:
        """Watches a shipment under a name; `flips` then tells when its verdict changes.

        Raises:
            InputError: a name that is none or taken by other facts, or facts that cannot be.
        """
        from ytterby.project import shipments
        from ytterby.rules import facts as told

        return shipments.keep(self.path, name, told.load(facts) if isinstance(facts, Path) else told.of(facts))

    def drop_shipment(self, name: str) -> None:
        """Watches a shipment no longer. Raises `UnknownName`."""
        from ytterby.project import shipments

        shipments.drop(self.path, name)

    def flips(self, days: int = AHEAD, start: Date = None) -> list[Flip]:
        """The days ahead on which the verdict on a watched shipment changes, the next first, readings side by side.

        A shipment whose own day has passed is left out, and of one to come what lies after its day.
        """
        from itertools import pairwise

        from ytterby.project.shipments import Flip
        from ytterby.rules import verdicts

        today = start or datetime.date.today()
        watched = [one for one in self.shipments()[0] if (one.facts.day or today) >= today]
        found: dict[tuple[datetime.date, str, str, str, tuple[str, ...]], list[str]] = {}
        for reading in self.readings() if watched else ():
            courses = verdicts.courses(self.law(None, reading), [one.facts for one in watched], today)
            for one, steps in zip(watched, courses, strict=True):
                last = min(today + datetime.timedelta(days=days), one.facts.day or datetime.date.max)
                for before, after in pairwise(steps):
                    if after.since <= last:
                        clauses = tuple(sorted({*before.clauses} ^ {*after.clauses}))
                        key = (after.since, one.name, before.outcome, after.outcome, clauses)
                        found.setdefault(key, []).append(reading)
        return [
            Flip(name, day, before, after, clauses, tuple(readings))
            for (day, name, before, after, clauses), readings in sorted(found.items())
        ]

    def _owners(self, holdings: Path, firm: str) -> dict[str, float]:
        """Listed parties behind a firm, with the share that counts against it."""
        from ytterby.rules import ownership, pages

        raw = pages.plain(pages.compose(pages.text_of(holdings), holdings.name))
        listed = [party.name for one in self._lists.values() for party in one.members]
        return {owner: float(share) for owner, share in ownership.listed_owners(raw, firm, listed).items()}

    def _alike(self, one: Facts, day: datetime.date) -> list[Reason]:
        """Notes on parties whose names merely resemble listed ones: a person has to decide."""
        from ytterby.rules.reasons import reason

        notes = []
        for name in dict.fromkeys((one.end_user, one.consignee, *one.owners)):
            candidates = self.screen(name, on=day) if name else []
            if candidates and not candidates[0].match:
                best = candidates[0]
                notes.append(reason("resembles", name=name, party=best.party.name, list=best.list, told=best.why))
        return notes

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

        return review.outlook(self.practice(known), applied or datetime.date.today())

    def practice(self, known: Date = None) -> Practice:
        """Review in practice as observed by a day: how long decisions took and how many were granted.

        Raises:
            BadValue: too little was observed by then.
        """
        from ytterby.rules import review

        return review.practice(self._observed(), known)

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
                "as_of": claim.as_of,
                "observer": claim.attributed_to,
                "end_use": "military" if "military" in claim.basis else "",
                "confidence": claim.confidence,
            }
            for claim in self._claims()
            if claim.parameter.startswith("licence:") and not claim.carried_from and claim.status == "accepted"
        ]

    def licences(self, holdings: Path, on: Date = None, known: Date = None, reading: str | None = None) -> Position:
        """Where one stands with licences: what is left of each, which orders go, and when stocks run out.

        Args:
            holdings: a YAML file of permits, shipments, orders and stocks (docs/rules.md).
            on: the day to look from; today without it.
            known: judge orders by what was known on that day.
            reading: how unsettled texts are read.

        Raises:
            BadValue, UnknownName: what is wrong in the file, with its line and key.
        """
        from ytterby.rules import licences, planned

        held = licences.load(holdings)
        return planned.position(held, on or datetime.date.today(), self.law(known, reading), self._ninety_days())

    def dossiers(self) -> list[str]:
        """Names of the files of licences kept in the project's `holdings/`."""
        from ytterby.project import dossiers

        return dossiers.names(self.path)

    def dossier(self, name: str) -> Path:
        """One of them, for `licences`. Raises `UnknownName`."""
        from ytterby.project import dossiers

        return dossiers.path(self.path, name)

    def keep_dossier(self, name: str, text: str) -> Path:
        """Keeps a file of licences under a name, once it is understood. Raises `InputError`."""
        from ytterby.project import dossiers

        return dossiers.keep(self.path, name, text)

    def licences_if(
        self,
        holdings: Path,
        case: WhatIf,
        known: Date = None,
        reading: str | None = None,
        against: str | None = None,
    ) -> tuple[Position, Compared, list[dict[str, Any]]]:
        """The position after a what-if, what that changes for orders and stocks, and which links of the world it moves.

        Args:
            holdings: as for `licences`.
            case: what happens, and the day it does; the position is looked at from that day.
            known: judge orders by what was known on that day.
            reading: how unsettled texts are read in the case as it is.
            against: how they are read in the what-if; as in `reading` without it.

        Raises:
            UnknownName: a licence, list, instrument or reading nobody knows.
        """
        from ytterby.rules import licences, planned

        held, days = licences.load(holdings), self._ninety_days()
        law = self.law(known, reading)
        supposed = planned.supposed(case, held, self.law(known, against or reading))
        before = planned.position(held, case.on, law, days)
        after = planned.position(supposed[0], case.on, supposed[1], days)
        return after, planned.compare(before, after), self._links_moved(law, supposed[1], case.on)

    def _links_moved(self, before: Law, after: Law, on: datetime.date) -> list[dict[str, Any]]:
        """Links of the world that meet another outcome in the second case, by what the rules tell apart."""
        if before.instruments == after.instruments and before.reading == after.reading:
            return []  # parties and licences are no matter of links
        from ytterby.project import links
        from ytterby.project.runs import Runs

        assert isinstance(self, Runs)
        return links.moved(self.world(), before, after, on)

    def _ninety_days(self) -> float:
        return self.practice().quantile(0.9).days

    def exposure(self, bill: Path, root: str | None = None) -> Exposure:
        """A bill of materials rolled up exactly; `.margins(origin)` says how far each threshold is."""
        from ytterby.rules import bills, exposure

        return exposure.roll_up(bills.load(bill), root)

    def exposure_by_price(
        self, bill: Path, prices: Path, root: str | None = None, origin: str = "CN"
    ) -> tuple[Priced, ...]:
        """The margins at each day's prices (a file of `date`, `material`, `usd_per_kg`); see `rules.pricing`."""
        from ytterby.rules import bills, pricing

        return pricing.by_price_date(bills.load(bill), pricing.load(prices), root, origin)

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
        """Draws what is in force from 2023 to half a year from now, one row per instrument, as SVG."""
        from ytterby.figures.base import Caption
        from ytterby.figures.lanes import lanes
        from ytterby.rules import replay
        from ytterby.store import atomic

        today = datetime.date.today()
        held = self.law(None, reading)
        end = today + datetime.timedelta(days=AHEAD)
        spans = replay.timeline(held, datetime.date(2023, 1, 1), end)
        basis = f"one row per instrument, from 2023 to {end}, as known on {today}; the dotted line is today"
        caption = Caption(f"What is in force, read as {held.reading}", basis)
        atomic.write(path, lanes(replay.figure_rows(spans, end), caption, today=today.isoformat()).encode())
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
        name = reading or regimes.DEFAULT_READING
        return verdicts.law(day, name, self._instruments, self._lists, self._decided())

    def screen(self, name: str, country: str | None = None, on: Date = None) -> list[Candidate]:
        """Listed parties that a name may be, best first; what a person decided about the name stands first.

        Raises:
            BadValue: an empty or endless name.
            UnknownName: a country nobody knows.
        """
        from ytterby.rules import screening

        return screening.screen(name, country, on, lists=self._lists, decisions=self._decisions())

    def decide(self, name: str, party: str | None, *, reviewer: str, reason: str = "") -> Decision:
        """Keeps what a person decided about a name: it is this listed party, or none (None); verdicts follow it.

        Raises:
            UnknownName: no listed party of that name.
            BadValue: no reviewer.
        """
        from ytterby.rules import screening
        from ytterby.store import database

        with database.open(self._folder) as db:
            return screening.decide(db, name, party, reviewer=reviewer, reason=reason, lists=self._lists)

    def decisions(self) -> list[Decision]:
        """What people decided about names, the latest on each, the newest first."""
        return sorted(self._decisions().values(), key=lambda one: one.at, reverse=True)

    def _decisions(self) -> dict[str, Decision]:
        from ytterby.rules import screening
        from ytterby.store import database

        with database.open(self._folder) as db:
            return screening.decisions(db)

    def _decided(self) -> dict[str, str]:
        from ytterby.rules import screening

        return screening.decided(self._decisions())

    def readings(self) -> list[str]:
        """Names of the rival readings of unsettled texts."""
        from ytterby.rules import regimes

        return list(regimes.readings(self._instruments)) or [regimes.DEFAULT_READING]

    @property
    def _instruments(self) -> tuple[Instrument, ...]:
        from ytterby.rules import regimes

        return self._read("regimes", lambda: regimes.load(self.path / "regimes"))

    @property
    def _lists(self) -> dict[str, PartyList]:
        from ytterby.rules import parties, regimes

        lists = self._read("parties", lambda: parties.load(self.path / "parties"))
        parties.check(regimes.named_lists(self._instruments), lists)
        return lists

    def _read(self, folder: str, load: Callable[[], Kept]) -> Kept:
        """What the files of a folder say, read again when one of them changed: a desk stays open for days."""
        files = sorted((self.path / folder).glob("*.yaml"))
        stamp = [(path.name, told.st_mtime_ns, told.st_size) for path in files for told in [path.stat()]]
        found = self._law_read.get(folder)
        if found is None or found[0] != stamp:
            found = self._law_read[folder] = (stamp, load())
        kept: Kept = found[1]
        return kept

    @cached_property
    def _law_read(self) -> dict[str, tuple[Any, Any]]:
        """By folder its files as they stood, and what they said."""
        return {}
