"""Home to coordination: heads and figures listed side by side (分别为, respectively)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ytterby.evidence.grammar.quantities import Quantity
from ytterby.evidence.grammar.sentences import Span

_CUE_ZH = re.compile(
    r"分别(?:为|是|达到|达|占|有|增至|降至|升至|增长|下降|增加|减少|上升|上涨|下跌|约为|约|在)?|依次为?|各为"
)
_CUE_EN = re.compile(r"\brespectively\b", re.IGNORECASE)
_PART = re.compile(r"、|和|与|及|以及|,|\s?/\s?")
_PART_EN = re.compile(r",? and |, ")
_TIES = re.compile(r"(?:\s|,|、|和|与|及|以及|and|;|\([^()]*\))*")
_VERB = re.compile(
    r"\s(?:was|were|is|are|stood|stands|came|comes|reached|reach|rose|fell|grew|totall?ed|hit|had|have|has|account|accounted"
    r"|accounts|made|makes|produced|produce|produces|supplied|supply|supplies|exported|imported|bought|increased|decreased"
    r"|dropped|declined|jumped|climbed|received|got|will|would|could|can|set|fixed|held|hold|holds|amounted|cost|costs)\b",
    re.IGNORECASE,
)
_PREPOSITION = re.compile(r"\b(?:to|from|in|for|of|at|by|into)\s")
_ARTICLE = re.compile(
    r"(?:the|both|its|their|while|and|but|with|quotas? for|output of|(?:exports?|imports?|shipments|sales|prices)"
    r" (?:of|to|from|for))\s|(?:其中)?[对向自从往](?!外)|来自",
    re.IGNORECASE,
)


def coordinated(text: str, sentence: Span, found: Sequence[Quantity]) -> list[tuple[Span, Quantity]]:
    """Each head of a list with its figure, where a sentence lists both in the same order; else nothing.

    >>> from ytterby.evidence.grammar.quantities import quantities
    >>> text = "开采、冶炼分离指标分别为255000吨、243850吨。"
    >>> [(text[s.start : s.end], q.value) for s, q in coordinated(text, Span(0, len(text)), quantities(text))]
    [('开采', 255000.0), ('冶炼分离指标', 243850.0)]
    """
    inside = [figure for figure in found if sentence.start <= figure.start and figure.end <= sentence.end]
    pairs: list[tuple[Span, Quantity]] = []
    for match in _CUE_ZH.finditer(text, sentence.start, sentence.end):
        pairs += _after(text, sentence, match, inside)
    for match in _CUE_EN.finditer(text, sentence.start, sentence.end):
        pairs += _before(text, sentence, match, inside)
    return pairs


def _after(text: str, sentence: Span, cue: re.Match[str], found: list[Quantity]) -> list[tuple[Span, Quantity]]:
    """A、B分别为x、y: heads stand before the cue, figures after it."""
    run = _run(text, [figure for figure in found if figure.start >= cue.end()], cue.end())
    if len(run) < 2:
        return []
    heads = _heads(text, sentence.start, cue.start(), len(run), _PART)
    if not heads:
        return []
    begin = _LEAD_END.search(text, heads[0].start, heads[0].end)
    if begin is not None and begin.end() < heads[0].end:
        heads[0] = Span(begin.end(), heads[0].end)
    return list(zip(heads, run, strict=True))


# What stands before the first head in its clause: a date, an ordinal batch, an announcement's words.
_LEAD_END = re.compile(r".*(?:[0-9]月份?|[0-9]年度?|季度|半年|年同期|批|其中|当月|显示|全年|的)")


def _before(text: str, sentence: Span, cue: re.Match[str], found: list[Quantity]) -> list[tuple[Span, Quantity]]:
    """A and B rose x and y, respectively; or x and y went to A and B, respectively."""
    earlier = [figure for figure in found if figure.end <= cue.start()]
    if len(earlier) < 2:
        return []
    run = [earlier[-1]]
    for figure in reversed(earlier[:-1]):
        if not _TIES.fullmatch(text, figure.end, run[0].start):
            break
        run.insert(0, figure)
    if len(run) < 2:
        return []
    tail = text[run[-1].end : cue.start()].strip(" ,")
    if tail:
        behind = _heads_behind(text, run[-1].end, cue.start(), len(run))
        if behind:
            return list(zip(behind, run, strict=True))
    verb = None
    for match in _VERB.finditer(text, sentence.start, run[0].start):
        verb = match
        break
    end = verb.start() if verb is not None else run[0].start
    heads = _heads(text, sentence.start, end, len(run), _PART_EN)
    return list(zip(heads, run, strict=True)) if heads else []


def _run(text: str, found: list[Quantity], at: int) -> list[Quantity]:
    """The figures that follow one another with nothing but list marks between them."""
    run: list[Quantity] = []
    for figure in found:
        if run and not _TIES.fullmatch(text, at, figure.start):
            break
        if not run and figure.start - at > 12:
            break
        run.append(figure)
        at = figure.end
    return run


def _heads(text: str, begin: int, end: int, count: int, parted: re.Pattern[str]) -> list[Span]:
    """The last `count` items of a list that ends at `end`; empty where there are fewer."""
    marks = list(parted.finditer(text, begin, end))
    if len(marks) < count - 1:
        return []
    cuts = marks[len(marks) - count + 1 :]
    first = marks[len(marks) - count].end() if len(marks) >= count else begin
    edges = [first, *(mark.end() for mark in cuts)]
    ends = [*(mark.start() for mark in cuts), end]
    heads = [_trimmed(text, a, b) for a, b in zip(edges, ends, strict=True)]
    return heads if all(head.end > head.start for head in heads) else []


def _heads_behind(text: str, begin: int, end: int, count: int) -> list[Span]:
    """The items of a list that fills the words behind the figures: "to the US and Japan"."""
    while end > begin and text[end - 1] in " ,":
        end -= 1
    prepositions = list(_PREPOSITION.finditer(text, begin, end))
    if not prepositions:
        return []
    start = prepositions[-1].end()
    marks = list(_PART_EN.finditer(text, start, end))
    if len(marks) != count - 1:
        return []
    return _heads(text, start, end, count, _PART_EN)


def _trimmed(text: str, begin: int, end: int) -> Span:
    while begin < end and text[begin] in " ,、:\"'(":
        begin += 1
    while (article := _ARTICLE.match(text, begin, end)) is not None:
        begin = article.end()
    while end > begin and text[end - 1] in " ,、:\"')":
        end -= 1
    return Span(begin, end)
