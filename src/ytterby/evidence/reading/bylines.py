"""Home to bylines and datelines: who published an article and when, as the article itself prints it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ytterby.evidence.reading import dates

LONGEST = 150

_LABELS = re.compile(
    r"(?P<author>(?:作者|记者|撰文|文|编译)\s*[:/|]|\bBy\b|\bAuthor\s*:|Written by\b|Reporting by\b)"
    r"|(?P<source>(?:来源|出处|新闻来源|信息来源|稿源|发布机构|发布单位)\s*[:|]|\bSource\s*:)"
    r"|(?P<when>(?:发布|更新|发表|刊发|报道)?(?:时间|日期|于)\s*[:|]?|(?:发布|更新)\s*[:|]|\b(?:Published|Updated|Posted|"
    r"Date|Last (?:updated|modified))(?:\s+on\b)?\s*:?)",
    re.IGNORECASE,
)
_ALONE = re.compile(r"(?:By\s+[A-Z]|(?:作者|记者|来源|稿源|撰文)\s*[:]\s*\S|本报记者|Source\s*:\s*\S)")
_SIGNS = " \t\u3000·•|/,，、;；-–—―_:：()（）[]【】<>《》\u00a0"
_SPLIT = re.compile(r"\s*[·•|｜]\s*|\s+[-–—]+\s+|\s{2,}|[\[\]()（）【】]")
_STRONG = re.compile(r"[·•|｜]")
_ENDS = re.compile(r"[。！？!?；;]|\.(?:\s|$)")
_ABBREVIATED = re.compile(r"\b(?:[A-Z]\.)+|\b(?:Inc|Co|Ltd|Corp|St|Dr|Mr|Ms|Mrs)\.")

_AGENCY_ZH = re.compile(
    r"[【\[(（]?\s*(?!据)(?P<agency>[\u4e00-\u9fff]{2,6}?(?:社|网|报|台|财经|电讯))\s*[】\])）]?\s*"
    r"(?:记者)?(?P<place>[\u4e00-\u9fff]{0,8}?)\s*(?:(?:\d{4}年)?(?:(?P<m>\d{1,2})月)?(?P<d>\d{1,2})日)\s*"
    r"[\u4e00-\u9fff]{0,6}?(?:电|讯|报[道导]|消息)\s*[】\])）]?(?:\s*[(（](?:记者|编辑|综合)[^()（）]{1,24}[)）])?"
    r"\s*(?:[,，、:：]|[-–—]+|(?=[\s\u4e00-\u9fff\d]))\s*"
)
_DAY_EN = r"(?P<month>(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*)\.?\s+(?P<day>\d{1,2})"
_PLACE_EN = re.compile(rf"[A-Z]{{3,}}[A-Z.'/ -]*(?:,\s[A-Z][A-Za-z.]+)?,\s+{_DAY_EN}(?:,\s*\d{{4}})?\s*[-–—]+\s")
_AGENCY_EN = re.compile(
    rf"(?:[A-Z][A-Za-z.'/ -]{{1,40}},?\s+)?(?:{_DAY_EN},?\s*)?"
    r"(?:\((?P<agency>[A-Z][A-Za-z &]{1,30})\)|(?P<bare>Reuters|Bloomberg|AP|AFP|Kyodo|Xinhua))\s*[-–—]+\s"
)


@dataclass(frozen=True, slots=True)
class Byline:
    """What one line tells of an article."""

    publisher: str = ""
    author: str = ""
    date: str = ""
    end: int = 0
    """Of a dateline: where it ends in the text."""


def byline(text: str, folded: str) -> Byline | None:
    """The byline a line is; None for any other line. `folded` is the fold of `text`.

    >>> byline("Sou Hu Cai Jing·2025-06-01 01:24", "Sou Hu Cai Jing·2025-06-01 01:24").date
    '2025-06-01'
    """
    if len(folded) > LONGEST:
        return None
    day = dates.first(folded)
    if day is None:
        return _undated(text, folded) if _ALONE.match(folded) and len(folded) <= 60 else None
    labels = [match for match in _LABELS.finditer(folded) if not day.start <= match.start() < day.end]
    before, after = folded[: day.start].strip(_SIGNS), folded[day.end :].strip(_SIGNS)
    rest = f"{before} {after}".strip()
    if _ENDS.search(_ABBREVIATED.sub("", rest)) or len(rest) > 70:
        return None
    beside = folded[max(0, day.start - 3) : day.start] + folded[day.end : day.end + 3]
    sure = bool(labels) or day.timed or not rest or _STRONG.search(beside) is not None
    if not sure and not _names_only(rest, both_sides=bool(before and after)):
        return None
    if before and after and not labels and not _STRONG.search(folded):
        return None
    return _split(text, folded, day, labels)


def dateline(text: str, folded: str, start: int, end: int) -> Byline | None:
    """Agency and day of a dateline at the start of a paragraph, ``--MM-DD`` where the year is not told."""
    match = _AGENCY_ZH.match(folded, start, end)
    if match:
        day = f"--{int(match['m']):02}-{int(match['d']):02}" if match["m"] else ""
        return Byline(text[match.start("agency") : match.end("agency")], "", day, match.end())
    match = _AGENCY_EN.match(folded, start, end) or _PLACE_EN.match(folded, start, end)
    if match:
        month = dates.month(match["month"]) if match["month"] else 0
        day = f"--{month:02}-{int(match['day']):02}" if month else ""
        told = match.groupdict()
        return Byline(told.get("agency") or told.get("bare") or "", "", day, match.end())
    return None


def _names_only(rest: str, *, both_sides: bool) -> bool:
    """Whether what stands beside a date can be nothing but the name of an outlet or a person."""
    words = rest.split()
    if both_sides or not rest.isascii():
        return False
    return len(words) <= 5 and all(word[0].isupper() or word in ("of", "the", "and", "for", "&") for word in words)


def _split(text: str, folded: str, day: dates.Day, labels: list[re.Match[str]]) -> Byline:
    marks = sorted([(match.start(), match.end(), match.lastgroup or "") for match in labels])
    marks.append((day.start, day.end, "day"))
    marks.sort()
    found = {"author": "", "source": ""}
    loose: list[str] = []
    at, kind = 0, ""
    for start, end, name in [*marks, (len(folded), len(folded), "")]:
        words = text[at:start].strip(_SIGNS)
        if words and kind in found and not found[kind]:
            found[kind], *more = [one for one in _SPLIT.split(words) if one] or [""]
            loose += more
        elif words and kind != "when":
            loose += [one.strip(_SIGNS) for one in _SPLIT.split(words) if one.strip(_SIGNS)]
        at, kind = end, name
    if not found["source"] and loose:
        found["source"] = loose[0]
    return Byline(found["source"], found["author"], day.iso)


def _undated(text: str, folded: str) -> Byline | None:
    if _ENDS.search(_ABBREVIATED.sub("", folded)):
        return None
    if folded.startswith("By"):
        words = text[2:].strip(_SIGNS)
        name, _, outlet = words.partition(",")
        good = all(word[0].isupper() or word in ("and", "for", "of", "the", "de", "van") for word in words.split())
        return Byline(outlet.strip(), name.strip()) if good else None
    words = text.partition(":")[2] or text.partition("：")[2] or text
    person = folded.startswith(("作者", "记者", "撰文", "本报记者"))
    return Byline("", words.strip(_SIGNS)) if person else Byline(words.strip(_SIGNS))
