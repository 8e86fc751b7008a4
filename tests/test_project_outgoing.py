"""What goes out, through the project and the terminal: the same as through the rooms, as JSON that fits its schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from tests.custody.magnets import PERMITS, REGISTRY, captured, lot

import ytterby
from ytterby.cli.door import outcome
from ytterby.cli.interface import schema_of


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("outgoing") / "project"
    project = ytterby.init(path)
    captured(project.custody)
    told = yaml.safe_dump(REGISTRY.model_dump(mode="json", exclude_defaults=True), sort_keys=False)
    (project.custody / "registry.yaml").write_text(told)
    (project.custody / "permits.yaml").write_text(PERMITS)
    return path


def asked(capsys: pytest.CaptureFixture[str], folder: Path, *words: str, status: int = 0) -> Any:
    assert outcome([*words, "--json", "--project", str(folder)]) == status
    told = json.loads(capsys.readouterr().out)
    verb = words[0]
    if verb in ("shipments", "report-monthly", "passport"):
        jsonschema.validate(told, schema_of(verb))
    return told


def test_shipments(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    told = asked(capsys, folder, "shipments", "--reading", "extended_2027_01_10")
    assert told["counts"] == {"free": 3, "covered": 2, "declared": 0, "uncovered": 1, "refused": 0, "undetermined": 0}
    assert [one["left_kg"] for one in told["licences"]] == ["50", "10"]
    only = asked(capsys, folder, "shipments", "--state", "uncovered")
    assert [one["why"] for one in only["shipments"]] == ["EL-2 has 10 kg left of 50"]
    moved = asked(capsys, folder, "shipments", "--what-if", "suspended=cn-18-2025")
    assert (moved["changed"], moved["after"]) == (3, {"free": 6})


def test_a_report_with_its_tables_and_openings(
    capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path
) -> None:
    told = asked(capsys, folder, "report-monthly", "2026-02", "--disclose", "facility", "--out", str(tmp_path))
    assert told["head"] == ytterby.open(folder).head()
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "flows-2026-02-stocks.csv", "flows-2026-02-trades.csv", "flows-2026-02.json", "flows-2026-02.openings.json",
    ]  # fmt: skip
    assert json.loads((tmp_path / "flows-2026-02.json").read_text()) == told
    assert outcome(["report-monthly", "2999-01", "--project", str(folder)]) == 1
    assert "not over" in capsys.readouterr().err


def test_a_passport_is_checked_without_a_project(
    capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "m2.html"
    made = asked(capsys, folder, "passport", lot("M2"), "--out", str(out))
    head = tmp_path / "head.json"
    head.write_text(json.dumps(ytterby.open(folder).head()))
    assert made["digest"] in out.read_text()
    monkeypatch.chdir(tmp_path)
    file = str(tmp_path / "m2.json")
    assert outcome(["passport", "verify", file, "--head", str(head), "--digest", made["digest"], "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    checks = {one["check"]: one["passed"] for one in told["checks"]}
    # what the issuer keeps accounts of cannot be seen from one lot's events
    assert checks.pop("accounts") is None
    assert checks
    assert all(checks.values())
    (tmp_path / "m2.json").write_text((tmp_path / "m2.json").read_text().replace('"2/3"', '"1/3"'))
    assert outcome(["passport", "verify", file]) == 1
    assert "not sound" in capsys.readouterr().out
    (tmp_path / "m2.json").write_text("{")
    assert outcome(["passport", "verify", file]) == 1
    assert "no JSON" in capsys.readouterr().err


def test_exports_are_the_same_in_both_forms(capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path) -> None:
    import csv

    parquet = pytest.importorskip("pyarrow.parquet")
    for word in ("parquet", "csv"):
        told = asked(capsys, folder, "ledger", "export", f"--{word}", str(tmp_path / word))
        assert len(told["files"]) == 4
    for name in ("events", "moves", "balances", "shipments"):
        columns = parquet.read_table(tmp_path / "parquet" / f"{name}.parquet").to_pydict()
        with (tmp_path / "csv" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        assert rows
        assert list(columns) == list(rows[0])
        for key, column in columns.items():
            assert ["" if one is None else str(one) for one in column] == [row[key] for row in rows], (name, key)


def test_a_trace_has_its_verdicts(folder: Path) -> None:
    project = ytterby.open(folder)
    told = project.trace(lot("M2"))
    made, _ = project.passport(lot("M2"))
    assert list(told.verdicts) == made["regimes"]
    assert project.trace(lot("M2"), down=True).verdicts == ()


def test_where_the_policy_blocks_the_project_refuses(tmp_path: Path) -> None:
    from tests.custody.magnets import chain

    from ytterby.custody.epcis import emit

    project = ytterby.init(tmp_path / "project")
    project.custody.mkdir()
    told = yaml.safe_dump(REGISTRY.model_dump(mode="json", exclude_defaults=True))
    (project.custody / "registry.yaml").write_text(told)
    (project.custody / "permits.yaml").write_text(PERMITS)
    (project.custody / "policy.yaml").write_text("shipments: block\n")
    lines = "\n".join(json.dumps(emit.raw(one)) for one in chain()).encode()
    done = project.capture([lines], workers=0)
    assert [one.reason.split(":")[0] for one in done.refused] == ["licence"]
