"""However a brief or an article is laid out, the same statements come out, each a passage of its own."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytterby.evidence.documents import SPOKEN, Document, PassageKind
from ytterby.evidence.reading import read_bytes

TODAY = date(2026, 11, 21)
CORE = "Carmakers cut output after licences slowed, with 2 - 4 weeks of stock left"
GROUPS = [
    (
        "Supply",
        ["Exports to the U.S. - the third-largest buyer - fell to 46 t in May", "Stocks last 30-40 days at most"],
    ),
    ("US - EU Response", ["The bloc plans to store 500 t by 2027", 'A supplier said lines would stop "within days."']),
    ("Outlook", ["Prices may rise by 5 - 10 % this year"]),
]
MARKS = ["[1]", "[2][3]", "[1, 3]", "[4-6]", "【7】"]


def _read(text: str) -> Document:
    return read_bytes(text.encode(), path="brief.txt", today=TODAY)


def _words(document: Document, *kinds: PassageKind) -> list[str]:
    return [document.words(p) for p in document.passages if p.kind in kinds]


def _laid(layout: str, title: str, byline: str) -> str:
    if layout == "one line":
        groups = " ".join(
            f"Group {n}: {name} - " + " - ".join(f"{point} [{n}]." for point in points)
            for n, (name, points) in enumerate(GROUPS, 1)
        )
        return f"{title} {byline} Core Viewpoint - {CORE} [1][2]. {groups}"
    if layout == "few lines":
        groups = " ".join(
            f"Group {n}: {name} - " + " - ".join(f"{point} [{n}]" for point in points)
            for n, (name, points) in enumerate(GROUPS, 1)
        )
        return f"{title}\n{byline}\nCore Insights - {CORE} [1][2] {groups}\n"
    bullet = {"dashes": "- ", "dots": "• ", "numbers": "1. ", "bare": ""}[layout]
    groups = "\n\n".join(
        f"Group {n}: {name}\n" + "\n".join(f"{bullet}{point} [{n}]" for point in points)
        for n, (name, points) in enumerate(GROUPS, 1)
    )
    return f"Workflow\n{title}\n{byline}\n\nCore Viewpoint\n{CORE} [1][2]\n\n{groups}\n"


@pytest.mark.parametrize("layout", ["one line", "few lines", "dashes", "dots", "numbers", "bare"])
def test_every_layout_of_a_brief_gives_the_same_passages(layout: str) -> None:
    document = _read(_laid(layout, "磁铁断供,车企慌了?", "Sou Hu Cai Jing· 2025-07-03 08:15"))
    assert (document.title, document.publisher, document.date) == (
        "磁铁断供,车企慌了?",
        "Sou Hu Cai Jing",
        "2025-07-03",
    )
    assert document.lang == "en"
    assert _words(document, "core") == [CORE]
    assert _words(document, "heading") == [name for name, _ in GROUPS]
    assert _words(document, "point") == [point for _, points in GROUPS for point in points]
    points = [p for p in document.passages if p.kind == "point"]
    assert [p.group for p in points] == [name for name, points in GROUPS for _ in points]
    assert [p.marks for p in points] == [(n,) for n, (_, points) in enumerate(GROUPS, 1) for _ in points]
    assert [p.marks for p in document.passages if p.kind == "core"] == [(1, 2)]


@pytest.mark.parametrize("between", ["\n", " "])
@pytest.mark.parametrize("layout", ["one line", "few lines", "dashes"])
def test_several_briefs_on_a_page_are_its_parts(layout: str, between: str) -> None:
    if between == " " and layout != "one line":
        return
    told = [("磁铁断供,车企慌了?", "Sou Hu Cai Jing", "2025-07-03"), ("東京的底牌", "日經中文網", "2025-08-14")]
    pages = [_laid(layout, title, f"{who}· {day} 08:15").removeprefix("Workflow\n") for title, who, day in told]
    document = _read("Workflow\n稀土供应\nicon\nSearch documents\n" + between.join(page.strip() for page in pages))
    assert [(part.title, part.publisher, part.date) for part in document.parts] == told
    assert (document.title, document.date) == ("稀土供应", "2025-08-14")
    for number in (1, 2):
        own = [p for p in document.passages if p.part == number]
        assert [document.words(p) for p in own if p.kind == "core"] == [CORE]
        assert sum(p.kind == "point" for p in own) == 5
    assert document.parts[0].end == document.parts[1].start
    assert document.parts[1].end == len(document.text)


CHINESE = {
    "groups": "核心观点：出口达5577吨，环比增长75%[1][2]。\n第一组：出口\n- 对美出口619吨[2]\n- 对德居首[3][4]\n"
    "第二组：许可\n- 审批约30个工作日【5】\n",
    "ordinals on one line": "核心要点：出口达5577吨，环比增长75%[1][2]。一、出口 - 对美出口619吨[2] - 对德居首[3][4] "
    "二、许可 - 审批约30个工作日[5]",
    "brackets": "【核心观点】出口达5577吨，环比增长75%[1][2]\n"
    "（一）出口\n• 对美出口619吨[2]\n• 对德居首[3][4]\n（二）许可\n"
    "• 审批约30个工作日[5]\n",
    "traditional": "核心觀點 - 出口达5577吨，环比增长75% [1][2]\n第一組：出口\n- 对美出口619吨 [2]\n- 对德居首 [3][4]\n"
    "第二組：许可\n- 审批约30个工作日 [5]\n",
}


@pytest.mark.parametrize("layout", CHINESE)
def test_chinese_briefs(layout: str) -> None:
    document = _read("出口为何回升？\n财联社· 2025-08-21 09:30\n" + CHINESE[layout])
    assert (document.title, document.publisher, document.date) == ("出口为何回升？", "财联社", "2025-08-21")
    assert [one.rstrip("。") for one in _words(document, "core")] == ["出口达5577吨，环比增长75%"]
    assert _words(document, "heading") == ["出口", "许可"]
    assert _words(document, "point") == ["对美出口619吨", "对德居首", "审批约30个工作日"]
    assert [p.marks for p in document.passages if p.kind == "point"] == [(2,), (3, 4), (5,)]


@given(
    st.lists(
        st.lists(
            st.sampled_from(
                ["Output fell to 5 t", "U.S. - China talks go on", "A share of 30-40 %", "It takes 3 - 4 weeks"]
            ),
            min_size=1,
            max_size=4,
        ),
        min_size=1,
        max_size=4,
    ),
    st.sampled_from(MARKS),
)
def test_points_are_split_at_marks_and_nowhere_else(groups: list[list[str]], mark: str) -> None:
    page = " ".join(
        f"Group {n}: Matter - " + " - ".join(f"{point} {mark}" for point in points)
        for n, points in enumerate(groups, 1)
    )
    document = _read(f"Core Viewpoint - All is well {mark} {page}")
    assert _words(document, "point") == [point for points in groups for point in points]


NEWS = """Home
Sign in
Magnet exports jump as licences flow
By Jane Miller, Metal Wire
Published: July 21, 2025 10:30 GMT
Share this article

China shipped 3,188 t of magnets in June, customs said.

That was 158 % more than in May.

Outlook

Traders expect about 5,000 t in July.

• Germany took 764 t
• The U.S. took 353 t

We use cookies to improve your visit. By using this site you accept our policy.
© 2025 Metal Wire. All rights reserved.
"""


def test_a_news_page_without_its_furniture() -> None:
    document = _read(NEWS)
    told = (document.title, document.publisher, document.author, document.date)
    assert told == ("Magnet exports jump as licences flow", "Metal Wire", "Jane Miller", "2025-07-21")
    assert _words(document, *SPOKEN) == [
        "China shipped 3,188 t of magnets in June, customs said.",
        "That was 158 % more than in May.",
        "Traders expect about 5,000 t in July.",
        "Germany took 764 t",
        "The U.S. took 353 t",
    ]
    assert _words(document, "heading") == ["Outlook"]
    assert [p.group for p in document.passages if p.kind == "paragraph"] == ["", "", "Outlook", "Outlook", "Outlook"]


def test_a_chinese_news_page() -> None:
    text = (
        "中国稀土磁体出口环比回升\n2025-07-21 10:22 来源：某财经网 作者：李明\n字号 大 中 小\n"
        "　　海关总署公布的数据显示，6月出口3188吨，环比增加158%。\n　　其中对美出口353吨。\n一、主要目的地\n"
        "　　德国居首，为764吨。\n责任编辑：王芳\n相关阅读：\n"
    )
    document = _read(text)
    assert (document.title, document.publisher, document.author) == ("中国稀土磁体出口环比回升", "某财经网", "李明")
    assert _words(document, *SPOKEN) == [
        "海关总署公布的数据显示，6月出口3188吨，环比增加158%。",
        "其中对美出口353吨。",
        "德国居首，为764吨。",
    ]
    assert [p.group for p in document.passages if p.kind == "paragraph"] == ["", "", "主要目的地"]


def test_wrapped_lines_are_one_paragraph() -> None:
    text = (
        "Lynas said on Monday that its plant in Malaysia had produced separated\ndysprosium for the first time, "
        "and that terbium would follow in June. The\ncompany plans for 1,500 t a year.\n\nSales came to $123 million.\n"
    )
    document = _read(text)
    assert len(_words(document, "paragraph")) == 2
    assert document.title == ""


def test_statements_without_a_full_stop_stay_statements() -> None:
    document = _read("7月出口5577吨\n8月出口6146吨\n9月出口5774吨\n")
    assert _words(document, *SPOKEN)[-2:] == ["8月出口6146吨", "9月出口5774吨"]


def test_rows_of_a_table() -> None:
    document = _read("月份\t吨\t环比\n5月\t1238\t-53%\n6月\t3188\t158%\n")
    assert [p.kind for p in document.passages] == ["row"] * 3


def test_two_articles_under_bylines() -> None:
    text = (
        "今日要闻\n\n甲国扩大开采\n甲通讯社 | 2025-05-06 08:00\n甲国计划到2027年把产量提高到2万吨。\n\n"
        "乙国车厂停产一周\n乙通讯社 | 2025-05-07 09:30\n乙国一家车厂停产7天。\n"
    )
    document = _read(text)
    assert [(part.title, part.publisher) for part in document.parts] == [
        ("甲国扩大开采", "甲通讯社"),
        ("乙国车厂停产一周", "乙通讯社"),
    ]
    assert [p.part for p in document.passages if p.kind == "paragraph"] == [1, 2]


def test_points_without_marks_or_stops_are_split_at_capitals() -> None:
    document = _read(
        "Core Viewpoint - A leads. Group 1: Mining - A mined 270,000 t - The U.S. mined 45,000 t - B mined 13 t"
    )
    assert _words(document, "point") == ["A mined 270,000 t", "The U.S. mined 45,000 t", "B mined 13 t"]


def test_an_article_with_its_main_points_in_a_box_stays_an_article() -> None:
    text = (
        "磁材企业订单回升\n证券时报 2025-09-02 10:00\n"
        "多家磁材企业表示，8月以来海外订单明显回升，但交付仍受许可进度影响，部分订单推迟。\n"
        "单月出口约6146吨。\n核心观点：出口恢复快于预期\n- 对美出口590吨\n后续展望\n预计四季度价格上涨5%。\n"
    )
    document = _read(text)
    assert document.title == "磁材企业订单回升"
    assert [p.kind for p in document.passages if p.kind in SPOKEN] == [
        "paragraph",
        "paragraph",
        "core",
        "point",
        "paragraph",
    ]
    assert _words(document, "heading") == ["后续展望"]


def test_a_box_above_the_article() -> None:
    text = (
        "Magnet orders recover\nBy Jane Doe\nSept. 2, 2025\n\nKey Takeaways\n- Orders rose 12% in August\n"
        "- Licences take 45 days\n\nMakers said on Monday that orders had recovered.\n\n"
        "What next\n\nPrices may rise by 5%.\n"
    )
    document = _read(text)
    assert (document.title, document.author, document.date) == ("Magnet orders recover", "Jane Doe", "2025-09-02")
    assert _words(document, "core") == ["Orders rose 12% in August", "Licences take 45 days"]
    assert _words(document, "paragraph") == [
        "Makers said on Monday that orders had recovered.",
        "Prices may rise by 5%.",
    ]


@pytest.mark.parametrize(
    "dateline",
    [
        "（中央社記者張三台北9日電）",
        "【某某网10月9日讯】",
        "新华社北京10月9日电（记者王某）",
        "TOKYO, Nov 5 -- ",
        "PARIS (AFP) - ",
    ],
)
def test_datelines_stand_apart_from_what_they_open(dateline: str) -> None:
    statement = "Makers shipped 5,577 t." if dateline.isascii() else "商務部宣布管制出口。"
    document = _read(f"{dateline}{statement}\n\n{statement}\n")
    assert _words(document, "paragraph") == [statement, statement]
    assert _words(document, "head") == [dateline.strip()]


@pytest.mark.parametrize(
    "said", ["据新华社10月9日报道，商务部宣布新规。", "The key message - exports fell - is clear."]
)
def test_what_looks_like_a_marker_within_a_sentence_is_none(said: str) -> None:
    assert [p.kind for p in _read(said + "\n").passages] == ["paragraph"]


def test_a_page_pasted_with_its_address() -> None:
    document = _read(
        "https://www.a.example/2025/06/11/deal.html\nThe two agree\nJune 11, 2025\nLicences last six months.\n"
    )
    assert (document.title, document.publisher, document.date) == ("The two agree", "a.example", "2025-06-11")
    assert document.url == "https://www.a.example/2025/06/11/deal.html"


@pytest.mark.parametrize("who", ["Metal Wire", "Sou Hu Cai Jing", "Zheng Quan Shi Bao"])
def test_an_english_title_and_its_outlet_on_one_line(who: str) -> None:
    first = f"Lynas Starts Dysprosium Line {who}· 2025-05-17 07:00 Core Viewpoint - A plant runs [1]."
    first += " Group 1: Output - It grows [1]"
    second = first.replace("Lynas Starts", "MP Halts").replace("2025-05", "2025-06")
    document = _read(f"Workflow {first} {second}")
    assert [(part.title, part.publisher, part.date) for part in document.parts] == [
        ("Lynas Starts Dysprosium Line", who, "2025-05-17"),
        ("MP Halts Dysprosium Line", who, "2025-06-17"),
    ]


def test_a_marked_statement_above_the_core_is_no_title() -> None:
    above = "Prices hold\nMetal Wire·2025-08-25 07:15\nRating - Outperform, says the report [5]\n"
    document = _read(above + "Core Viewpoint - All rise [1]\n")
    assert (document.title, document.publisher) == ("Prices hold", "Metal Wire")
    assert _words(document, "paragraph") == ["Rating - Outperform, says the report"]
