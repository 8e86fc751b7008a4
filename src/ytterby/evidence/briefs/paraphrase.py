"""Home to paraphrase: whether a text in other words says what its passages say.

A language model is free in its words. So each figure, name, direction and negation of its text is laid beside those of
the sentences it cites: the one that stands in the most similar surroundings must be the same. Swapped figures and names
are caught by that even where both stand in the passage. How a sentence is meant (hedged, foretold, planned, claimed,
conditional, negated) must be kept. What cannot be checked does not stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from ytterby.evidence.briefs import called
from ytterby.evidence.briefs.cues import KEPT, cues, directions, strength
from ytterby.evidence.briefs.quotes import quoted
from ytterby.evidence.briefs.roles import roles, roles_at
from ytterby.evidence.briefs.stated import Stated, same, same_value, stated
from ytterby.evidence.briefs.tokens import content, is_chinese, tokens
from ytterby.evidence.claims import Claim
from ytterby.evidence.grammar import Span, clauses, sentences
from ytterby.evidence.names import find
from ytterby.terms.text import fold

REACH = 4
"""Tokens on each side that count as surroundings."""

LEAST_SAID = 0.5
"""Share of a text's content words that must stand in the passages cited, where both are in one language."""

LEAST_PART = 0.12
"""Share of a text's content words that each passage cited must hold."""

_GLOSS = re.compile(r"(?<=[」”])\s?[（(]([^（）()]*[:：][^（）()]*)[）)]")
_LIGHT = frozenset(("to", "the", "a", "an", "of", "that", "be", "with"))
_FAMILY = {
    "country": "place",
    "government": "place",
    "place": "place",
    "company": "body",
    "agency": "body",
    "organisation": "body",
    "analyst": "body",
    "outlet": "body",
    "material": "good",
    "product": "good",
    "mine": "site",
    "plant": "site",
    "person": "person",
    "instrument": "instrument",
}


@dataclass(frozen=True, slots=True)
class Anchor:
    """Something a text must not change: a figure, a name, a direction; with the tokens around it."""

    family: str
    value: object
    start: int
    end: int
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True)
class Ground:
    """What a text may rest on: the sentences of the passages it cites, and their claims."""

    sentences: tuple[tuple[int, str], ...]
    """Number of the passage, and the sentence."""
    claims: tuple[Claim, ...]
    today: str
    cites: tuple[int, ...]

    @cached_property
    def anchors(self) -> list[Anchor]:
        """Of all sentences."""
        return [anchor for _, text in self.sentences for anchor in anchors(text, self.today)]


def differs(text: str, ground: Ground) -> str:
    """Why a text says something else than its ground; empty where it does not."""
    text, fault = own_words(text)
    if fault or not text:
        return fault
    alien = any(is_chinese(text) != is_chinese(sentence) for _, sentence in ground.sentences)
    fault = _citations(text, ground) if not alien else _shares(text, ground)
    if fault:
        return fault
    for span in sentences(fold(text)):
        said = text[span.start : span.end]
        near = _nearest(said, ground)
        fault = (
            (_abroad(said, near, ground) if alien else _swapped(said, ground) or _passed_over(said, near))
            or _strength(said, near)
            or _roles(said, near)
        )
        if fault:
            return fault
    return ""


def own_words(text: str) -> tuple[str, str]:
    """A text without the originals it quotes and their glosses, and what is wrong with a gloss.

    Quotations are compared letter for letter elsewhere; here what the text says itself is laid beside its passages.
    """
    for match in _GLOSS.finditer(text):
        for pair in re.split(r"[;；]", match[1]):
            old, _, new = pair.replace("：", ":").partition(":")
            if not set(called.keys(old, frozenset())) & set(called.keys(new, frozenset())):
                return "", f"gloss: '{pair.strip()}' are not two names of one thing"
    bare = _GLOSS.sub("", text)
    for quote in quoted(bare):
        rest = bare.replace(quote, "")
        if is_chinese(quote) != is_chinese(rest) or len(quote) > 0.6 * len(bare):
            bare = rest
    return (bare.strip() if any(char.isalnum() for char in bare) else ""), ""


def anchors(text: str, today: str) -> list[Anchor]:
    """The figures, names and directions of a text with their surroundings, in order."""
    folded = fold(text)
    found = tokens(text)
    made: list[Anchor] = []

    def add(family: str, value: object, start: int, end: int) -> None:
        before = tuple(token.text.lower() for token in found if token.end <= start)[-REACH:]
        after = tuple(token.text.lower() for token in found if token.start >= end)[:REACH]
        made.append(Anchor(family, value, start, end, before, after))

    for one in stated(text, today):
        add("figure", one, one.start, one.end)
    for token in found:
        if token.text[0].isdigit():
            # Digits that the grammar takes for a date or a name are compared by where they stand.
            add("digits", token.text.replace(",", ""), token.start, token.end)
    for named in find(folded):
        family = _FAMILY.get(named.entity.kind)
        if family:
            add(family, called.key(named.entity), named.start, named.end)
    for cue in cues(folded, ("up", "down")):
        add("direction", cue.name, cue.start, cue.end)
    return sorted(made, key=lambda anchor: (anchor.start, anchor.end))


def alike(one: Anchor, other: Anchor) -> float:
    """How much the surroundings of two anchors are the same; tokens nearer by count more."""
    left = _side(one.before[::-1], other.before[::-1])
    right = _side(one.after, other.after)
    edges = 0.6 * (not one.before and not other.before) + 0.6 * (not one.after and not other.after)
    return left + right + edges


def _side(one: Sequence[str], other: Sequence[str]) -> float:
    total = 0.0
    for place, token in enumerate(one):
        if token in other:
            total += 1.0 / (1 + place) / (1 + abs(place - other.index(token)))
    return total


def _swapped(text: str, ground: Ground) -> str:
    """An anchor whose most similar surroundings hold another one in the passages cited."""
    ours = roles_at(text)
    theirs = roles(" ".join(sentence for _, sentence in ground.sentences))
    for anchor in anchors(text, ground.today):
        role, key = ours.get(anchor.start, ("", ""))
        if role and key in theirs.get(role, set()):
            continue
        rivals = [one for one in ground.anchors if one.family == anchor.family]
        word = text[anchor.start : anchor.end]
        equal = [one for one in rivals if _equal(anchor, one)]
        if not equal and anchor.family == "digits":
            continue
        if not equal:
            return f"{anchor.family}: '{word}' stands in no passage cited"
        best = max(alike(anchor, one) for one in equal)
        if any(alike(anchor, one) > best + 0.15 for one in rivals if not _equal(anchor, one)):
            return f"{anchor.family}: '{word}' stands where the passage has another"
    return ""


def _passed_over(text: str, near: str) -> str:
    """A hedge, negation or comparator that the text steps over: the words on both its sides stand side by side."""
    folded = fold(near)
    theirs = tokens(folded)
    ours = [word for token in tokens(text) if (word := token.text.lower()) not in _LIGHT]
    for cue in cues(folded, KEPT):
        before = [
            token.text.lower() for token in theirs if token.end <= cue.start and token.text.lower() not in _LIGHT
        ][-2:]
        after = [token.text.lower() for token in theirs if token.start >= cue.end and token.text.lower() not in _LIGHT][
            :2
        ]
        inside = [token.text.lower() for token in theirs if cue.start <= token.start < cue.end]
        if before and after and _side_by_side(ours, before, after, inside):
            return f"meaning: '{folded[cue.start : cue.end]}' is left out"
    return ""


def _side_by_side(ours: Sequence[str], before: list[str], after: list[str], inside: list[str]) -> bool:
    for at in range(len(ours) - 1):
        if ours[at] != before[-1]:
            continue
        # Half of a cue may be left standing: 不得 without its 不.
        next_ = at + 1 + (len(inside) > 1 and ours[at + 1] in inside and ours[at + 1] != after[0])
        if next_ >= len(ours) or ours[next_] != after[0]:
            continue
        back = len(before) > 1 and at > 0 and ours[at - 1] == before[-2]
        on = len(after) > 1 and next_ + 1 < len(ours) and ours[next_ + 1] == after[1]
        if back or on:
            return True
    return False


def _equal(one: Anchor, other: Anchor) -> bool:
    if isinstance(one.value, Stated) and isinstance(other.value, Stated):
        return same(one.value, other.value)
    return one.value == other.value


def _citations(text: str, ground: Ground) -> str:
    """Every passage must give something, and together they must give most."""
    wanted = set(content(text))
    if not wanted:
        return "words: nothing that could be checked"
    held: dict[int, set[str]] = {n: set() for n in ground.cites}
    for n, sentence in ground.sentences:
        held[n] |= set(content(sentence))
    everything = set().union(*held.values())
    if len(wanted & everything) < LEAST_SAID * len(wanted):
        return "words: more than half are in no passage cited"
    for n, words in held.items():
        if words and len(wanted & words) < LEAST_PART * len(wanted):
            return f"citation: passage {n} says nothing of this"
    return ""


def _shares(text: str, ground: Ground) -> str:
    """Across languages a text must share names or figures with every passage it cites."""
    own = set(called.keys(text))
    figures = stated(text, ground.today)
    if not own and not figures:
        return "words: nothing that could be checked in the other language"
    for n in ground.cites:
        held = " ".join(sentence for number, sentence in ground.sentences if number == n)
        if not held:
            continue
        if not (own & set(called.keys(held))) and not _shared(figures, stated(held, ground.today)):
            return f"citation: passage {n} says nothing of this"
    return ""


def _shared(ours: Iterable[Stated], theirs: Sequence[Stated]) -> bool:
    return any(same(one, other) for one in ours for other in theirs)


def _nearest(text: str, ground: Ground) -> str:
    """The sentence of the ground that a sentence tells."""
    words, keys, figures = set(content(text)), set(called.keys(text)), stated(text, ground.today)

    def nearness(sentence: str) -> float:
        theirs = stated(sentence, ground.today)
        return (
            len(words & set(content(sentence))) / (len(words) or 1)
            + len(keys & set(called.keys(sentence))) / (len(keys) or 1)
            + 2.0 * sum(any(same_value(one, other) for other in theirs) for one in figures) / (len(figures) or 1)
        )

    return max((sentence for _, sentence in ground.sentences), key=nearness)


def _abroad(text: str, near: str, ground: Ground) -> str:
    """Across languages: names beside a figure, and its direction, must be those of its sentence or of its claim."""
    own = called.keys(text)
    beside = set(called.keys(near))
    theirs = stated(near, ground.today)
    figures = stated(text, ground.today)
    for one in figures:
        if not any(same(one, other, annual=True) for other in theirs):
            return f"figure: '{text[one.start : one.end]}' stands in another sentence than its names"
    for one in figures:
        fault = _unclaimed(text, one, ground) if one.low is not None else ""
        if fault:
            return fault
        beside |= set().union(*(names_of(claim) for claim in _of_figure(one, ground)))
    for key, named in own.items():
        family = {_FAMILY.get(entry.entity.kind) for entry in named}
        if key not in beside and family & {"place", "body", "person", "good"}:
            return f"name: '{text[named[0].start : named[0].end]}' stands in another sentence"
    return _turned(text, near)


def _unclaimed(text: str, figure: Stated, ground: Ground) -> str:
    """Where claims state a figure: the part of the text around it must fit one of them."""
    rivals = _of_figure(figure, ground)
    if not rivals:
        return ""
    start = max((text.rfind(mark, 0, figure.start) for mark in "；;。"), default=-1) + 1
    end = min((at for mark in "；;。" if (at := text.find(mark, figure.end)) >= 0), default=len(text))
    part = text[start:end]
    named = {
        key: found
        for key, found in called.keys(part).items()
        if {_FAMILY.get(entry.entity.kind) for entry in found} & {"place", "body", "good"}
    }
    if any(key.startswith("place:") and len(found) > 1 for key, found in named.items()):
        return "name: one place stands twice beside a figure"
    ways, meant, turned = roles(part), strength(fold(part)), directions(fold(part))
    for claim in rivals:
        away = {f"place:{claim.counterpart}"} if claim.counterpart else set()
        toward = ways.get("destination", set()) | ways.get("origin", set())
        if set(named) <= names_of(claim) and (not toward or not away or toward <= away | {"place:WLD"}):
            falls = claim.value is not None and claim.value < 0
            open_ = claim.modality in ("forecast", "target", "claimed")
            change = claim.kind in ("trade_change", "price_change")
            if (not change or turned == {"down" if falls else "up"}) and (
                not open_ or meant & {"open", "aimed", "claimed"}
            ):
                return ""
    return f"figure: no claim of the passages cited says this of '{text[figure.start : figure.end]}'"


def _of_figure(figure: Stated, ground: Ground) -> list[Claim]:
    """Claims that state a figure, whatever its sign."""
    found: list[Claim] = []
    for claim in ground.claims:
        ends = {abs(value) for value in (claim.value, claim.low, claim.high) if value is not None}
        if figure.low is not None and any(abs(end - abs(figure.low)) <= 1e-9 * max(end, 1.0) for end in ends):
            found.append(claim)
    return found


def names_of(claim: Claim) -> set[str]:
    """Keys of all names in a claim's fields and words."""
    fields = (claim.subject, claim.object, claim.attributed_to, claim.quote)
    found = {key for field in fields for key in called.keys(field)}
    return found | {f"place:{code}" for code in (claim.place, claim.counterpart) if code}


def _turned(text: str, near: str) -> str:
    ours, theirs = directions(fold(text)), directions(fold(near))
    if ours - theirs:
        return f"direction: {' and '.join(sorted(ours - theirs))} stands in no passage cited"
    return ""


def _strength(text: str, near: str) -> str:
    """How the sentence is meant, clause by clause where the text tells only some of its clauses."""
    ours = strength(fold(text))
    whole = strength(fold(near))
    needed = strength(_told_clauses(text, near)) | (whole & {"claimed", "told"})
    if "negated" in ours and "negated" not in whole:
        return "negation: the passage does not deny"
    for name in sorted(needed - ours):
        if (name == "claimed" and "told" in ours) or (name == "open" and "aimed" in ours):
            continue
        return f"meaning: the passage is {name}, the text is not"
    return ""


def _told_clauses(text: str, near: str) -> str:
    """The clauses of a sentence that a text tells, folded; in another language all of them."""
    folded = fold(near)
    if is_chinese(text) != is_chinese(near):
        return folded
    words = set(content(text))
    kept: list[str] = []
    for span in clauses(folded, Span(0, len(folded))):
        clause = folded[span.start : span.end]
        held = set(content(clause))
        if held and len(held & words) >= 0.4 * len(held):
            kept.append(clause)
    return ", ".join(kept) or folded


def _roles(text: str, near: str) -> str:
    """Who gives and who takes: a place named as origin or destination must be that in the passage."""
    ours, theirs = roles(text), roles(near)
    for role, keys in ours.items():
        if theirs.get(role) and not keys <= theirs[role]:
            return f"name: another stands as {role} in the passage"
    return ""
