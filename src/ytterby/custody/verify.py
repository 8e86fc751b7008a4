"""Home to the proof that nothing under ``custody/`` was changed, and to making again what follows from the log."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from ytterby.custody.book import Book
from ytterby.custody.capture import BOOK, opened
from ytterby.custody.ledger import Ledger
from ytterby.custody.ledger.ledger import INDEX, TREE
from ytterby.custody.ledger.verify import Advance, Finding, Verdict
from ytterby.custody.ledger.verify import verify as verify_ledger
from ytterby.terms.errors import StoreError


def verify(folder: Path, *, rebuild: bool = False, advance: Advance | None = None) -> Verdict:
    """Checks every byte that the ledger and the book have on disk.

    Args:
        folder: the project's ``custody/``.
        rebuild: make again what follows from the log (tree, index, book), where the log is whole.
        advance: told bytes done and in all.

    Raises:
        StoreError: something is to be made again, and another process is writing or the disk refuses.
    """
    found = _with_book(folder, verify_ledger(folder, advance))
    if not rebuild or any(one.lost for one in found.findings):
        return found
    remake(folder)
    return _with_book(folder, verify_ledger(folder, advance))


def remake(folder: Path) -> None:
    """Makes tree, index and book again from the log.

    Raises:
        StoreError: another process is writing, the log is damaged, or the disk refuses.
    """
    Ledger.writing(folder, wait=30.0).close()
    for name in (TREE, INDEX):
        for ending in ("", "-wal", "-shm"):
            with suppress(FileNotFoundError):
                (folder / f"{name}{ending}").unlink()
    with Ledger.writing(folder, wait=30.0) as ledger:
        Book.afresh(folder / BOOK).close()
        opened(folder, ledger).close()


def _with_book(folder: Path, found: Verdict) -> Verdict:
    """The verdict with what is wrong in the book."""
    if not (folder / BOOK).exists() or any(one.lost for one in found.findings):
        return found
    wrong: tuple[Finding, ...] = ()
    notes = found.notes
    again = "; 'ytterby ledger verify --rebuild' makes it again"
    try:
        book = Book.open(folder / BOOK)
        try:
            place = book.wrong()
            if place is not None:
                why = f"it is not what was written{again}"
                wrong = (Finding(f"{BOOK}/{place[0]}", place[1], "column", why, lost=False),)
            elif book.next < found.events:
                notes = (
                    *notes,
                    f"the book is {found.events - book.next:,} events behind; the next capture brings it up",
                )
            elif book.next > found.events:
                wrong = (Finding(BOOK, 0, "file", f"it has events that the log has not{again}", lost=False),)
        finally:
            book.close()
    except StoreError as error:
        wrong = (Finding(BOOK, 0, "file", f"{error.cause}{again}", lost=False),)
    return replace(found, findings=(*found.findings, *wrong), notes=notes)
