"""Home to the measure of briefs: fidelity, what is dropped, how short they are, and whether lies are caught.

Over any folder of documents: the share of citations, figures and quotations of briefs that stand in the passages cited
(by checks written here, apart from the verifier's), the share of points dropped, the brief's length against the text's,
and the share of gold claims whose figure the brief carries, beside the first sentences of the document as a baseline.
Then every point is falsified in one word at a time (figure, name, unit, direction, hedge, citation) and handed to the
verifier again, as made by rules and as made by a language model.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from importlib import resources
from pathlib import Path
from typing import Literal

from bench.table import Section
from ytterby.evidence.briefs import Brief, Point, brief, verify
from ytterby.evidence.claims import Claim
from ytterby.evidence.documents import SPOKEN, Document
from ytterby.evidence.grammar import quantities, sentences, times
from ytterby.evidence.names import entities, find
from ytterby.terms.periods import parse_period
from ytterby.terms.text import fold

SUFFIXES = (".txt", ".md", ".html", ".htm", ".pdf")
LANGS: tuple[Literal["zh", "en"] | None, ...] = (None, "zh", "en")
POINTS = 5
CORPUS = Path(str(resources.files("ytterby"))) / "data" / "corpus"
LEAD = 4
"""Sentences of the plain baseline."""

_UNITS = """
公噸:公斤 公吨:公斤 吨:公斤 噸:公斤 亿:万 億:萬 美元:欧元 个月:年 個月:年 metric_tons:kilograms tonnes:kg tons:kg
pounds:tonnes billion:million million:billion $:€ %:_percentage_points pc_:_tonnes_ weeks:years months:days kg:t
percent:tonnes
"""
_TURNS = """
上升:下降 下滑:上升 下降:上升 增加:减少 減少:增加 减少:增加 上涨:下跌 月增:月減 年增:年減 年減:年增
fell:rose rose:fell increase:decrease higher:lower rise:fall fall:rise drop:rise rises:falls up:down down:up
double:halve shortage:surplus
"""
_HEDGES = """
可能 或将 預期 预计 有望 約 约 近 不足 逾 不得 不予 未 據稱 不 暫停 暂停 原則上 原则上 may might could would
is_expected_to are_likely_to likely_to nearly roughly approximately about more_than over not no
Even_if_successful,_ plans_to claims_of up_to only is_set_to are_to is_to
"""


def _pairs(table: str) -> tuple[tuple[str, str], ...]:
    pairs = (pair.replace("_", " ").split(":") for pair in table.split())
    return tuple((old, new) for old, new in pairs)


UNITS, TURNS = _pairs(_UNITS), _pairs(_TURNS)
HEDGES = tuple(word.replace("_", " ") for word in _HEDGES.split())
_FIGURE = re.compile(r"\s*[\d$一二三四五六七八九十半]")
COMPARING = ("about", "over", "約", "约", "近", "不")
"""Hedges that are other words elsewhere."""


@dataclass
class Score:
    """Counts over many documents."""

    documents: int = 0
    points: int = 0
    dropped: int = 0
    citations: list[int] = field(default_factory=lambda: [0, 0])
    figures: list[int] = field(default_factory=lambda: [0, 0])
    quotes: list[int] = field(default_factory=lambda: [0, 0])
    lengths: list[int] = field(default_factory=lambda: [0, 0])
    gold: list[int] = field(default_factory=lambda: [0, 0, 0])
    """Claims, in the brief, in the baseline."""
    missed: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Lie:
    """A brief with one point falsified."""

    kind: str
    brief: Brief
    point: Point


def documents(folder: Path) -> Iterator[Document]:
    """Every document of a folder that can be read."""
    from ytterby.evidence.reading import read_bytes
    from ytterby.terms.errors import YtterbyError

    for path in sorted(path for path in folder.rglob("*") if path.suffix in SUFFIXES and path.name != "README.md"):
        try:
            yield read_bytes(path.read_bytes(), path=path.name)
        except YtterbyError as error:
            print(f"{path.name}: {error.cause}", file=sys.stderr)


def claims_of(document: Document) -> list[Claim]:
    """Claims by the rules; none where extraction is not installed."""
    try:
        from ytterby.evidence.extract import extract
    except ImportError:
        return []
    return list(extract(document))


def numbers(text: str) -> set[str]:
    """Bare figures of a text: a second, plain reading beside the grammar's."""
    folded = fold(text)
    return {one.replace(",", "").rstrip(".") for one in re.findall(r"\d[\d,]*(?:\.\d+)?", folded)}


def values(text: str, today: str) -> set[float]:
    """Everything a text could mean by a number: figures by grammar, and the years, months and days of its times."""
    folded = fold(text)
    found: set[float] = set()
    for one in quantities(folded):
        found |= {value for value in (one.value, one.low, one.high) if value is not None}
    for time in times(folded, parse_period(today).end if today else None):
        found |= {float(part) for part in re.findall(r"\d+", time.period)}
    return found | {float(one) for one in numbers(text)}


def faithful(made: Brief, document: Document, score: Score) -> None:
    """Count what of a brief stands in the passages it cites."""
    texts = dict(made.passages)
    for point in made.points():
        score.points += 1
        cited = [texts.get(n, "") for n in point.cites]
        score.citations[0] += sum(bool(text) and text in document.text for text in cited)
        score.citations[1] += max(len(cited), 1)
        source = "\n".join(cited)
        plain = {float(one) for one in numbers(source)} | values(source, document.date)
        for one in numbers(point.text):
            score.figures[1] += 1
            held = float(one) in plain or values(point.text, document.date) & plain
            score.figures[0] += bool(held)
            if not held:
                score.missed.append(f"{document.path}: {one} in {point.text[:80]}")
        for quote in re.findall(r"「([^「」]+)」|“([^“”]+)”", point.text):
            said = fold("".join(quote))
            score.quotes[1] += 1
            score.quotes[0] += said in fold(source)


def lead(document: Document, count: int = LEAD) -> str:
    """The plain baseline: the first sentences."""
    found: list[str] = []
    for passage in document.passages:
        if passage.kind in SPOKEN:
            words = document.words(passage)
            found += [words[span.start : span.end] for span in sentences(fold(words))]
    return " ".join(found[:count])


def covered(made: Brief, document: Document, gold: Sequence[dict[str, object]], score: Score) -> None:
    """Gold claims whose figure stands in the brief, and in as many first sentences as the brief has points."""
    said = " ".join(point.text for point in made.points())
    ours = values(said, document.date)
    theirs = values(lead(document, sum(1 for _ in made.points())), document.date)
    for record in gold:
        wanted = [record.get(name) for name in ("value", "low", "high")]
        figures = [abs(float(one)) for one in wanted if isinstance(one, int | float)]
        if figures:
            score.gold[0] += 1
            score.gold[1] += all(one in ours or -one in ours for one in figures)
            score.gold[2] += all(one in theirs or -one in theirs for one in figures)


def lies(made: Brief, document: Document, seed: int = 1) -> Iterator[Lie]:
    """The brief falsified in one place at a time; a change that leaves it true is not made."""
    draw = random.Random(seed)
    for point in made.points():
        for kind, text, cites in _falsified(point, made, document, draw):
            false = Point(text, cites)
            source = " ".join(dict(made.passages).get(n, "") for n in cites)
            if (text, cites) != (point.text, point.cites) and (kind == "citation" or fold(text) not in fold(source)):
                yield Lie(kind, _replaced(made, point, false), false)


def caught(lie: Lie, document: Document, claims: Sequence[Claim]) -> bool:
    """Whether the verifier drops the false point."""
    checked, _ = verify(lie.brief, document, claims)
    return lie.point not in list(checked.points())


def _replaced(made: Brief, point: Point, false: Point) -> Brief:
    swap: Callable[[Point], Point] = lambda one: false if one == point else one  # noqa: E731
    groups = tuple(replace(group, points=tuple(swap(one) for one in group.points)) for group in made.groups)
    return replace(made, core=swap(made.core), groups=groups)


def _falsified(
    point: Point, made: Brief, document: Document, draw: random.Random
) -> Iterator[tuple[str, str, tuple[int, ...]]]:
    text = point.text
    folded = fold(text)
    source = " ".join(dict(made.passages).get(n, "") for n in point.cites)
    found = [one for one in quantities(folded) if one.value is not None]
    rivals = re.findall(r"\d[\d,.]*\d|\d", fold(source))
    for one in found:
        digits = re.search(r"\d[\d,]*(?:\.\d+)?", folded[one.start : one.end])
        if digits is None:
            continue
        start, end = one.start + digits.start(), one.start + digits.end()
        others = [rival for rival in rivals if rival.replace(",", "") != digits[0].replace(",", "")]
        fresh = str(int(float(digits[0].replace(",", "")) * 1.1) + 1)
        for number in dict.fromkeys([fresh, *draw.sample(others, min(2, len(others)))]):
            yield "number", text[:start] + number + text[end:], point.cites
    yield from (("name", changed, point.cites) for changed in _renamed(text, folded, source, draw))
    for table, kind in ((UNITS, "unit"), (TURNS, "direction")):
        for old, new in table:
            at = _word(text, old)
            if at is not None and (kind == "direction" or _inside(at, found)):
                yield kind, text[:at] + new + text[at + len(old) :], point.cites
    for word in HEDGES:
        at = _word(text, word)
        # "About" and "over" compare only where a figure follows.
        if at is not None and (word not in COMPARING or _FIGURE.match(folded, at + len(word))):
            yield "hedge", " ".join((text[:at] + text[at + len(word) :]).split(" ")), point.cites
    for match in re.finditer(r"[「“\"]([^「」“”\"]{6,})[」”\"]", text):
        middle = (match.start(1) + match.end(1)) // 2
        yield "quote", text[:middle] + draw.choice("魑Q") + text[middle:], point.cites
    others = [p.n for p in document.passages if p.kind in SPOKEN and p.n not in point.cites]
    for n in draw.sample(others, min(2, len(others))):
        yield "citation", text, (n,)


def _renamed(text: str, folded: str, source: str, draw: random.Random) -> Iterator[str]:
    chinese = bool(re.search(r"[\u4e00-\u9fff]", text))
    here = {named.entity.id: named.entity for named in find(fold(source))}
    for named in find(folded):
        one = named.entity
        family = [other for other in entities(one.kind) if other.id != one.id and (other.zh if chinese else other.en)]
        near = [other for other in here.values() if other.kind == one.kind and other.id != one.id]
        for other in [*draw.sample(near, min(1, len(near))), *draw.sample(family, min(1, len(family)))]:
            if (one.kind in ("country", "government") and other.place == one.place) or one.kind == "stage":
                continue
            yield text[: named.start] + (other.zh if chinese else other.en) + text[named.end :]


def _word(text: str, word: str) -> int | None:
    if word[0].isascii() and word[0].isalpha():
        match = re.search(rf"(?<![A-Za-z]){re.escape(word)}(?![A-Za-z])", text)
        return match.start() if match else None
    at = text.find(word)
    return at if at >= 0 else None


def _inside(at: int, found: Sequence[object]) -> bool:
    return any(one.start <= at <= one.end for one in found)  # type: ignore[attr-defined]


def measure(folder: Path, gold: Path | None, lang: Literal["zh", "en"] | None, points: int | None) -> Score:
    """Fidelity, length and coverage of briefs over a folder."""
    score = Score()
    by_document: dict[str, list[dict[str, object]]] = defaultdict(list)
    for line in gold.read_text(encoding="utf-8").splitlines() if gold else ():
        record = json.loads(line)
        by_document[str(record["doc"]).replace("brief:", "brief-").replace("corpus:", "") + ".txt"].append(record)
    for document in documents(folder):
        made = brief(document, claims_of(document), lang=lang, points=points)
        score.documents += 1
        score.dropped += len(made.dropped)
        score.missed += [f"{document.path}: dropped ({one.why}) {one.text[:80]}" for one in made.dropped]
        faithful(made, document, score)
        spoken = [document.words(p) for p in document.passages if p.kind in SPOKEN]
        score.lengths[0] += sum(len(point.text) for point in made.points())
        score.lengths[1] += sum(len(words) for words in spoken)
        covered(made, document, by_document.get(document.path, []), score)
    return score


def mutate(
    folder: Path, lang: Literal["zh", "en"] | None, *, model: bool
) -> tuple[Counter[str], Counter[str], list[str]]:
    """Lies by kind, those caught by kind, and the ones that got through; true points dropped count as kind ``true``."""
    made_of, stopped, through = Counter[str](), Counter[str](), list[str]()
    for document in documents(folder):
        known = claims_of(document)
        honest = brief(document, known, lang=lang)
        if model:
            honest = replace(honest, maker="model:bench")
            checked, lost = verify(honest, document, known)
            made_of["true"] += sum(1 for _ in honest.points())
            stopped["true"] += len(lost)
            through += [f"true point dropped: {one.why}: {one.text}" for one in lost]
            honest = checked
        for lie in lies(honest, document):
            made_of[lie.kind] += 1
            if caught(lie, document, known):
                stopped[lie.kind] += 1
            else:
                through.append(f"{lie.kind}: {lie.point.text} {lie.point.cites}")
    return made_of, stopped, through


def scored(quick: bool) -> Section:  # noqa: FBT001
    """Fidelity over the documents that come with Ytterby, and the share of lies that are caught."""
    rows = []
    for lang in (None,) if quick else LANGS:
        score = measure(CORPUS, None, lang, POINTS)
        false, stopped, _ = mutate(CORPUS, lang, model=False)
        shares = [
            f"{good / all_:.3f}" if all_ else "–" for good, all_ in (score.citations, score.figures, score.quotes)
        ]
        lies_caught = f"{sum(stopped.values())} / {sum(false.values())}"
        length = f"{score.lengths[0] / score.lengths[1]:.2f}"
        rows.append((lang or "own language", *shares, str(score.points), str(score.dropped), length, lies_caught))
    columns = ("briefs", "citations", "figures", "quotes", "points", "dropped", "length", "lies caught")
    notes = (
        f"shipped documents, {POINTS} points at most; what stands where it is cited, by checks of the bench's own",
        "length is the brief's over the text's; a lie is one point with one word falsified",
    )
    return Section("Briefs", columns, tuple(rows), notes)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command."""
    made = argparse.ArgumentParser(
        prog="python -m bench.briefs", description="Measure briefs over a folder of documents."
    )
    made.add_argument("folder", type=Path)
    made.add_argument("--gold", type=Path, help="claims read by hand, one JSON record a line")
    made.add_argument("--points", type=int)
    made.add_argument("--show", action="store_true", help="also print what was missed and which lies got through")
    given = made.parse_args(arguments)
    for lang in (None, "zh", "en"):
        score = measure(given.folder, given.gold, lang, given.points)
        print(_row(lang or "own", score))
        if given.show:
            print("\n".join(f"    {line}" for line in score.missed))
    for lang, model in ((None, False), ("zh", False), ("en", False), (None, True), ("zh", True), ("en", True)):
        all_, stopped, through = mutate(given.folder, lang, model=model)
        false = {kind: number for kind, number in all_.items() if kind != "true"}
        share = sum(stopped[kind] for kind in false) / max(sum(false.values()), 1)
        each = ", ".join(f"{kind} {stopped[kind]}/{number}" for kind, number in sorted(false.items()))
        alarms = f"; true points dropped {stopped['true']}/{all_['true']}" if model else ""
        print(f"lies caught ({lang or 'own'}, {'model' if model else 'rules'}): {share:.4f}  [{each}]{alarms}")
        if given.show:
            print("\n".join(f"    {line}" for line in through))
    return 0


def _row(lang: str, score: Score) -> str:
    def share(pair: Sequence[int]) -> str:
        return f"{pair[0] / pair[1]:.4f}" if pair[1] else "–"

    gold = ""
    if score.gold[0]:
        gold = (
            f"  gold covered {score.gold[1] / score.gold[0]:.3f} (first sentences {score.gold[2] / score.gold[0]:.3f})"
        )
    return (
        f"briefs ({lang}): {score.documents} documents, {score.points} points, dropped {score.dropped}; "
        f"citations {share(score.citations)}, figures {share(score.figures)}, quotes {share(score.quotes)}; "
        f"length {share(score.lengths)}{gold}"
    )


if __name__ == "__main__":
    sys.exit(main())
