"""Home to HTML: the article of a page as text; scripts are never run and nothing is fetched.

trafilatura finds the article and what the page says of itself; where it finds none, the page's own blocks are taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ytterby.evidence.documents import PassageKind
from ytterby.evidence.reading import dates, encoding
from ytterby.evidence.reading.contract import Line, Sheet, Told
from ytterby.evidence.reading.language import known
from ytterby.terms.errors import InputError

LARGEST = 8 * 2**20
"""Bytes of the largest page: beyond it a page is a dump, and taking it apart would take minutes."""
LONGEST = 2_000_000
MOST_TAGS = 60_000
"""Characters and tags of the largest page an article is looked for in; of a larger one all blocks are taken."""
DEEPEST = 2_000
"""Levels of nesting at most; the parser's tree is walked by recursion in the libraries below."""

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]+)", re.IGNORECASE)
_BLANKS = re.compile(r"[ \t\r\n\f\v\u00a0\u200b]+")
_LANG = re.compile(r"<html[^>]{0,300}?\blang\s*=\s*[\"']?([A-Za-z-]+)", re.IGNORECASE)
_TOKEN = re.compile(r"<!--|<[!?][^<>]{0,500}>?|<(/?)([a-zA-Z][a-zA-Z0-9]*)[^<>]{0,5000}>?|<")
_NESTING = re.compile(r"<(/?)(?:div|span|ul|table|tr|section|b|i|font|em|strong|blockquote|a)\b", re.IGNORECASE)
_RAW = frozenset(("script", "style", "textarea", "title", "noscript", "iframe"))
"""What is not markup inside; left open, it reaches to the end of the page."""
_DROPPED = _RAW | {"template", "svg", "object", "form", "select", "button", "nav", "footer", "aside", "head"}
_BREAKS = frozenset(
    (
        *("p", "div", "li", "ul", "ol", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6", "br", "section", "article"),
        *("dd", "dt", "blockquote", "header", "main", "body", "hr", "pre"),
    )
)
_META = re.compile(r"<meta\b[^>]{0,2000}>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([a-zA-Z:-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_TITLE = re.compile(r"<title\b[^>]{0,200}>([^<]{0,1000})</title\s*>", re.IGNORECASE)

Block = tuple[str, PassageKind | None]


def read(content: bytes, *, place: str, url: str, charset: str) -> Sheet:
    """The sheet of a page: one line per paragraph, heading, list item and table row; raises `InputError`."""
    if len(content) > LARGEST:
        raise InputError(
            f"the page holds {len(content) / 2**20:,.0f} MiB, and {LARGEST / 2**20:.0f} MiB is the most that is read",
            place=place,
            remedy="save the article's text alone and read that",
        )
    markup = _decoded(content, charset, place)
    told = Told()
    blocks: list[Block] = []
    if len(markup) <= LONGEST and _depth(markup) <= DEEPEST and markup.count("<") <= MOST_TAGS:
        blocks, told = _extracted(markup, url)
    if sum(len(words) for words, _ in blocks) < 80:
        plain = list(_plainly(markup))
        if sum(len(words) for words, _ in plain) > 1.5 * sum(len(words) for words, _ in blocks):
            blocks = plain
    if not blocks:
        raise InputError(
            "the page holds no text: what it shows is made by scripts or pictures",
            place=place,
            remedy="open it in a browser, save what it shows as text, and read that",
        )
    title = told.title or _named(markup)
    first = blocks[0][0]
    if title and len(first) > 3 and (first == title or (blocks[0][1] == "heading" and first in title)):
        blocks[0] = (first, "title")
    text, lines = _written(blocks)
    lang = told.lang or known((_LANG.search(markup[:4096]) or ("", ""))[1])
    own = _metadata(markup)
    told = Told(title, told.publisher, told.author, told.date, False, lang, told.url).before(own)
    return Sheet(text, lines, told, "text/html", whole=True)


def _decoded(content: bytes, charset: str, place: str) -> str:
    declared = _CHARSET.search(content[:4096])
    name = charset or (declared[1].decode("ascii") if declared else "")
    try:
        return encoding.decode(content, declared=name, place=place)[0]
    except InputError:
        # Pages of the wild carry broken bytes in comments and scripts: a few are bearable, a page of them is not.
        for one in dict.fromkeys((name or "utf-8", "utf-8", "gb18030")):
            try:
                text = content.decode(one, "replace")
            except LookupError:
                continue
            if "\0" not in text and text.count("\ufffd") <= len(text) // 500 and _CHARSET.search(content[:4096]):
                return text
        raise


def _depth(markup: str) -> int:
    """A bound on how deep a page nests."""
    depth = deepest = 0
    for match in _NESTING.finditer(markup):
        depth += -1 if match[1] else 1
        deepest = max(deepest, depth)
    return deepest


def _extracted(markup: str, url: str) -> tuple[list[Block], Told]:
    """What trafilatura finds."""
    import logging
    import warnings

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    logging.getLogger("htmldate").setLevel(logging.CRITICAL)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from trafilatura import bare_extraction

        try:
            found = bare_extraction(
                markup, url=url or None, with_metadata=True, include_tables=True, include_comments=False,
                include_formatting=False, include_links=False, favor_recall=True, deduplicate=False,
                # Only days that a page states: a year that its text speaks of is no day of publication.
                date_extraction_params={"extensive_search": False, "original_date": True},
            )  # fmt: skip
        except (ValueError, TypeError, AttributeError, RecursionError, AssertionError):
            # The page is broken beyond what the library bears; its own blocks are still there.
            return [], Told()
    if found is None:
        return [], Told()
    page: dict[str, Any] = found if isinstance(found, dict) else found.as_dict()
    body = page.get("body")
    blocks = list(_blocks(body)) if body is not None else []
    host = str(page.get("sitename") or "")
    told = Told(
        title=_tidy(page.get("title")),
        publisher=_tidy(host) or _tidy(page.get("hostname")),
        author=_tidy(page.get("author")),
        date=dates.told(str(page.get("date") or ""))[0],
        lang=known(str(page.get("language") or "")),
        url=_address(page.get("url"), url),
    )
    return blocks, told


def _blocks(body: Any) -> Iterator[Block]:
    """Paragraphs, headings, list items and rows of trafilatura's tree, in order."""
    for element in body:
        name = str(element.tag)
        if name == "table":
            for row in element.iter("row"):
                cells = [_tidy(" ".join(cell.itertext())) for cell in row.iter("cell")]
                if any(cells):
                    yield " | ".join(cells).strip(), "row"
        elif name == "list":
            for item in element.iter("item"):
                if words := _tidy(" ".join(item.itertext())):
                    yield words, None
        elif name == "head":
            if words := _tidy("".join(element.itertext())):
                yield words, "heading"
        elif name in ("quote", "div", "ab") and len(element):
            if words := _tidy(element.text):
                yield words, None
            yield from _blocks(element)
        elif words := "".join(_with_breaks(element)):
            for line in words.split("\n"):
                if tidy := _tidy(line):
                    yield tidy, None
        if name in ("table", "list", "head") and (tail := _tidy(element.tail)):
            yield tail, None


def _with_breaks(element: Any) -> Iterator[str]:
    if element.text:
        yield _BLANKS.sub(" ", element.text)
    for child in element:
        if child.tag == "lb":
            yield "\n"
        else:
            yield from _with_breaks(child)
        if child.tail:
            yield _BLANKS.sub(" ", child.tail)


def _plainly(markup: str) -> Iterator[Block]:
    """The page's own blocks, without scripts, styles and navigation; one pass, whatever is left open."""
    from html import unescape

    lower = "".join(char.lower() if char < "\x80" else char for char in markup)  # keeps every offset
    last_close = {name: lower.rfind(f"</{name}") for name in _DROPPED}
    line: list[str] = []
    at = 0
    while at < len(markup):
        match = _TOKEN.search(markup, at)
        line.append(markup[at : match.start() if match else len(markup)])
        if match is None:
            break
        at = match.end()
        name = (match[2] or "").lower()
        if match[0] == "<!--":
            closed = markup.find("-->", at)
            at = closed + 3 if closed >= 0 else len(markup)
        elif match[0] == "<":
            line.append("<")
        elif name in _DROPPED and not match[1] and (last_close[name] >= at or name in _RAW):
            at = lower.index(f"</{name}", at) if last_close[name] >= at else len(markup)
        elif name in ("td", "th") and not match[1]:
            line.append(" | " if "".join(line[-3:]).strip() else "")
        elif name in _BREAKS:
            words, line = _tidy(unescape("".join(line))), []
            if words:
                yield words, "row" if " | " in words else None
    if words := _tidy(unescape("".join(line))):
        yield words, "row" if " | " in words else None


def _written(blocks: list[Block]) -> tuple[str, tuple[Line, ...]]:
    """The text, one line per block and a blank line between, and its lines."""
    lines: list[Line] = []
    written: list[str] = []
    at = 0
    for raw, kind in blocks:
        words = raw.strip()
        if not words:
            continue
        lines.append(Line(at, at + len(words), bool(lines), kind))
        written.append(words)
        at += len(words) + 2
    return "\n\n".join(written) + "\n", tuple(lines)


def _metadata(markup: str) -> Told:
    """What the page's own meta elements say; the library above leaves out names it does not take for names."""
    from html import unescape

    found: dict[str, str] = {}
    for element in _META.findall(markup[:65536]):
        pairs = {name.lower(): one or two or three for name, one, two, three in _ATTRIBUTE.findall(element)}
        name = (pairs.get("name") or pairs.get("property") or pairs.get("itemprop") or "").lower()
        if name and pairs.get("content"):
            found.setdefault(name, _tidy(unescape(pairs["content"])))

    def first(*names: str) -> str:
        return next((found[name] for name in names if found.get(name)), "")

    when = first("article:published_time", "datepublished", "pubdate", "publishdate", "og:published_time", "date")
    return Told(
        publisher=first("og:site_name", "application-name", "source", "publisher"),
        author=first("author", "article:author", "byl"),
        date=dates.told(when)[0] if when else "",
    )


def _named(markup: str) -> str:
    from html import unescape

    match = _TITLE.search(markup[:65536])
    return _tidy(unescape(match[1])) if match else ""


def _address(found: object, url: str) -> str:
    words = str(found or "")
    return words if words.startswith(("http://", "https://")) else url


def _tidy(words: object) -> str:
    return _BLANKS.sub(" ", str(words or "")).strip()
