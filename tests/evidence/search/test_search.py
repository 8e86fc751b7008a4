"""What is found, in which order, with which sentence."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytterby.evidence.claims import Claim, Source
from ytterby.evidence.documents import Document
from ytterby.evidence.search import Entry, put, put_document, search
from ytterby.store.database import Database
from ytterby.terms.errors import YtterbyError

Article = Callable[..., Document]


@pytest.fixture
def filled(db: Database, article: Article) -> Database:
    for made in (
        article(
            "ja-zh",
            "海关数据周二公布。\n12月对日本出口稀土磁体280吨，环比下降8%。全年情况另行公布。",
            title="12月磁体出口",
            lang="zh",
            date="2026-01-20",
        ),
        article("ja-hant", "12月對日出口稀土磁鐵增加。", title="對日出口", lang="zh-Hant", date="2026-01-21"),
        article(
            "ja-en",
            "Customs released data. Exports of rare earth magnets to Japan fell 8% in December. More will follow.",
            title="Magnet exports",
            lang="en",
            date="2026-01-19",
        ),
        article("dy-zh", "氧化镝价格上涨。", title="价格", lang="zh", date="2025-06-01"),
        article("dy-en", "Dysprosium oxide prices rose again.", title="Prices", lang="en", date="2025-06-02"),
        article("ban-en", "The ministry suspended export licences.", title="Curbs", lang="en", date="2025-10-09"),
        article("lit-en", "Lithium prices fell in Chile.", title="Lithium", lang="en"),
    ):
        put_document(db, made)
    return db


def ids(db: Database, query: str, **options: object) -> list[str]:
    return [hit.id for hit in search(db, query, **options)]  # type: ignore[arg-type]


def test_the_very_sentence(filled: Database) -> None:
    best = search(filled, "280吨")[0]
    assert (best.id, best.passage, best.quote) == ("ja-zh", 2, "12月对日本出口稀土磁体280吨，环比下降8%。")
    assert best.lang == "zh"
    assert best.date == "2026-01-20"
    english = search(filled, "magnets Japan", lang="en")[0]
    assert english.quote == "Exports of rare earth magnets to Japan fell 8% in December."


@pytest.mark.parametrize(
    ("query", "first", "other"),
    [("镝", "dy-zh", "dy-en"), ("dysprosium", "dy-en", "dy-zh"), ("Dy", "dy-en", "dy-zh"), ("鏑", "dy-zh", "dy-en")],
)
def test_other_names_are_found_below_exact_words(filled: Database, query: str, first: str, other: str) -> None:
    found = search(filled, query)
    assert {first, other} <= {hit.id for hit in found}
    if query != "Dy":
        score = {hit.id: hit.score for hit in found}
        assert score[first] > score[other]


def test_across_languages_and_scripts(filled: Database) -> None:
    assert set(ids(filled, "稀土磁体对日出口")[:3]) == {"ja-zh", "ja-hant", "ja-en"}
    assert set(ids(filled, "rare earth magnet exports to Japan")[:3]) == {"ja-zh", "ja-hant", "ja-en"}
    assert ids(filled, "出口许可 暂停", lang="en")[0] == "ban-en"
    assert set(ids(filled, "對日出口")) >= {"ja-hant"}


def test_all_words_before_some_words(filled: Database) -> None:
    found = ids(filled, "prices lithium")
    assert found[0] == "lit-en"
    assert {"dy-en", "dy-zh"} <= set(found), "the rest is relaxed, not empty"
    assert ids(filled, "镝 quixotic")[0] == "dy-zh"


def test_leaving_out(filled: Database) -> None:
    assert "lit-en" not in ids(filled, "prices -lithium")
    assert "dy-en" not in ids(filled, 'prices -"dysprosium oxide"')


def test_filters(filled: Database) -> None:
    assert set(ids(filled, "稀土 lang:zh")) == {"ja-zh", "ja-hant"}
    assert ids(filled, "稀土 lang:zh-Hant") == ["ja-hant"]
    assert set(ids(filled, "prices since:2025-06-02 until:2025-06")) == {"dy-en"}
    assert ids(filled, "lithium until:2030") == ["lit-en"], "the undated pass an end"
    assert ids(filled, "lithium since:1990") == []


def test_title_counts(db: Database, article: Article) -> None:
    put_document(db, article("in-text", "About yttrium and more.", title="News", lang="en", date="2025-01-01"))
    put_document(db, article("in-title", "About yttrium and more.", title="Yttrium", lang="en", date="2025-01-01"))
    assert ids(db, "yttrium") == ["in-title", "in-text"]


def test_later_first_and_ties_settled(db: Database, article: Article) -> None:
    for name, day in (("b", "2025-01-01"), ("a", "2025-01-01"), ("new", "2025-03-01")):
        put_document(db, article(name, "钪价。", lang="zh", date=day))
    assert ids(db, "钪") == ["new", "a", "b"]
    assert search(db, "钪") == search(db, "钪")


def test_old_versions_only_when_asked(db: Database, article: Article) -> None:
    put_document(db, article("v1", "钇价为每公斤100美元。", work="w"))
    put_document(db, article("v2", "钇价为每公斤126美元。", work="w"), replaces=["v1"])
    assert ids(db, "钇价") == ["v2"]
    assert set(ids(db, "钇价", old=True)) == {"v1", "v2"}
    assert ids(db, "100") == []


def test_reading_again_takes_the_place(db: Database, article: Article) -> None:
    put_document(db, article("d", "旧文字"))
    put_document(db, article("d", "新内容"))
    assert ids(db, "旧文字") == []
    assert ids(db, "新内容") == ["d"]


def test_long_documents_are_one_hit_with_true_offsets(db: Database, article: Article) -> None:
    text = "\n".join(f"第{n}段讲别的事情，没有什么可说，但是需要占一些地方。" * 8 for n in range(60))
    at = text.index("第41段")
    text = text[:at] + "这里写着铥的产量为12吨。\n" + text[at:]
    put_document(db, article("long", text, lang="zh"))
    (hit,) = search(db, "铥")
    assert text[hit.start : hit.end] == hit.quote == "这里写着铥的产量为12吨。"
    assert len(ids(db, "别的事情")) == 1


def _claim(**fields: object) -> Claim:
    base: dict[str, object] = {"kind": "trade_volume", "subject": "China", "value": 280.0, "unit": "t"}
    return Claim.model_validate(base | fields)


def test_claims_rules_and_facilities(db: Database, article: Article) -> None:
    text = "12月对日本出口稀土磁体280吨。"
    document = article("d", text, lang="zh", date="2026-01-20")
    claim = _claim(
        document="d",
        passage=1,
        start=3,
        end=15,
        quote=text[3:15],
        place="CN",
        counterpart="JP",
        object="magnet exports",
    )
    put_document(db, document, [claim])
    baseline = _claim(parameter="trade:export", object="magnet exports to Japan", source=Source(title="Customs"))
    rule = Entry("rule", "cn-61-2025", "第61号公告", "含有0.1%及以上者须许可。", lang="zh", date="2025-10-09")
    plant = Entry("facility", "kuantan", "Kuantan", "Lynas separation plant", places=("MY",), stages=("separation",))
    put(db, [rule, plant])
    from ytterby.evidence.search import of_claims

    put(db, of_claims([baseline]))
    found = search(db, "稀土磁体", type="claim")[0]
    assert (found.id, found.passage, found.start, found.quote, found.document) == (claim.id, 1, 3, text[3:15], "d")
    assert ids(db, "exports kind:trade_volume place:JP type:claim") == [claim.id]
    assert ids(db, "稀土磁体 place:JP") == ["d"], "a document's claims do not stand beside it"
    assert baseline.id in ids(db, "magnet exports Japan")
    assert ids(db, "第61号 type:rule") == ["cn-61-2025"]
    assert ids(db, "separation place:MY stage:refining") == ["kuantan"]


def test_records_do_not_crowd_documents_out(db: Database, article: Article) -> None:
    put(db, [Entry("facility", f"f{n}", "铥厂", "铥 铥 铥") for n in range(20)])
    for n in range(10):
        put_document(db, article(f"d{n}", "文中提到铥。"))
    found = search(db, "铥", limit=8)
    assert sum(hit.type == "document" for hit in found) == 6
    assert len(search(db, "铥", limit=40)) == 30


@given(st.text(max_size=60))
def test_any_query_answers_or_tells_why(searched: Database, query: str) -> None:
    try:
        hits = search(searched, query)
    except YtterbyError:
        return
    assert len(hits) <= 20


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory, article: Article) -> Database:
    from ytterby.store import database, folder

    db = database.open(folder.init(tmp_path_factory.mktemp("searched") / "p"))
    put_document(db, article("x", "a 0 稀土 magnets ∀ ñ"))
    return db


def test_the_limit_is_checked(db: Database) -> None:
    with pytest.raises(YtterbyError, match="0 hits"):
        search(db, "稀土", limit=0)
