"""People in office: a wrong holder is doubted, a right one not, an office without a name never."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytterby.evidence.claims import Claim
from ytterby.evidence.documents import Document, Part, Passage
from ytterby.evidence.names import find
from ytterby.evidence.names.entities import every, read_rows
from ytterby.evidence.names.titles import office_name
from ytterby.evidence.offices import check, check_text, flags_for, holders, terms
from ytterby.terms.text import fold

DOUBTED = [
    ("財政部長葉倫表示，美國將有所行動。", "2025-08-01"),
    ("目前美国财政部长耶伦正在访华", "2025-08-01"),
    ("In March 2025, Treasury Secretary Janet Yellen said tariffs would rise.", "2025-08-01"),
    ("In 2025 the Treasury Secretary Janet Yellen spoke.", "2026-02-01"),
    ("Janet Yellen, the U.S. Treasury secretary, said", "2025-06-01"),
    ("耶伦财长表示", "2025-06-01"),
    ("耶伦（美国财政部长）", "2025-08-01"),
    ("美商务部长雷蒙多称稀土很重要", "2025-09-03"),
    ("Commerce Secretary Gina Raimondo, who", "2025-09-03"),
    ("US Treasury Secretary Howard Lutnick said", "2025-06-01"),
    ("Ford CEO Jim Hackett said", "2025-06-17"),
    ("日本首相石破茂表示", "2025-12-01"),
    ("President Biden announced new tariffs", "2025-06-01"),
    ("美国总统拜登", "2026-01-05"),
    ("US President Donald Trump", "2023-06-01"),
    ("外交部发言人汪文斌表示", "2025-10-10"),
    ("中国外长秦刚", "2025-10-10"),
    ("美国国务卿布林肯", "2025-10-10"),
    ("EU Trade Commissioner Valdis Dombrovskis met", "2025-06-01"),
    ("Japanese trade minister Yoji Muto", "2025-12-01"),
    ("美国贸易代表戴琪", "2025-06-01"),
    ("商务部部长钟山", "2025-06-01"),
    ("德国总理朔尔茨", "2025-07-01"),
    ("Treasury Sec. Janet Yellen warned", "2025-06-01"),
    ("美國商務部長 雷蒙多", "2025-06-01"),
    ("Commerce Secretary Scott Bessent", "2025-06-01"),
    ("Stellantis chief executive Carlos Tavares", "2025-06"),
]

RIGHT = [
    ("美国财政部长耶伦表示", "2024-05-01"),
    ("美国财政部长贝森特称", "2025-08-01"),
    ("In 2023, Treasury Secretary Janet Yellen said", "2025-08-01"),
    ("2023年7月，美国财政部长耶伦访华。", "2025-08-01"),
    ("Former Treasury Secretary Janet Yellen said", "2025-08-01"),
    ("ex-Treasury Secretary Janet Yellen said", "2025-08-01"),
    ("前财政部长耶伦表示", "2025-08-01"),
    ("美国前财长耶伦", "2025-08-01"),
    ("时任财政部长耶伦", "2025-08-01"),
    ("Yellen, then Treasury secretary, said", "2025-06-01"),
    ("副财长耶伦", "2025-08-01"),
    ("候任财长贝森特", "2025-01-10"),
    ("Treasury Secretary-designate Scott Bessent", "2025-01-10"),
    ("美国商务部长卢特尼克说", "2025-09-03"),
    ("Tesla chief Elon Musk said", "2025-04-23"),
    ("Chief executive Jim Farley said", "2025-06-17"),
    ("福特首席执行官法利", "2025-06-17"),
    ("日本首相高市早苗表示", "2025-12-01"),
    ("商務部發言人何詠前25日回應", "2025-12-26"),
    ("IEA executive director Fatih Birol said", "2025-10-01"),
    ("欧盟贸易专员谢夫乔维奇", "2025-06-01"),
    ("日本經濟產業大臣武藤容治", "2025-06-01"),
    ("U.S. Trade Representative Jamieson Greer", "2025-06-01"),
    ("China's commerce minister Wang Wentao", "2025-06-01"),
    ("The Treasury Secretary said", "2025-08-01"),
    ("美国商务部长：稀土是美国发明的", "2025-09-03"),
    ("Yellen warned that supply is tight", "2025-08-01"),
    ("美国财政部长耶伦表示", ""),
    ("已卸任的美国财政部长耶伦", "2025-08-01"),
    ("曾任财政部长的耶伦", "2025-08-01"),
    ("时任美国总统拜登", "2025-08-01"),
    ("then-U.S. President Joe Biden", "2025-08-01"),
    ("President Biden's Inflation Reduction Act", "2025-08-01"),
    ("去年4月访华的美国财政部长耶伦", "2025-08-01"),
]


@pytest.mark.parametrize(("text", "day"), DOUBTED)
def test_a_wrong_holder_is_doubted(text: str, day: str) -> None:
    (doubt,) = check_text(fold(text), day)
    assert doubt.person in doubt.cause
    assert doubt.office in doubt.cause
    named = [one for one in find(fold(text)) if one.entity.en == doubt.person]
    assert doubt.start <= named[0].start
    assert named[0].end <= doubt.end <= len(text)
    assert doubt.end - doubt.start > named[0].end - named[0].start


@pytest.mark.parametrize(("text", "day"), RIGHT)
def test_a_right_holder_is_not(text: str, day: str) -> None:
    assert check_text(fold(text), day) == []


def test_an_office_of_another_says_whose_it_was() -> None:
    (doubt,) = check_text("US Treasury Secretary Howard Lutnick said", "2025-06-01")
    assert doubt.held == ""
    assert "Scott Bessent" in doubt.cause


def test_the_day_before_taking_office_and_the_last_day() -> None:
    text = "US Treasury Secretary Scott Bessent said"
    assert check_text(text, "2025-01-27") != []
    assert check_text(text, "2025-01-28") == []
    assert check_text("US Treasury Secretary Janet Yellen said", "2025-01-20") == []
    assert check_text("US Treasury Secretary Janet Yellen said", "2025-01-24") != []


def _office(words: str, person: str) -> str:
    return f"{words} {person} said so."


HOLDINGS = [
    (row["en"], office_name(row["office"], row["country"]), row)
    for row in read_rows("people")
    if row["office"] in ("finance", "commerce", "foreign", "trade-rep") and row["country"] == "US"
]


@given(st.sampled_from(HOLDINGS), st.integers(3, 900))
def test_inside_a_term_right_and_outside_doubted(holding: tuple[str, str, dict[str, str]], days: int) -> None:
    person, office, row = holding
    text = f"US {office} {person} said so."
    start = date.fromisoformat(row["from"])
    end = date.fromisoformat(row["to"]) if row["to"] else date(2026, 11, 21)
    within = start + timedelta(days=days) % (end - start)
    assert check_text(text, within.isoformat()) == []
    assert len(check_text(text, (start - timedelta(days=days)).isoformat())) == 1
    if row["to"]:
        assert len(check_text(text, (end + timedelta(days=days)).isoformat())) == 1


def test_a_document_is_checked_article_by_article() -> None:
    text = "Treasury Secretary Janet Yellen spoke.\nTreasury Secretary Janet Yellen spoke again."
    cut = text.index("\n")
    passages = (Passage(1, 0, cut, part=1), Passage(2, cut + 1, len(text), part=2))
    parts = (Part(1, 0, cut, date="2024-03-01"), Part(2, cut + 1, len(text), date="2025-03-01"))
    (doubt,) = check(Document("d", text, passages, parts))
    assert doubt.start == cut + 1
    assert text[doubt.start : doubt.end] == "Treasury Secretary Janet Yellen"
    assert doubt.on == "2025-03-01"


def test_titles_are_checked_and_page_furniture_is_not() -> None:
    text = "Treasury Secretary Janet Yellen"
    for kind, found in (("title", 1), ("head", 0), ("noise", 0), ("paragraph", 1)):
        document = Document("d", text, (Passage(1, 0, len(text), kind=kind),), date="2025-03-01")  # type: ignore[arg-type]
        assert len(check(document)) == found


def test_a_document_without_passages_is_checked_whole() -> None:
    assert len(check(Document("d", "美国财政部长耶伦", date="2025-03-01"))) == 1
    assert check(Document("d", "")) == []


def test_flags_reach_the_claims_of_the_sentence_and_of_the_speaker() -> None:
    text = "Lynas made 10 t. Treasury Secretary Janet Yellen said exports fell 8%. Output rose 2%."
    doubts = check(Document("d", text, date="2025-03-01"))
    at = text.index("8%")
    touched = Claim(kind="trade_change", start=at, end=at + 2, quote="8%")
    before = Claim(kind="production", start=11, end=15, quote="10 t")
    after = Claim(kind="trade_change", start=len(text) - 4, end=len(text) - 1, quote="2%")
    said = Claim(kind="share", attributed_to="Janet Yellen")
    assert len(flags_for(touched, doubts)) == 1
    assert flags_for(touched, doubts)[0].startswith("office: Janet Yellen")
    assert flags_for(before, doubts) == ()
    assert flags_for(after, doubts) == ()
    assert len(flags_for(said, doubts)) == 1
    assert flags_for(touched, []) == ()


def test_the_table_of_terms_holds_together() -> None:
    offices = {row["body"] or row["id"] for row in read_rows("offices")}
    for term in terms():
        assert term.office in offices
        assert term.of in every(), term.of
        assert term.end is None or term.start <= term.end
    assert [one.office for one in terms("yellen")] == ["central-bank", "finance"]
    assert terms("nobody") == []


ONE_ONLY = (
    "president",
    "premier",
    "finance",
    "commerce",
    "foreign",
    "defence",
    "trade-rep",
    "energy",
    "chief-executive",
)


def test_no_office_of_one_has_two_holders_on_a_day() -> None:
    kept = [term for term in terms() if term.office in ONE_ONLY]
    for one in kept:
        middle = one.start + timedelta(days=30)
        if one.end is None or middle < one.end:
            assert holders(one.office, one.of, middle) == [one.person], (one, middle)


@given(st.text(alphabet="美国前财政部长耶伦（）,. TreasurySecretaryJanetYellen2025年日formerthe", max_size=60))
def test_wild_text(text: str) -> None:
    for doubt in check_text(fold(text), "2025-05-05"):
        assert 0 <= doubt.scope[0] <= doubt.start < doubt.end <= doubt.scope[1] <= len(text)
