"""How the command line ends: every failure is told with cause, place and remedy, and none of them with a traceback."""

from __future__ import annotations

import datetime
import errno
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest

import ytterby
from ytterby.cli import door
from ytterby.terms.errors import BadValue, StoreError


class Stub:
    """A project that answers what a test tells it to."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer

    def runs(self) -> Any:
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer

    def show(self, run: str, metric: str, against: str | None) -> Any:
        return self.answer


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> Any:
    def set_answer(answer: Any) -> None:
        # `ytterby.open` is lazy: set as an attribute it hides the real one.
        monkeypatch.setattr(ytterby, "open", lambda path=None: Stub(answer), raising=False)

    return set_answer


def test_nice_errors(answering: Any, capsys: pytest.CaptureFixture[str]) -> None:
    answering(BadValue("draws is 0", place="draws of the run", remedy="give a whole number of 1 or more"))
    assert door.outcome(["runs"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == [
        "error: draws is 0",
        "where: draws of the run",
        "what to do: give a whole number of 1 or more",
    ]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["rnu"], "No such command 'rnu'"),
        (["claims", "--known", "30.6.2025"], "write year, month and day as 2025-06-30"),
        (["claims", "--known", "2025-02-30"], "write year, month and day as 2025-06-30"),
        (["world", "--list", "plants"], "'facilities'"),
        (["run"], "Missing argument 'SCENARIO'"),
        (["run", "april-2025", "--draws", "many"], "'many' is not a valid integer"),
        (["show", "r", "exports", "--json", "--csv"], "exclude each other"),
    ],
)
def test_wrong_usage(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert door.outcome(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES, errno.EROFS, errno.EIO])
def test_what_the_system_refuses_is_told(number: int, answering: Any, capsys: pytest.CaptureFixture[str]) -> None:
    answering(OSError(number, os.strerror(number), "runs/metrics.zarr"))
    assert door.outcome(["runs"]) == 1
    err = capsys.readouterr().err
    assert "where: runs/metrics.zarr" in err
    assert "what to do:" in err
    assert "Traceback" not in err


def test_a_fault_of_ours_leaves_a_log_and_no_traceback(
    answering: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ytterby.toml").touch()
    monkeypatch.chdir(tmp_path)
    answering(ZeroDivisionError("float division\nby zero"))
    assert door.outcome(["runs"]) == 70
    err = capsys.readouterr().err
    assert "Traceback" not in err
    assert "ZeroDivisionError: float division\n" in err
    [log] = (tmp_path / "logs").iterdir()
    assert str(log) in err
    assert "Traceback" in log.read_text()
    monkeypatch.setenv("YTTERBY_DEBUG", "1")
    assert door.outcome(["runs"]) == 70
    assert "Traceback" in capsys.readouterr().err


def test_ctrl_c_ends_with_130(answering: Any, capsys: pytest.CaptureFixture[str]) -> None:
    answering(KeyboardInterrupt())
    assert door.outcome(["runs"]) == 130
    assert "nothing half-written was kept" in capsys.readouterr().err


def test_json_is_one_value_and_messages_stand_aside(answering: Any, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [{"id": "a", "created": datetime.date(2025, 4, 4), "draws": 3, "note": float("nan"), "zh": "稀土"}]
    answering(rows)
    assert door.outcome(["runs", "--json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out) == [{"id": "a", "created": "2025-04-04", "draws": 3, "note": None, "zh": "稀土"}]
    assert err == ""
    answering([])
    assert door.outcome(["runs"]) == 0
    out, err = capsys.readouterr()
    assert (out, err) == ("", "no run yet: ytterby run april-2025\n")


@pytest.mark.parametrize("words", [["--project", "{}", "runs"], ["runs", "--project", "{}"]])
def test_the_project_may_be_named_before_or_after_the_verb(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = tmp_path / "none"
    assert door.outcome([word.format(missing) for word in words]) == 1
    assert str(missing) in capsys.readouterr().err


def test_a_truncated_project_file_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "ytterby.toml").write_text('name = "x')
    assert door.outcome(["runs", "--project", str(tmp_path)]) == StoreError.exit_code
    err = capsys.readouterr().err
    assert "ytterby.toml" in err
    assert "Traceback" not in err


def test_init_makes_a_project_and_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert door.outcome(["init", str(tmp_path / "new"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"project": str(tmp_path / "new")}
    assert (tmp_path / "new" / "ytterby.toml").is_file()


_ENDLESS = """
import ytterby
from ytterby.cli import main
class Stub:
    def runs(self):
        {body}
ytterby.open = lambda path=None: Stub()
main(["runs", "--json"])
"""


def _process(body: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", _ENDLESS.format(body=body)]
    # Unbuffered, Python takes a short write for a whole one and never learns that the reader is gone.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)


def test_a_closed_pipe_is_no_error() -> None:
    process = _process("return [{'row': i} for i in range(200_000)]")
    assert process.stdout is not None
    assert process.stderr is not None
    with process:
        process.stdout.read(10)
        process.stdout.close()
        err = process.stderr.read()
        assert process.wait(timeout=60) == 141
    assert err == b""


def test_a_real_interrupt_leaves_no_traceback() -> None:
    process = _process("import sys, time; sys.stderr.write('ready\\n'); sys.stderr.flush(); time.sleep(60)")
    assert process.stderr is not None
    with process:
        assert process.stderr.readline() == b"ready\n"
        process.send_signal(signal.SIGINT)
        err = process.stderr.read().decode()
        assert process.wait(timeout=60) == 130
    assert "Traceback" not in err
    assert "stopped" in err


def test_verbs_are_named_once() -> None:
    rooms = {room.__name__: room for room in vars(door).values() if hasattr(room, "VERBS")}
    names = [verb.name for room in rooms.values() for verb in room.VERBS]
    assert len(names) == len(set(names)) == len(door.ytterby.commands)
    assert all(isinstance(verb, click.Command) for verb in door.ytterby.commands.values())
