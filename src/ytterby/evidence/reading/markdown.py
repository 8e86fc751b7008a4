"""Home to Markdown: the file's own text, with headings, lists, tables and code told apart by their signs."""

from __future__ import annotations

import re

from ytterby.evidence.documents import PassageKind
from ytterby.evidence.reading import encoding
from ytterby.evidence.reading.contract import Line, Sheet, Told, lines_of

_HEADING = re.compile(r"#{1,6}\s+(?P<words>.*?)\s*#*$")
_RULE = re.compile(r"(?:[-*_]\s*){3,}|[=-]{2,}")
_ROW = re.compile(r"\|.*\|")
_QUOTE = re.compile(r">+\s*")
_FENCE = re.compile(r"(?:```|~~~)")


def read(content: bytes, *, place: str, url: str, charset: str) -> Sheet:
    """The sheet of a Markdown file; nothing is rendered, so that offsets are those of the file."""
    text, _ = encoding.decode(content, declared=charset, place=place)
    lines: list[Line] = []
    title, coded = "", False
    matter = text.lstrip().startswith("---")
    for line in lines_of(text):
        words = text[line.start : line.end]
        if matter:
            # Front matter is read by `head`, which wants its lines as they are.
            matter = not (lines and words.startswith("---"))
            lines.append(line)
            continue
        if _FENCE.match(words):
            coded = not coded
            lines.append(Line(line.start, line.end, line.gap, "noise"))
        elif coded:
            lines.append(Line(line.start, line.end, line.gap, "noise"))
        elif heading := _HEADING.fullmatch(words):
            start, end = (line.start + at for at in heading.span("words"))
            first = words.startswith("# ") and not title
            title = title or (heading["words"] if first else "")
            if end > start:
                lines.append(Line(start, end, line.gap, "title" if first else "heading"))
        elif _ROW.fullmatch(words):
            lines.append(_row(line, words))
        elif _RULE.fullmatch(words):
            lines.append(Line(line.start, line.end, line.gap, "noise"))
        else:
            opening = _QUOTE.match(words)
            lines.append(Line(line.start + (opening.end() if opening else 0), line.end, line.gap))
    return Sheet(text, tuple(line for line in lines if line.end > line.start), Told(title=title), "text/markdown")


def _row(line: Line, words: str) -> Line:
    inner = words.strip("| \t")
    if not inner.strip("-: |"):
        return Line(line.start, line.end, line.gap, "noise")
    start = line.start + words.index(inner)
    kind: PassageKind = "row"
    return Line(start, start + len(inner), line.gap, kind)
