"""Home to PDF: its text in reading order, without running heads, with words and paragraphs put together again.

The file is opened by a process of its own (`pdfchild`) with limits on memory and time, so that a file made to burst
takes nothing with it.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from ytterby.evidence.documents import PassageKind
from ytterby.evidence.reading.contract import Line, Sheet, Told
from ytterby.terms.errors import InputError

SECONDS = 90.0
MEMORY = 1_000 * 2**20
"""Wall clock and bytes of memory of the process that opens a file."""

_FOLIO = re.compile(r"^\d{1,4}(?=\D|$)|(?<!\d)\d{1,4}$")
_PAGE = re.compile(r"[-–—\s]*(?:page\s*)?(?:\d{1,4}|[ivxlc]{1,6})(?:\s*(?:/|of)\s*\d{1,4})?[-–—\s]*", re.IGNORECASE)
_PAGE_ZH = re.compile(r"\s*[-–—]?\s*第?\s*\d{1,4}\s*页(?:.{0,3}共\s*\d{1,4}\s*页)?\s*[-–—]?\s*")
_END = re.compile(r"[.。!！?？;；:：…][\"'”’」』)）\]]*$")
_OPENS = re.compile(
    r"(?:[-–—•●▪◦‣*]\s|\(?\d{1,2}[.)、]\s|[（(][一二三四五六七八九十\d]{1,3}[)）]|[一二三四五六七八九十]{1,3}、|第.{1,4}[条章节])"
)
_HAN = re.compile("[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
_WHEN = re.compile(r"D:((?:19|20)\d\d)(\d\d)(\d\d)")

Block = tuple[str, PassageKind | None]


def read(content: bytes, *, place: str, url: str, charset: str) -> Sheet:
    """The sheet of a PDF: one line per paragraph and table row; raises `InputError`."""
    answer = _asked(content, place)
    if "error" in answer:
        raise InputError(answer["error"], place=place, remedy=answer["remedy"])
    pages: list[dict[str, Any]] = answer["pages"]
    if not any(line.strip() for page in pages for line in page["lines"]):
        raise InputError(
            f"the PDF holds pictures of {len(pages)} page{'s' * (len(pages) != 1)} and no text",
            place=place,
            remedy="run text recognition on it (for example ocrmypdf) and read the result",
        )
    blocks = list(_blocks(pages))
    text, lines = _written(blocks)
    return Sheet(text, lines, _told(answer), "application/pdf", whole=True)


def _asked(content: bytes, place: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "ytterby.evidence.reading.pdfchild", str(MEMORY)]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        cause = f"the PDF took longer than {SECONDS:.0f} seconds to open"
        raise InputError(cause, place=place, remedy="print it to a new PDF, or cut it into parts") from None
    except OSError as error:
        raise InputError(
            f"no process could be started to open the PDF: {error.strerror}", place=place, remedy="try again"
        ) from None
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        answer = None
    if done.returncode or not isinstance(answer, dict):
        raise InputError(
            "the PDF broke the process that opened it: it wants too much memory or time, or is damaged",
            place=place,
            remedy="check that the file is what it says it is; print it to a new PDF",
        )
    return answer


def _told(answer: dict[str, Any]) -> Told:
    when = _WHEN.match(str(answer["date"]))
    title = " ".join(str(answer["title"]).split())
    # Programs write the name of their file into the title; that is no title.
    named = re.search(r"\.(?:docx?|pdf|indd|wps|pptx?|xlsx?)$|^(?:microsoft|untitled|无标题)", title, re.IGNORECASE)
    return Told(
        title="" if named else title,
        author=" ".join(str(answer["author"]).split()),
        date="-".join(when.groups()) if when else "",
        approximate=when is not None,
    )


def _blocks(pages: Sequence[dict[str, Any]]) -> Iterator[Block]:
    """Paragraphs over all pages, and rows where they stand."""
    heads = _running(pages)
    lines: list[str] = []
    for page in pages:
        full = [at for at, line in enumerate(page["lines"]) if line.strip()]
        edge = {*full[:2], *full[-2:]}
        kept = [line for at, line in enumerate(page["lines"]) if not (at in edge and _dropped(line, heads))]
        rows = [" | ".join(row) for row in page["rows"]]
        whole = "".join(_tight("".join(row)) for row in page["rows"])
        above, below = _around(kept, whole)
        if rows and len(above) + len(below) < len(kept):
            yield from ((words, None) for words in _paragraphs(lines + above))
            yield from ((row, "row") for row in rows)
            lines = below
        else:
            lines += kept
    yield from ((words, None) for words in _paragraphs(lines))


def _around(lines: Sequence[str], whole: str) -> tuple[list[str], list[str]]:
    """Lines above and below a table, whose own words `whole` holds without blanks; three other lines end the table."""
    first = next((at for at, line in enumerate(lines) if _tight(line) and _tight(line) in whole), len(lines))
    below: list[str] = []
    for at in range(first, len(lines)):
        if len(below) >= 3 and not any(_tight(line) in whole for line in lines[at - 3 : at]):
            return list(lines[:first]), below + list(lines[at:])
        if not (_tight(lines[at]) and _tight(lines[at]) in whole):
            below.append(lines[at])
    return list(lines[:first]), below


def _running(pages: Sequence[dict[str, Any]]) -> frozenset[str]:
    """Lines at the top or foot of at least half of three pages or more, the page's number aside."""
    if len(pages) < 3:
        return frozenset()
    seen: Counter[str] = Counter()
    for page in pages:
        full = [line for line in page["lines"] if line.strip()]
        seen.update({_masked(line) for line in (*full[:2], *full[-2:]) if not _END.search(line.strip())})
    return frozenset(line for line, count in seen.items() if count * 2 >= len(pages) and count > 2 and line)


def _dropped(line: str, heads: frozenset[str]) -> bool:
    """Whether a line at a page's edge is a running head or the page's number."""
    return _masked(line) in heads or bool(_PAGE.fullmatch(line) or _PAGE_ZH.fullmatch(line))


def _paragraphs(lines: Sequence[str]) -> Iterator[str]:
    """Lines put together: a paragraph goes on until a line ends short, or the next one opens a list or heading."""
    # Where a word was divided the parser has joined two lines already.
    full = sorted(len(part) for line in lines for part in line.split("\ufffe") if len(part.strip()) > 20)
    width = full[int(len(full) * 0.75)] if full else 0
    words = ""
    last = ""
    for raw in lines:
        line = raw.strip()
        if not line:
            if words:
                yield _tidy(words)
            words = last = ""
            continue
        if words and _breaks(last, line, width):
            yield _tidy(words)
            words = line
        else:
            words = _joined(words, line)
        last = line
    if words:
        yield _tidy(words)


def _breaks(last: str, line: str, width: int) -> bool:
    """Whether a paragraph ends between two lines."""
    if last.endswith(("\ufffe", "\x02", "\xad")):
        return False
    if _OPENS.match(line):
        return True
    last = last.rpartition("\ufffe")[2]
    short = len(last) < 0.8 * width
    if _END.search(last):
        return short or len(last) < width - 12
    return short and len(last) < 0.6 * width and (line[:1].isupper() or bool(_HAN.match(line)) or line[:1].isdigit())


def _joined(words: str, line: str) -> str:
    if not words:
        return line
    if words[-1] in "\ufffe\x02\xad":
        return words[:-1] + line
    if words[-1] == "-" and words[-2:-1].isalpha() and line[:1].islower():
        return words[:-1] + line
    if words[-1] == "-" and words[-2:-1].isalpha():
        return words + line
    if _HAN.match(words[-1]) and (_HAN.match(line) or line[:1].isdigit()):
        return words + line
    if _HAN.match(line) and words[-1].isdigit():
        return words + line
    return f"{words} {line}"


def _written(blocks: Sequence[Block]) -> tuple[str, tuple[Line, ...]]:
    lines: list[Line] = []
    at = 0
    for words, kind in blocks:
        lines.append(Line(at, at + len(words), bool(lines), kind))
        at += len(words) + 2
    return "\n\n".join(words for words, _ in blocks) + "\n", tuple(lines)


def _tidy(words: str) -> str:
    # The parser marks a hyphen at a line's end by a noncharacter.
    clean = words.replace("\ufffe", "").replace("\x02", "").replace("\xad", "").replace("\0", "")
    return re.sub(r"[ \t\u00a0]+", " ", clean).strip() or "-"


def _masked(line: str) -> str:
    # Only a page's own number may differ from page to page: rows of figures must never look like a running head.
    return _FOLIO.sub("#", "".join(line.split()).lower())


def _tight(line: str) -> str:
    return "".join(line.split())
