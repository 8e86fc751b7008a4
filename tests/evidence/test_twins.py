"""A Chinese and an English text of the same facts are found; relatives, neighbours and templates are not."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ytterby.evidence.documents import Document, Passage
from ytterby.evidence.twins import twins


def document(name: str, text: str, lang: str, date: str = "2026-01-20") -> Document:
    return Document(name, text, (Passage(1, 0, len(text)),), lang=lang, date=date)  # type: ignore[arg-type]


ZH = "海關數據顯示，去年12月對日出口稀土磁鐵280公噸，比11月的305公噸下滑8.2%。全年對美出貨5,933公噸，年減20.3%。"
EN = (
    "China shipped 280 metric tons of magnets to Japan in December, down 8.2% from 305 tons in November. Shipments to "
    "the U.S. were 5,933 tons in the year, a fall of 20.3%."
)
OTHER_EN = EN.replace("280", "310").replace("305", "286").replace("8.2", "8.4").replace("5,933", "6,120")


def pairs(*documents: Document) -> set[tuple[str, str]]:
    return {(twin.a, twin.b) for twin in twins(documents)}


def test_twins_across_languages_and_scripts() -> None:
    found = twins([document("zh", ZH, "zh-Hant"), document("en", EN, "en"), document("no", OTHER_EN, "en")])
    assert [(twin.a, twin.b) for twin in found] == [("zh", "en")]
    assert found[0].shared[0] == "mass 5933000"
    assert 0.5 < found[0].score <= 1.0


def test_units_and_magnitudes_meet() -> None:
    chinese = "项目投资13亿美元，年产磁体1.2万吨，氧化镝报价每公斤230美元，持股28.4%。"
    english = "The $1.3bn project will make 12,000 tonnes of magnets a year; Dy oxide was $230/kg; it owns 28.4%."
    assert pairs(document("zh", chinese, "zh"), document("en", english, "en")) == {("zh", "en")}


def test_the_same_language_makes_no_twins() -> None:
    assert pairs(document("a", EN, "en"), document("b", EN + " More.", "en")) == set()
    assert pairs(document("a", ZH, "zh"), document("b", ZH, "zh-Hant")) == set()


def test_a_common_figure_or_two_are_not_enough() -> None:
    chinese = "产量增长10%，占全球的70%，约需3个月，北京表示。"
    english = "Sales grew 10% while costs took 70% of income over 3 months in Beijing, with no word on output."
    assert pairs(document("zh", chinese, "zh"), document("en", english, "en")) == set()


def test_far_apart_in_time_is_another_story() -> None:
    assert pairs(document("zh", ZH, "zh", "2024-01-20"), document("en", EN, "en", "2026-01-20")) == set()
    assert pairs(document("zh", ZH, "zh", ""), document("en", EN, "en", "2026-01-20")) == {("zh", "en")}


def test_templates_find_their_own_twin() -> None:
    made = []
    for n in range(30):
        tonnes, before, share, year = 211 + 37 * n, 4003 + 91 * n, f"{n + 3}.{n % 9 + 1}", 12_345 + 677 * n
        day = f"2025-{n % 12 + 1:02}-20"
        made += [
            document(
                f"zh{n}", f"对日出口磁体{tonnes}吨，总出口{before:,}吨，增长{share}%，全年{year:,}吨。", "zh", day
            ),
            document(
                f"en{n}",
                f"Exports to Japan were {tonnes} t of {before:,} t in all, up {share}%; {year:,} t this year.",
                "en",
                day,
            ),
        ]
    assert pairs(*made) == {(f"zh{n}", f"en{n}") for n in range(30)}


@given(st.lists(st.tuples(st.text(max_size=60), st.sampled_from(["zh", "en", "zh-Hant", ""])), max_size=8))
def test_wild_texts(rows: list[tuple[str, str]]) -> None:
    made = [document(f"{n}", text, lang) for n, (text, lang) in enumerate(rows)]
    langs = {one.id: one.lang for one in made}
    for twin in twins(made):
        assert langs[twin.a].startswith("zh")
        assert langs[twin.b] == "en"
        assert 0 < twin.score <= 1
        assert twin.shared


def test_the_order_given_does_not_matter() -> None:
    made = [document("zh", ZH, "zh"), document("en", EN, "en"), document("en2", EN + " It said so.", "en")]
    assert twins(made) == twins(made[::-1])
    assert len(twins(made)) == 2
