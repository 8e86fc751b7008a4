"""The verbs that ask the law: exit status, shape of the answer, and errors that name the place."""

from __future__ import annotations

import json
import re
import shlex
import textwrap
from pathlib import Path
from typing import Any

import pytest

from ytterby.cli import door
from ytterby.rules.exposure import LINES

FACTS = """
item: {form: magnet, composition: {Nd: 0.3, Dy: 0.03}}
origin: CN
from: CN
to: DE
end_use: civil
end_user: Muster GmbH
"""
BILL = """parent,child,quantity,value_usd,mass_kg,origin,technology_origin,material,Nd,Dy
,motor,,400,12,DE,,,,
motor,magnet,16,3.5,0.02,CN,CN,NdFeB magnet,0.28,0.03
motor,stator,1,120,5,PL,,,,
"""
HOLDINGS = """
permits:
  - {id: G, kind: general, exporter: Ex, end_users: [Muster GmbH], until: 2027-06-30}
orders:
  - {id: "1", date: 2026-12-01, exporter: Ex, end_user: Muster GmbH, elements: [Nd, Dy], form: magnet, quantity_kg: 5,
     facts: {from: CN, to: DE, origin: CN, end_use: civil}}
stocks:
  - {name: magnets, kg: 20, use_kg_a_day: 1}
"""
TRANSFERS = """from,to,origin,item.form,elements,end_use,end_user
CN,DE,CN,magnet,Nd Dy,civil,Muster GmbH
DE,FR,DE,magnet,Nd Pr,civil,Muster GmbH
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    assert door.outcome(["init", "p"]) == 0
    for name, text in (("facts.yaml", FACTS), ("bill.csv", BILL), ("held.yaml", HOLDINGS), ("sent.csv", TRANSFERS)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def asked(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    capsys.readouterr()
    assert door.outcome([*words, "--project", "p", "--json"]) == 0, capsys.readouterr().err
    return json.loads(capsys.readouterr().out)


def refused(capsys: pytest.CaptureFixture[str], *words: str, status: int = 1) -> str:
    capsys.readouterr()
    assert door.outcome([*words, "--project", "p"]) == status
    out, err = capsys.readouterr()
    assert out == ""
    assert "Traceback" not in err
    return err


def test_check(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = asked(capsys, "check", "facts.yaml", "--on", "2025-05-10", "--reading", "extended_2027_01_10")
    assert one["outcome"] == "licence"
    assert "cn-18-2025.Dy" in one["clauses"]
    assert set(one) >= {
        "outcome", "licence", "clauses", "passed_over", "missing", "confidence", "next_change", "reading",
    }  # fmt: skip
    every = asked(capsys, "check", "facts.yaml", "--on", "2026-11-21")
    assert len(every["readings"]) >= 3
    assert door.outcome(["check", "facts.yaml", "--project", "p", "--trace"]) == 0
    capsys.readouterr()
    kept = asked(capsys, "check", "facts.yaml", "--on", "2026-11-21", "--keep", "to Muster")
    assert kept == every
    assert (folder / "p" / "shipments" / "to Muster.yaml").is_file()
    assert "no name" in refused(capsys, "check", "facts.yaml", "--keep", "../up")
    assert not (folder / "p" / "up.yaml").exists()


def test_calendar(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = asked(capsys, "calendar", "2026-08-03")
    assert told["statute"]["due"] == "2026-10-10"
    assert [one["share"] for one in told["decided"]] == [0.5, 0.9]
    assert told["approval_of_decided"]["decided"] == 20
    assert door.outcome(["calendar", "--project", "p"]) == 0


def test_licence_and_what_ifs(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = asked(capsys, "licence", "held.yaml", "--on", "2026-11-21")
    assert [(one["order"], one["outcome"], one["licence"]) for one in told["orders"]] == [("1", "licence", "G")]
    assert told["stocks"] == [{"stock": "magnets", "empty": "2026-12-16"}]
    assert "what_if" not in told
    without = asked(capsys, "licence", "held.yaml", "--on", "2026-11-21", "--revoke", "G")["what_if"]
    assert without["orders"][0]["after"] == "licence, does not go"
    assert without["stocks"] == [{"stock": "magnets", "before": "2026-12-16", "after": "2026-12-11"}]
    party = asked(capsys, "licence", "held.yaml", "--listed", "Muster GmbH=cn-eu-control-2026-07-24")["what_if"]
    assert party["orders"][0]["after"] == "refused, does not go"
    assert door.outcome(["licence", "held.yaml", "--project", "p", "--revoke", "G"]) == 0


def test_a_lapsed_suspension_moves_links_of_the_world(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    links = asked(capsys, "licence", "held.yaml", "--on", "2026-11-21", "--lapsed", "cn-61-2025")["what_if"]["links"]
    assert links
    assert {row["before"] for row in links} == {"free"}
    assert {row["after"] for row in links} <= {"licence", "refused"}
    assert all(name.startswith("cn-61-2025.") for row in links for name in row["clauses"])
    assert all("CN" not in (row["from"], row["to"]) for row in links)


def test_exposure(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = asked(capsys, "exposure", "bill.csv")
    shares = {row["origin"]: row["value_share"] for row in told["origins"]}
    assert shares == {"CN": "7/50", "DE": "14/25", "PL": "3/10"}
    lines = {row["line"]: row for row in told["margins"]}
    assert lines["cn-61-value"]["verdict"] == "reached"
    assert lines["cn-61-value"]["share"]["exact"] == "7/50"
    assert told["taint"]["verdict"] == "reached"
    prices = folder / "prices.csv"
    prices.write_text("date,material,usd_per_kg\n2025-01-01,NdFeB magnet,175\n2025-06-01,NdFeB magnet,1\n", "utf-8")
    dated = asked(capsys, "exposure", "bill.csv", "--prices", "prices.csv")
    assert [one["date"] for one in dated["price_dates"]] == ["2025-01-01", "2025-06-01"]
    assert ("cn-61-value", "2025-06-01", "reached", "below") in {tuple(one.values()) for one in dated["crossings"]}
    assert door.outcome(["exposure", "bill.csv", "--project", "p"]) == 0


def test_replay(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (row,) = asked(capsys, "replay", "sent.csv", "--on", "2025-04-03", "--on", "2025-04-04")
    assert (row["row"], row["before"], row["after"]) == (0, "free", "licence")
    assert asked(capsys, "replay", "sent.csv", "--on", "2025-06-01") == []


def test_rules_and_their_timeline(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = asked(capsys, "rules")
    assert {"cn-18-2025", "cn-61-2025", "us-dfars-7052", "eu-crma"} <= {row["id"] for row in rows}
    page = asked(capsys, "rules", "cn-61-2025", "--on", "2026-11-21", "--timeline", "drawn.svg")
    assert {clause["in_force"] for clause in page["clauses"]} == {False}
    drawn = (folder / "drawn.svg").read_text(encoding="utf-8")
    assert drawn.count(">cn-61-2025</text>") == 1, "one row per instrument"
    assert ">suspended</text>" in drawn


def test_nice_errors(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def written(name: str, text: str) -> str:
        (folder / name).write_text(text, encoding="utf-8")
        return name

    loop = written("loop.csv", "parent,child,quantity\na,b,1\nb,c,1\nc,a,1\n")
    assert "part of itself" in refused(capsys, "exposure", loop)
    above = written("above.csv", "parent,child,quantity,Nd,Dy\na,b,1,0.9,0.2\n")
    assert "line 2" in refused(capsys, "exposure", above)
    nowhere = written("nowhere.csv", "parent,child,quantity,origin\na,b,1,Atlantis\n")
    assert "Atlantis" in refused(capsys, "exposure", nowhere)
    assert "bill.pdf" in refused(capsys, "exposure", written("bill.pdf", ""))
    assert "none.csv" in refused(capsys, "exposure", "none.csv")
    assert "--origin" in refused(capsys, "exposure", "bill.csv", "--origin", "Atlantis")
    assert "--root" in refused(capsys, "exposure", written("two.csv", "parent,child,quantity\na,b,1\nc,d,1\n"))
    assert "none.yaml" in refused(capsys, "check", "none.yaml")
    assert "1" in refused(capsys, "check", written("much.yaml", "item: {composition: {Nd: 0.9, Dy: 0.2}}\n"))
    assert "Atlantis" in refused(capsys, "check", written("there.yaml", "to: Atlantis\n"))
    assert "lapsed" in refused(capsys, "check", "facts.yaml", "--reading", "lapsed")
    assert "'X'" in refused(capsys, "licence", "held.yaml", "--revoke", "X")
    assert "cn-99" in refused(capsys, "licence", "held.yaml", "--lapsed", "cn-99")
    assert "cn-99" in refused(capsys, "rules", "cn-99")
    assert "none.csv" in refused(capsys, "replay", "none.csv")
    assert "more cells" in refused(capsys, "replay", written("wide.csv", "from,to\nCN,DE,FR\n"))


def test_wrong_usage(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "2025-06-30" in refused(capsys, "check", "facts.yaml", "--on", "30.6.2025", status=2)
    assert "PARTY=LIST" in refused(capsys, "licence", "held.yaml", "--listed", "Muster", status=2)
    assert "3 times" in refused(capsys, "replay", "sent.csv", *["--on", "2025-06-01"] * 3, status=2)
    assert "no date" in refused(capsys, "calendar", "2026-02-30", status=2)


PAGE = Path(__file__).resolve().parents[2] / "docs" / "rules.md"


def test_every_command_of_the_page_runs(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = PAGE.read_text(encoding="utf-8").split("## Writing rules", 1)[0]
    for name, block in re.findall(r"^`([\w.]+)`:\n\n((?:    .*\n)+)", page, flags=re.MULTILINE):
        (folder / name).write_text(textwrap.dedent(block), encoding="utf-8")
    commands = re.findall(r"^    ytterby (.+)$", page, flags=re.MULTILINE)
    assert len(commands) >= 14
    for command in commands:
        assert door.outcome([*shlex.split(command), "--project", "p"]) == 0, (command, capsys.readouterr().err)


def test_the_page_shows_what_it_says(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert [line.id for line in LINES if f"`{line.id}`" not in page] == []
