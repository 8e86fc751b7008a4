"""What may be left out of a sentence, and what never."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytterby.evidence.briefs.compress import compress, cuts
from ytterby.evidence.briefs.cues import KEPT, cues
from ytterby.evidence.briefs.tokens import words
from ytterby.terms.text import fold

CASES = [
    ("However, output fell.", "Output fell."),
    ("Norfield, the owner of the mine, sells oxide.", "Norfield sells oxide."),
    ("China, the U.S., and Japan sell magnets.", "China, the U.S., and Japan sell magnets."),
    ("Norfield, the first to say it may stop, sells oxide.", "Norfield, the first to say it may stop, sells oxide."),
    ("Output fell (customs data were late) in May.", "Output fell in May."),
    ("Output fell (by 12%) in May.", "Output fell (by 12%) in May."),
    ("Output was 3 t (contained oxide).", "Output was 3 t (contained oxide)."),
    ("It is worth noting that output fell [1][3].", "Output fell."),
    ("BEIJING, Oct 9 (Xinhua) -- Output fell.", "Output fell."),
    ("此外，出口下降。", "出口下降。"),
    ("港聯社上海7日電，出口下降。", "出口下降。"),
    ("據悉，出口下降。", "據悉，出口下降。"),
    ("冶炼产能低于2000吨(折氧化物)的企业不得分配指标。", "冶炼产能低于2000吨(折氧化物)的企业不得分配指标。"),
]


@pytest.mark.parametrize(("sentence", "short"), CASES)
def test_what_may_go_goes_and_what_may_not_stays(sentence: str, short: str) -> None:
    assert compress(sentence) == short


def test_a_trailing_comment_goes_only_when_room_is_short() -> None:
    sentence = "Exports fell in May as reviews slowed, highlighting the weight of licences in this trade."
    assert compress(sentence) == sentence
    assert compress(sentence, 60) == "Exports fell in May as reviews slowed."


def test_a_second_item_of_a_list_is_not_a_comment() -> None:
    sentence = "未經許可不得出口的有兩項：一是開採技術；二是相關生產線的裝配和調試技術。"
    assert compress(sentence, 10) == sentence


PIECES = st.sampled_from(
    [
        "However, ",
        "the owner of the mine,",
        "Norfield",
        "(in May)",
        "(not in May)",
        " may ",
        "[1]",
        "不得",
        "此外，",
        "（可能）",
        "；二是",
        "; it ",
        ", highlighting ",
        " 12% ",
        "约12吨",
        "。",
        ". ",
        "only ",
        "中新社北京9日电，",
        "unless ",
        "“so”",
    ]
)


@given(st.lists(PIECES, max_size=12).map("".join), st.none() | st.integers(1, 80))
def test_only_deletes_and_never_a_word_that_says_how_it_is_meant(sentence: str, most: int | None) -> None:
    short = compress(sentence, most)
    left = iter(word.lower() for word in words(sentence))
    assert all(word.lower() in left for word in words(short)), "the words that stay stand in the sentence, in its order"
    opening = {"however", "此", "外"}
    for cut in cuts(sentence):
        gone = fold(sentence[cut.start : cut.end])
        if not opening & {word.lower() for word in words(gone)}:
            assert not any(True for _ in cues(gone, KEPT)) or "日电" in gone


@given(st.text(max_size=200))
def test_wild_text_is_compressed_without_complaint(text: str) -> None:
    for cut in cuts(text):
        assert 0 <= cut.start < cut.end <= len(text)
    compress(text, 20)
