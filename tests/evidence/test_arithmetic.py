from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from said import change, exports, held, said

from ytterby.evidence.arithmetic import check_arithmetic
from ytterby.evidence.claims import Claim
from ytterby.evidence.naming import named


def flow(period: str, value: float, **told: object) -> Claim:
    fields = {"kind": "trade_volume", "subject": "export of magnets", "place": "CN", "counterpart": "WLD", "unit": "t"}
    return Claim(**{**fields, "period": period, "value": value, **told})


def test_the_months_of_2025_sum_to_the_year(claims: tuple[Claim, ...]) -> None:
    found = {f.about: f for f in check_arithmetic(claims) if f.check == "months"}
    world = found["export of magnets CN → WLD 2025"]
    assert world.found == world.expected == 57392
    assert len(world.claims) == 13
    us = found["export of magnets CN → US 2025"]
    assert (us.expected, us.found) == (5933, 5941)
    assert us.holds


def test_a_wrong_month_fails() -> None:
    months = [flow(f"2025-{m:02}", 101.0) for m in range(1, 13)]
    (fine,) = check_arithmetic([*months, flow("2025", 1212.0)])
    (wrong,) = check_arithmetic([*months[:-1], flow("2025-12", 201.0), flow("2025", 1212.0)])
    assert fine.holds
    assert not wrong.holds
    assert "fails" in str(wrong)
    assert check_arithmetic([*months[:-1], flow("2025", 1212.0)]) == []


def test_part_years_fill_a_year() -> None:
    parts = [flow("2025-H1", 501.0), flow("2025-Q3", 251.0), *(flow(f"2025-{m}", 83.0) for m in (10, 11, 12))]
    (finding,) = check_arithmetic([*parts, flow("2025", 1001.0)])
    assert finding.found == 1001.0


def test_changes_agree_with_their_levels_but_for_the_rival(claims: tuple[Claim, ...]) -> None:
    changes = [f for f in check_arithmetic(claims) if f.check == "change"]
    assert len(changes) >= 9
    by_id = {claim.id: claim for claim in claims}
    (failed,) = [f for f in changes if not f.holds]
    assert 411.0 in {by_id[name].value for name in failed.claims}


def test_shares_do_not_pass_the_whole(claims: tuple[Claim, ...]) -> None:
    shares = [f for f in check_arithmetic(claims) if f.check == "shares"]
    assert len(shares) > 30
    assert [str(f) for f in shares if not f.holds] == []
    parts = [
        Claim(kind="share", stage="mine", parameter=f"share:mining:{place}:2025:all REO", value=0.6, unit="share")
        for place in ("CN", "US")
    ]
    (finding,) = check_arithmetic(parts)
    assert not finding.holds


def test_read_levels_and_their_change_are_checked_whatever_the_baseline() -> None:
    told = [exports(280), exports(305, "2025-11"), exports(213, "2024-12"), change(-8, "on the month before")]
    told.append(change(31.4, "on the year before"))
    found = check_arithmetic(named(told))
    assert [f.check for f in found] == ["change", "change"]
    assert all(f.holds and f.unit == "share" for f in found)
    (wrong,) = check_arithmetic(named([exports(411), exports(305, "2025-11"), change(-8, "on the month before")]))
    assert not wrong.holds
    assert "on the month before" in wrong.about


def test_read_figures_join_the_rows_of_the_tables(claims: tuple[Claim, ...]) -> None:
    (read,) = named([change(-8, "on the month before")])
    found = [f for f in check_arithmetic([*claims, read]) if read.id in f.claims]
    assert {f.holds for f in found} == {True, False}, "280 t holds, 411 t does not"


def test_repeated_figures_are_checked_once_and_bounds_not_at_all() -> None:
    again = [exports(280, document=f"{at:064}") for at in range(4)]
    before, fall = exports(305, "2025-11"), change(-8, "on the month before")
    assert len(check_arithmetic(named([*again, before, fall]))) == 1
    assert check_arithmetic(named([exports(280, comparator=">"), before, fall])) == []
    assert check_arithmetic(named([exports(280, status="rejected"), before, fall])) == []
    assert check_arithmetic(named([exports(280, modality="forecast"), before, fall])) == []


def test_about_leaves_room() -> None:
    near = change(-51, "on the year before", comparator="~")
    half = [exports(151), exports(299, "2024-12")]
    assert check_arithmetic(named([near, *half]))[0].holds
    assert not check_arithmetic(named([near.model_copy(update={"comparator": "="}), *half]))[0].holds


def test_output_and_its_change_belong_together() -> None:
    told = [
        said("production", value, "t", subject="Lynas", object="NdPr oxide", period=period)
        for value, period in ((1509, "2025-Q1"), (1293, "2024-Q4"))
    ]
    rise = said(
        "trade_change", 16.7, "%", subject="Lynas", object="NdPr oxide production", period="2025-Q1", against="2024-Q4"
    )
    (found,) = check_arithmetic(named([*told, rise]))
    assert found.holds


def test_read_shares_count_towards_the_whole() -> None:
    shares = [
        held(81, "rare earth magnets", period="2025"),
        held(31, "rare earth magnets", period="2025", subject="Japan"),
    ]
    (found,) = check_arithmetic(named(shares))
    assert (found.unit, found.holds) == ("share", False)
    assert found.found == pytest.approx(1.12)


@given(st.integers(100, 100_000), st.integers(100, 100_000), st.integers(0, 2))
def test_a_change_printed_from_its_levels_always_holds(now: int, then: int, digits: int) -> None:
    percent = round((now / then - 1) * 100, digits)
    told = [exports(float(now), "2025-12"), exports(float(then), "2024-12"), change(percent, "on the year before")]
    for finding in check_arithmetic(named(told)):
        assert finding.holds, str(finding)


def test_from_one_level_to_another_within_a_passage() -> None:
    told: dict[str, object] = {"subject": "Nobody Metals", "object": "NdPr oxide production", "passage": 2}
    before, after = (said("production", value, "t/yr", **told) for value in (7200, 10500))
    rise = said("trade_change", 45.8, "%", **told)
    (found,) = check_arithmetic(named([before, after, rise]))
    assert found.holds
    (fall,) = check_arithmetic(named([before, after, rise.model_copy(update={"value": -31.4})]))
    assert fall.holds
    (wrong,) = check_arithmetic(named([before, after, rise.model_copy(update={"value": 54.8})]))
    assert not wrong.holds
    third = said("production", 9000, "t/yr", **told)
    assert check_arithmetic(named([before, after, third, rise])) == [], "which two is not told"
    elsewhere = rise.model_copy(update={"passage": 3})
    assert check_arithmetic(named([before, after, elsewhere])) == []
