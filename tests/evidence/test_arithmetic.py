from __future__ import annotations

from ytterby.evidence.arithmetic import check_arithmetic
from ytterby.evidence.claims import Claim


def flow(period: str, value: float, **said: object) -> Claim:
    fields = {"kind": "trade_volume", "subject": "export of magnets", "place": "CN", "counterpart": "WLD", "unit": "t"}
    return Claim(**{**fields, "period": period, "value": value, **said})


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
