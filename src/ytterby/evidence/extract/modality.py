"""Home to modality: whether a figure is asserted, reported, foreseen, aimed at or merely claimed."""

from __future__ import annotations

import re

from ytterby.evidence.claims import Modality
from ytterby.evidence.extract.context import Figure
from ytterby.evidence.extract.topic import Topic

_NORM = re.compile(
    r"不得(?:超过|超出|逾|高于|多于|低于|少于|大于)|\b(?:must|shall|may) not (?:exceed|be more than|be less than)\b"
)
_SAYS_CAN = re.compile(
    r"\b(?:it|they|the company|the firm|which) (?:itself )?(?:says|said|claims)\b[^.;]{0,20}\b(?:can|could)\b|自称"
    r"|[说称]可?能[^,。]{0,6}(?:生产|分离|处理|年产)|称[^,。]{0,12}年产可达"
)
_WANTS = re.compile(
    r"\bwith [\w ]{2,30} to (?:invest|put in|put up|spend|provide|contribute|build|commit|lend)\b|"
    r"要(?=在?\d{4}年|在[^,。]{2,8}年|把|将|让)|\b(?:under construction|under way)\b|undertak\w+ to\b|undertook to\b"
    r"|(?:承诺|允诺|许诺)(?=[^,。]{0,8}[购买投建])",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"\b(?:was|were|had|did|fell|rose|grew|dropped|made|produced|reached|totalled|totaled|exported|imported"
    r"|came to)\b|了|曾|已"
)
_WILL_ZH = re.compile(r"(?<![即逾])(?:将|将会|会|或将|恐|可望|有望)")
_FUTURE_YEAR = re.compile(r"\bby 20[3-9]\d\b|到20[3-9]\d年|20[3-9]\d年前")


def modality(figure: Figure, topic: Topic, due: str, *, decided: bool = False) -> Modality:
    """The standing of a figure.

    Words of its own clause decide first, then words of saying or foreseeing before it in the sentence, which hold until
    the sentence ends. A level against which a change is measured is always asserted.

    Args:
        figure: the figure.
        topic: what the text has been about (the day it was written).
        due: the time the figure is to be reached by, if any.
        decided: the figure is a decision ("will put $400 million into"), so that "will" does not make it a forecast.
    """
    sentence = figure.sentence
    start = max(figure.clause.start, _reset(figure))
    stop = figure.segment.end
    if _FROM.match(sentence.text[figure.segment.start : figure.start]) or _starts(figure, topic):
        return "asserted"
    if _NORM.search(sentence.text, figure.segment.start, figure.end):
        return "asserted"
    if sentence.has("claimed", start, stop) or _inside_speaker(figure):
        return "claimed"
    if sentence.has("target", start, stop) or (_WANTS.search(sentence.text, start, stop)):
        return "target"
    foreseen = sentence.has("forecast", start, stop) or (not decided and sentence.has("will", start, stop))
    if foreseen:
        return "forecast"
    if _PAST.search(sentence.text[start:stop]) and not due:
        return "reported" if sentence.has("hedge") else "asserted"
    before = [one for one in sentence.clauses if one.end <= figure.clause.start]
    for clause in reversed(before):
        for tag, mood in _MOODS:
            if sentence.has(tag, clause.start, clause.end) and not decided:
                return mood
        if _PAST.search(sentence.text[clause.start : clause.end]):
            break
    if due and _later(due, topic):
        return "forecast"
    if sentence.has("hedge"):
        return "reported"
    return "asserted"


_MOODS: tuple[tuple[str, Modality], ...] = (("target", "target"), ("forecast", "forecast"), ("claimed", "claimed"))


def _reset(figure: Figure) -> int:
    """Where the mood of the clause's first half ends: behind a "but", "while", 而 or 但 before the figure."""
    best = 0
    for match in _TURNS.finditer(figure.sentence.text, figure.clause.start, figure.start):
        best = match.end()
    return best


_FROM = re.compile(r"\s*(?:up |down |higher |lower )?(?:from|against|compared with|versus)\b", re.IGNORECASE)
_STARTS = re.compile(
    r"(?:由|从|自)[^,。;至到]{0,16}$|\bfrom\s+(?:an? |the |about |just |some |around |roughly |nearly )*$"
)
_MOVES = re.compile(r"[^,。;]{0,14}?(?:增|升|降|提|扩|跌|减|涨|拉|到|至|翻)|[^.;]{0,60}?\bto\b")


def _starts(figure: Figure, topic: Topic) -> bool:
    """Whether a movement starts from the figure ("growing from 91,000 tonnes to"): what is, not what will be."""
    sentence = figure.sentence
    low = max(figure.segment.start, figure.start - 24)
    lead = _STARTS.search(sentence.text, low, figure.start)
    moved = _MOVES.match(sentence.text, figure.end, sentence.end) if lead is not None else None
    if lead is None or moved is None:
        return False
    # Chinese tells the time of a figure before it, English behind it.
    upto = figure.start if sentence.chinese else moved.end() - 2
    here = [one.period for one in sentence.times if lead.start() <= one.start < upto]
    return not any(_later(label, topic) for label in here)


_TURNS = re.compile(r"\b(?:but|while|whereas|after|although)\b|但|而|不过")


def _inside_speaker(figure: Figure) -> bool:
    """Somebody inside a company saying what it can do is a claim, not a fact."""
    sentence = figure.sentence
    if "say" in sentence.tags and _SAYS_CAN.search(sentence.text, sentence.start, figure.start):
        return True
    return (
        sentence.has("inner", sentence.start, figure.start)
        and sentence.has("say", sentence.start, figure.start)
        and (
            sentence.has("ability", figure.clause.start, figure.end)
            or sentence.has("will", figure.clause.start, figure.start)
        )
        and not sentence.has("target", figure.clause.start, figure.start)
    )


def _later(due: str, topic: Topic) -> bool:
    return topic.today is not None and due[:4].isdigit() and int(due[:4]) > topic.today.year
