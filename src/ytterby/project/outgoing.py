"""Home to what of a project's custody goes out: shipments and licences, the monthly report, passports, exports."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ytterby.project.custody import Custody
from ytterby.project.opened import Date

if TYPE_CHECKING:
    from ytterby.custody.exporting import Form
    from ytterby.custody.genealogy.trace import Trace
    from ytterby.custody.passport.checking import Checked
    from ytterby.custody.shipments.drawdown import Shipments
    from ytterby.custody.shipments.supposed import Supposed
    from ytterby.rules.verdicts import Law


class Outgoing(Custody):
    """The side of a project that answers for its lots to others."""

    def drawn_down(self, known: Date = None, reading: str | None = None) -> Shipments:
        """Every shipment across a border judged on its day, and drawn from the licences of ``custody/permits.yaml``.

        Args:
            known: judge by what was known on that day; by what is known today without it.
            reading: how unsettled texts are read; without it as ``custody/policy.yaml`` says.

        Raises:
            InputError: something in the registry, the licences or the policy is wrong, or nobody reads so.
        """
        from ytterby.custody.shipments import drawdown
        from ytterby.custody.shipments.crossings import crossings

        book = self.book()
        try:
            at = self.ground(book)
            return drawdown.drawn(crossings(at), self._law(known, reading), at.permits or None, at.registry)
        finally:
            book.close()

    def shipments_if(self, told: Sequence[str], known: Date = None, reading: str | None = None) -> Supposed:
        """The shipments under another law: which of them would have met another answer, counted.

        Args:
            told: ``suspended=INSTRUMENT[@FROM[:UNTIL]]``, ``resumed=…``, ``reading=NAME``, ``known=DATE``.
            known: of the case as it is.
            reading: likewise.

        Raises:
            InputError: a what-if, instrument, clause or reading nobody knows.
        """
        from ytterby.custody.shipments import supposed
        from ytterby.custody.shipments.crossings import crossings

        book = self.book()
        try:
            found = crossings(self.ground(book))
        finally:
            book.close()
        days = [one.day for one in found] or [datetime.date.today()]
        held = self._law(known, reading)
        return supposed.compare(found, held, supposed.law(held, supposed.read(told, min(days), max(days))))

    def report_monthly(
        self,
        month: str,
        facility: str | None = None,
        *,
        disclose: Collection[str] = (),
        provisional: bool = False,
        now: datetime.datetime | None = None,
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """The monthly report of flows, and what opens the names it withholds.

        Args:
            month: as ``2025-04``.
            facility: of one facility only.
            disclose: kinds of names shown (``facility``, ``counterparty``, ``licence``, ``customs``), ``name=…`` for a
                single one, ``none``; all of them without it.
            provisional: also of a month that is not over.
            now: when it is made; this moment without it.

        Raises:
            BadValue: the month is none, or not over.
            UnknownName: no event took place at the facility, or no such kind of names.
        """
        from ytterby.custody import disclosure, monthly

        shown = disclosure.choice(disclose, monthly.KINDS)
        book = self.book()
        try:
            at = self.ground(book)
            made = monthly.monthly(at, month, self.head(), facility=facility, now=now, provisional=provisional)
        finally:
            book.close()
        return made.to_dict(shown), shown.kept()

    def passport(
        self,
        lot: str,
        *,
        disclose: Collection[str] = (),
        reading: str | None = None,
        now: datetime.datetime | None = None,
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """The passport of a lot, and what opens the names it withholds.

        Args:
            lot: its address, in any spelling.
            disclose: kinds of names shown (``facility``, ``lot``, ``event``), ``name=…`` for a single one, ``none``;
                all of them without it, and then the events it rests on are in it.
            reading: one reading of the unsettled texts; each of them without it.
            now: when it is made; this moment without it.

        Raises:
            UnknownName: no captured event names the lot, nobody reads so, or no such kind of names.
        """
        from ytterby.custody import disclosure
        from ytterby.custody.passport import making
        from ytterby.project.law import Rules

        assert isinstance(self, Rules)
        shown = disclosure.choice(disclose, making.KINDS)
        readings = self.readings() if reading is None else [reading]
        book = self.book()
        try:
            with self.recorded() as ledger:
                made = making.passport(
                    self.ground(book), ledger, self._law(None, readings[0]), lot, readings=readings, disclosure=shown,
                    now=now,
                )  # fmt: skip
        finally:
            book.close()
        return made, shown.kept()

    def check_passport(
        self, document: Mapping[str, Any], head: Mapping[str, Any] | None = None, digest: str = ""
    ) -> Checked:
        """Checks a passport against a published head and the issuer's digest, under this project's rules."""
        from ytterby.custody.passport import checking

        known = datetime.date.fromisoformat(str(document.get("rules", {}).get("known", datetime.date.today())))
        return checking.check(document, head, expected=digest, held=self._law(known, None))

    def export(self, folder: Path, form: Form = "parquet") -> list[Path]:
        """Writes events, moves, balances and shipments as tables for other programs.

        Raises:
            InputError: Parquet is asked for and pyarrow is not there.
            StoreError: the disk refuses.
        """
        from ytterby.custody.exporting import export
        from ytterby.custody.shipments import drawdown
        from ytterby.custody.shipments.crossings import crossings

        book = self.book()
        try:
            at = self.ground(book)
            sent = drawdown.drawn(crossings(at), self._law(None, None), at.permits or None, at.registry).sent
            return export(at, sent, folder, form)
        finally:
            book.close()

    def trace(self, lot: str, *, down: bool = False) -> Trace:
        """Where a lot is from, by element, and what the law says of it; with `down` what became of it and who holds
        that now.

        Raises:
            UnknownName: no captured event names the lot.
        """
        from ytterby.custody.genealogy.trace import trace
        from ytterby.custody.passport.told import Asked, verdicts

        book = self.book()
        try:
            at = self.ground(book)
            found = trace(book, lot, down=down, registry=at.registry)
            if down:
                return found
            from ytterby.project.law import Rules

            assert isinstance(self, Rules)
            asked = Asked(found.lot, datetime.date.today(), tuple(self.readings()))
            return dataclasses.replace(found, verdicts=tuple(verdicts(at, self._law(None, None), asked)))
        finally:
            book.close()

    def _law(self, known: Date, reading: str | None) -> Law:
        """The law, read as is asked, else as the policy says."""
        from ytterby.custody.shipments.drawdown import policy
        from ytterby.project.law import Rules

        assert isinstance(self, Rules)
        return self.law(known, reading or policy(self.custody).reading or None)


__all__ = ["Outgoing"]
