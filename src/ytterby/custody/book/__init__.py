"""The book: the ledger's events as columns on disk, mapped into memory.

`chunk(events)` makes the columns of a batch in any process, `Book.open(folder).add(chunk, first_sequence)` puts them at
the end. A book can be made again from the ledger at any time.
"""

from __future__ import annotations

from ytterby.custody.book.book import Book, wrong
from ytterby.custody.book.chunk import Chunk, chunk

__all__ = ["Book", "Chunk", "chunk", "wrong"]
