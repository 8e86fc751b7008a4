"""Home to the process that opens a PDF: it may use so much memory and time, and dies alone where it wants more.

Its argument is the memory it may use, in bytes. It reads the file from standard input and writes one JSON object:
``{"pages": [{"lines": […], "rows": [[…], …]}, …], "title", "author", "date"}`` or ``{"error", "remedy"}``.
"""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from importlib import import_module
from typing import Any

MOST_PAGES = 2_000
MOST_CHARACTERS = 20_000_000
SECONDS = 60
TABLE_PAGES = 60
"""Pages that are searched for tables; it takes a second for some pages."""


def main() -> None:
    """Answer for the PDF on standard input."""
    _confine(int(sys.argv[1]))
    try:
        answer = _opened(sys.stdin.buffer.read())
    except MemoryError:
        answer = _refusal(
            "the PDF wants more memory than is given to it", "check that the file is what it says it is; print it anew"
        )
    sys.stdout.buffer.write(json.dumps(answer).encode())


def _confine(memory: int) -> None:
    try:
        import resource
    except ImportError:  # not on Windows, where the parent's clock still stops the process
        return
    for what, most in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_FSIZE, 0)):
        with suppress(ValueError, OSError):
            resource.setrlimit(what, (most, most))


def _refusal(cause: str, remedy: str) -> dict[str, Any]:
    return {"error": cause, "remedy": remedy}


def _opened(content: bytes) -> dict[str, Any]:
    pypdfium2 = import_module("pypdfium2")

    try:
        book = pypdfium2.PdfDocument(content)
        count = len(book)
    except pypdfium2.PdfiumError as error:
        if "assword" in str(error):
            return _refusal("the PDF is locked with a password", "take the password off and read it again")
        return _refusal("the PDF is damaged and cannot be opened", "get the file again, or print it to a new PDF")
    if count > MOST_PAGES:
        return _refusal(f"the PDF has {count:,} pages, and {MOST_PAGES:,} are the most", "cut it into parts")
    pages: list[dict[str, Any]] = []
    characters = 0
    for at in range(count):
        try:
            text = book[at].get_textpage().get_text_range()
        except pypdfium2.PdfiumError:
            text = ""
        characters += len(text)
        if characters > MOST_CHARACTERS:
            return _refusal(f"the PDF holds more than {MOST_CHARACTERS:,} characters", "cut it into parts")
        pages.append({"lines": text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), "rows": []})
    told = book.get_metadata_dict()
    if characters and count <= TABLE_PAGES:
        _tables(content, pages)
    return {
        "pages": pages,
        "title": told.get("Title", ""),
        "author": told.get("Author", ""),
        "date": told.get("CreationDate", ""),
    }


def _tables(content: bytes, pages: list[dict[str, Any]]) -> None:
    """Enter the rows of ruled tables; without pdfplumber (the extra ``pdf``) a table's words stay lines."""
    import io
    import logging

    logging.disable(logging.CRITICAL)
    try:
        pdfplumber = import_module("pdfplumber")
    except ImportError:
        return
    # Whatever a broken page does to the table finder, the words of the page are already there.
    with suppress(Exception), pdfplumber.open(io.BytesIO(content)) as book:
        for at, page in enumerate(book.pages):
            if len(page.lines) + len(page.rects) < 4:
                continue
            for table in page.extract_tables():
                rows = [[" ".join((cell or "").split()) for cell in row] for row in table]
                if len(rows) > 1 and max(map(len, rows)) > 1:
                    pages[at]["rows"] += [row for row in rows if any(row)]
            page.close()


if __name__ == "__main__":
    main()
