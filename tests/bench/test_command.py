"""The command reads its options, and what it prints keeps its columns."""

from __future__ import annotations

import numpy as np
import pytest
from bench.growth import exponent
from bench.speed import Whole
from bench.table import Section, as_markdown, as_text
from hypothesis import given
from hypothesis import strategies as st

from bench import __main__ as command
from bench import memory

SECTION = Section("Steps", ("width", "ms"), (("16 draws", "1.5"), ("128 draws", "10.25")), ("medians",))


def test_options() -> None:
    assert vars(command.parser().parse_args([])) == {"quick": False, "only": None, "write": False}
    assert vars(command.parser().parse_args(["--quick", "--write"])) == {"quick": True, "only": None, "write": True}


def test_nice_errors(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        command.main(["--fast"])
    assert left.value.code == 2
    told = capsys.readouterr().err
    assert "--fast" in told
    assert "--quick" in told
    assert "Traceback" not in told


def test_prints_and_writes(
    monkeypatch: pytest.MonkeyPatch, tmp_path: object, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "benchmarks.md"  # type: ignore[operator]
    monkeypatch.setattr(command, "PAGE", page)
    monkeypatch.setattr(command, "sections", lambda quick, only=None: iter([SECTION]))
    assert command.main(["--quick"]) == 0
    assert not page.exists()
    assert command.main(["--quick", "--write"]) == 0
    assert "128 draws  10.25" in capsys.readouterr().out
    text = page.read_text()
    assert "`python -m bench --quick --write`" in text
    assert "| 16 draws | 1.5 |" in text


def test_columns_are_aligned() -> None:
    title, *rows = as_text(SECTION).splitlines()
    assert title == "Steps"
    assert len({len(row) for row in rows[:3]}) == 1
    assert rows[3] == "  (medians)"
    assert as_markdown(SECTION).splitlines()[:3] == ["## Steps", "", "| width | ms |"]


@given(power=st.floats(-3.0, 3.0), factor=st.floats(1e-6, 1e3))
def test_exponent_of_a_power_law(power: float, factor: float) -> None:
    sizes = [32, 64, 128, 512]
    slope, error = exponent(sizes, [factor * n**power for n in sizes])
    assert slope == pytest.approx(power, abs=1e-9)
    assert error < 1e-6


def test_standard_error_covers_the_truth() -> None:
    rng, sizes = np.random.default_rng(0), np.array([32.0, 64, 128, 256, 512, 1024])
    off = []
    for _ in range(400):
        slope, error = exponent(sizes, sizes**1.1 * np.exp(0.1 * rng.normal(size=len(sizes))))
        off.append((slope - 1.1) / error)
    assert np.mean(np.abs(off) < 2.776) == pytest.approx(0.95, abs=0.04)  # Student's t, 4 degrees of freedom


def test_extrapolation_of_a_run() -> None:
    run = Whole("baseline", "float64", 128, 1024, 10.0, 522, 100, first=5.0, total=5.0 + 3 * 2.0)
    assert run.a_chunk == pytest.approx(2.0)
    assert run.seconds == pytest.approx(5.0 + 31 * 2.0)
    assert run.scenario_years == pytest.approx(160.0)


def test_own_peak_is_seen() -> None:
    before = memory.own_peak()
    held = np.ones(60_000_000 // 8)
    assert memory.own_peak() >= before
    assert before > held.nbytes / 60
