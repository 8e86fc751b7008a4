"""Home to what a search finds beside documents: the clauses, the facilities, and the rows of the tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ytterby.evidence.search import Entry

if TYPE_CHECKING:
    from ytterby.evidence.claims import Claim
    from ytterby.rules.clauses import Clause, Instrument


def rules(instruments: Sequence[Instrument]) -> Iterator[Entry]:
    """One entry per clause, with the instrument's names in both languages."""
    for instrument in instruments:
        for clause in instrument.clauses:
            yield Entry(
                type="rule",
                id=clause.id,
                title=f"{instrument.title}: {clause.title}",
                text=clause.paraphrase,
                lang="en",
                date=min(interval.since for interval in clause.in_force).isoformat(),
                places=tuple(dict.fromkeys((*clause.origins, *clause.destinations))),
                kinds=("measure",),
                words="\n".join(_words(instrument, clause)),
            )


def _words(instrument: Instrument, clause: Clause) -> Iterator[str]:
    from ytterby.terms.elements import ELEMENTS, element

    yield from (instrument.id, clause.id, instrument.title_zh, instrument.authority, clause.items.text)
    yield from (code.code for code in clause.items.codes)
    yield from clause.items.hs
    yield from clause.items.elements
    for symbol in clause.items.elements:
        if symbol in ELEMENTS:
            yield from (element(symbol).en, element(symbol).zh)
    yield from clause.doubts


def facilities() -> Iterator[Entry]:
    """One entry per facility of the package's world, under both names."""
    from ytterby.world import baseline

    for line in baseline.load()["facilities"]:
        yield Entry(
            type="facility",
            id=line["id"],
            title=line["name"],
            text=f"{line['name']} {line['name_zh']}".strip(),
            lang="en",
            places=(line["country"],),
            stages=(line["stage"],),
            words=line["note"],
        )


def rows_of_tables(claims: Sequence[Claim]) -> Iterator[Entry]:
    """The claims of the baseline and the overlay, told in words."""
    from ytterby.evidence.search import of_claims

    yield from of_claims([claim for claim in claims if claim.document.startswith(("baseline:", "overlay"))])
