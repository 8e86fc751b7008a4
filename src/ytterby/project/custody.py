"""Home to the project's custody: what was captured, the ledger that holds it, and the questions asked of both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ytterby.project.opened import Date, Opened, Progress

if TYPE_CHECKING:
    from ytterby.custody.alarms.triage import Said, Triaged
    from ytterby.custody.balance import Ground, Line
    from ytterby.custody.book import Book
    from ytterby.custody.capture import Captured
    from ytterby.custody.capturing.sources import Source
    from ytterby.custody.genealogy.trace import Trace
    from ytterby.custody.ledger import Kept, Ledger, Refusal
    from ytterby.custody.ledger.verify import Verdict
    from ytterby.custody.registry import Registry
    from ytterby.custody.shipments.gate import Gate
    from ytterby.rules.licences import Permit

FOLDER = "custody"


class Custody(Opened):
    """The side of a project that tracks lots."""

    @property
    def custody(self) -> Path:
        """The folder of what was captured."""
        return self.path / FOLDER

    def capture(
        self,
        sources: Iterable[Source | str],
        *,
        whole: bool = False,
        workers: int | None = None,
        progress: Progress | None = None,
        wheres: Sequence[str] = (),
        strict: Iterable[str] = (),
    ) -> Captured:
        """Captures events of EPCIS (JSON, JSON-LD, JSON lines, XML, tables) into the ledger; see docs/custody.md.

        What is there already is told so; what cannot be captured is refused with the reason and kept in the refused
        log, and the rest proceeds. What is reported as captured is on the disk.

        Args:
            sources: paths of files and folders, bytes, open binary streams.
            whole: all or nothing: where anything of a source is refused, nothing of it is captured.
            workers: processes that read; without it as many as pay.
            progress: called with bytes done and bytes in all.
            wheres: what to call the sources, where they are bytes or streams.
            strict: names of checks that refuse where they would only doubt, such as ``forged``.

        Raises:
            BadValue: a path that is not there.
            StoreError: the ledger cannot be written.
        """
        from ytterby.custody.capture import capture

        given = [Path(one) if isinstance(one, str) else one for one in sources]
        return capture(
            self.custody, given, advance=progress, workers=workers, whole=whole, wheres=wheres, strict=strict,
            gate=self._gate(),
        )  # fmt: skip

    def _gate(self) -> Gate | None:
        """What shipments have to pass at capture, where ``custody/policy.yaml`` blocks what may not go."""
        from ytterby.custody.shipments import drawdown
        from ytterby.project.law import Rules

        chosen = drawdown.policy(self.custody)
        if chosen.shipments != "block":
            return None
        from ytterby.custody.shipments.gate import Gate

        assert isinstance(self, Rules)
        held = self.law(None, chosen.reading or None)
        return Gate(held, self.registry(), tuple(self.permits()) or None, chosen)

    def template(self, kind: str, lang: Literal["en", "zh"] = "en") -> str:
        """A table to fill in for firms without EPCIS: the heading and an example, for one kind of event.

        Raises:
            UnknownName: no kind of event of that name.
        """
        from ytterby.custody import epcis

        return epcis.template(kind, lang)

    def registry(self) -> Registry:
        """Who is who in the events, from ``custody/registry.yaml``; empty where there is none.

        Raises:
            BadValue: the file says something it cannot.
        """
        from ytterby.custody.registry import Registry
        from ytterby.rules import pages

        path = self.custody / "registry.yaml"
        return pages.read(path, Registry) if path.exists() else Registry()

    def book(self) -> Book:
        """What the ledger says as columns, brought up to it first where nobody is writing; close it after use.

        Raises:
            StoreError: it is damaged and cannot be made again just now.
        """
        from ytterby.custody.capture import up_to_date

        return up_to_date(self.custody)

    def trace(self, lot: str, *, down: bool = False) -> Trace:
        """Where a lot is from, by element; with `down` what became of it and who holds that now.

        Raises:
            UnknownName: no captured event names the lot.
        """
        from ytterby.custody.genealogy.trace import trace

        book = self.book()
        try:
            return trace(book, lot, down=down, registry=self.registry())
        finally:
            book.close()

    # balance and alarms

    def permits(self) -> list[Permit]:
        """The licences of ``custody/permits.yaml``, written as in `licence`; none where there is no file.

        Raises:
            InputError: what is wrong in the file, with its line and key.
        """
        from ytterby.rules import licences

        path = self.custody / "permits.yaml"
        return list(licences.load(path).permits) if path.exists() else []

    def ground(self, book: Book, reading: str | None = None) -> Ground:
        """What balances and alarms are drawn from: the book, who is who, licences, law and lists."""
        from ytterby.custody.balance import ground
        from ytterby.project import worldly
        from ytterby.project.law import Rules

        assert isinstance(self, Rules)
        registry = worldly.completed(self, self.registry(), book)
        return ground(book, registry, self.permits(), self.law(None, reading), self._lists, self._decisions())

    def balance(self, facility: str | None = None, month: str | None = None) -> list[Line]:
        """Per facility, month and element: what came, went and lies there, and what is unexplained, in kg.

        Args:
            facility: a facility of the registry, or an address; all of them without it.
            month: a month as ``2025-04``; all of them without it.

        Raises:
            UnknownName: no event took place at the facility.
            BadValue: the month is none.
        """
        from ytterby.custody.balance import balance, ground
        from ytterby.project import worldly

        book = self.book()
        try:
            registry = worldly.completed(self, self.registry(), book)
            known = registry.facility(facility) if facility is not None else None
            return balance(ground(book, registry), known.id if known is not None else facility, month)
        finally:
            book.close()

    def alarms(
        self,
        *,
        kind: str | None = None,
        grade: str | None = None,
        since: Date = None,
        state: str | None = None,
        facility: str | None = None,
        only: Sequence[str] = (),
        reading: str | None = None,
        progress: Progress | None = None,
    ) -> list[Triaged]:
        """What the detectors find in what was captured, the surest first, with what people made of it.

        Args:
            kind: alarms of that kind.
            grade: ``diversion``, ``law`` or ``record``.
            since: called on that day or later.
            state: where it stands in triage.
            facility: alarms at or with that facility.
            only: names of detectors to ask; all of them without it.
            reading: how unsettled law is read.
            progress: called with detectors done and detectors in all.

        Raises:
            UnknownName: a kind, grade, state or detector that is none.
        """
        from ytterby.custody.alarms import finding, triage

        finding.check(kind, grade, state)
        book = self.book()
        try:
            found = finding.alarms(self.ground(book, reading), only=only, advance=progress)
        finally:
            book.close()
        every = triage.triaged(found, triage.history(self.custody))
        return [one for one in every if finding.fits(one, kind, grade, since, state, facility)]

    def triage(self, alarm: str, state: str, *, who: str, why: str = "") -> Said:
        """Keeps what a person made of an alarm; what was said before stays.

        Raises:
            UnknownName: a state or alarm that is none.
            BadValue: nobody named, or no reason for an end.
        """
        from ytterby.custody.alarms import triage

        known: list[str] | None = None
        if alarm not in triage.history(self.custody) and state in triage.STATES:
            known = [one.alarm.id for one in self.alarms()]
        return triage.say(self.custody, alarm, state, who=who, why=why, known=known)

    def emit(
        self,
        scenario: str,
        out: Path,
        *,
        planted: int = 0,
        seed: int = 0,
        weeks: int = 52,
        progress: Progress | None = None,
    ) -> dict[str, Any]:
        """Writes invented events of a scenario's world, with planted diversions, to try the tracking system on.

        Args:
            scenario: a name or file; its world in its median.
            out: a new folder: ``events.jsonl``, ``registry.yaml``, ``permits.yaml``, ``truth.json``.
            planted: how many diversions, of all kinds and of 1 to 10 % of a flow.
            seed: the same seed gives the same events.
            weeks: how long.
            progress: called with weeks done and weeks in all.

        Raises:
            StoreError: the folder is there already.
            BadValue: a number out of range.
        """
        from ytterby.project.runs import Runs
        from ytterby.project.worldly import emitted

        assert isinstance(self, Runs)
        return emitted(self, scenario, out, planted, seed, weeks, progress)

    # ledger

    def recorded(self) -> Ledger:
        """The ledger as it is now, for reading; close it, or use it in a ``with`` statement.

        Raises:
            StoreError: it is damaged so that it cannot be read at all.
        """
        from ytterby.custody.ledger import Ledger

        return Ledger.open(self.custody)

    def head(self) -> dict[str, Any]:
        """What to publish of the ledger now: {"ledger", "size", "root", "chain", "time"}."""
        with self.recorded() as ledger:
            return ledger.head.published()

    def held(self, head: Mapping[str, Any]) -> dict[str, Any]:
        """Holds a head that was published earlier against the ledger: {"held", "why", "from", "to", "proof"}.

        Raises:
            BadValue: this is no head, or one of another ledger.
        """
        with self.recorded() as ledger:
            return ledger.held(head)

    def proof(self, event: str) -> dict[str, Any]:
        """What shows that an event is in the ledger, offline: {"event", "digest", "index", "proof", "head"}.

        Raises:
            UnknownName: there is no such event.
        """
        with self.recorded() as ledger:
            return ledger.proof(event)

    def verify(self, *, rebuild: bool = False, progress: Progress | None = None) -> Verdict:
        """Checks every byte of ledger and book; `rebuild` makes again what follows from the log.

        Raises:
            StoreError: something is to be made again and the disk refuses.
        """
        from ytterby.custody.verify import verify

        return verify(self.custody, rebuild=rebuild, advance=progress)

    def refused(self) -> list[Refusal]:
        """What was refused, oldest first, with the bytes as they came (the first 64 KiB of each)."""
        with self.recorded() as ledger:
            return list(ledger.refusals())

    def events(self, where: Mapping[str, Sequence[str]] | None = None, *, limit: int | None = None) -> list[Kept]:
        """Captured events, by the query parameters of EPCIS 2.0 (``{"EQ_bizStep": ["shipping"]}``).

        Raises:
            InputError: a parameter or value that cannot be understood.
        """
        from itertools import islice

        from ytterby.custody.query.asking import every

        with self.recorded() as ledger:
            return list(islice(every(ledger, where or {}), limit))

    def event(self, name: str) -> Kept:
        """One captured event by its id.

        Raises:
            UnknownName: there is no such event.
        """
        with self.recorded() as ledger:
            return ledger.event(name)

    def written(self, events: Iterable[Kept], form: Literal["json", "xml"] = "json") -> bytes:
        """Captured events as an EPCIS 2.0 document."""
        from ytterby.custody.epcis import emit

        return emit.document((one.body for one in events), form)


__all__ = ["Custody"]
