"""What a brief is made of, in both languages, at the length asked for."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytterby.evidence.briefs import Brief, brief, draft
from ytterby.evidence.briefs.cues import strength
from ytterby.evidence.claims import Claim
from ytterby.evidence.documents import Document
from ytterby.evidence.model import Model
from ytterby.terms.errors import BadValue
from ytterby.terms.text import fold

Reader = Callable[[str], Document]


def said(made: Brief) -> str:
    return "\n".join(point.text for point in made.points())


def test_an_article_gets_a_core_and_groups_with_citations_to_its_own_words(english: Document) -> None:
    made = brief(english)
    assert made.core.text
    assert made.groups
    assert not made.dropped
    assert {n for n, _ in made.passages} == {n for point in made.points() for n in point.cites}
    assert all(text == english.words(english.passages[n - 1]) for n, text in made.passages)


def test_no_sentence_is_said_twice(english: Document, chinese: Document, page: Document) -> None:
    for document in (english, chinese, page):
        texts = [point.text for point in brief(document, points=50).points()]
        assert len(set(texts)) == len(texts)


def test_hedges_and_conditions_stay_and_form_goes(english: Document) -> None:
    text = said(brief(english))
    assert "may delay" in text
    assert "unless the ministry" in text
    assert "However" not in text
    assert "the owner of the Harrow mine" not in text


@pytest.mark.parametrize("most", [1, 2, 4, 50])
def test_no_more_points_than_asked_for(english: Document, page: Document, most: int) -> None:
    for document in (english, page):
        assert sum(len(group.points) for group in brief(document, points=most).groups) <= most


def test_more_room_never_says_less(english: Document) -> None:
    lengths = [len(said(brief(english, points=most))) for most in (1, 2, 3, 5)]
    assert lengths == sorted(lengths)


def test_a_page_that_is_a_brief_keeps_core_headings_and_order(page: Document) -> None:
    made = brief(page)
    assert made.core.text.startswith("Carmakers face a shortage")
    assert [group.title for group in made.groups] == ["Licences", "Answers"]
    assert [len(group.points) for group in made.groups] == [2, 1]
    assert "[1]" not in said(made)


def test_headings_are_in_the_language_of_the_brief(page: Document) -> None:
    made = brief(page, lang="zh")
    assert all("一" <= group.title[0] <= "鿿" for group in made.groups)


def test_an_article_with_headings_is_shortened_like_any_other(read: Reader) -> None:
    text = "".join(
        f"## Part {n}\n\nNorfield sold {n}00 tonnes of oxide in 20{n}. It hired {n} people.\n\n" for n in range(10, 20)
    )
    made = brief(read(f"# Norfield\n\n{text}"), points=4)
    assert sum(len(group.points) for group in made.groups) == 4


def test_the_core_is_short(english: Document, chinese: Document) -> None:
    assert len(brief(english).core.text) <= 240
    assert len(brief(chinese).core.text) <= 120


def test_the_core_does_not_begin_with_a_pronoun_where_another_sentence_may(read: Reader) -> None:
    text = "title: Norfield output\n\nIt made 40 tonnes of oxide.\n\nNorfield opened its oxide plant in May 2025.\n"
    assert brief(read(text)).core.text.startswith("Norfield")


def test_claims_draw_the_brief_to_their_sentences(english: Document, claim: Callable[..., Claim]) -> None:
    words = "We can wait until the summer"
    bare = brief(english, points=1)
    told = [claim(english, words, kind="trade_volume", value=590.0 + n, unit="t") for n in range(3)]
    assert words[:20] not in said(bare)
    assert words[:20] in said(brief(english, told, points=1))


def test_the_other_language_quotes_the_original_and_glosses_its_terms(english: Document) -> None:
    made = brief(english, lang="zh")
    text = said(made)
    assert made.lang == "zh"
    assert "「" in text
    assert "稀土磁体" in text
    assert all("一" <= group.title[0] <= "鿿" for group in made.groups)


def test_the_other_language_tells_a_claim_as_a_sentence(chinese: Document, claim: Callable[..., Claim]) -> None:
    words = "2026年1月中国对日本出口稀土磁体310吨，环比下降12%"
    common = {
        "subject": "China",
        "object": "rare earth magnet exports to Japan",
        "place": "CN",
        "counterpart": "JP",
        "period": "2026-01",
    }
    claims = [
        claim(chinese, words, kind="trade_volume", value=310.0, unit="t", **common),
        claim(chinese, words, kind="trade_change", value=-12.0, unit="%", basis="on the month before", **common),
    ]
    text = said(brief(chinese, claims, lang="en"))
    assert "China's exports of rare earth magnets to Japan came to 310 tonnes in January 2026" in text
    assert "fell 12% on the month before in January 2026" in text


def test_what_is_negated_or_open_is_not_told_as_a_fact(english: Document, claim: Callable[..., Claim]) -> None:
    words = "predicts that demand will double by 2030"
    fact = claim(english, words, kind="forecast", object="rare earth demand", value=2.0, unit="x", by="2030")
    text = said(brief(english, [fact], lang="zh", points=50))
    assert "「The International Energy Agency predicts" in text
    assert not any(line.startswith("到2030年，稀土需求翻一番") for line in text.splitlines())


def test_a_traditional_page_keeps_its_characters(read: Reader) -> None:
    document = read("標題: 磁鐵\n\n海關數據顯示，1月對日出口稀土磁鐵310公噸。\n\n官員表示，審查可能放寬。\n")
    text = said(brief(document, lang="zh"))
    assert "對日出口稀土磁鐵310公噸" in text


def test_the_record_is_plain_and_comes_back(english: Document) -> None:
    made = brief(english, lang="zh")
    record = json.loads(json.dumps(made.to_dict()))
    assert {"document", "core", "groups", "passages", "dropped"} <= set(record)
    assert Brief.from_dict(record) == made


def test_the_same_document_gives_the_same_brief(english: Document, again: Document) -> None:
    assert brief(english).to_dict() == brief(again).to_dict()


def test_a_document_that_says_nothing_gives_an_empty_brief() -> None:
    empty = Document("0" * 64, "")
    made = brief(empty)
    assert (made.core.text, made.groups) == ("", ())


def test_a_model_that_lies_is_dropped_and_the_rules_make_the_brief(english: Document) -> None:
    def liar(document: Document) -> dict[str, object]:
        return {
            "core": {"text": "Exports to Japan rose 80% to 900 tonnes.", "cites": [5]},
            "groups": [{"title": "Lies", "points": [{"text": "China will export everything.", "cites": [99]}, "?"]}],
        }

    made = brief(english, model=liar)
    assert made.maker == "rules"
    assert made.core.text
    assert len(made.dropped) >= 2
    assert brief(english, model=lambda document: None).groups == made.groups


def test_a_model_that_is_faithful_is_shown(english: Document) -> None:
    n = next(p.n for p in english.passages if "310 tonnes" in english.words(p))

    def honest(document: Document) -> dict[str, object]:
        point = {"text": "China's exports of rare earth magnets to Japan fell 12% to 310 tonnes.", "cites": [n]}
        return {"core": point, "groups": [{"title": "Trade", "points": [point]}]}

    made = brief(english, model=honest)
    assert made.maker.startswith("model")
    assert "310 tonnes" in made.core.text


def test_a_model_at_an_address_is_asked_through_its_door(english: Document) -> None:
    n = next(p.n for p in english.passages if "310 tonnes" in english.words(p))
    point = {"text": "China's exports of rare earth magnets to Japan fell 12% to 310 tonnes.", "cites": [n]}
    answer = {"core": point, "groups": [{"title": "Trade", "points": [point]}]}

    def send(url: str, headers: dict[str, str], body: bytes, timeout: float) -> bytes:
        return json.dumps({"choices": [{"message": {"content": json.dumps(answer)}}]}).encode()

    assert brief(english, model=Model("https://model.test/v1", "small", "", send)).maker == "model:small"


@pytest.mark.parametrize("wrong", [{"lang": "fr"}, {"points": 0}, {"points": 51}, {"part": 7}, {"part": -1}])
def test_what_cannot_be_asked_for_is_refused(english: Document, wrong: dict[str, object]) -> None:
    with pytest.raises(BadValue) as caught:
        brief(english, **wrong)  # type: ignore[arg-type]
    assert caught.value.remedy


def test_a_record_that_is_no_brief_is_refused() -> None:
    with pytest.raises(BadValue, match="not a brief"):
        Brief.from_dict({"core": 3}, "brief.json")


@given(
    st.text(alphabet="出口稀土增减不可能约百分之 0123456789.,%吨。，\nChina may fell to tonnes[]()「」“”", max_size=400)
)
def test_wild_documents_are_briefed_in_both_languages(read: Reader, text: str) -> None:
    try:
        document = read("title: t\n\nChina fell.\n\n" + text)
    except BadValue:
        return
    for lang in ("zh", "en"):
        made = brief(document, lang=lang)
        assert all(point.cites for point in made.points())


def test_nothing_meant_is_lost_in_any_point(english: Document, chinese: Document) -> None:
    """A second look: every point means all that its passage's sentence means."""
    for document in (english, chinese):
        for point in draft(document).points():
            source = " ".join(document.words(document.passages[n - 1]) for n in point.cites)
            assert strength(fold(source)) - {"told"} <= strength(fold(point.text)) | {"told"}


def test_parts_are_briefed_apart(page: Document) -> None:
    assert brief(page, part=1).core.text
    assert replace(brief(page, part=1), part=0).core == brief(page).core
