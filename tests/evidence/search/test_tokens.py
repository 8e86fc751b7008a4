from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ytterby.evidence.search.tokens import lowered, tokens, units, wanted

WILD = st.text(max_size=60) | st.text(alphabet="稀土磁體對美Ｆ-35 NdFeB0.1%，。\n第61號①²", max_size=60)


@given(WILD)
def test_lowering_keeps_length_and_settles(text: str) -> None:
    low = lowered(text)
    assert len(low) == len(text)
    assert lowered(low) == low


@given(WILD)
def test_tokens_are_safe_to_quote(text: str) -> None:
    for token in [*tokens(lowered(text)).split(" "), *wanted(lowered(text))]:
        assert all(char.isalnum() or char == "_" or char >= "\u2e80" for char in token), token


@given(WILD, st.data())
def test_what_a_piece_wants_the_text_has(text: str, data: st.DataObject) -> None:
    low = lowered(text)
    cut = units(low)
    if not cut:
        return
    first = data.draw(st.integers(0, len(cut) - 1))
    last = data.draw(st.integers(first, len(cut) - 1))
    piece = low[cut[first].start : cut[last].end]
    assert set(wanted(piece)) <= set(tokens(low).split(" "))


def test_scripts_and_widths_meet() -> None:
    assert lowered("釹鐵硼　Ｎ５２") == "钕铁硼 n52"
    assert tokens(lowered("對美")) == tokens(lowered("对美"))


def test_units_by_hand() -> None:
    assert [unit.text for unit in units(lowered("第61号1C902.a，0.1%"))] == ["第", "61", "号", "1c902", "a", "0", "1"]
