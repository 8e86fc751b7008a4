"""Home to layout: a sheet's lines become the numbered passages of one or more articles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ytterby.evidence.documents import SPOKEN, Part, Passage
from ytterby.evidence.reading import article, bylines, dates
from ytterby.evidence.reading import briefpage as briefs
from ytterby.evidence.reading.contract import Line, Sheet, Told
from ytterby.evidence.reading.head import head
from ytterby.evidence.reading.language import language
from ytterby.evidence.reading.pieces import Article, Piece

_AHEAD = timedelta(days=1)
"""East of Greenwich tomorrow has begun."""


@dataclass(frozen=True, slots=True)
class Laid:
    """The parts and passages of a sheet, with what it tells of itself as a whole."""

    parts: tuple[Part, ...]
    passages: tuple[Passage, ...]
    told: Told
    doubts: tuple[str, ...] = ()


def lay_out(sheet: Sheet, folded: str, *, url: str, today: date) -> Laid:
    """Cut a sheet into parts and passages; `folded` is the fold of its text.

    A date after `today` (and a day's grace) is dropped and named among the doubts.
    """
    made: list[tuple[Article, Told]] = []
    for head_lines, told, body in _sections(sheet, folded):
        found = _articles(sheet, folded, body, told)
        found[0].pieces = [Piece(line.start, line.end, "head") for line in head_lines] + found[0].pieces
        if found[0].pieces:
            found[0].start = found[0].pieces[0].start
        made += [(one, told) for one in found]
    page = made[0][1].before(sheet.told)
    addresses = {told.url for _, told in made if told.url}
    url = page.url or url if len(addresses) < 2 else url
    doubts: list[str] = []
    parts: list[Part] = []
    passages: list[Passage] = []
    several = len(made) > 1
    for number, (one, told) in enumerate(made, 1):
        line = _dateline(sheet.text, folded, one)
        for piece in sorted(one.pieces, key=lambda piece: piece.start):
            n = len(passages) + 1
            passages.append(Passage(n, piece.start, piece.end, piece.kind, number, piece.group, piece.marks))
        end = made[number][0].start if number < len(made) else len(sheet.text)
        own = told.before(one.told) if not several or number == 1 or told is not made[0][1] else one.told.before(told)
        own = own.before(sheet.told if not several else Told(url=sheet.told.url))
        own = _signed(sheet.text, folded, one, own, own.url or url, line)
        own = _dated(own, today, doubts)
        lang = language(_spoken(sheet.text, one), own.lang)
        start = 0 if number == 1 else one.start
        parts.append(
            Part(
                number,
                start,
                end,
                own.title,
                own.publisher,
                own.author,
                own.date,
                own.approximate,
                lang,
                own.url or url,
            )
        )
    return Laid(tuple(parts), tuple(passages), _whole(sheet, made, parts, page, url), tuple(doubts))


def _sections(sheet: Sheet, folded: str) -> list[tuple[Sequence[Line], Told, Sequence[Line]]]:
    """Head lines, what they tell, and body lines; a page may carry several heads."""
    lines = sheet.lines
    count, told = head(sheet.text, folded, lines)
    made: list[tuple[Sequence[Line], Told, Sequence[Line]]] = []
    first, start = 0, count
    if count:
        for at in range(count + 1, len(lines) - 1):
            # Another article's head can only stand after a blank line, and begins with a word and a colon.
            line = lines[at]
            if not line.gap or ":" not in folded[line.start : line.start + 26]:
                continue
            more, other = head(sheet.text, folded, lines[at:])
            if more >= 2 and other.title:
                made.append((lines[first:start], told, lines[start:at]))
                first, start, told = at, at + more, other
    made.append((lines[first:start], told, lines[start:]))
    return made


def _articles(sheet: Sheet, folded: str, body: Sequence[Line], told: Told) -> list[Article]:
    if not body:
        return [Article(0)]
    if briefs.is_brief(folded, body[0].start, body[-1].end):
        return briefs.articles(sheet.text, folded, body)
    return article.articles(sheet.text, folded, body, told.before(sheet.told), whole=sheet.whole)


def _dateline(text: str, folded: str, one: Article) -> bylines.Byline | None:
    """The dateline of an article's first paragraph, which becomes a head line of its own."""
    at = next((at for at, piece in enumerate(one.pieces) if piece.kind in SPOKEN), None)
    if at is None or one.pieces[at].kind != "paragraph":
        return None
    piece = one.pieces[at]
    line = bylines.dateline(text, folded, piece.start, min(piece.end, piece.start + 90))
    if line and line.end < piece.end:
        stop = piece.start + len(folded[piece.start : line.end].rstrip())
        rest = Piece(line.end, piece.end, piece.kind, piece.group, piece.marks)
        one.pieces[at : at + 1] = [Piece(piece.start, stop, "head"), rest]
    return line


def _signed(text: str, folded: str, one: Article, told: Told, url: str, line: bylines.Byline | None) -> Told:
    """Publisher and day from a dateline and from the address, where nothing better tells them."""
    publisher = told.publisher or _host(url)
    if line and line.publisher and line.publisher not in publisher:
        publisher = f"{line.publisher} via {publisher}" if publisher else line.publisher
    day, about = told.date, told.approximate
    address = dates.of_address(url) if not day or len(day) < 10 else ""
    if not day or (address.startswith(day) and not about):
        day = address or day
    if line and line.date and (not day or len(day) < 10):
        day = _with_year(line.date, day, text, folded, one) or day
    return Told(told.title, publisher, told.author, day, about, told.lang, told.url)


def _with_year(month_day: str, known: str, text: str, folded: str, one: Article) -> str:
    """``--10-09`` with the year that the address or the article itself prints beside the same day."""
    tail = month_day[1:]
    if known:
        return known[:4] + tail if known[4:] in ("", tail[:3]) else ""
    last = max((piece.end for piece in one.pieces), default=0)
    return next((iso for iso in dates.all_in(folded[one.start : last]) if iso.endswith(tail)), "")


def _dated(told: Told, today: date, doubts: list[str]) -> Told:
    if not told.date or told.date <= (today + _AHEAD).isoformat():
        return told
    doubts.append(f"it is dated {told.date}, which is still to come: the date was left out")
    return Told(told.title, told.publisher, told.author, "", False, told.lang, told.url)


def _spoken(text: str, one: Article) -> str:
    """The words that state things; where there are none, all of them."""
    words = " ".join(text[piece.start : piece.end] for piece in one.pieces if piece.kind in SPOKEN)
    return words or " ".join(text[piece.start : piece.end] for piece in one.pieces)


def _whole(sheet: Sheet, made: list[tuple[Article, Told]], parts: list[Part], page: Told, url: str) -> Told:
    """What the page is as a whole: of several articles the newest day, and what they have in common."""
    if len(parts) == 1:
        only = parts[0]
        return Told(only.title, only.publisher, only.author, only.date, only.approximate, only.lang, url)
    above = [piece for piece in made[0][0].pieces if piece.kind == "title"]
    own = sheet.text[above[0].start : above[0].end] if len(above) > 1 else ""
    publishers = {part.publisher for part in parts if part.publisher}
    spoken = " ".join(_spoken(sheet.text, one) for one, _ in made)
    return Told(
        title=page.title or own or parts[0].title,
        publisher=page.publisher or (publishers.pop() if len(publishers) == 1 else ""),
        author=page.author,
        date=max((part.date for part in parts), default=""),
        approximate=False,
        lang=language(spoken, page.lang),
        url=url,
    )


def _host(url: str) -> str:
    host = url.partition("://")[2].partition("/")[0].rpartition("@")[2].partition(":")[0].lower()
    for opening in ("www.", "m.", "mobile."):
        host = host.removeprefix(opening)
    return host
