"""Home to pages of briefs: a core viewpoint, groups with a heading, points with citation marks; on one line or many.

The page is cut at its markers (``Core Viewpoint -``, ``Group 2:``, ``核心观点：``, ``第二组：``). What stands between a
group's last point and the next core is the title and byline of the next article.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ytterby.evidence.documents import PassageKind
from ytterby.evidence.reading import article, bylines, dates
from ytterby.evidence.reading.contract import Line, Told
from ytterby.evidence.reading.furniture import furniture
from ytterby.evidence.reading.pieces import Article, Piece, ended, lines_between, listed, short, stated, unnumbered

_NUMBER = r"(?:[一二三四五六七八九十]{1,3}|\d{1,2})"
_CORE_WORDS = (
    r"(?:Core|CORE|Key|KEY) (?:[Vv]iew(?:point)?s?|VIEWPOINTS?|[Ii]nsights?|INSIGHTS?|[Ii]deas?|[Oo]pinions?|"
    r"[Aa]rgument|[Tt]hesis|[Tt]akeaways?|TAKEAWAYS?|[Mm]essages?|[Ss]ummary|[Cc]onclusions?|[Jj]udg(?:e)?ments?)"
    r"|Core [Pp]oints?|(?:核心|(?<![^\n\r])(?:主要|中心))(?:观点|见解|洞察|洞见|要旨|结论|看法|判断|摘要|论点)"
    r"|核心(?:内容|信息|要点)"
)
_CORE = re.compile(
    rf"(?:(?<=[\s\]】。])|^)[#*]*\s?(?:[【\[](?:{_CORE_WORDS})[】\]]\s*[:：–—-]*"
    rf"|(?:{_CORE_WORDS})\**[^\S\n\r]*(?:[:：]\**|[–—-]+(?=\s|[\u4e00-\u9fff])|(?=[\n\r])))\s*"
)
_GROUP = re.compile(
    rf"(?:(?<=[\s\]】。！？!?.])|^)[#*]*\s?(?:(?:Group|GROUP|Section|Theme) \d{{1,2}}\s*[:：.–—-]+\s*"
    rf"|(?:第{_NUMBER}(?:组|部分)|分?组\s?{_NUMBER}|要点\s?{_NUMBER})\s*[:：、.–—-]+\s*)"
)
_ORDINAL = re.compile(
    r"(?:(?<=[\n\r\]】。！？])|(?<=[\]】。！？] )|^)\s*"
    r"(?:[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十]{1,3}\))\s*(?=[^\s])"
)
_LIST_HEAD = re.compile(
    r"(?:(?<=[\n\r])|^)[#*]*\s?(?=(?:(?:Key|Main) (?:[Pp]oints|[Ff]indings|[Ff]acts)|Highlights|Main [Tt]akeaways"
    r"|要点|主要(?:内容|要点)|关键(?:要点|信息|数据))\**\s*(?::|[\n\r]))"
)
_DASH = re.compile(r"\s+[–—-]{1,2}\s+|\s*[•●▪◦‣]\s*|(?<=[\u4e00-\u9fff])\s*——\s*|\s[–—-](?=[\u4e00-\u9fff])")
_PARTY = re.compile(
    r"[A-Z][A-Z.]{1,5}|China|Japan|India|Europe|America|Russia|Australia|Canada|Korea|Beijing|Washington|Tokyo|Brussels"
)
_TITLED = re.compile(r"[A-Z][\w.]*(?: (?:[A-Z][\w.]*|and|of|in|on|over|the|&)){1,6}")
_BULLET = re.compile(r"(?:(?<=[\s\]】。.])|^)(?:[-–—*]{1,2}(?=[\s\u4e00-\u9fff])|[•●▪◦‣])\s*(?!\[)")
_SHORT_FORM = re.compile(r"(?:\b[A-Z]\.(?:[A-Z]\.)*|\b(?:Inc|Co|Corp|Ltd|No|vs|etc|Dr|Mr|Ms|St|approx)\.)$")
_CUES_EN = ("Core", "CORE", "Key ", "KEY ", "Group ", "GROUP ", "Section ", "Theme ")
_CUES_ZH = ("观点", "核心", "组", "主要", "中心", "部分")
_TRAILING_NAME = re.compile(r"(?:[A-Z][\w.&'’-]*[ \u00a0]?){1,5}$")
_TWO_NAMES = re.compile(r"[\u4e00-\u9fff？！?!][ \u3000]+[\u4e00-\u9fffA-Z]")
_SYLLABLE = r"(?:[BPMFDTNLGKHJQXRZCSYW]|Zh|Ch|Sh)?(?:[aeiou]|ai|ei|ao|ou|i[aeu]|iao|u[aoei]|uai)(?:ng?|r)?"
_PINYIN = re.compile(rf"(?<= )(?i:{_SYLLABLE})(?: (?i:{_SYLLABLE})){{1,5}}$")
_LAST_TWO = re.compile(r"(?<= )\S+ \S+$")
_LOOSE = re.compile(r"(?:(?:Workflow|icon|Search documents)\s+)+(?=\S)")
_HAN = re.compile("[\u4e00-\u9fff]")
_SIGNS = " \t\u3000\u00a0·•|｜,，-–—"


def is_brief(folded: str, start: int, end: int) -> bool:
    """Whether a core viewpoint, or two numbered groups at least, stand in a stretch of folded text."""
    if not any(cue in folded for cue in _CUES_EN) and not any(cue in folded for cue in _CUES_ZH):
        return False
    if _CORE.search(folded, start, end):
        return True
    return sum(1 for _ in _GROUP.finditer(folded, start, end)) >= 2


def articles(text: str, folded: str, lines: Sequence[Line]) -> list[Article]:
    """The briefs of a page, in order; the first takes in what stands above it."""
    start, end = lines[0].start, lines[-1].end
    markers = _markers(folded, start, end)
    above = list(lines_between(text, start, markers[0][0]))
    if any(folded[b - 1] in ".。" and not short(folded, a, b, 60, 25) for a, b in above):
        # An article with its main points in a box: what stands above the box is an article like any other.
        made = article.articles(text, folded, [Line(a, b, True) for a, b in above], Told())
    else:
        made = [Article(start)]
        _preface(text, folded, above, made[0])
    for at, (_, after, kind) in enumerate(markers):
        upto, following = (markers[at + 1][0], markers[at + 1][2]) if at + 1 < len(markers) else (end, "")
        body_end = _foot(text, folded, after, upto) if following == "core" else upto
        if kind == "core":
            made[-1].pieces += _core(text, folded, after, body_end)
        else:
            made[-1].pieces += _group(text, folded, after, body_end)
        if body_end < upto:
            fresh = Article(body_end)
            _preface(text, folded, list(lines_between(text, body_end, upto)), fresh)
            if fresh.told.title or fresh.told.date:
                fresh.start = fresh.pieces[0].start
                made.append(fresh)
            else:
                made[-1].pieces += fresh.pieces
    return made


def _markers(folded: str, start: int, end: int) -> list[tuple[int, int, str]]:
    """Start, end and kind of the page's markers."""
    found = [(one.start(), one.end(), "core") for one in _CORE.finditer(folded, start, end)]
    groups = [(one.start(), one.end(), "group") for one in _GROUP.finditer(folded, start, end)]
    if not groups:
        groups = [(one.start(), one.end(), "group") for one in _ORDINAL.finditer(folded, start, end)]
    heads = [(one.start(), one.end(), "group") for one in _LIST_HEAD.finditer(folded, start, end)]
    if found:
        groups = [one for one in groups if one[0] > found[0][0]]
        heads = [one for one in heads if one[0] > found[0][0]]
    taken = {one[0] for one in found} | {one[1] for one in found}
    return sorted(found + [one for one in [*groups, *heads] if one[0] not in taken])


def _foot(text: str, folded: str, start: int, end: int) -> int:
    """Where, in a stretch that runs up to the next core, the next article's title and byline begin."""
    spans = list(lines_between(text, start, end))
    if not spans:
        return end
    foot, titled, signed = end, False, False
    for at in range(len(spans) - 1, -1, -1):
        first, last = spans[at]
        words = folded[first:last]
        if furniture(words):
            foot = first
        elif at and not signed and not titled and bylines.byline(text[first:last], words):
            foot, signed = first, True
        elif at and not titled and _titled(folded, first, last):
            foot, titled = first, True
        else:
            if not titled:
                foot = min(foot, _inline_foot(folded, first, last, signed=signed, bare=foot == end))
            break
    return foot


def _inline_foot(folded: str, start: int, end: int, *, signed: bool, bare: bool) -> int:
    """The same within one line: after its last citation mark, or after the last sentence before a date."""
    mark = max(folded.rfind("]", start, end), folded.rfind("】", start, end))
    day = dates.first(folded[start:end])
    if mark >= start:
        rest = folded[mark + 1 : end].strip(" .。;；")
        if len(rest) >= 4 and (signed or bare):
            return mark + 1 + (folded[mark + 1 : end].index(rest[0]))
        return end
    if day and start + day.end >= end - 3 and day.start > 4:
        stop = max(folded.rfind(". ", start, start + day.start), folded.rfind("。", start, start + day.start))
        return stop + 1 if stop > start else end
    return end


def _titled(folded: str, start: int, end: int) -> bool:
    return (
        short(folded, start, end, 200, 80)
        and not listed(folded, start, end)
        and folded[end - 1] not in ".。]】;；"
        and not _GROUP.match(folded, start, end)
    )


def _preface(text: str, folded: str, spans: list[tuple[int, int]], into: Article) -> None:
    """Enter title, byline and furniture above a core into the article."""
    pieces: list[Piece] = []
    title, publisher, author, day = "", "", "", ""
    lone = sum(not furniture(folded[start:end]) for start, end in spans) == 1
    for start, end in reversed(spans):
        inner = _past_furniture(folded, start, end)
        if inner > start:
            pieces.append(Piece(start, start + len(folded[start:inner].rstrip()), "noise"))
            start = inner
        words = folded[start:end]
        signed = bylines.byline(text[start:end], words) if not title else None
        if signed and lone and (_TWO_NAMES.search(words) or signed.publisher.count(" ") > 4):
            signed = None  # one line holds the title and the byline
        if furniture(words):
            pieces.append(Piece(start, end, "noise"))
        elif signed and not (day and signed.date):
            publisher, author = publisher or signed.publisher, author or signed.author
            day = day or signed.date
            pieces.append(Piece(start, end, "head"))
        elif not title and not day and (split := _split(text, folded, start, end)):
            title_end, name_start, day = split
            title, publisher = text[start:title_end], _name_of(text, folded, name_start, end)
            pieces += [Piece(name_start, end, "head"), Piece(start, title_end, "title")]
        elif not title and short(folded, start, end, 240, 90) and folded[end - 1] not in ".。;；]】":
            title = text[start:end]
            pieces.append(Piece(start, end, "title"))
        else:
            titled = short(folded, start, end, 120, 40) and not ended(folded, start, end)
            piece = Piece(start, end, "title") if titled else stated(folded, start, end, "paragraph")
            pieces += [piece] if piece else []
    into.told = Told(title=title.strip(), publisher=publisher, author=author, date=day)
    into.pieces += sorted(pieces, key=lambda piece: piece.start)


def _past_furniture(folded: str, start: int, end: int) -> int:
    """Where a title begins that page furniture stands before, on the same line."""
    loose = _LOOSE.match(folded, start, end)
    if loose:
        return loose.end()
    han = _HAN.search(folded, start, end)
    words = folded[start : han.start()].split() if han and folded[start].isascii() else []
    if han is None or not words or not folded[han.start() - 1].isspace():
        return start
    at = 0
    while at < len(words):
        took = next((n for n in (3, 2, 1) if at + n <= len(words) and furniture(" ".join(words[at : at + n]))), 0)
        if not took:
            return start
        at += took
    return han.start()


def _split(text: str, folded: str, start: int, end: int) -> tuple[int, int, str] | None:
    """End of the title, start of the outlet's name and the day, of a line that holds all three."""
    day = dates.first(folded[start:end])
    if day is None or start + day.end < end - 3:
        return None
    upto = start + len(folded[start : start + day.start].rstrip(_SIGNS))
    name = _TRAILING_NAME.search(folded, start, upto)
    if name and name.start() > start:
        before = folded[start : name.start()].rstrip()
        plain = bool(before) and before[-1].isascii() and before[-1].isalnum()
        # An English title runs into an English name: syllables of pinyin are the name, else the last two words.
        own = _PINYIN.search(folded, start, upto) or _LAST_TWO.search(folded, start, upto)
        at = own.start() if plain and own else name.start()
    else:
        at = max(folded.rfind(" ", start, upto), folded.rfind("\u3000", start, upto)) + 1
    if at <= start:
        return (upto, upto, day.iso) if upto > start else None
    return start + len(text[start:at].rstrip()), at, day.iso


def _name_of(text: str, folded: str, start: int, end: int) -> str:
    day = dates.first(folded[start:end])
    return text[start : start + day.start].strip(_SIGNS) if day else text[start:end].strip(_SIGNS)


def _core(text: str, folded: str, start: int, end: int) -> list[Piece]:
    """The core viewpoint, and what follows it without a group."""
    made: list[Piece] = []
    spans = _points(text, folded, start, end)
    listed_core = bool(spans) and spans[0][2]
    within, group = True, ""
    for at, (first, last, bulleted) in enumerate(spans):
        if furniture(folded[first:last]):
            made.append(Piece(first, last, "noise"))
            continue
        within = within and (at == 0 or (listed_core and bulleted))
        kind: PassageKind = "core" if within else "point" if bulleted else "paragraph"
        if kind == "paragraph" and at + 1 < len(spans) and _lone(folded, first, last):
            kind, group = "heading", ""
        piece = stated(folded, first, last, kind, group)
        if piece and kind == "heading":
            group = unnumbered(text[piece.start : piece.end])
        if piece:
            made.append(piece)
    return made


def _group(text: str, folded: str, start: int, end: int) -> list[Piece]:
    """A group's heading and its points."""
    title_end = _title_end(folded, start, end)
    made: list[Piece] = []
    group = ""
    words_end = start + len(folded[start:title_end].rstrip("*:： \t\r\n"))
    heading = stated(folded, start, words_end, "heading") if words_end > start else None
    if heading:
        group = unnumbered(text[heading.start : heading.end])
        made.append(Piece(heading.start, heading.end, "heading"))
    for first, last, _ in _points(text, folded, title_end, end):
        noise = furniture(folded[first:last])
        piece = Piece(first, last, "noise") if noise else stated(folded, first, last, "point", group)
        if piece:
            made.append(piece)
    return made


def _lone(folded: str, start: int, end: int) -> bool:
    """Whether a line among paragraphs is a heading: short, without an end and without a figure."""
    words = folded[start:end]
    return short(folded, start, end, 70, 22) and not ended(folded, start, end) and not any(map(str.isdigit, words))


def _title_end(folded: str, start: int, end: int) -> int:
    """Where a group's heading stops: at the first dash or line break; `start` where it has no heading."""
    line = next(iter(lines_between(folded, start, end)), None)
    if line is None:
        return start
    first, last = line
    if last - first <= 90 and folded[last:end].strip() and not ended(folded, first, last):
        return last
    dash = _DASH.search(folded, first, last)
    if dash:
        # "US - China Rivalry - The two …": two parties stand on either side of a dash within the heading.
        onward = _DASH.search(folded, dash.end(), last)
        paired = onward and _PARTY.fullmatch(folded, first, dash.start())
        titled = onward and _TITLED.fullmatch(folded, dash.end(), onward.start())
        return onward.start() if onward and paired and titled else dash.start()
    if last - first <= 150 and last < end and folded[last - 1] not in "]】.。":
        return last
    colon = re.compile(r"[:：]\s*").search(folded, first, min(last, first + 40))
    if colon:
        return colon.start()
    return last if short(folded, first, last, 60, 20) and not ended(folded, first, last) else start


def _points(text: str, folded: str, start: int, end: int) -> list[tuple[int, int, bool]]:
    """Start, end and whether a bullet opens it, of each point in a stretch of text."""
    cuts = [(start, False)]
    inner = False
    loose: list[int] = []
    for match in _BULLET.finditer(folded, start, end):
        # Two hundred characters are enough to see what stands before; all of them would make long groups slow.
        before = folded[max(start, match.start() - 200) : match.start()].rstrip(" \t\u3000\u00a0")
        sure = not before or before[-1] in "\n\r" or match[0][0] in "•●▪◦‣" or _closes(before)
        if sure:
            cuts.append((match.end(), True))
            inner = inner or bool(before)
        elif folded[match.end() : match.end() + 1].isupper():
            loose.append(match.end())
    if not inner and len(loose) > 1 and folded.find("]", start, end) < 0:
        # No mark and no full stop anywhere: capitals after dashes are all there is to go by.
        cuts += [(at, True) for at in loose]
    cuts.sort()
    made: list[tuple[int, int, bool]] = []
    for at, (first, bulleted) in enumerate(cuts):
        last = cuts[at + 1][0] if at + 1 < len(cuts) else end
        for number, (a, b) in enumerate(_joined(folded, first, last)):
            stop = len(folded[a:b].rstrip(" \t\u3000–—-•●▪◦‣*")) + a if at + 1 < len(cuts) else b
            if stop > a:
                made.append((a, stop, bulleted and number == 0))
    return made


def _joined(folded: str, start: int, end: int) -> list[tuple[int, int]]:
    """Lines of a point put together where a line break falls inside a sentence."""
    made: list[tuple[int, int]] = []
    for first, last in lines_between(folded, start, end):
        inside = made and not ended(folded, *made[-1]) and made[-1][1] - made[-1][0] >= 30
        if inside and folded.count("\n", made[-1][1], first) < 2 and not furniture(folded[first:last]):
            made[-1] = (made[-1][0], last)
        else:
            made.append((first, last))
    return made


def _closes(before: str) -> bool:
    """Whether a point may end here: at a mark or at the end of a sentence that is not an abbreviation."""
    last = before[-1]
    if last in "]】。！？!?;；":
        return True
    if last in "\"'”’」』)）":
        return before[-2:-1] in (".", "。", "！", "？", "!", "?")
    return last == "." and not _SHORT_FORM.search(before[-12:])
