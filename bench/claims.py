"""Home to the score of reading: claims extracted from a folder of documents against claims a reader marked.

`python -m bench.claims [--documents DIR] [--gold FILE] [--held-out] [--misses] [--json]`. Within a document, extracted
and marked claims whose spans overlap are paired one to one (the assignment that agrees most: `linear_sum_assignment`),
and each pair is compared slot by slot (`bench.agree` says how). A level counts a pair when everything up to it agrees:

- mention: the spans overlap; value+unit: figure and unit too; + kind, + subject: each beside value and unit;
- full tuple: value, unit, kind, sign, subject and modality.

Precision counts every extracted claim that states a figure and lies in a document with gold: what no reader marked is
wrong here even where it is true, so precision is a lower bound where gold is not exhaustive; recall does not suffer.
A claim without figure (a measure, a direction) beside a marked line that it overlaps is not held against precision.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bench import agree, plain
from bench.gold import BadGold, Gold, file_of, lines, placed, read
from bench.table import Section, as_text
from ytterby.evidence.claims import Claim
from ytterby.evidence.documents import Document

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT / "src" / "ytterby" / "data" / "corpus"
DEV = ROOT / "tests" / "evidence" / "gold" / "dev.jsonl"
HELD_OUT = ROOT / "tests" / "evidence" / "gold" / "held_out.jsonl"
SECOND, BLIND = (ROOT / "tests" / "evidence" / "gold" / name for name in ("second", "blind"))
SETS = (
    ("first half", CORPUS, DEV),
    ("second half", CORPUS, HELD_OUT),
    ("second set", SECOND, SECOND / "gold.jsonl"),
    ("blind set", BLIND, BLIND / "gold.jsonl"),
)

Extract = Callable[[Document], list[Claim]]
LEVELS = ("mention", "value+unit", "+ kind", "+ subject", "full tuple")


@dataclass(frozen=True)
class Pair:
    """A marked line and the claim it was paired with, with what agrees."""

    gold: Gold
    claim: Claim
    value: bool
    kind: bool
    slots: dict[str, bool]
    shared: float
    """Characters in both spans over characters in either."""

    def reaches(self, level: str) -> bool:
        """Whether the pair counts at a level."""
        slots = self.slots
        whole = self.kind and all(slots[name] for name in ("sign", "subject", "modality"))
        return {
            "mention": True,
            "value+unit": self.value,
            "+ kind": self.value and self.kind,
            "+ subject": self.value and slots["subject"],
            "full tuple": self.value and whole,
        }[level]


@dataclass(frozen=True)
class Rate:
    """Found out of what was claimed and out of what was marked."""

    hits: int
    claimed: int
    marked: int

    @property
    def precision(self) -> float:
        return self.hits / self.claimed if self.claimed else 0.0

    @property
    def recall(self) -> float:
        return self.hits / self.marked if self.marked else 0.0

    @property
    def f1(self) -> float:
        both = self.claimed + self.marked
        return 2 * self.hits / both if both else 0.0


@dataclass(frozen=True)
class Score:
    """One extractor on one set: its pairs, what it missed, what it added."""

    pairs: tuple[Pair, ...]
    missed: tuple[Gold, ...]
    extra: tuple[tuple[str, Claim], ...]
    """With the doc; claims beside a marked line that state no figure are left out."""

    def among(self, docs: set[str]) -> Score:
        """The score over some of the documents."""
        return Score(
            tuple(pair for pair in self.pairs if pair.gold.doc in docs),
            tuple(gold for gold in self.missed if gold.doc in docs),
            tuple((doc, claim) for doc, claim in self.extra if doc in docs),
        )

    def rate(self, level: str, *, figured: bool = True) -> Rate:
        """A level's rate over lines that state a figure, or over all lines."""
        pairs = [pair for pair in self.pairs if pair.gold.figured or not figured]
        # A figured claim that overlaps a line without figure is no hit, yet it was claimed.
        astray = [pair for pair in self.pairs if figured and not pair.gold.figured and states(pair.claim)]
        marked = len(pairs) + sum(1 for gold in self.missed if gold.figured or not figured)
        claimed = sum(1 for pair in pairs if states(pair.claim) or not figured) + len(astray)
        claimed += sum(1 for _, claim in self.extra if states(claim) or not figured)
        hits = sum(1 for pair in pairs if pair.reaches(level))
        return Rate(hits, max(claimed, hits), marked)

    def slot(self, name: str) -> tuple[int, int]:
        """How often a slot agrees among the pairs whose value and unit do."""
        told = [pair for pair in self.pairs if pair.value and _asked(name, pair.gold)]
        return sum(1 for pair in told if pair.slots[name]), len(told)

    def measures(self) -> Rate:
        """Policy measures found: the span overlaps and the kind is one a measure comes out in."""
        pairs = [pair for pair in self.pairs if pair.gold.kind in ("policy_measure", "measure")]
        missed = sum(1 for gold in self.missed if gold.kind in ("policy_measure", "measure"))
        hits = sum(1 for pair in pairs if pair.kind)
        return Rate(hits, len(pairs), len(pairs) + missed)

    def measure_slots(self) -> dict[str, tuple[int, int]]:
        """Slots of the policy measures found."""
        found = [pair for pair in self.pairs if pair.gold.kind in ("policy_measure", "measure") and pair.kind]
        made = {}
        for name in ("subject", "object", "place", "time", "modality"):
            asked = [pair for pair in found if _asked(name, pair.gold)]
            made[name] = (sum(1 for pair in asked if pair.slots[name]), len(asked))
        slotted = [pair for pair in found if pair.gold.measure]
        made["action, instrument, dates"] = (sum(agree.decision(p.gold, p.claim) for p in slotted), len(slotted))
        return made


def states(claim: Claim) -> bool:
    """Whether a claim states a number or a day."""
    return claim.value is not None or claim.low is not None or claim.high is not None or claim.kind == "date"


def score(documents: dict[str, Document], gold: Iterable[Gold], extract: Extract) -> Score:
    """An extractor on documents by doc name; every document with gold is read once."""
    marked: dict[str, list[Gold]] = defaultdict(list)
    for line in gold:
        start, end = placed(line, documents[line.doc].text)
        marked[line.doc].append(replace(line, start=start, end=end))
    pairs: list[Pair] = []
    missed: list[Gold] = []
    extra: list[tuple[str, Claim]] = []
    for doc in sorted(marked):
        mine, left = _paired(marked[doc], extract(documents[doc]))
        pairs += mine
        found = {pair.gold.number for pair in mine}
        missed += [line for line in marked[doc] if line.number not in found]
        extra += [(doc, claim) for claim in left if states(claim) or not _beside(claim, marked[doc])]
    return Score(tuple(pairs), tuple(missed), tuple(extra))


def _paired(marked: Sequence[Gold], claims: Sequence[Claim]) -> tuple[list[Pair], list[Claim]]:
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    if not claims:
        return [], []
    made: dict[tuple[int, int], Pair] = {}
    weight = np.zeros((len(marked), len(claims)))
    for i, line in enumerate(marked):
        for j, claim in enumerate(claims):
            shared = _shared(line, claim)
            if shared > 0:
                made[i, j] = _compared(line, claim, shared)
                weight[i, j] = _weight(made[i, j])
    chosen = zip(*linear_sum_assignment(weight, maximize=True), strict=True)
    kept = [(int(i), int(j)) for i, j in chosen if (int(i), int(j)) in made]
    taken = {j for _, j in kept}
    return [made[at] for at in kept], [claim for j, claim in enumerate(claims) if j not in taken]


def _compared(line: Gold, claim: Claim, shared: float) -> Pair:
    slots = {name: same(line, claim) for name, same in agree.SLOTS.items()}
    return Pair(line, claim, agree.value(line, claim), claim.kind in agree.kinds_of(line), slots, shared)


def _weight(pair: Pair) -> float:
    """Value first, then kind, then the other slots, then how much of the span is shared; any overlap beats none."""
    return 1.0 + 8.0 * pair.value + 3.0 * pair.kind + 0.25 * sum(pair.slots.values()) + 0.5 * pair.shared


def _shared(line: Gold, claim: Claim) -> float:
    """Shared characters over all characters of both spans; 0 where they do not meet."""
    if claim.start is None or claim.end is None:
        return 0.0
    both = min(line.end, claim.end) - max(line.start, claim.start)
    return max(0, both) / max(1, max(line.end, claim.end) - min(line.start, claim.start))


def _beside(claim: Claim, marked: Sequence[Gold]) -> bool:
    return any(_shared(line, claim) > 0 for line in marked)


def _asked(name: str, gold: Gold) -> bool:
    told = {"attributed to": gold.attributed_to, "place": gold.place, "object": gold.object, "subject": gold.subject}
    if name == "time":
        return agree.span_of(gold.time) is not None
    return bool(told.get(name, True))


def loaded(folder: Path, gold: Sequence[Gold]) -> dict[str, Document]:
    """The documents that gold lines name, read."""
    return {doc: read(file_of(folder, doc)) for doc in sorted({line.doc for line in gold})}


def sections(ours: Score | None, base: Score, title: str) -> list[Section]:
    """The tables that are printed."""
    made = []
    for figured, what in ((True, "lines with a figure"), (False, "all lines")):
        rows = []
        for level in LEVELS:
            cells = [level]
            for one in (ours, base):
                rate = one.rate(level, figured=figured) if one else None
                cells += [f"{x:.3f}" for x in (rate.precision, rate.recall, rate.f1)] if rate else ["-", "-", "-"]
            rows.append(tuple(cells))
        marked = base.rate("mention", figured=figured).marked
        columns = ("agree up to", "P", "R", "F1", "plain P", "plain R", "plain F1")
        made.append(Section(f"{title}: {what} ({marked})", columns, tuple(rows)))
    if ours:
        made.append(_slots(ours, base))
        made.append(_kinds(ours))
        made.append(_languages(ours))
    return made


def _slots(ours: Score, base: Score) -> Section:
    rows = [(name, _share(ours.slot(name)), _share(base.slot(name))) for name in agree.SLOTS]
    rows.append(("span: half or more is shared", _share(_close(ours)), _share(_close(base))))
    found = ours.measures()
    plain_found = base.measures()
    rows.append(
        ("measures: recall", _share((found.hits, found.marked)), _share((plain_found.hits, plain_found.marked)))
    )
    base_slots = base.measure_slots()
    rows += [(f"measures: {name}", _share(got), _share(base_slots[name])) for name, got in ours.measure_slots().items()]
    note = "slots are counted where value and unit agree and the reader marked the slot"
    return Section("Slots", ("slot", "agrees", "plain"), tuple(rows), (note,))


def _close(one: Score) -> tuple[int, int]:
    told = [pair for pair in one.pairs if pair.value]
    return sum(1 for pair in told if pair.shared >= 0.5), len(told)


def _kinds(ours: Score) -> Section:
    rows = []
    for kind in sorted({pair.gold.kind for pair in ours.pairs} | {gold.kind for gold in ours.missed}):
        mine = [pair for pair in ours.pairs if pair.gold.kind == kind]
        marked = len(mine) + sum(1 for gold in ours.missed if gold.kind == kind)
        counts = (sum(1 for pair in mine if pair.reaches(level)) for level in LEVELS)
        rows.append((kind, str(marked), *(f"{count / marked:.2f}" for count in counts)))
    return Section("Recall by kind", ("kind", "marked", *LEVELS), tuple(rows))


def _languages(ours: Score) -> Section:
    spoken: dict[str, set[str]] = defaultdict(set)
    for gold in (*(pair.gold for pair in ours.pairs), *ours.missed):
        spoken[gold.lang or "not told"].add(gold.doc)
    rows = []
    for lang, docs in sorted(spoken.items()):
        one = ours.among(docs)
        rows.append((lang, str(len(docs)), *(f"{one.rate(level).f1:.3f}" for level in LEVELS)))
    return Section("F1 by language, lines with a figure", ("language", "documents", *LEVELS), tuple(rows))


def _share(got: tuple[int, int]) -> str:
    return f"{got[0]}/{got[1]} = {got[0] / got[1]:.3f}" if got[1] else "-"


def scored(quick: bool) -> Section:  # noqa: FBT001
    """F1 on both halves of the corpus that ships and on two more sets, beside the plain baseline; the bench's table."""
    from ytterby.evidence.extract import extract

    rows = []
    for half, folder, path in SETS:
        gold = lines(path)
        documents = loaded(folder, gold)
        for what, reader in (("", extract), (", plain baseline", plain.extract)):
            one = score(documents, gold, reader)
            found = (f"{one.rate(level).f1:.3f}" for level in LEVELS)
            rows.append((f"{half}{what}", str(len(documents)), str(len(gold)), *found, f"{one.measures().recall:.3f}"))
    notes = (
        "F1 of claims with a figure, paired one to one with what a reader marked; last: recall of policy measures",
        "the first rules were written without sight of the second half and the second set, and then mended on them; "
        "of the blind set only scores were ever looked at; unmarked figures count against precision",
    )
    return Section("Claims read", ("corpus", "documents", "lines", *LEVELS, "measures"), tuple(rows), notes)


def misses(ours: Score) -> list[str]:
    """What was missed, what differs and what was added, in the order of the documents."""
    said = []
    for pair in ours.pairs:
        wrong = [] if pair.value else ["value+unit"]
        wrong += [] if pair.kind else ["kind"]
        wrong += [name for name, same in pair.slots.items() if not same]
        wrong += [] if agree.decision(pair.gold, pair.claim) else ["decision"]
        if wrong:
            told = f"DIFFERS {', '.join(wrong)}\n{_marked(pair.gold)}\n{_found(pair.claim)}"
            said.append((pair.gold.doc, pair.gold.start, told))
    said += [(gold.doc, gold.start, f"MISSED\n{_marked(gold)}") for gold in ours.missed]
    said += [(doc, claim.start or 0, f"EXTRA\n{_found(claim)}") for doc, claim in ours.extra]
    return [f"{doc} {at}: {text}" for doc, at, text in sorted(said)]


def _marked(gold: Gold) -> str:
    figure = gold.value if gold.value is not None else f"{gold.low}..{gold.high}"
    slots = (
        gold.kind,
        gold.subject,
        gold.object,
        gold.place,
        f"{gold.op}{figure} {gold.unit}",
        gold.time,
        gold.polarity,
    )
    who = f" by {gold.attributed_to}" if gold.attributed_to else ""
    note = f" ({gold.note})" if gold.note else ""
    decided = f" {gold.measure}" if gold.measure else ""
    return f"    gold  {' · '.join(slots)}{who}{note}{decided}\n          “{gold.sentence}”"


def _found(claim: Claim) -> str:
    figure = claim.value if claim.value is not None else f"{claim.low}..{claim.high}"
    times = " ".join(
        f"{name}={told}" for name in ("period", "as_of", "by", "against") if (told := getattr(claim, name))
    )
    places = f"{claim.place}→{claim.counterpart}"
    slots = (claim.kind, claim.subject, claim.object, places, f"{claim.comparator}{figure} {claim.unit}", times)
    who = f" by {claim.attributed_to}" if claim.attributed_to else ""
    decided = f" {claim.measure.model_dump(exclude_defaults=True)}" if claim.measure else ""
    return f"    claim {' · '.join(slots)} · {claim.modality}{who}{decided}\n          “{claim.quote}”"


def as_json(ours: Score) -> dict[str, Any]:
    """Every rate by name."""
    levels = {
        name: {
            level: {"precision": rate.precision, "recall": rate.recall, "f1": rate.f1}
            for level in LEVELS
            for rate in [ours.rate(level, figured=figured)]
        }
        for name, figured in (("figures", True), ("all", False))
    }
    slots = {name: ours.slot(name) for name in agree.SLOTS}
    kinds = Counter(gold.kind for gold in ours.missed)
    return {**levels, "slots": slots, "measures": ours.measures().recall, "missed by kind": dict(kinds)}


def parser() -> argparse.ArgumentParser:
    """The command's options."""
    made = argparse.ArgumentParser(prog="python -m bench.claims", description="Score extracted claims against gold.")
    made.add_argument("--documents", type=Path, help="folder of documents (default: the corpus that ships)")
    made.add_argument(
        "--gold", type=Path, help="gold file (default: gold.jsonl in the folder, else the corpus's dev half)"
    )
    made.add_argument("--held-out", action="store_true", help="the corpus's other half; scores only")
    made.add_argument("--misses", action="store_true", help="list what was missed, what differs and what was added")
    made.add_argument("--json", action="store_true", help="one JSON object instead of tables")
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command."""
    given = parser().parse_args(arguments)
    folder = given.documents or CORPUS
    beside = folder / "gold.jsonl"
    path = given.gold or (HELD_OUT if given.held_out else beside if beside.is_file() else DEV)
    try:
        gold = lines(path)
        documents = loaded(folder, gold)
        base = score(documents, gold, plain.extract)
    except (BadGold, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    try:
        from ytterby.evidence.extract import extract
    except ImportError:
        sys.stderr.write("ytterby.evidence.extract is not there yet: the plain baseline alone\n")
        ours = None
    else:
        ours = score(documents, gold, extract)
    if given.json:
        print(json.dumps(as_json(ours or base), indent=1))
        return 0
    for section in sections(ours, base, f"{len(documents)} documents, {len(gold)} lines of {path.name}"):
        print(as_text(section), end="\n\n")
    print("(precision counts every figure in documents with gold; what the reader left unmarked counts against it)")
    if given.misses and ours:
        print("\n".join(misses(ours)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
