"""Home to what holds of extraction on any text: exact quotes, no exceptions, the same claims every time."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.evidence.extract.passages import document

from ytterby.evidence.claims import Claim
from ytterby.evidence.documents import Document, Passage
from ytterby.evidence.extract import EXTRACTOR, cues, extract
from ytterby.terms.text import fold

_FIGURES = [
    "280 t",
    "３％",
    "1.2万吨",
    "$400 million",
    "三成一",
    "from 5 to 7 kg",
    "六一五○噸",
    "30-40%",
    "6550元",
    "nearly a third",
]
_FIGURES += [
    "每公斤",
    "0.1%及以上",
    "14 nm",
    "10,000 tonnes a year",
    "$110/kg",
    "two plants",
    "45个工作日",
    "第61号",
    "twice",
    "1.3bn",
]
_NAMES = [
    "China",
    "中国",
    "對美",
    "日本",
    "Lynas",
    "MP Materials",
    "商務部",
    "the Pentagon",
    "IEA",
    "彭博",
    "F-35",
    "Optimus",
    "稀土磁鐵",
]
_NAMES += ["NdPr oxide", "氧化镝", "Kachin", "公告", "Announcement No. 18 of 2025", "EU", "自缅甸", "rare earths"]
_TIMES = [
    "2025年4月4日",
    "in December",
    "by 2030",
    "去年同期",
    "上半年",
    "a year earlier",
    "自即日起至2026年11月10日",
    "2037",
    "較6月",
]
_MARKS = [
    ",",
    "，",
    "。",
    ". ",
    "；",
    "(",
    "）",
    "“",
    "\n",
    " - ",
    "、",
    "\u3000",
    "\u0130",
    "\U0001f600",
    "\ud800",
    "\x00",
    "ß",
    "½",
    "ﬁ",
]
_CUES = [
    word
    for tag in ("export", "price", "up", "down", "share", "invest", "licence", "halt", "will", "need")
    for word in cues.words(tag)
]

_soup = st.lists(
    st.one_of(
        st.sampled_from(_FIGURES + _NAMES + _TIMES),
        st.sampled_from(_CUES),
        st.sampled_from(_MARKS),
        st.text(max_size=4),
        st.integers(0, 10**7).map(str),
    ),
    max_size=40,
)


@given(_soup, st.sampled_from(["", " "]), st.sampled_from(["2025-10-20", "2025-10", "", "not a day"]))
def test_every_quote_is_the_text_between_its_offsets(parts: list[str], joint: str, day: str) -> None:
    made = document(joint.join(parts), date=day)
    for claim in extract(made):
        assert claim.start is not None
        assert claim.end is not None
        assert claim.quote == made.text[claim.start : claim.end]
        assert claim.quote.strip()
        passage = made.passage(claim.passage or 0)
        assert passage is not None
        assert passage.start <= claim.start < claim.end <= passage.end


@given(_soup)
def test_claims_are_the_same_every_time_and_no_claim_comes_twice(parts: list[str]) -> None:
    made = document(" ".join(parts))
    once, again = extract(made), extract(made)
    assert [claim.id for claim in once] == [claim.id for claim in again]
    assert len({claim.id for claim in once}) == len(once)


@given(_soup)
def test_a_claim_comes_back_whole_from_its_record(parts: list[str]) -> None:
    for claim in extract(document("，".join(parts))):
        assert Claim.from_dict(claim.to_dict()) == claim


@given(st.text())
def test_any_text_is_read_and_every_quote_stands_in_it(text: str) -> None:
    made = document(text)
    assert all(claim.quote == made.text[claim.start : claim.end] for claim in extract(made))


def test_traditional_and_simplified_say_the_same() -> None:
    traditional = "7月稀土磁鐵對美國出口619公噸，較6月增加75.5%，氧化鏑報價為每公斤1,600元。"
    one, other = extract(document(traditional)), extract(document(fold(traditional)))
    assert len(one) == 3
    assert [_slots(claim) for claim in one] == [_slots(claim) for claim in other]


def test_heads_titles_headings_and_furniture_are_not_claimed_from() -> None:
    text = "China exported 5,000 t of magnets in May."
    for kind in ("head", "title", "heading", "noise"):
        made = Document(id="0" * 64, text=text, passages=(Passage(1, 0, len(text), kind),), lang="en")
        assert extract(made) == []
    spoken = Document(id="0" * 64, text=text, passages=(Passage(1, 0, len(text)),), lang="en")
    assert len(extract(spoken)) == 1


def test_what_one_sentence_leaves_unsaid_comes_from_those_before() -> None:
    claims = extract(document("9月稀土磁體對德國出口1,000噸。\n8月只有900噸。\n年增8%。"))
    assert [(claim.kind, claim.value, claim.counterpart) for claim in claims] == [
        ("trade_volume", 1000, "DE"),
        ("trade_volume", 900, "DE"),
        ("trade_change", 8, "DE"),
    ]


def test_topics_do_not_leak_from_one_article_of_a_page_to_the_next() -> None:
    first, second = "Magnet exports to Japan were 300 t in May.", "They rose 5% in June."
    text = f"{first}\n{second}"
    from ytterby.evidence.documents import Part

    cut = len(first) + 1
    passages = (Passage(1, 0, len(first), part=1), Passage(2, cut, len(text), part=2))
    parts = (
        Part(1, 0, len(first), date="2025-07-01", lang="en"),
        Part(2, cut, len(text), date="2025-07-01", lang="en"),
    )
    made = Document(id="0" * 64, text=text, passages=passages, parts=parts, lang="en")
    assert [claim.value for claim in extract(made)] == [300]


def test_a_row_of_a_table_takes_its_year_from_the_heading_and_its_owner_from_the_first_cell() -> None:
    rows = ["Country | 2023 | 2024", "China | 240,000 t | 270,000 t", "Australia | 16,000 t | 13,000 t"]
    text = "\n".join(rows)
    passages, at = [], 0
    for number, row in enumerate(rows, 1):
        passages.append(Passage(number, at, at + len(row), "row", group="Mine production"))
        at += len(row) + 1
    claims = extract(Document(id="0" * 64, text=text, passages=tuple(passages), lang="en", title="Rare earths"))
    assert [(claim.subject, claim.period, claim.value) for claim in claims] == [
        ("China", "2023", 240000),
        ("China", "2024", 270000),
        ("Australia", "2023", 16000),
        ("Australia", "2024", 13000),
    ]
    assert {claim.kind for claim in claims} == {"production"}


def test_every_claim_says_where_it_comes_from() -> None:
    (claim,) = extract(document("Lynas produced 2,000 t of NdPr oxide in the June quarter.", date="2025-07-30"))
    assert claim.extractor == EXTRACTOR
    assert claim.access == "read"
    assert claim.status == "pending"
    assert claim.known is not None
    assert claim.known.isoformat() == "2025-07-30"
    assert claim.source.publisher == "A newspaper"
    assert claim.material == "oxide.NdPr"
    assert claim.period == "2025-Q2"


def _slots(claim: Claim) -> tuple[object, ...]:
    return claim.kind, claim.value, claim.unit, claim.subject, claim.object, claim.counterpart, claim.period
