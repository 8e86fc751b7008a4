"""Home to head lines: ``source: …``, ``标题：…`` and YAML front matter, in which a page tells of itself."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ytterby.evidence.reading import dates, language
from ytterby.evidence.reading.contract import Line, Told

_KEYS = {
    "title": "title", "headline": "title", "标题": "title", "题目": "title", "篇名": "title",
    "source": "source", "来源": "source", "出处": "source", "publisher": "source", "site": "source", "媒体": "source",
    "发布单位": "source", "发布机构": "source", "outlet": "source", "publication": "source",
    "url": "url", "link": "url", "链接": "url", "网址": "url", "原文链接": "url", "address": "url", "permalink": "url",
    "date": "date", "published": "date", "日期": "date", "发布日期": "date", "发布时间": "date", "时间": "date",
    "publication date": "date", "pubdate": "date", "datetime": "date", "发表日期": "date", "成文日期": "date",
    "author": "author", "authors": "author", "by": "author", "作者": "author", "记者": "author", "撰文": "author",
    "lang": "lang", "language": "lang", "语言": "lang", "语种": "lang",
}  # fmt: skip
_LINE = re.compile(r"([A-Za-z][A-Za-z _-]{0,24}|[\u4e00-\u9fff]{2,6})\s*:\s*(?=\S|$)")
_ADDRESS = re.compile(r"https?://[^\s()<>（）]+")
_EMPTY = re.compile(r"[(（<]\s*[)）>]")
_FENCE = re.compile(r"-{3,}|\+{3,}")
_MOST = 40


def head(text: str, folded: str, lines: Sequence[Line]) -> tuple[int, Told]:
    """How many of the first lines are head lines, and what they tell; (0, nothing) where there is no head.

    A head is a block of ``key: value`` lines, two known keys at least (or one and a blank line after it), or front
    matter between two lines of dashes; an address alone on the first line belongs to it.
    """
    if lines and _ADDRESS.fullmatch(folded, lines[0].start, lines[0].end):
        # A page pasted with its address above it.
        more, told = head(text, folded, lines[1:])
        return more + 1, told.before(Told(url=text[lines[0].start : lines[0].end]))
    if lines and _FENCE.fullmatch(folded, lines[0].start, lines[0].end):
        return _front_matter(text, folded, lines)
    count, known = 0, 0
    spans: dict[str, tuple[int, int]] = {}
    for at, line in enumerate(lines[:_MOST]):
        match = _LINE.match(folded, line.start, line.end)
        if match is None or (at and line.gap):
            break
        key = _KEYS.get(match[1].strip().lower())
        if key is None and not known:
            break
        if key is not None:
            known += 1
            spans.setdefault(key, (match.end(), line.end))
        elif match.end() - line.start > 24 or line.end - line.start > 120:
            break
        count = at + 1
    closed = count == len(lines) or (count < len(lines) and lines[count].gap)
    if known < 2 and not (known == 1 and closed and spans.keys() & {"title", "source", "url", "date"}):
        return 0, Told()
    return count, _told(text, folded, spans)


def _front_matter(text: str, folded: str, lines: Sequence[Line]) -> tuple[int, Told]:
    fence = folded[lines[0].start : lines[0].end]
    told: dict[str, tuple[int, int]] = {}
    for at, line in enumerate(lines[1:_MOST], 1):
        if folded[line.start : line.end] == fence:
            return (at + 1, _told(text, folded, told)) if told else (0, Told())
        match = _LINE.match(folded, line.start, line.end)
        key = _KEYS.get(match[1].strip().lower()) if match else None
        if match and key:
            told.setdefault(key, (match.end(), line.end))
    return 0, Told()


def _told(text: str, folded: str, spans: dict[str, tuple[int, int]]) -> Told:
    def words(key: str) -> str:
        start, end = spans.get(key, (0, 0))
        return text[start:end].strip().strip("\"'").strip()

    source = words("source")
    address = _ADDRESS.search(words("url") or source)
    publisher = _EMPTY.sub("", _ADDRESS.sub("", source)).strip(" ,，;；") if source else ""
    day, about = dates.told(folded[slice(*spans["date"])]) if "date" in spans else ("", False)
    return Told(
        title=words("title"),
        publisher=publisher,
        author=words("author"),
        date=day,
        approximate=about,
        lang=language.known(words("lang")),
        url=address[0] if address else "",
    )
