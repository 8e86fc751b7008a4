"""Ownership: both conventions against a second implementation, circles, order, growth, evidence, errors."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytterby.rules.ownership import HALF, Convention, exact, holdings, listed_owners, reached
from ytterby.terms.errors import BadValue, UnknownName

FIRMS = "abcdefg"
Graph = dict[str, dict[str, Fraction]]


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """Any holdings among a few firms, circles and all: each firm's owners in sixteenths, no more than the whole."""
    found: Graph = {}
    for owned in FIRMS:
        left = 16
        for owner in draw(st.lists(st.sampled_from([f for f in FIRMS if f != owned]), unique=True, max_size=4)):
            part = draw(st.integers(0, left))
            left -= part
            found.setdefault(owned, {})[owner] = Fraction(part, 16)
    return found


LISTED = st.sets(st.sampled_from(FIRMS), max_size=3)
FLOORS = st.sampled_from([Fraction(1, 4), HALF, Fraction(9, 16), Fraction(1)])


def smallest_closed_set(graph: Graph, listed: set[str], floor: Fraction, convention: Convention) -> set[str]:
    """By brute force over all sets: the intersection of those that hold the listed and every firm they force."""

    def forced(owners: dict[str, Fraction], inside: set[str]) -> bool:
        shares = [share for owner, share in owners.items() if owner in inside]
        return (max(shares, default=Fraction(0)) if convention == "chain" else sum(shares, Fraction(0))) >= floor

    closed = []
    for size in range(len(FIRMS) + 1):
        for some in combinations(FIRMS, size):
            inside = set(some)
            if listed <= inside and all(o in inside or not forced(graph.get(o, {}), inside) for o in FIRMS):
                closed.append(inside)
    return set.intersection(*closed) - listed


@given(graphs(), LISTED, FLOORS, st.sampled_from(["aggregate", "chain"]))
def test_against_the_smallest_closed_set(graph: Graph, listed: set[str], floor: Fraction, how: Convention) -> None:
    assert set(reached(graph, listed, floor, how)) == smallest_closed_set(graph, listed, floor, how)


@given(graphs(), LISTED, FLOORS)
def test_a_chain_reaches_no_more_than_the_aggregate(graph: Graph, listed: set[str], floor: Fraction) -> None:
    assert set(reached(graph, listed, floor, "chain")) <= set(reached(graph, listed, floor))


@given(graphs(), LISTED, st.data())
def test_more_shares_or_more_listed_never_reach_fewer(graph: Graph, listed: set[str], data: st.DataObject) -> None:
    before = reached(graph, listed)
    owned = data.draw(st.sampled_from(FIRMS))
    owner = data.draw(st.sampled_from([firm for firm in FIRMS if firm != owned]))
    room = 1 - sum(graph.get(owned, {}).values(), Fraction(0))
    grown = {firm: dict(owners) for firm, owners in graph.items()}
    grown.setdefault(owned, {})[owner] = grown.get(owned, {}).get(owner, Fraction(0)) + room
    after = reached(grown, listed)
    assert set(before) <= set(after) | listed
    assert all(after[firm].share >= before[firm].share for firm in before)
    more = listed | {data.draw(st.sampled_from(FIRMS))}
    assert set(before) <= set(reached(graph, more)) | more


@given(graphs(), LISTED, st.randoms())
def test_the_order_of_firms_and_owners_does_not_matter(graph: Graph, listed: set[str], random: object) -> None:
    def shuffled(table: dict[str, dict[str, Fraction]]) -> Graph:
        keys = list(table)
        random.shuffle(keys)  # type: ignore[attr-defined]
        return {key: dict(reversed(list(table[key].items()))) for key in keys}

    assert reached(shuffled(graph), sorted(listed, reverse=True)) == reached(graph, sorted(listed))


@given(graphs(), LISTED, FLOORS, st.sampled_from(["aggregate", "chain"]))
def test_the_evidence_holds(graph: Graph, listed: set[str], floor: Fraction, how: Convention) -> None:
    found = reached(graph, listed, floor, how)
    for firm, reach in found.items():
        assert reach.root in listed
        assert reach.path[-1].owned == firm
        assert all(step.owned == after.owner for step, after in pairwise(reach.path))
        assert all(graph[step.owned][step.owner] == step.share for step in reach.path)
        assert all(step.owned in found for step in reach.path)
        assert len({step.owned for step in reach.path}) == len(reach.path), "no firm twice on a path"
        whole = sum((one.share for one in reach.counted), Fraction(0))
        assert reach.share == (whole if how == "aggregate" else max(one.share for one in reach.counted))
        assert reach.share >= floor


@given(graphs(), LISTED)
def test_listed_owners_sum_to_what_decides(graph: Graph, listed: set[str]) -> None:
    found = reached(graph, listed)
    for firm in FIRMS:
        owners = listed_owners(graph, firm, listed)
        assert set(owners) <= listed
        if firm not in listed:
            assert (sum(owners.values(), Fraction(0)) >= HALF) == (firm in found)


def test_half_means_half_and_floats_mean_what_they_say() -> None:
    assert set(reached({"X": {"A": 0.1, "B": 0.4}}, ["A", "B"])) == {"X"}
    assert reached({"X": {"A": "49.999999999999999999 %"}}, ["A"]) == {}
    assert reached({"X": {"A": "1/2"}}, ["a"])["X"].share == HALF
    assert exact(Decimal("0.1")) == exact(0.1) == exact("10%") == Fraction(1, 10)


def test_a_circle_reaches_nobody_by_itself_and_ends_when_a_listed_party_stands_behind_it() -> None:
    circle = {"A": {"B": 0.6}, "B": {"C": 0.6}, "C": {"A": 0.6}}
    assert reached(circle, ["L"]) == {}
    circle["A"]["L"] = 0.4
    assert reached(circle, ["L"]) == {}
    assert set(reached(circle, ["L"], 0.4)) == {"A", "B", "C"}
    assert set(reached(circle, ["A"])) == {"B", "C"}


def test_the_two_conventions_differ_where_owners_join() -> None:
    graph = {"X": {"L": "30 %", "M": "20 %"}, "Y": {"X": "50 %"}}
    assert set(reached(graph, ["L", "M"])) == {"X", "Y"}
    assert reached(graph, ["L", "M"], convention="chain") == {}


def test_nothing_is_multiplied_along_a_chain() -> None:
    graph = {f"F{n + 1}": {f"F{n}": HALF} for n in range(40)}
    found = reached(graph, ["F0"])
    assert len(found) == 40
    assert [str(step) for step in found["F2"].path] == ["F0 holds 50 % of F1", "F1 holds 50 % of F2"]
    assert found["F40"].to_dict()["share"] == "1/2"


@pytest.mark.parametrize(
    ("graph", "said"),
    [
        ({"X": {"A": 0.6, "B": 0.5}}, ["sum to 110 %", "owners of X"]),
        ({"X": {"A": -0.1}}, ["negative", "owners of X, A"]),
        ({"X": {"A": 60}}, ["more than the whole", '"60 %"']),
        ({"X": {"A": "half"}}, ["'half' is no share", "1/2"]),
        ({"X": {"A": "1/0"}}, ["no share"]),
        ({"X": {"A": float("nan")}}, ["no share"]),
        ({"X": {"A": "1e99999999"}}, ["no share"]),
        ({"X": {"A": True}}, ["no share"]),
        ({"X": {"X": 0.1}}, ["cannot own itself", "owners of X"]),
        ({"X Ltd": {"x LTD.": 0.1}}, ["cannot own itself"]),
        ({"X": {"三菱重工業": 0.2, "三菱重工业": 0.3}}, ["one owner, given twice", "三菱重工业"]),
        ({"X": {"A": 0.2}, "x": {"A": 0.3}}, ["one firm, given twice"]),
        ({"": {"A": 0.2}}, ["no name"]),
        ({"X": {"…": 0.2}}, ["no name", "owners of X"]),
    ],
)
def test_nice_errors(graph: dict[str, dict[str, float]], said: list[str]) -> None:
    with pytest.raises(BadValue) as error:
        holdings(graph)
    for part in said:
        assert part in str(error.value), str(error.value)
    assert error.value.remedy


def test_nice_errors_of_the_question() -> None:
    with pytest.raises(BadValue, match="reaches everybody"):
        reached({}, ["A"], 0)
    with pytest.raises(BadValue, match="more than the whole"):
        reached({}, ["A"], 50)
    with pytest.raises(UnknownName, match="aggregate"):
        reached({}, ["A"], convention="agregate")  # type: ignore[arg-type]
    with pytest.raises(BadValue, match="no name"):
        reached({}, ["?"])
