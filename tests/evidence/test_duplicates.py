"""Copies meet; texts with other figures never do, however alike and whatever lies between them."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from datetime import date
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytterby.evidence.documents import Document, Passage
from ytterby.evidence.duplicates import Clusterer, clusters, same_figures


def document(name: str, text: str, *, work: str = "", day: str = "") -> Document:
    return Document(name, text, (Passage(1, 0, len(text)),), work=work, date=day)


MONTHS = [date(2025, month, 1).strftime("%B") for month in range(1, 13)]


def notice_zh(month: int, tonnes: int, before: int, share: float) -> str:
    return (
        f"海关总署公布的数据显示，{month}月稀土磁体出口{tonnes:,}吨，较上月的{before:,}吨变化{share}%。"
        f"其中对日本出口{tonnes // 7}吨，对美国出口{tonnes // 9}吨，对德国出口{tonnes // 5}吨。"
        "业内人士表示，出口许可的审批仍需数周，部分企业的生产安排受到影响，后续走势有待观察。"
        f"今年前{month}个月累计出口{tonnes * month:,}吨。"
    )


def notice_en(month: int, tonnes: int, before: int, share: float) -> str:
    return (
        f"China exported {tonnes:,} tonnes of rare earth magnets in {MONTHS[month - 1]}, {share}% away from the "
        f"{before:,} tonnes of the month before, customs data showed. Shipments to Japan were {tonnes // 7} tonnes, to "
        f"the United States {tonnes // 9} tonnes and to Germany {tonnes // 5} tonnes. Licences still take weeks and "
        "makers of motors said their plans were affected, adding that they expect little change before the holidays."
    )


def _months(seed: int, count: int) -> list[tuple[int, int, int, float]]:
    rng = random.Random(seed)
    return [
        (n % 12 + 1, rng.randrange(900, 7000), rng.randrange(900, 7000), rng.randrange(1, 400) / 10)
        for n in range(count)
    ]


def groups(documents: Sequence[Document]) -> set[frozenset[str]]:
    return {frozenset(cluster.members) for cluster in clusters(documents)}


@pytest.mark.parametrize("tell", [notice_zh, notice_en])
@pytest.mark.parametrize("seed", range(5))
def test_templates_with_other_figures_are_never_merged(tell: object, seed: int) -> None:
    made = [document(f"{n}", tell(*row)) for n, row in enumerate(_months(seed, 40))]  # type: ignore[operator]
    assert clusters(made) == []


@given(st.integers(0, 8), st.sampled_from([notice_zh, notice_en]), st.integers(0, 10_000))
def test_one_other_figure_is_enough(at: int, tell: object, seed: int) -> None:
    text = tell(*_months(seed, 1)[0])  # type: ignore[operator]
    figures = list(re.finditer(r"\d[\d,.]*\d|\d", text))
    figure = figures[at % len(figures)]
    other = "7" if figure[0][-1] != "7" else "8"
    swapped = text[: figure.end() - 1] + other + text[figure.end() :]
    assert clusters([document("a", text), document("b", swapped)]) == []


def test_figures_that_changed_places() -> None:
    one = (
        "其中对日本出口280吨，对美国出口564吨，对德国出口100吨。全年对美国出口5,933吨，对德国出口1,115吨。"
        + "审批仍需数周，企业称影响有限，后续走势有待观察，市场情绪谨慎。" * 2
    )
    for here, there in (("280", "564"), ("564", "100"), ("5,933", "1,115"), ("564", "5,933")):
        other = one.replace(here, "X").replace(there, here).replace("X", there)
        assert clusters([document("a", one), document("b", other)]) == []


def test_figures_in_words() -> None:
    text = "六月稀土磁铁出口三一八八公吨，占总额的三成八，业内人士称审批仍需数周，企业的生产安排受到影响。"
    assert clusters([document("a", text), document("b", text.replace("三成八", "三成六"))]) == []
    told = "Exports doubled in June to a third of the total, officials said, and makers expect little change this year."
    assert clusters([document("a", told), document("b", told.replace("June", "July"))]) == []


TRADITIONAL = str.maketrans("关总数据显体对国业证审产响后续势观计", "關總數據顯體對國業證審產響後續勢觀計")


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text,
        lambda text: text.translate(TRADITIONAL),
        lambda text: text.translate(str.maketrans("0123456789,", "０１２３４５６７８９，")),
        lambda text: text[: len(text) * 6 // 10],
        lambda text: text[len(text) * 4 // 10 :],
        lambda text: text.replace("业内人士表示", "业界人士指出").replace("仍需", "还需"),
        lambda text: "。".join(reversed(text.rstrip("。").split("。"))) + "。",
        lambda text: "据本报记者了解，" + text + "（责任编辑：小王）",
        lambda text: text.replace("。", "。\n\n"),
    ],
)
def test_copies_meet(change: object) -> None:
    for n, row in enumerate(_months(3, 12)):
        text = notice_zh(*row)
        copy = change(text)  # type: ignore[operator]
        others = [document(f"o{m}", notice_zh(*other)) for m, other in enumerate(_months(4, 12))]
        assert groups([document("a", text), document("b", copy), *others]) == {frozenset("ab")}, (n, copy)


def test_datelines_differ() -> None:
    body = "The ministry said it would grant general licences to some exporters, without saying when or to whom."
    assert groups([document("a", f"BEIJING, Dec 2 (Reuters) - {body}"), document("b", body)]) == {frozenset("ab")}


def test_a_quoted_sentence_is_no_copy() -> None:
    text = notice_zh(3, 5000, 4100, 2.5) + "欧洲汽车零部件协会说，已有数条生产线停产，会员正在寻找别的来源。"
    assert clusters([document("a", text), document("b", text.split("。")[0][:40])]) == []


def test_other_texts_without_figures_stay_apart() -> None:
    one = document("a", "商务部发言人重申，相关措施不针对特定国家，合规的民用贸易将获得许可。")
    other = document("b", "欧盟委员会表示，将与伙伴加强关键矿产的合作，并设立联合采购机制。")
    again = document("c", "商务部发言人重申，有关措施不针对特定国家，合规的民用贸易将获得许可。")
    assert groups([one, other, again]) == {frozenset("ac")}


def test_no_chain_ties_different_figures() -> None:
    first, second = notice_zh(3, 5000, 4100, 2.5), notice_zh(4, 5600, 4200, 3.1)
    middle = "业内人士表示，出口许可的审批仍需数周，部分企业的生产安排受到影响，后续走势有待观察。"
    for order in ((first, second, middle), (middle, first, second), (first, middle, second)):
        found = Clusterer()
        homes = {text: found.add(document(f"{n}", text)) for n, text in enumerate(order)}
        assert homes[first] != homes[second]


def test_the_head_and_the_tail_meet_when_the_whole_comes() -> None:
    text = notice_zh(3, 5000, 4100, 2.5)
    half = text.index("其中")
    found = Clusterer()
    for name, piece in (("head", text[:half]), ("tail", text[half:]), ("whole", text)):
        found.add(document(name, piece))
    (cluster,) = found.clusters()
    assert set(cluster.members) == {"head", "tail", "whole"}
    assert cluster.representative == "whole"


def test_versions_of_a_work_are_no_duplicates() -> None:
    text = notice_zh(3, 5000, 4100, 2.5)
    versions = [document("v1", text, work="w"), document("v2", text + "（更正）", work="w")]
    assert clusters(versions) == []
    assert len(clusters([*versions, document("copy", text)])[0].members) == 2


def test_members_in_order_and_the_order_given_does_not_matter() -> None:
    made = [document(f"{n}{part}", text) for n, row in enumerate(_months(1, 6)) for part, text in enumerate(
        (notice_zh(*row), notice_zh(*row)[:120], notice_zh(*row) + "完。"))]  # fmt: skip
    expected = clusters(made)
    assert len(expected) == 6
    for seed in range(5):
        random.Random(seed).shuffle(made)
        assert clusters(made) == expected


def test_adding_twice_changes_nothing() -> None:
    found = Clusterer()
    one = document("a", notice_en(3, 5000, 4100, 2.5))
    assert found.add(one) == found.add(one) == "a"
    assert [cluster.members for cluster in found.clusters(1)] == [("a",)]


@given(st.lists(st.text(max_size=50), max_size=12))
def test_wild_texts_are_divided_without_rest(texts: list[str]) -> None:
    found = Clusterer()
    made = [document(f"{n}", text) for n, text in enumerate(texts)]
    for one in made:
        found.add(one)
    members = [member for cluster in found.clusters(1) for member in cluster.members]
    assert sorted(members) == sorted(one.id for one in made)
    by_id = {one.id: one for one in made}
    for cluster in found.clusters():
        for member in cluster.members:
            assert same_figures(by_id[member], by_id[cluster.representative])


@given(st.lists(st.sampled_from([(3, 5000), (3, 5001), (4, 5000)]), min_size=2, max_size=6))
def test_equal_figures_meet_and_no_others(rows: list[tuple[int, int]]) -> None:
    made = [
        document(f"{n}", notice_en(month, tonnes, 4100, 2.5) + " End." * n) for n, (month, tonnes) in enumerate(rows)
    ]
    home = {member: number for number, group in enumerate(groups(made)) for member in group}
    for (n, one), (m, other) in combinations(enumerate(rows), 2):
        assert (home.get(str(n), f"alone {n}") == home.get(str(m), f"alone {m}")) == (one == other)
