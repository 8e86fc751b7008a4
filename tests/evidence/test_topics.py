"""Topics: kept, found again, matched in both languages, and their pages."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytterby.evidence import topics
from ytterby.evidence.claims import Claim, Measure
from ytterby.evidence.documents import Document
from ytterby.evidence.pages import page
from ytterby.evidence.reading import read_bytes
from ytterby.evidence.topics import Title, Topic, Words
from ytterby.terms.errors import BadValue, StoreError, UnknownName

ENGLISH = (
    "title: Magnets for Tokyo\ndate: 2026-02-20\n\nChina's exports of rare earth magnets to Japan fell to 310 tonnes.\n"
)
SIMPLE = "标题: 一月出口\n日期: 2026-03-01\n\n2026年1月中国对日本出口稀土磁体357吨。\n\n商务部2026年1月6日发布公告。\n"
HANT = "標題: 一月出口\n日期: 2026-02-25\n\n對日出口稀土磁鐵310公噸。\n"
OTHER = "title: Soybeans\ndate: 2026-02-21\n\nSoybean harvests rose 4% in the state.\n"


def read(text: str, path: str = "a.txt") -> Document:
    return read_bytes(text.encode(), path=path)


def claimed(document: Document, words: str, **fields: object) -> Claim:
    start = document.text.index(words)
    passage = document.passage_at(start)
    assert passage is not None
    record = {"document": document.id, "passage": passage.n, "start": start, "end": start + len(words), "quote": words}
    return Claim.model_validate({**record, "access": "read", **fields})


def test_ten_topics_ship_with_terms_in_both_languages() -> None:
    shipped = topics.listed()
    assert len(shipped) >= 10
    assert len({topic.id for topic in shipped}) == len(shipped)
    for topic in shipped:
        assert topic.title.zh
        assert topic.title.en
        for words in (topic.any, *topic.all):
            assert bool(words.zh) == bool(words.en)


@pytest.mark.parametrize(
    "name", ["rare-earth-dominance", "稀土主导权", "稀土主導權", "Rare-earth dominance", "rare earth dominance"]
)
def test_a_topic_is_found_by_id_and_by_title_in_either_language_and_script(name: str) -> None:
    assert topics.load(name).id == "rare-earth-dominance"


@pytest.mark.parametrize("text", [ENGLISH, SIMPLE, HANT])
def test_one_topic_finds_documents_of_both_languages_and_scripts(text: str) -> None:
    topic = topics.load("magnets-to-japan")
    found = topic.match(read(text))
    assert found is not None
    assert found.score > 0
    assert found.passages
    assert topic.match(read(OTHER)) is None


def test_all_groups_must_be_named_and_none_may() -> None:
    topic = Topic(
        id="t", title=Title(zh="题", en="t"), any=Words(en=("magnet",)), all=(Words(zh=("日本",), en=("Japan",)),)
    )
    assert topic.match(read(ENGLISH)) is not None
    assert topic.match(read(ENGLISH.replace("Japan", "Chile").replace("Tokyo", "Lima"))) is None
    assert topic.model_copy(update={"none": Words(en=("tonnes",))}).match(read(ENGLISH)) is None


def test_short_capitals_are_not_small_letters() -> None:
    topic = Topic(id="t", title=Title(zh="题", en="t"), any=Words(en=("US",)))
    assert topic.match(read("title: a\n\nThey told us about rare earths in Chile.\n")) is None
    assert topic.match(read("title: a\n\nThe US sold rare earths in Chile.\n")) is not None


def test_places_materials_and_the_day_since_when_narrow_a_topic() -> None:
    topic = Topic(id="t", title=Title(zh="题", en="t"), any=Words(zh=("稀土",), en=("rare earth",)))
    assert topic.model_copy(update={"places": ("JP",)}).match(read(ENGLISH)) is not None
    assert topic.model_copy(update={"places": ("MM",)}).match(read(ENGLISH)) is None
    assert topic.model_copy(update={"materials": ("magnets",)}).match(read(HANT)) is not None
    assert topic.model_copy(update={"since": date(2026, 2, 20)}).match(read(ENGLISH)) is not None
    assert topic.model_copy(update={"since": date(2026, 2, 21)}).match(read(ENGLISH)) is None


WORD = st.text(alphabet="稀土磁體 abcXYZ-'：#\"", min_size=1, max_size=12).filter(lambda text: bool(text.strip()))


@given(st.lists(WORD, max_size=4), st.lists(WORD, min_size=1, max_size=4), st.dates(date(1990, 1, 1)))
def test_a_saved_topic_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, chinese: list[str], english: list[str], since: date
) -> None:
    folder = tmp_path_factory.mktemp("project")
    topic = Topic(
        id="own-topic",
        title=Title(zh="自己的题", en="one's own"),
        any=Words(zh=tuple(chinese), en=tuple(english)),
        all=(Words(zh=tuple(chinese), en=tuple(english)),),
        since=since,
    )
    path = topics.save(topic, folder)
    assert path.parent == folder / "topics"
    assert topics.load("自己的题", folder) == topic
    assert [one.id for one in topics.listed(folder)].count("own-topic") == 1


def test_a_project_may_put_its_own_in_the_place_of_a_shipped_one(tmp_path: Path) -> None:
    shipped = topics.load("humanoid-robots")
    topics.save(shipped.model_copy(update={"note": "ours"}), tmp_path)
    assert topics.load("humanoid-robots", tmp_path).note == "ours"
    assert topics.load("humanoid-robots").note == ""


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("id: [", "cannot be read"),
        ("- a", "not a record"),
        ("id: a\ntitle: {zh: a, en: b}", "asks for nothing"),
        ("id: ../../a\ntitle: {zh: a, en: b}\nany: {en: [x]}", "letters, digits"),
        ("id: a\ntitle: {zh: a}\nany: {en: [x]}", "required"),
        ("id: a\ntitle: {zh: a, en: b}\nany: {en: [x]}\ncolour: red", "permitted"),
        ("id: a\ntitle: {zh: a, en: b}\nany: {en: ['']}", "empty term"),
    ],
)
def test_a_topic_that_is_none_is_refused_with_its_place(tmp_path: Path, text: str, cause: str) -> None:
    (tmp_path / "topics").mkdir()
    (tmp_path / "topics" / "bad.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(BadValue, match=cause) as caught:
        topics.load("humanoid-robots", tmp_path)
    assert "bad.yaml" in caught.value.place
    assert caught.value.remedy


def test_an_unknown_topic_names_the_nearest() -> None:
    with pytest.raises(UnknownName, match="humanoid-robots"):
        topics.load("humanoid-robot")


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "topics").write_text("a file in the way", encoding="utf-8")
    with pytest.raises(StoreError) as caught:
        topics.save(topics.load("humanoid-robots"), tmp_path)
    assert caught.value.remedy


@pytest.fixture
def read_pages() -> tuple[list[Document], list[Claim]]:
    documents = [read(text, f"{n}.txt") for n, text in enumerate((ENGLISH, SIMPLE, HANT, OTHER))]
    common = {
        "kind": "trade_volume", "subject": "China", "place": "CN", "counterpart": "JP", "unit": "t",
        "period": "2026-01", "object": "rare earth magnet exports to Japan",
    }  # fmt: skip
    claims = [
        claimed(documents[0], "fell to 310 tonnes", value=310.0, **common),
        claimed(documents[1], "357吨", value=357.0, **common),
        claimed(documents[2], "310公噸", value=310.0, basis="magnets and alloys", **common),
        claimed(
            documents[1], "商务部2026年1月6日发布公告", kind="measure",
            measure=Measure(action="control", issued="2026-01-06"),
        ),
        claimed(documents[3], "rose 4%", kind="production", value=4.0, unit="%"),
    ]  # fmt: skip
    return documents, claims


def test_a_page_has_its_documents_newest_first_with_briefs(read_pages: tuple[list[Document], list[Claim]]) -> None:
    made = page(topics.load("magnets-to-japan"), *read_pages)
    assert [entry.date for entry in made.documents] == ["2026-03-01", "2026-02-25", "2026-02-20"]
    assert all(entry.brief is not None and entry.brief.core.text for entry in made.documents)
    assert made.counts["documents"] == 3
    assert (made.counts["documents_en"], made.counts["documents_zh"]) == (1, 2)


def test_a_page_shows_what_is_contested_and_why(read_pages: tuple[list[Document], list[Claim]]) -> None:
    made = page(topics.load("magnets-to-japan"), *read_pages)
    pairs = {(frozenset((one.first.value, one.second.value)), bool(one.why)) for one in made.contested}
    assert (frozenset((310.0, 357.0)), False) in pairs
    assert made.counts["conflicts"] >= 1
    assert [bool(one.why) for one in made.contested] == sorted(bool(one.why) for one in made.contested)


def test_a_timeline_is_in_order_and_every_event_stands_in_its_passage(
    read_pages: tuple[list[Document], list[Claim]],
) -> None:
    documents, claims = read_pages
    everything = Topic(id="t", title=Title(zh="题", en="t"), any=Words(zh=("公告", "出口"), en=("exports",)))
    made = page(everything, documents, claims)
    by_id = {document.id: document for document in documents}
    assert "2026-01-06" in [event.date for event in made.timeline]
    assert [event.date for event in made.timeline] == sorted(event.date for event in made.timeline)
    for event in made.timeline:
        document = by_id[event.document]
        assert event.text.rstrip("。.") in document.words(document.passages[event.passage - 1])


def test_a_page_leaves_out_what_was_rejected_and_what_is_not_asked_for(
    read_pages: tuple[list[Document], list[Claim]],
) -> None:
    documents, claims = read_pages
    claims[0] = claims[0].model_copy(update={"status": "rejected"})
    made = page(topics.load("magnets-to-japan"), documents, claims, briefs=1)
    assert claims[0].id not in {claim.id for claim in made.claims}
    assert claims[4].id not in {claim.id for claim in made.claims}
    assert [entry.brief is not None for entry in made.documents] == [True, False, False]


def test_a_page_is_plain_json(read_pages: tuple[list[Document], list[Claim]]) -> None:
    record = page(topics.load("magnets-to-japan"), *read_pages).to_dict()
    assert json.loads(json.dumps(record)) == record
    assert {"topic", "title", "documents", "timeline", "claims", "contested", "counts"} <= set(record)


def test_a_page_of_nothing_is_empty() -> None:
    made = page(topics.load("eu-crma"), [], [])
    assert (made.documents, made.timeline, made.claims, made.contested) == ((), (), (), ())
