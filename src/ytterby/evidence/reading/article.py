"""Home to articles as news pages print them: title, byline, paragraphs, headings, lists, rows; several on a page."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ytterby.evidence.documents import PassageKind
from ytterby.evidence.reading import bylines
from ytterby.evidence.reading.contract import Line, Told
from ytterby.evidence.reading.furniture import furniture
from ytterby.evidence.reading.pieces import Article, Piece, ended, listed, short, stated, unnumbered

_NUMBERED = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十]{1,3}\)|第[一二三四五六七八九十\d]{1,3}(?:章|节|部分)"
    r"|\d{1,2}(?:\.\d{1,2}){0,3}\.?\s+(?=[A-Z\u4e00-\u9fff])|[IVX]{1,5}\.\s|#{1,6}\s)"
)
_DIGIT = re.compile(r"\d")
_STOPS = re.compile(r"[。！？]|[.!?]\s")
_BARS = re.compile(r"^\|\s*|\s*\|$")


def articles(text: str, folded: str, lines: Sequence[Line], told: Told, *, whole: bool = False) -> list[Article]:
    """The articles of a page, in order; `told` is what its head says, `whole` keeps every line apart.

    A new article starts where a title stands right above a byline after paragraphs have begun.
    """
    cutter = _Cutter(text, folded, told, whole=whole)
    for at, line in enumerate(lines):
        cutter.take(line, lines[at + 1] if at + 1 < len(lines) else None)
    return cutter.done()


class _Cutter:
    """Goes down the lines of a page and puts each where it belongs."""

    def __init__(self, text: str, folded: str, told: Told, *, whole: bool) -> None:
        self.text, self.folded, self.whole = text, folded, whole
        self.known_title = told.title
        self.made = [Article(0)]
        self.waiting: list[Line] = []
        """Short lines at the top, of which nobody knows yet whether they are titles."""
        self.opening = True
        self.group = ""
        self.last: Line | None = None
        """The line the last paragraph ended on."""

    def take(self, line: Line, after: Line | None) -> None:
        words = self.folded[line.start : line.end]
        if line.kind is not None:
            self._preset(line)
        elif furniture(words):
            self._put(line, "noise")
        elif (signed := self._byline(line, words)) is not None:
            self._sign(line, signed)
        elif self.opening and self._may_be_title(line, after):
            self.waiting.append(line)
        else:
            self._paragraph(line, after)

    def done(self) -> list[Article]:
        self._settle(titles=False)
        for article in self.made:
            article.pieces.sort(key=lambda piece: piece.start)
            if article.pieces:
                article.start = article.pieces[0].start
        return [article for article in self.made if article.pieces] or self.made[:1]

    def _preset(self, line: Line) -> None:
        kind = line.kind or "paragraph"
        if kind == "title" and not self.made[-1].told.title and not self.known_title:
            self.made[-1].told = Told(title=self.text[line.start : line.end]).before(self.made[-1].told)
        if kind in ("paragraph", "point", "row", "core"):
            self._settle(titles=True)
            self.opening = False
        if kind == "heading":
            self._settle(titles=True)
            self.group = unnumbered(self.text[line.start : line.end])
        self._put(line, kind, line.group or ("" if kind in ("title", "heading", "noise") else self.group))
        self.last = None

    def _byline(self, line: Line, words: str) -> bylines.Byline | None:
        """The byline this line is, where a byline may stand: at the top, or under a line that can be a title."""
        if len(words) > bylines.LONGEST or not (self.opening or self._title_above()):
            return None
        return bylines.byline(self.text[line.start : line.end], words)

    def _title_above(self) -> bool:
        last = self.last
        if last is None or not self.made[-1].pieces:
            return False
        piece = self.made[-1].pieces[-1]
        return piece.start == last.start and piece.kind in ("paragraph", "heading") and self._titlelike(last)

    def _sign(self, line: Line, signed: bylines.Byline) -> None:
        if not self.opening:
            title = self.made[-1].pieces.pop()
            self.made.append(Article(title.start))
            self.waiting, self.opening, self.group, self.known_title = [Line(title.start, title.end)], True, "", ""
        self._settle(titles=True)
        told = Told(publisher=signed.publisher, author=signed.author, date=signed.date)
        self.made[-1].told = self.made[-1].told.before(told)
        self._put(line, "head")

    def _may_be_title(self, line: Line, after: Line | None) -> bool:
        words = self.text[line.start : line.end]
        if self.known_title and words.strip() == self.known_title:
            return True
        if after is not None and not after.gap and self.text[after.start].islower():
            return False  # the sentence goes on in the next line
        if after is None or len(self.waiting) > 4 or not self._titlelike(line):
            return False
        if not self.known_title:
            return True
        # Under a head that names the title a short first line is a statement, unless a byline follows it.
        following = self.folded[after.start : after.end]
        return bylines.byline(self.text[after.start : after.end], following) is not None

    def _titlelike(self, line: Line) -> bool:
        folded = self.folded
        return (
            short(folded, line.start, line.end, 160, 60)
            and folded[line.end - 1] not in ".。;；,，、:：]】…"
            and not listed(folded, line.start, line.end)
            and "\t" not in folded[line.start : line.end]
            and folded.count("|", line.start, line.end) < 2
            and "。" not in folded[line.start : line.end]
        )

    def _settle(self, *, titles: bool) -> None:
        """Decide what the waiting lines are: titles, of which the last is the article's own, or paragraphs."""
        waiting, self.waiting = self.waiting, []
        if not waiting:
            return
        chosen = waiting[-1] if titles else waiting[0]
        for line in waiting:
            words = self.text[line.start : line.end]
            if line is chosen:
                self.made[-1].told = Told(title=words).before(self.made[-1].told)
            if titles or line is chosen:
                self._put(line, "title")
            else:
                told = _DIGIT.search(self.folded, line.start, line.end) or line.end - line.start > 40
                self._put(line, "paragraph" if told else "heading")

    def _paragraph(self, line: Line, after: Line | None) -> None:
        self._settle(titles=False)
        self.opening = False
        folded = self.folded
        if self._row(line):
            inner = _BARS.sub("", folded[line.start : line.end])
            start = folded.index(inner, line.start) if inner else line.start
            self._put(Line(start, start + len(inner)), "row", self.group)
            self.last = None
        elif self._heading(line, after):
            piece = stated(folded, line.start, line.end, "heading")
            if piece:
                self.group = unnumbered(self.text[piece.start : piece.end])
                self.made[-1].pieces.append(piece)
                self.last = Line(piece.start, piece.end)
        elif self._continues(line):
            before = self.made[-1].pieces.pop()
            self._state(Line(before.start, line.end), line)
        else:
            self._state(line, line)

    def _state(self, span: Line, last: Line) -> None:
        piece = stated(self.folded, span.start, span.end, "paragraph", self.group)
        if piece:
            self.made[-1].pieces.append(piece)
            self.last = Line(piece.start, last.end)

    def _row(self, line: Line) -> bool:
        bars = self.folded.count("|", line.start, line.end)
        return bars >= 2 or "\t" in self.folded[line.start : line.end]

    def _heading(self, line: Line, after: Line | None) -> bool:
        folded = self.folded
        if folded[line.end - 1] in ".。;；!！]】,，" or _STOPS.search(folded, line.start, line.end):
            return False
        if _NUMBERED.match(folded, line.start, line.end):
            return short(folded, line.start, line.end, 80, 30) and after is not None
        lone = line.gap and after is not None and after.gap
        return (
            lone
            and short(folded, line.start, line.end, 70, 22)
            and not listed(folded, line.start, line.end)
            and _DIGIT.search(folded, line.start, line.end) is None
            and folded.count(" ", line.start, line.end) < 9
        )

    def _continues(self, line: Line) -> bool:
        """Whether a line break falls inside a paragraph."""
        last = self.last
        if self.whole or last is None or line.gap or not self.made[-1].pieces:
            return False
        piece = self.made[-1].pieces[-1]
        if piece.kind != "paragraph" or piece.start != last.start or piece.marks:
            return False
        folded = self.folded
        above = folded.rfind("\n", last.start, last.end) + 1 or last.start
        long_enough = last.end - above >= 40 or not short(folded, above, last.end, 40, 17)
        return long_enough and not ended(folded, above, last.end) and not listed(folded, line.start, line.end)

    def _put(self, line: Line, kind: PassageKind, group: str = "") -> None:
        if kind in ("paragraph", "point", "core"):
            piece = stated(self.folded, line.start, line.end, kind, group)
        else:
            piece = Piece(line.start, line.end, kind, group)
        if piece and piece.end > piece.start:
            self.made[-1].pieces.append(piece)
