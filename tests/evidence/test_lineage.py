from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from said import content, exports, held

from ytterby.evidence.claims import Claim, Source
from ytterby.evidence.lineage import lines, same_figure, trace
from ytterby.evidence.naming import named
from ytterby.evidence.weigh import weigh

EARLY, LATER, LAST = date(2025, 12, 20), date(2026, 1, 20), date(2026, 2, 20)


def accepted(*claims: Claim) -> list[Claim]:
    return [claim.model_copy(update={"status": "accepted"}) for claim in named(claims)]


def test_the_first_to_say_it_begins_the_line() -> None:
    first = exports(280, known=EARLY, publisher="General Administration of Customs")
    again = exports(280, known=LATER)
    other = exports(411, known=LAST, publisher="Xinhua")
    one, rival = trace([other, again, first])
    assert (one.first, one.repeats, one.claims) == (first.id, (again.id,), (first.id, again.id))
    assert (one.figure, one.origin, one.attributed, one.since) == (
        280.0,
        "General Administration of Customs",
        False,
        EARLY,
    )
    assert one.hands == ("General Administration of Customs", "Reuters")
    assert (rival.figure, rival.repeats) == (411.0, ())


def test_an_echo_points_to_an_origin_before_itself() -> None:
    echo = content(920, "lb/unit", "rare earths", known=EARLY, attributed_to="US Department of Defense")
    repeat = content(920, "lb/unit", "rare earths", known=LATER, publisher="Xinhua")
    (line,) = trace([repeat, echo])
    assert (line.origin, line.attributed, line.first) == ("US Department of Defense", True, echo.id)
    assert line.repeats == (repeat.id,)


def test_a_later_echo_names_the_origin_of_an_unnamed_first() -> None:
    bare = content(920, "lb/unit", "rare earths", known=EARLY, source=Source())
    told = content(920, "lb/unit", "rare earths", known=LATER, attributed_to="Adamas Intelligence")
    (line,) = trace([bare, told])
    assert (line.origin, line.attributed, line.first) == ("Adamas Intelligence", True, bare.id)


def test_a_voice_that_is_the_publisher_itself_is_no_echo() -> None:
    own = exports(280, publisher="Reuters", attributed_to="reuters")
    (line,) = trace([own])
    assert not line.attributed


def test_units_and_rounding_do_not_part_a_line() -> None:
    pounds, kilograms = content(920, "lb/unit", "rare earths"), content(417, "kg/unit", "rare earths")
    assert same_figure(pounds, kilograms)
    assert same_figure(kilograms, pounds)
    assert not same_figure(pounds, content(430, "kg/unit", "rare earths"))
    assert not same_figure(held(90, "magnets"), held(90, "magnets", comparator=">"))
    assert not same_figure(
        content(None, "kg/unit", "x", low=11, high=20), content(None, "kg/unit", "x", low=12, high=20)
    )
    assert not same_figure(exports(280), content(280, "lb/unit", "x"))


@given(st.lists(st.sampled_from([280.0, 411.0, 305.0, 280.3]), min_size=1, max_size=8))
def test_every_claim_is_in_one_line(values: list[float]) -> None:
    claims = [exports(value, document=f"{at:064}") for at, value in enumerate(values)]
    found = lines(claims)
    assert sorted(claim.id for line in found for claim in line) == sorted(claim.id for claim in claims)
    for line in found:
        assert all(same_figure(line[0], claim) for claim in line)


def test_an_echo_is_no_second_vote() -> None:
    """However many repeat a figure, it weighs what its best claim weighs; a rival keeps its half."""
    rival = exports(411, publisher="Xinhua", document="r" * 64)
    for repeats in (1, 2, 9):
        echoes = [exports(280, publisher=f"Paper {at}", document=f"{at:064}") for at in range(repeats)]
        one = weigh(accepted(rival, *echoes))["trade:export:CN:JP:magnets:2025-12"]
        weights = dict(one.claims)
        (against,) = accepted(rival)
        assert abs(weights[against.id] - 0.5) < 1e-12
        assert abs(sum(weights.values()) - 1.0) < 1e-12


def test_what_repeats_a_row_changes_nothing_but_who_carries_it(claims: tuple[Claim, ...]) -> None:
    name = "trade:export:CN:JP:magnets:2025-12"
    rows = [claim for claim in claims if claim.parameter == name]
    before = weigh(rows)[name]
    after = weigh([*rows, *accepted(exports(280), exports(280, document="e" * 64))])[name]
    assert after.unit == before.unit
    assert abs(after.value - before.value) < 1e-9 * before.value
    rival = next(claim.id for claim in rows if claim.value == 411.0)
    assert abs(dict(after.claims)[rival] - dict(before.claims)[rival]) < 1e-12
