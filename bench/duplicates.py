"""Home to the measure of duplicates: pairs of texts that are copies or only look so.

`python -m bench.duplicates [--documents DIR] [--size N]`. Copies are made of the documents at hand and of made-up
articles: the other script, the first two thirds, light edits, another outlet's head. What only looks like a copy is the
same text with other figures and months, which is how notices of customs and prices are written. Beside stands plain
MinHash with the same signatures at its best threshold, which cannot tell the two apart.
"""

from __future__ import annotations

import argparse
import random
import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path

from bench.articles import articles, document
from bench.search import CORPUS, documents
from bench.table import Section, as_text
from ytterby.evidence.documents import SPOKEN, Document
from ytterby.evidence.duplicates import Clusterer, clusters
from ytterby.evidence.search.tokens import lowered, units

Pair = frozenset[str]


def swapped(text: str, rng: random.Random) -> str:
    """The text with other figures, of the same length and look."""

    def other(match: re.Match[str]) -> str:
        digit = match[0]
        return rng.choice([one for one in "123456789" if one != digit])

    return re.sub(r"[1-9]", other, text)


def edited(text: str, rng: random.Random) -> str:
    """The text with a few words changed, none of them a figure."""
    changes = {
        "表示": "指出", "公布": "发布", "认为": "称", "需要": "须要", "said": "stated", "showed": "revealed",
        "repeated": "reiterated", "plans": "intends", "预计": "料", "其中": "当中",
    }  # fmt: skip
    for old, new in changes.items():
        text = text.replace(old, new)
    words = text.split(" ")
    if len(words) > 30:
        at = rng.randrange(len(words) - 1)
        if not re.search(r"\d", words[at]):
            words.insert(at, words[at])
    return " ".join(words)


def _traditional() -> Callable[[str], str]:
    from importlib.resources import files

    table: dict[str, str] = {}
    listing = files("opencc").joinpath("dictionary", "STCharacters.txt").read_text(encoding="utf-8")
    for line in listing.splitlines():
        simplified, _, forms = line.partition("\t")
        if len(simplified) == 1 and forms:
            table[simplified] = forms.split(" ")[0]
    return lambda text: text.translate(str.maketrans(table))


def scene(originals: Sequence[Document], seed: int = 7) -> tuple[list[Document], set[Pair], set[Pair], dict[str, str]]:
    """Documents, pairs that are copies, pairs that must never be merged, and what each copy was made by."""
    rng = random.Random(seed)
    other_script = _traditional()
    made: list[Document] = []
    copies: set[Pair] = set()
    never: set[Pair] = set()
    how: dict[str, str] = {}
    # Two versions of one article are copies by themselves: the first of a title will do.
    for original in {one.title or one.id: one for one in reversed(originals)}.values():
        text = _stated(original)
        base = document(original.id, text.split("\n"), original.title, original.lang, original.date)
        ways = {
            "edited": edited(text, rng),
            "cut": text[: len(text) * 2 // 3],
            "another head": f"{'本报综合消息，' if original.lang != 'en' else 'From our own sources. '}{text}",
        }
        if original.lang == "zh":
            ways["other script"] = other_script(text)
        family = [base]
        for way, copy in ways.items():
            family.append(document(f"{original.id}+{way}", copy.split("\n"), "", original.lang, original.date))
            how[family[-1].id] = way
        strangers = [
            document(f"{original.id}~{n}", swapped(text, rng).split("\n"), original.title, original.lang, original.date)
            for n in range(2)
        ]
        copies |= {frozenset((one.id, two.id)) for one, two in combinations(family, 2)}
        if all(re.search(r"[1-9]", _stated(one)) for one in strangers):
            never |= {
                frozenset((one.id, two.id)) for one in strangers for two in (*family, *strangers) if one is not two
            }
        made += [*family, *strangers]
    return made, copies, never, how


def _stated(original: Document) -> str:
    spoken = [original.words(passage) for passage in original.passages if passage.kind in SPOKEN]
    return "\n".join(spoken) or original.text


def merged(groups: Iterable[Sequence[str]]) -> set[Pair]:
    """Every pair of a grouping."""
    return {frozenset(pair) for group in groups for pair in combinations(group, 2)}


def plain(made: Sequence[Document], threshold: float) -> set[Pair]:
    """Pairs by MinHash and LSH alone, over the same shingles."""
    from rensa import RMinHash

    signatures: dict[str, list[int]] = {}
    for one in made:
        words = [unit.text for unit in units(lowered(_stated(one)))]
        signature = RMinHash(num_perm=128, seed=1)
        signature.update([" ".join(words[at : at + 4]) for at in range(max(1, len(words) - 3))])
        signatures[one.id] = signature.digest()
    found = set()
    for one, other in combinations(signatures, 2):
        equal = sum(a == b for a, b in zip(signatures[one], signatures[other], strict=True))
        if equal >= threshold * 128:
            found.add(frozenset((one, other)))
    return found


def quality(originals: Sequence[Document]) -> Section:
    """Precision, recall and F1 of pairs; number-swapped pairs merged."""
    made, copies, never, how = scene(originals)
    ours = merged(cluster.members for cluster in clusters(made))
    tried = {threshold / 20: plain(made, threshold / 20) for threshold in range(6, 20)}
    best = max(tried, key=lambda threshold: _scores(tried[threshold], copies)[2])
    rows = [
        _row("ours", ours, copies, never),
        _row(f"plain MinHash at {best:.2f}", tried[best], copies, never),
    ]
    for way in sorted(set(how.values())):
        pairs = {frozenset((name, name.partition("+")[0])) for name, by in how.items() if by == way}
        rows.append((f"  {way}", "", f"{len(pairs & ours) / len(pairs):.3f}", "", ""))
    return Section(
        "Duplicates: pairs",
        ("grouping", "precision", "recall", "F1", "other figures merged"),
        tuple(rows),
        (
            f"{len(made)} texts of {len(originals)} originals: {len(copies)} pairs of copies, {len(never)} pairs that "
            "differ in figures only",
            "indented: share of the copies of one making that meet their original; plain has its threshold fitted here",
        ),
    )


def _row(name: str, found: set[Pair], copies: set[Pair], never: set[Pair]) -> tuple[str, ...]:
    return (name, *(f"{score:.3f}" for score in _scores(found, copies)), f"{len(found & never)} of {len(never)}")


def _scores(found: set[Pair], copies: set[Pair]) -> tuple[float, float, float]:
    right = len(found & copies)
    precision, recall = right / max(1, len(found)), right / max(1, len(copies))
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def speed(size: int) -> Section:
    """Documents a second, one by one, every tenth a copy."""
    clusterer = Clusterer()
    made = list(_with_copies(size))
    began = time.perf_counter()
    for one in made:
        clusterer.add(one)
    took = time.perf_counter() - began
    found = clusterer.clusters()
    wrong = sum(len({name.partition("+")[0] for name in cluster.members}) > 1 for cluster in found)
    copies = sum("+" in one.id for one in made)
    met = sum(len(cluster.members) - 1 for cluster in found)
    return Section(
        f"Duplicates: {size:,} templated articles",
        ("documents/s", "copies", "met", "wrong clusters"),
        ((f"{size / took:,.0f}", str(copies), str(met), str(wrong)),),
        ("all articles come from two templates with figures of their own; every tenth is a copy of the one before",),
    )


def _with_copies(size: int) -> Iterator[Document]:
    last: Document | None = None
    for at, one in enumerate(articles(size, seed=3)):
        if last is not None and at % 10 == 9:
            yield replace(last, id=f"{last.id}+copy", text=last.text + " .")
        else:
            yield one
        last = one


def sections(quick: bool) -> Iterator[Section]:  # noqa: FBT001
    """The tables for `python -m bench`."""
    yield quality([*documents(), *articles(20)])
    yield speed(3_000 if quick else 20_000)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command."""
    made = argparse.ArgumentParser(prog="python -m bench.duplicates", description="Measure near duplicates.")
    made.add_argument("--documents", type=Path, default=CORPUS)
    made.add_argument("--size", type=int, default=20_000, help="templated articles for the speed; 0 leaves it out")
    given = made.parse_args(arguments)
    print(as_text(quality([*documents(given.documents), *articles(20)])), end="\n\n", flush=True)
    if given.size:
        print(as_text(speed(given.size)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
