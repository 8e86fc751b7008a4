"""Home to reading one item: bytes to a document, by the reader that fits them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

from ytterby.evidence.documents import Document
from ytterby.evidence.reading import layout, plain
from ytterby.evidence.reading import media as kinds
from ytterby.evidence.reading.contract import Reader
from ytterby.terms.errors import InputError
from ytterby.terms.text import fold

LARGEST = 32 * 2**20
"""Bytes of the largest item that is read."""


@dataclass(frozen=True, slots=True)
class Read:
    """A document, and what is doubtful about its reading."""

    document: Document
    doubts: tuple[str, ...] = ()


def read_bytes(
    content: bytes, *, path: str, url: str = "", media: str = "", charset: str = "", today: date | None = None
) -> Document:
    """The document of some bytes; nothing is fetched and nothing in it is run.

    Args:
        content: the raw bytes, 32 MiB at most.
        path: file or address they came from.
        url: the article's address, where it is known.
        media: media type its sender declared; what the bytes show comes first.
        charset: encoding its sender declared.
        today: the day it is read; a later date of publication is dropped.

    Raises:
        InputError: the bytes are empty, too many, binary, of mixed encodings, or hold no text.
    """
    return read(content, path=path, url=url, media=media, charset=charset, today=today).document


def read(
    content: bytes, *, path: str, url: str = "", media: str = "", charset: str = "", today: date | None = None
) -> Read:
    """As `read_bytes`, with the doubts."""
    if len(content) > LARGEST:
        raise too_large(len(content), path)
    kind = _kind(content, path, media)
    sheet = _reader(kind)(content, place=path, url=url, charset=charset)
    folded = fold(sheet.text)
    laid = layout.lay_out(sheet, folded, url=url, today=today or date.today())
    told = laid.told
    document = Document(
        id=hashlib.sha256(content).hexdigest(),
        text=sheet.text,
        passages=laid.passages,
        parts=laid.parts,
        path=path,
        url=told.url,
        title=told.title,
        publisher=told.publisher,
        author=told.author,
        date=told.date,
        lang=told.lang,
        work=told.url or path,
        media=kind,
    )
    return Read(document, laid.doubts)


def too_large(size: int, place: str, largest: int = LARGEST) -> InputError:
    """The error for an item beyond the limit."""
    return InputError(
        f"it holds {size / 2**20:,.0f} MiB, and {largest / 2**20:.0f} MiB is the most that is read",
        place=place,
        remedy="cut it into parts, or save the text alone",
    )


def _kind(content: bytes, path: str, declared: str) -> str:
    return kinds.media_of(content, path=path, declared=declared)


def _reader(kind: str) -> Reader:
    # Heavier readers are imported when a page needs them: most pages are plain text.
    if kind == kinds.PDF:
        from ytterby.evidence.reading import pdf

        return pdf.read
    if kind == kinds.HTML:
        from ytterby.evidence.reading import html

        return html.read
    if kind == kinds.MARKDOWN:
        from ytterby.evidence.reading import markdown

        return markdown.read
    return plain.read
