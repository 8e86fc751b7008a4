"""The monthly report: its stocks are the balance's, its names can be withheld and opened again."""

from __future__ import annotations

import csv
import datetime
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.custody.outgoing import TODAY, Chain, made

from ytterby.custody.balance import balance
from ytterby.custody.disclosure import KEY, Disclosure, choice, committed, opened
from ytterby.custody.monthly import KINDS, monthly, tables
from ytterby.terms.errors import BadValue, UnknownName


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Chain:
    return made(tmp_path_factory.mktemp("monthly"))


@pytest.mark.parametrize("month", ["2026-01", "2026-02"])
def test_stocks_are_those_of_the_balance(chain: Chain, month: str) -> None:
    report = monthly(chain.at, month, {}, now=TODAY)
    lines = [one for one in balance(chain.at, None, month) if not one.element]
    assert lines
    for line in lines:
        mine = [one for one in report.stocks if one.facility == line.facility]
        for name in ("opening", "closing", "received", "commissioned", "shipped", "removed"):
            assert sum(getattr(one, name) for one in mine) / 1e9 == pytest.approx(getattr(line, name), abs=1e-6), name


def test_every_line_closes_to_the_microgram(chain: Chain) -> None:
    before: dict[tuple[str, str], int] = {}
    for month in ("2026-01", "2026-02", "2026-03"):
        for one in monthly(chain.at, month, {}, now=TODAY).stocks:
            came = one.opening + one.received + one.commissioned + one.made
            assert came - one.used - one.shipped - one.removed - one.counted_short == one.closing
            assert before.get((one.facility, one.material), 0) == one.opening
            before[one.facility, one.material] = one.closing


def test_trades_sum_to_what_was_received_and_shipped(chain: Chain) -> None:
    report = monthly(chain.at, "2026-02", {}, now=TODAY)
    for one in report.stocks:
        for direction in ("received", "shipped"):
            mine = [t.mass for t in report.trades
                    if (t.facility, t.material, t.direction) == (one.facility, one.material, direction)]  # fmt: skip
            assert sum(mine) == getattr(one, direction)
    detroit = next(one for one in report.trades if one.facility == "ningbo-magnets" and one.direction == "shipped")
    assert (detroit.counterparty, detroit.events, detroit.licences) == ("detroit", 2, ("EL-2",))


@pytest.mark.parametrize(
    ("now", "status"),
    [(datetime.date(2026, 2, 1), "due"), (datetime.date(2026, 2, 10), "due"), (datetime.date(2026, 2, 11), "late"),
     (datetime.date(2026, 1, 31), "provisional")],
)  # fmt: skip
def test_due_by_the_tenth(chain: Chain, now: datetime.date, status: str) -> None:
    moment = datetime.datetime.combine(now, datetime.time(), datetime.UTC)
    report = monthly(chain.at, "2026-01", {}, now=moment, provisional=True)
    assert (report.status, report.due) == (status, datetime.date(2026, 2, 10))


def test_a_month_that_is_not_over_is_refused(chain: Chain) -> None:
    with pytest.raises(BadValue, match="not over"):
        monthly(chain.at, "2026-11", {}, now=TODAY)
    with pytest.raises(BadValue, match="no month"):
        monthly(chain.at, "2026-13", {}, now=TODAY)
    with pytest.raises(UnknownName):
        monthly(chain.at, "2026-01", {}, facility="nowhere", now=TODAY)


def test_december_is_due_in_january(chain: Chain) -> None:
    assert monthly(chain.at, "2025-12", {}, now=TODAY).due == datetime.date(2026, 1, 10)


def test_names_withheld_can_be_opened_again(chain: Chain) -> None:
    report = monthly(chain.at, "2026-02", chain.ledger.head.published(), now=TODAY)
    whole = report.to_dict()
    shown = choice(["facility", "name=EL-2"], KINDS)
    told = json.loads(json.dumps(report.to_dict(shown)))
    text = json.dumps(told)
    assert "detroit" not in json.dumps(told["facilities"][0]["trades"])
    assert "EL-2" in text
    assert KEY in text
    kept = json.loads(json.dumps(shown.kept()))
    assert opened(told, kept) == whole
    # one opening opens one name, wherever it stands
    one = {"openings": [next(o for o in kept["openings"] if o["name"] == "detroit")]}
    part = json.dumps(opened(told, one))
    assert "detroit" in part
    assert "narita" not in json.dumps(opened(told, one)["facilities"][-1]["trades"])
    wrong = {"openings": [{**one["openings"][0], "name": "narita"}]}
    with pytest.raises(BadValue, match="not the name behind"):
        opened(told, wrong)


def test_no_withheld_name_stands_in_report_or_tables(chain: Chain) -> None:
    report = monthly(chain.at, "2026-02", {}, now=TODAY).to_dict(Disclosure(("none",)))
    text = json.dumps(report) + "".join(tables(report).values())
    assert [name for name in ("ningbo", "detroit", "narita", "EL-2") if name in text] == []


@given(st.text(min_size=1), st.binary(min_size=32, max_size=32))
def test_a_commitment_fits_its_name_and_no_other(name: str, salt: bytes) -> None:
    hidden = Disclosure(("none",), salt=lambda: salt)
    told = hidden.name("facility", name)
    assert told == {KEY: committed(name, salt)} == hidden.name("party", name)
    assert opened({"who": [told]}, hidden.kept()) == {"who": [name]}
    assert committed(name, salt) != committed(name + " ", salt)


def test_tables_hold_what_the_report_holds(chain: Chain) -> None:
    report = monthly(chain.at, "2026-02", {}, now=TODAY).to_dict()
    told = {name: list(csv.DictReader(io.StringIO(text))) for name, text in tables(report).items()}
    assert sum(len(site["materials"]) for site in report["facilities"]) == len(told["stocks"])
    assert {(row["facility"], row["counterparty"], row["counterparty_place"]) for row in told["trades"]} >= {
        ("ningbo-magnets", "detroit", "US")
    }


def test_a_kind_of_name_nobody_knows_is_refused() -> None:
    with pytest.raises(UnknownName):
        choice(["faciliti"], KINDS)
