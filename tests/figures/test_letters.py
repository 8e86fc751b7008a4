"""Properties of measured text: nothing wider than it may be, nothing lost, nothing that could become markup."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from ytterby.figures.letters import SIZES, clean, cut, escape, measure, wrap

kinds = st.sampled_from(sorted(SIZES))


@given(st.text(max_size=200))
def test_any_text_becomes_one_well_formed_attribute_and_element(text: str) -> None:
    element = ET.fromstring(f'<a b="{escape(text)}">{escape(text)}</a>')
    assert element.text in (clean(text), None if not clean(text) else clean(text))
    assert element.get("b") == clean(text)
    assert len(element) == 0


def test_markup_stays_text() -> None:
    assert escape("<script>alert('x')</script>&\"") == "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;&quot;"


def test_direction_turning_and_invisible_characters_are_taken_out() -> None:
    assert clean("mag\u202enet\u200b\x00\ue000s\n \t end") == "magnets end"


@given(st.text(max_size=120), st.floats(0, 400), kinds)
def test_cut_fits_and_is_the_beginning_of_the_text(text: str, width: float, kind: str) -> None:
    short = cut(text, width, kind)
    assert measure(short, kind) <= width + 1e-6 or short == text == ""
    assert short in ("", text) or text.startswith(short.removesuffix("…").rstrip())


@given(st.text(alphabet="ab cd,稀土，。é", max_size=160), st.floats(40, 400), kinds)
def test_wrapped_lines_fit_and_keep_every_character(text: str, width: float, kind: str) -> None:
    lines = wrap(text, width, kind)
    assert all(measure(line, kind) <= width + 1e-6 for line in lines)
    if not any("…" in line for line in lines):
        assert "".join(lines).replace(" ", "") == clean(text).replace(" ", "")


@given(st.text(max_size=300), st.integers(1, 4))
def test_no_more_lines_than_asked_for(text: str, most: int) -> None:
    assert len(wrap(text, 90.0, "label", most)) <= most


def test_a_cjk_character_is_one_em_and_a_closing_mark_never_begins_a_line() -> None:
    assert measure("镝") == measure("土") == 1.03 * SIZES["label"]
    assert not any(line.startswith(("，", "。")) for line in wrap("中国，分离，了，全球，大部，分。", 48.0))


def test_bold_and_wide_letters_are_wider() -> None:
    assert measure("WWW") > measure("iii")
    assert measure("Nd", "strong") > measure("Nd", "label")
    assert measure("É") == measure("E")
    assert measure("e\u0301") == measure("e")
