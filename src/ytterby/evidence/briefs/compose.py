"""Home to composing: which lines of a document make its brief, in which words and under which headings.

A brief in the document's own language is made of its own sentences, shortened by deletion only. In the other language
a sentence is told anew from the claims it carries; one that carries none is quoted with its terms glossed. A document
that is a brief already keeps its core, its headings and its order, with citations to our passages.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from ytterby.evidence.briefs.compress import compress
from ytterby.evidence.briefs.lines import Line, choose, lines, worths
from ytterby.evidence.briefs.render import Renderer
from ytterby.evidence.briefs.shape import MOST_POINTS, Brief, Dropped, Group, Point
from ytterby.evidence.briefs.themes import TITLES, grouped, theme
from ytterby.evidence.briefs.tokens import is_chinese
from ytterby.evidence.briefs.wording import Tongue
from ytterby.evidence.claims import Claim
from ytterby.evidence.documents import Document, Part
from ytterby.terms.errors import BadValue
from ytterby.terms.text import fold

if TYPE_CHECKING:
    from ytterby.evidence.model import Model

USUAL_POINTS = 8
"""Points of an article's brief where no length is asked for; a page that is a brief keeps all of its own."""

CORE_LENGTH: dict[str, int] = {"zh": 120, "en": 240}
"""Characters a core should keep to."""

LONG_POINT: dict[str, int] = {"zh": 160, "en": 320}
"""Characters above which a point is shortened where it may be."""

Raw = Mapping[str, Any]
"""A language model's answer: ``{"core": {"text", "cites"}, "groups": [{"title", "points": [{"text", "cites"}]}]}``."""


def brief(
    document: Document,
    claims: Iterable[Claim] = (),
    *,
    lang: Literal["zh", "en"] | None = None,
    points: int | None = None,
    part: int = 0,
    model: Model | Callable[[Document], Raw | None] | None = None,
) -> Brief:
    """A document in short, every word of it verified.

    Args:
        document: as read.
        claims: claims read from it; they say which sentences carry something, and are told in the other language.
        lang: ``zh`` or ``en``; None = the document's own.
        points: most points, 1 to 50; None = 8, or all of a page that is a brief already.
        part: number of the article of a page with several; 0 = all.
        model: a language model (or what asks one for the raw brief); where its answer does not stand, the rules make
            the brief, and what was dropped of the answer stays among the dropped.

    Raises `BadValue` for a length, language or part there is not.
    """
    from ytterby.evidence.briefs.verifying import verify

    known = tuple(claims)
    _check(document, lang, points, part)
    lost: tuple[Dropped, ...] = ()
    if model is not None:
        tongue = lang or _tongue(document, ())
        raw, name = _asked(model, document, tongue, points or USUAL_POINTS)
        if raw is not None:
            made = from_raw(raw, document, lang=tongue, part=part, name=name)
            checked, lost = verify(made, document, known)
            if checked.core.text and checked.groups:
                return _cut_to(checked, points or USUAL_POINTS)
    made = draft(document, known, lang=lang, points=points, part=part)
    checked, _ = verify(made, document, known)
    return replace(checked, dropped=(*lost, *checked.dropped))


def _asked(
    model: Model | Callable[[Document], Raw | None], document: Document, lang: Tongue, points: int
) -> tuple[Raw | None, str]:
    """The raw answer, and the model's name."""
    from ytterby.evidence.model import Model, brief_with

    if isinstance(model, Model):
        return brief_with(model, document, lang=lang, points=points), model.name
    return model(document), ""


def draft(
    document: Document,
    claims: Iterable[Claim] = (),
    *,
    lang: Literal["zh", "en"] | None = None,
    points: int | None = None,
    part: int = 0,
) -> Brief:
    """The same by the rules, before it is verified."""
    _check(document, lang, points, part)
    known = tuple(claims)
    found = lines(document, known, part)
    tongue = lang or _tongue(document, found)
    renderer = Renderer(document, known, tongue)
    about = _about(document, part)
    head = Brief(
        document.id,
        part,
        about.title or document.title,
        about.publisher or document.publisher,
        about.date or document.date,
        tongue,
    )
    if not found:
        return head
    if _is_brief(found):
        core, groups = _taken_over(document, found, points, renderer)
    else:
        core, groups = _made(document, found, points or USUAL_POINTS, renderer, about.title or document.title)
    whole = replace(head, core=core, groups=groups)
    return whole.with_passages({p.n: document.words(p) for p in document.passages})


def from_raw(raw: Raw, document: Document, *, lang: str, part: int = 0, name: str = "") -> Brief:
    """A language model's answer as a brief, not verified; what has not the shape of a point is dropped and counted."""
    about = _about(document, part)
    dropped: list[Dropped] = []

    def point(record: object) -> Point | None:
        if isinstance(record, Mapping) and isinstance(record.get("text"), str):
            cites = record.get("cites", [])
            if isinstance(cites, Sequence) and all(isinstance(n, int) and not isinstance(n, bool) for n in cites):
                return Point(" ".join(record["text"].split()), tuple(dict.fromkeys(cites)))
        dropped.append(Dropped(str(record)[:200], "shape: not a text with numbers of passages"))
        return None

    groups: list[Group] = []
    listed = raw.get("groups", [])
    for record in listed if isinstance(listed, Sequence) and not isinstance(listed, str) else []:
        if isinstance(record, Mapping) and isinstance(record.get("points"), Sequence):
            kept = [made for one in record["points"][:MOST_POINTS] if (made := point(one)) is not None]
            groups.append(Group(str(record.get("title", "")), tuple(kept)))
        else:
            dropped.append(Dropped(str(record)[:200], "shape: not a group of points"))
    whole = Brief(
        document.id,
        part,
        about.title or document.title,
        about.publisher or document.publisher,
        about.date or document.date,
        lang,
        point(raw.get("core")) or Point(""),
        tuple(groups),
        (),
        tuple(dropped),
        f"model:{name}",
    )
    return whole.with_passages({p.n: document.words(p) for p in document.passages})


def _made(
    document: Document, found: Sequence[Line], most: int, renderer: Renderer, title: str
) -> tuple[Point, tuple[Group, ...]]:
    """Core and groups of an article."""
    worth = worths(found, document.parts, title)
    for index, line in enumerate(found):
        if line.lang != renderer.lang:
            # A sentence that can be told anew reads better than one quoted in a language the reader may not have.
            worth[index] += 0.5 * (renderer.told(line) is not None)
    core = _core(found, worth, renderer)
    picked = choose(found, worth, most, core)
    if not picked:
        return _joined([renderer.point(found[index]) for index in core], renderer.lang), ()
    chosen = [found[index] for index in sorted(picked)]
    groups = tuple(
        Group(
            TITLES[name][renderer.lang],
            tuple(renderer.point(chosen[place], LONG_POINT[renderer.lang]) for place in places),
        )
        for name, places in grouped(chosen)
    )
    room = CORE_LENGTH[renderer.lang]
    return _joined([renderer.point(found[index], room) for index in core], renderer.lang), groups


def _core(found: Sequence[Line], worth: Mapping[int, float], renderer: Renderer) -> list[int]:
    """Places of the one or two lines that say what the document is about."""
    room = CORE_LENGTH[renderer.lang]

    def length(index: int) -> int:
        line = found[index]
        return len(compress(line.text, room)) if line.lang == renderer.lang else len(renderer.point(line).text)

    first_of_all = {index: 1.4 / (1 + 0.6 * index) - 0.9 * _leans(found[index]) for index in worth}
    ranked = sorted(worth, key=lambda index: (-worth[index] - first_of_all[index], index))
    first = next((index for index in ranked[:6] if length(index) <= room), ranked[0])
    chosen = [first]
    if len(found) >= 8:
        left = room - length(first)
        others = [index for index in choose(found, dict(worth), 3, chosen) if found[index].lang == found[first].lang]
        second = [index for index in others if length(index) <= left]
        chosen += second[:1]
    return sorted(chosen)


_LEANING = re.compile(
    r"(?:It|They|He|She|This|That|These|Those|The company|The firm|The move|The money|The article|Its|Their|His|Her)\b"
    r"|(?:其|该|这|此|他|她|它|当时|当月|同月)|.{0,6}同[日时]"
)


def _leans(line: Line) -> bool:
    """Whether a line begins with a word that stands for something said before it."""
    return (
        _LEANING.match(fold(line.text)) is not None or re.match(r"The [A-Z]?[\w ]{2,30} also ", line.text) is not None
    )


def _joined(said: Sequence[Point], lang: Tongue) -> Point:
    text = ("" if lang == "zh" else " ").join(point.text for point in said)
    return Point(text, tuple(sorted({n for point in said for n in point.cites})))


def _is_brief(found: Sequence[Line]) -> bool:
    """Whether a page is a brief itself: it names its core, or is all points under headings."""
    return any(line.core for line in found) or all(line.listed and line.group for line in found)


def _taken_over(
    document: Document, found: Sequence[Line], most: int | None, renderer: Renderer
) -> tuple[Point, tuple[Group, ...]]:
    """Core and groups of a page that is a brief, or several, in its own order."""
    cores = [line for line in found if line.core]
    several = len({line.part for line in found}) > 1
    first = cores[0] if cores else found[0]
    rest = [line for line in found if line is not first]
    if most is not None and len(rest) > most:
        kept = choose(rest, worths(rest, document.parts, document.title), most)
        rest = [rest[index] for index in sorted(kept)]
    groups: dict[str, list[Point]] = {}
    headings: dict[str, str] = {}
    for line in rest:
        title = document.parts[line.part - 1].title if several and line.part <= len(document.parts) else line.group
        if not several and title and is_chinese(title) != (renderer.lang == "zh"):
            title = headings.setdefault(title, TITLES[_theme_of(rest, title)][renderer.lang])
        groups.setdefault(title or TITLES["other"][renderer.lang], []).append(renderer.point(line))
    return renderer.point(first), tuple(Group(title, tuple(points)) for title, points in groups.items())


def _theme_of(found: Sequence[Line], heading: str) -> str:
    """The theme of most of the lines under a heading: what it is called in the other language."""
    return Counter(theme(line) for line in found if line.group == heading).most_common(1)[0][0]


def _cut_to(made: Brief, most: int) -> Brief:
    groups: list[Group] = []
    for group in made.groups:
        kept = group.points[: max(0, most - sum(len(one.points) for one in groups))]
        if kept:
            groups.append(replace(group, points=kept))
    return replace(made, groups=tuple(groups)).with_passages(dict(made.passages))


def _about(document: Document, part: int) -> Part:
    if part:
        return document.parts[part - 1]
    return Part(0, 0, len(document.text), document.title, document.publisher, document.author, document.date)


def _tongue(document: Document, found: Sequence[Line]) -> Tongue:
    if document.lang:
        return "zh" if document.lang.startswith("zh") else "en"
    chinese = sum(line.lang == "zh" for line in found)
    return "zh" if chinese * 2 > len(found) else "en"


def _check(document: Document, lang: str | None, points: int | None, part: int) -> None:
    if lang not in (None, "zh", "en"):
        raise BadValue(f"a brief is not written in '{lang}'", place="lang", remedy="ask for zh or en")
    if points is not None and not 1 <= points <= MOST_POINTS:
        raise BadValue(f"a brief has no {points} points", place="points", remedy=f"ask for 1 to {MOST_POINTS}")
    if part < 0 or part > max(len(document.parts), 0):
        raise BadValue(
            f"the document has no article {part}",
            place="part",
            remedy=f"ask for 1 to {len(document.parts)}, or 0 for all" if document.parts else "ask for 0, the whole",
        )
