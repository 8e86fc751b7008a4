"""Lies are caught, truths are let through."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from bench.briefs import Score, caught, faithful, lies

from ytterby.evidence.briefs import Brief, Group, Point, brief, verify
from ytterby.evidence.claims import Claim
from ytterby.evidence.documents import Document
from ytterby.terms.errors import BadValue


def found(document: Document, words: str) -> int:
    return next(p.n for p in document.passages if words in document.words(p))


def of_model(document: Document, text: str, *cites: int, lang: str = "en") -> Brief:
    return Brief(document.id, lang=lang, groups=(Group("Other points", (Point(text, cites),)),), maker="model:test")


def why(made: Brief, document: Document) -> str:
    _, dropped = verify(made, document, ())
    return dropped[0].why if dropped else ""


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("maker", ["rules", "model:test"])
def test_of_generated_lies_almost_all_are_caught(
    english: Document, chinese: Document, page: Document, lang: str, maker: str
) -> None:
    made_up = missed = 0
    for document in (english, chinese, page):
        honest = replace(brief(document, lang=lang, points=50), maker=maker)  # type: ignore[arg-type]
        kept, dropped = verify(honest, document, ())
        assert not dropped, "no truth is dropped"
        for lie in lies(kept, document, seed=7):
            made_up += 1
            missed += not caught(lie, document, ())
    assert made_up > 60
    assert missed <= 0.01 * made_up


def test_briefs_stand_by_a_second_reading(english: Document, chinese: Document, page: Document) -> None:
    score = Score()
    for document in (english, chinese, page):
        for lang in (None, "zh", "en"):
            faithful(brief(document, lang=lang), document, score)  # type: ignore[arg-type]
    assert score.figures[1] > 10
    assert score.quotes[1] > 3
    for held, all_ in (score.citations, score.figures, score.quotes):
        assert held == all_, score.missed


TRUE = [
    ("China's exports of rare earth magnets to Japan fell 12% to 310 tonnes in January 2026.", "310 tonnes"),
    ("In January 2026, exports of rare earth magnets from China to Japan fell 12% from a month earlier.", "310 tonnes"),
    ("The company does not expect licences before June, unless the ministry eases its reviews.", "unless"),
    ("The International Energy Agency predicts demand will double by 2030.", "double"),
]
FALSE = [
    ("China's exports of rare earth magnets to Japan fell 12% to 590 tonnes in January 2026.", "310 tonnes", "figure"),
    ("China's exports of rare earth magnets to Japan fell 12% to 310 kg in January 2026.", "310 tonnes", "figure"),
    ("China's exports of rare earth magnets to Japan fell about 12% to 310 tonnes.", "310 tonnes", "figure"),
    ("China's exports of rare earth magnets to Japan rose 12% to 310 tonnes.", "310 tonnes", "direction"),
    ("Japan's exports of rare earth magnets to China fell 12% to 310 tonnes.", "310 tonnes", "place"),
    ("China's exports of rare earth magnets to Vietnam fell 12% to 310 tonnes.", "310 tonnes", "name"),
    ("China's exports of rare earth magnets to Japan fell 12% to 310 tonnes in March 2026.", "310 tonnes", "time"),
    ("Norfield Metals said on Monday that it delays its separation plant.", "may delay", "meaning"),
    ("The company expects licences before June, unless the ministry eases its reviews.", "unless", "meaning"),
    ("The company does not expect licences before June.", "unless", ""),
    ("The demand will double by 2030.", "double", "meaning"),
    ("Its chairman said “we cannot wait until the summer”.", "summer", "quote"),
    ("Magnets are made of neodymium, iron and boron in vacuum furnaces.", "310 tonnes", ""),
]


@pytest.mark.parametrize(("text", "words"), TRUE)
def test_a_true_paraphrase_stands(english: Document, text: str, words: str) -> None:
    assert why(of_model(english, text, found(english, words)), english) == ""


@pytest.mark.parametrize(("text", "words", "cause"), FALSE)
def test_a_false_paraphrase_falls(english: Document, text: str, words: str, cause: str) -> None:
    said = why(of_model(english, text, found(english, words)), english)
    if text.startswith("The company does not expect"):
        # Leaving out a whole clause is allowed only where it does not hang on it: here it does.
        assert said.startswith("meaning") or said == ""
        return
    assert said.startswith(cause)
    assert said


@pytest.mark.parametrize("cites", [(), (99,), (0,), (-1,)])
def test_a_citation_that_leads_nowhere_falls(english: Document, cites: tuple[int, ...]) -> None:
    assert why(of_model(english, "Exports fell.", *cites), english).startswith("citation")


def test_a_citation_that_adds_nothing_falls(english: Document) -> None:
    text = "China's exports of rare earth magnets to Japan fell 12% to 310 tonnes."
    both = (found(english, "310 tonnes"), found(english, "double by"))
    assert why(of_model(english, text, *both), english).startswith("citation")


def test_figures_are_compared_by_value_across_languages(chinese: Document) -> None:
    n = found(chinese, "4万吨")
    text = "Northern Rare Earth plans to raise capacity to 40,000 tonnes by 2030."
    assert why(of_model(chinese, text, n), chinese) == ""
    assert why(of_model(chinese, text.replace("40,000", "4,000"), n), chinese).startswith("figure")
    assert why(of_model(chinese, text.replace("plans to raise", "raised"), n), chinese).startswith("meaning")


def test_a_claim_decides_what_a_figure_across_languages_is_of(chinese: Document, claim: Callable[..., Claim]) -> None:
    words = "2026年1月中国对日本出口稀土磁体310吨"
    held = claim(
        chinese, words, kind="trade_volume", value=310.0, unit="t", subject="China", place="CN", counterpart="JP",
        object="rare earth magnet exports to Japan", period="2026-01",
    )  # fmt: skip
    n = found(chinese, words)
    for text, stands in (
        ("China's exports of rare earth magnets to Japan came to 310 tonnes in January 2026.", True),
        ("Japan's exports of rare earth magnets to China came to 310 tonnes in January 2026.", False),
    ):
        kept, _ = verify(of_model(chinese, text, n), chinese, [held])
        assert bool(kept.groups) is stands


def test_a_gloss_must_name_the_same_thing(english: Document) -> None:
    made = brief(english, lang="zh", points=50)
    group = next(group for group in made.groups for point in group.points if "稀土磁体" in point.text)
    wrong = tuple(replace(point, text=point.text.replace("稀土磁体", "重稀土")) for point in group.points)
    false = replace(made, groups=(replace(group, points=wrong),))
    assert verify(false, english, ())[1]
    assert verify(replace(false, maker="model:test"), english, ())[1]


def test_a_heading_may_not_say_more_than_its_points(english: Document) -> None:
    made = brief(english)
    group = replace(made.groups[0], title="Exports to Vietnam rose 90%")
    kept, dropped = verify(replace(made, groups=(group,)), english, ())
    assert kept.groups[0].points == group.points
    assert kept.groups[0].title == "Other points"
    assert len(dropped) == 1


def test_what_is_dropped_is_kept_with_its_reason(english: Document) -> None:
    made = of_model(english, "Exports rose 99%.", found(english, "310 tonnes"))
    kept, dropped = verify(made, english, ())
    assert kept.dropped == dropped
    assert (kept.groups, kept.passages) == ((), ())
    assert dropped[0].text == "Exports rose 99%."


def test_rules_may_not_paraphrase(english: Document) -> None:
    text, words = TRUE[1]
    made = replace(of_model(english, text, found(english, words)), maker="rules")
    assert why(made, english).startswith("words")


def test_a_brief_of_another_document_is_refused(english: Document, chinese: Document) -> None:
    with pytest.raises(BadValue, match="not of"):
        verify(brief(english), chinese, ())
