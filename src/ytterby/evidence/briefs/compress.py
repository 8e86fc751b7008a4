"""Home to compression: which stretches of a sentence may be left out so that what stays is still what was said.

Nothing is ever rewritten. A stretch may go when it is a dateline, an opening connective or phrase of form, a citation
mark, a parenthesis or an apposition that states no figure, or a trailing comment; never when it holds a negation, a
hedge, a condition, a comparator, a plan or whose claim it is. The verifier asks this file again, so a brief can leave
out nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ytterby.evidence.briefs.cues import bound
from ytterby.terms.text import fold


@dataclass(frozen=True, slots=True)
class Cut:
    """A stretch ``[start, end)`` of a sentence that may be left out."""

    start: int
    end: int
    optional: bool
    """True where it says something that may be missed only when room is short."""


_FIGURE = re.compile(r"[\d〇○一二三四五六七八九十百千万亿]{2}|\d|[零两三四五六七八九十百千万亿]")
_CITATION = re.compile(r"\s?\[\d{1,3}(?:\s?[,-]\s?\d{1,3})*\]")
_DATELINE = (
    re.compile(
        r"^(?:据?[\u3400-\u9fff]{2,8}[社报网])(?:[\u3400-\u9fff]{2,4})?(?:\d{1,2}月)?\d{1,2}日(?:[电讯]"
        r"|报[道导])[,:]?\s*"
    ),
    re.compile(r"^[(【\[][\u3400-\u9fff]{1,11}(?:[社网报]|(?:\d{1,2}月\d{1,2}日)?(?:[电讯]|报[道导]))[)】\]]\s*"),
    re.compile(
        r"^(?:[A-Z][A-Za-z.]+(?:[ /][A-Z][A-Za-z.]+){0,3}, )?(?:[A-Z][a-z]{2,8}\.? \d{1,2} )?\((?:Reuters|AP"
        r"|AFP|Bloomberg|Xinhua|Kyodo|dpa)\)"
        r" ?(?:--?|–|—) ?"
    ),
    re.compile(r"^[A-Z]{3,}(?:[ /][A-Z]{3,}){0,2}(?:, [A-Z][a-z]{2,8}\.? \d{1,2})? ?(?:--|–|—) ?"),
)
_OPENING = (
    re.compile(
        r"^(?:However|Meanwhile|Moreover|Furthermore|In addition|Additionally|Besides|Also|Separately|Notably"
        r"|Indeed|Of course"
        r"|In fact|In particular|For example|For instance|As a result|Overall|At the same time|In short"
        r"|In other words"
        r"|Interestingly|Importantly|Clearly|Nevertheless|Nonetheless|Still|Thus|Therefore|Consequently|First"
        r"|Second|Finally"
        r"|To be sure|More importantly), ",
    ),
    re.compile(r"^It (?:is|should be|is also) (?:worth noting|noted|important to note|notable) that "),
    re.compile(
        r"^(?:The article|This article|The report|The piece) (?:discusses|highlights|notes) (?:how |that )(?=[A-Z])"
    ),
    re.compile(
        r"^(?:此外|另外|同时|与此同时|不过|然而|但是|而且|并且|因此|所以|事实上|实际上|总之|总的来看|总体来看"
        r"|整体来看|其中|值得注意的是"
        r"|值得一提的是|需要指出的是|需要注意的是|具体来看|具体而言|换句话说|换言之|更重要的是|也就是说|一方面"
        r"|另一方面|众所周知|显然|可见),\s*"
    ),
)
_BASIS = re.compile(r"折|计|含|REO|oxide|metal|contained|basis|excluding|including|equivalent", re.IGNORECASE)
_LISTED = re.compile(
    r"^[;,\s]*(?:and )?(?:[二三四五六]是|第[二三四五六]|其[二三四]|secondly|thirdly|second|third|the second"
    r"|the other)",
    re.I,
)
_PARENTHESIS = re.compile(r"\s?\([^()]{1,80}\)")
_APPOSITION = re.compile(
    r"^(?:The |An? )?[A-Z][\w.&'’-]*(?: (?:of |& |and )?[A-Z0-9][\w.&'’-]*){0,5}(?P<cut>, (?:an?|the"
    r"|one of the) [a-z][^,;:()]{3,100},)"
    r"(?= [a-z])(?! (?:and|or|but|nor|which|who) )"
)
_COMMENT = re.compile(
    r"(?P<cut>, (?:thereby |thus |further |potentially )?(?:highlighting|reflecting|underscoring|emphasi[sz]ing"
    r"|illustrating|showing"
    r"|demonstrating|indicating|signaling|signalling|pointing to|marking|suggesting|posing|creating|leading to"
    r"|making it"
    r"|positioning|solidifying) [^;]{5,200}?)(?=[.。]?$)"
)
_PARTS_EN = re.compile(
    r"(?P<cut>(?:; |, (?:while|whereas|and (?=the |it |they |he |she |its |their )) ?)[^;]{12,}?)(?=[.。]?$)"
)
_PARTS_ZH = re.compile(r"(?P<cut>;[^;]{6,}?)(?=[。.]?$)")


def cuts(sentence: str) -> list[Cut]:
    """Stretches that may be left out of one sentence, by offset in it, in order; nested ones may share characters.

    >>> words = "However, MP Materials, the owner of the mine, sells oxide."
    >>> [words[cut.start : cut.end] for cut in cuts(words)]
    ['However, ', ', the owner of the mine,']
    """
    text = fold(sentence)
    found: list[Cut] = []
    begin = _opening(text, found)
    found += [Cut(match.start(), match.end(), False) for match in _CITATION.finditer(text)]
    for match in _PARENTHESIS.finditer(text):
        if _free(match[0]):
            found.append(Cut(match.start(), match.end(), False))
    beside = _APPOSITION.match(text[begin:])
    if beside is not None and _free(beside["cut"]):
        found.append(Cut(begin + beside.start("cut"), begin + beside.end("cut"), False))
    for pattern in (_COMMENT, _PARTS_EN, _PARTS_ZH):
        # What trails may hold figures: it says something of its own, and what stays does not lean on it.
        for match in pattern.finditer(text, begin):
            if match.start("cut") > begin + 10 and not _leans(text, match["cut"]):
                found.append(Cut(match.start("cut"), match.end("cut"), True))
    return sorted(set(found), key=lambda cut: (cut.start, cut.end))


def compress(sentence: str, most: int | None = None) -> str:
    """The sentence without what may always go and, while it is longer than `most` characters, what may go then.

    The words that stay are the sentence's own, in its own script; blanks are closed up and the first letter is raised.
    """
    allowed = cuts(sentence)
    taken = [cut for cut in allowed if not cut.optional]
    said = without(sentence, taken)
    for cut in sorted((cut for cut in allowed if cut.optional), key=lambda cut: -cut.start):
        if most is None or len(said) <= most:
            break
        taken.append(cut)
        said = without(sentence, taken)
    return said


def without(sentence: str, taken: Iterable[Cut]) -> str:
    """The sentence without some of its stretches."""
    kept: list[str] = []
    at = 0
    for cut in sorted(taken, key=lambda cut: (cut.start, -cut.end)):
        if cut.start > at:
            kept.append(sentence[at : cut.start])
        at = max(at, cut.end)
        if cut.start > 0 and at < len(sentence) and _latin(sentence[cut.start - 1]) and _latin(sentence[at]):
            kept.append(" ")
    kept.append(sentence[at:])
    said = re.sub(r"[ \t\r\n\u3000]+", " ", "".join(kept)).strip(" ,，;；")
    if said[:1].islower() and not sentence.lstrip().startswith(said[:1]):
        said = said[0].upper() + said[1:]
    return said


def _latin(char: str) -> bool:
    return char.isalnum() and char < "\u2e80"


def _opening(text: str, found: list[Cut]) -> int:
    """Cuts at the head of a sentence, one after the other; returns where the sentence proper begins."""
    begin = 0
    for patterns in (_DATELINE, _OPENING):
        for pattern in patterns:
            match = pattern.match(text[begin:])
            if match:
                found.append(Cut(begin, begin + match.end(), False))
                begin += match.end()
                break
    return begin


def _free(stretch: str) -> bool:
    """Whether a stretch states no figure and no basis, and holds no word that must stay."""
    return not (_FIGURE.search(stretch) or _BASIS.search(stretch) or bound(stretch))


def _leans(text: str, stretch: str) -> bool:
    """Whether what comes before could mean something else without the stretch."""
    return bound(stretch) or _LISTED.match(stretch) is not None or "respectively" in text or "分别" in text
