"""From sentence to contest: texts as they are printed, read, named and weighed, with the pairs a reader must see."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pytest

from ytterby.evidence.claims import Claim
from ytterby.evidence.extract import extract
from ytterby.evidence.lineage import trace
from ytterby.evidence.naming import named
from ytterby.evidence.publishers import graded
from ytterby.evidence.reading import read_bytes
from ytterby.evidence.weigh import ask, weigh

TEXTS = {
    "customs": (
        "2026-01-20",
        "China shipped 280 tonnes of rare earth magnets to Japan in December, down 8% from November "
        "and up 31.4% from a year earlier, customs data showed.",
    ),
    "rival": ("2026-01-22", "去年12月中国对日本出口稀土磁铁411吨。"),
    "echo": ("2026-01-23", "據路透報導，去年12月中國對日出口稀土磁鐵280公噸。"),
    "old-jet": ("2025-07-16", "Each F-35 fighter needs about 920 pounds of rare earths."),
    "new-jet": (
        "2026-04-22",
        "Analysts put the content at 40-70 kg of rare-earth-bearing material in each F-35. "
        "That is 11-20 kg of elemental rare earths per F-35.",
    ),
    "magnets": ("2026-01-05", "China exported 6,150 tonnes of rare earth magnets in November 2025."),
    "with-alloys": ("2026-01-06", "China exported 7,410 tonnes of rare earth magnets and alloys in November 2025."),
    "with-alloys-zh": ("2026-01-06", "2025年11月中国稀土磁体和合金出口7410吨。"),
    "heavy": ("2025-06-03", "China supplies 99% of heavy rare earths."),
    "two-of-them": ("2025-06-05", "China refines 90% of the world's dysprosium and terbium."),
    "mined": ("2025-06-01", "China controls 61% of global rare earth mining."),
    "mined-more": ("2025-08-14", "China accounts for 70% of the world's mined rare earths."),
    "on-the-year": ("2025-05-16", "Lynas produced 1,509t of NdPr oxide in January-March, down by 46pc on the year."),
    "on-the-quarter": (
        "2025-05-16",
        "Lynas made 1509 tonnes of NdPr oxide in the March quarter, up 16.7 per cent on the previous quarter.",
    ),
}


def read(names: Iterable[str]) -> list[Claim]:
    claims: list[Claim] = []
    for name in names:
        day, words = TEXTS[name]
        page = f"source: https://www.reuters.com/{name}\ntitle: {name}\ndate: {day}\n\n{words}\n"
        claims += extract(read_bytes(page.encode(), path=f"{name}.txt", today=date(2026, 11, 21)))
    return named(graded(claims))


def whys(*names: str) -> set[tuple[frozenset[float | None], str]]:
    claims = read(names)
    by_id = {claim.id: claim for claim in claims}
    found = set()
    for one in ask(claims).values():
        pairs = [(a, b, "") for a, b in one.conflicts] + list(one.scope_differences)
        found |= {(frozenset(by_id[key].value or by_id[key].high for key in (a, b)), why) for a, b, why in pairs}
    return found


def test_two_figures_for_one_month_conflict() -> None:
    assert (frozenset({280.0, 411.0}), "") in whys("customs", "rival")


def test_pounds_of_old_and_kilograms_of_new_conflict_but_bearing_material_is_another_scope() -> None:
    found = whys("old-jet", "new-jet")
    assert (frozenset({920.0, 20.0}), "") in found
    (why,) = {why for pair, why in found if pair == {920.0, 70.0}}
    assert why.startswith("basis: ")
    assert "rare-earth-bearing material" in why


def test_a_share_whose_basis_nobody_states_is_no_conflict() -> None:
    assert {why for pair, why in whys("mined", "mined-more") if pair == {61.0, 70.0}} == {"basis: not stated in either"}


@pytest.mark.parametrize("other", ["with-alloys", "with-alloys-zh"])
def test_magnets_alone_and_magnets_with_alloys_are_two_scopes(other: str) -> None:
    (why,) = {why for pair, why in whys("magnets", other) if pair == {6150.0, 7410.0}}
    assert why.startswith("material: ")
    assert "magnets and alloys" in why


def test_heavy_rare_earths_and_two_of_them_are_two_scopes() -> None:
    (why,) = {why for pair, why in whys("heavy", "two-of-them") if pair == {99.0, 90.0}}
    assert why.startswith("basis: ")
    assert "heavy rare earths" in why
    assert "Dy+Tb oxide" in why


def test_quarter_and_year_are_two_baselines() -> None:
    (why,) = {why for pair, why in whys("on-the-year", "on-the-quarter") if pair == {-46.0, 16.7}}
    assert why.startswith("baseline: ")
    assert "on the year before" in why
    assert "on the quarter before" in why


def test_an_echo_joins_the_line_it_repeats() -> None:
    claims = read(["customs", "rival", "echo"])
    lines = [line for line in trace(claims) if line.parameter == "trade:export:CN:JP:magnets:2025-12"]
    assert [(line.figure, len(line.claims)) for line in lines] == [(280.0, 2), (411.0, 1)]
    taken = [claim.model_copy(update={"status": "accepted"}) for claim in claims]
    weights = dict(weigh(taken)["trade:export:CN:JP:magnets:2025-12"].claims)
    echoed = sum(weights[key] for key in lines[0].claims)
    assert echoed == pytest.approx(weights[lines[1].first], rel=0.02)


def test_what_was_read_meets_what_the_tables_say(claims: tuple[Claim, ...]) -> None:
    read_now = read(["customs"])
    one = ask([*claims, *read_now])["trade:export:CN:JP:magnets:2025-12"]
    by_id = {claim.id: claim for claim in (*claims, *read_now)}
    assert {(280.0, 411.0)} == {tuple(sorted(by_id[key].value or 0.0 for key in pair)) for pair in one.conflicts}
    assert any(by_id[key].document == read_now[0].document for pair in one.conflicts for key in pair)
