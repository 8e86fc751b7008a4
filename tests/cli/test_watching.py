"""The verb watch: one pass with its exit status, staying until Ctrl-C, refusals without a trace."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.watch.orders import FALLING, order

from ytterby.cli.door import outcome

if TYPE_CHECKING:
    from ytterby.project import Project


def test_once_answers_with_one_value(tmp_path: Path, project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    page = order(tmp_path, briefs=True)
    (tmp_path / "articles" / "a.txt").write_text(FALLING, encoding="utf-8")
    assert outcome(["--project", str(project.path), "watch", str(page), "--once", "--json"]) == 0
    said = capsys.readouterr()
    (done,) = json.loads(said.out)["passes"]
    assert (done["read"], done["delivered"]) == (1, 1)
    assert "answers the topic" in said.err


def test_what_could_not_be_delivered_shows_in_the_status(tmp_path: Path, project: Project) -> None:
    hook = {"webhook": {"url": "http://127.0.0.1:9/", "allow_private": True}}
    page = order(tmp_path, briefs=True, alerts=[hook])
    (tmp_path / "articles" / "a.txt").write_text(FALLING, encoding="utf-8")
    assert outcome(["--project", str(project.path), "watch", str(page), "--once"]) == 1


def test_refusals(tmp_path: Path, project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    page = order(tmp_path, topic="no such topic at all")
    assert outcome(["--project", str(project.path), "watch", str(page), "--once"]) == 1
    assert "order.yaml, topic" in capsys.readouterr().err
    page = order(tmp_path)
    assert outcome(["--project", str(project.path), "watch", str(page), str(page), "--once"]) == 1
    assert "two workflows" in capsys.readouterr().err
    assert outcome(["--project", str(project.path), "watch", str(tmp_path / "none.yaml"), "--once"]) == 1
    assert "Traceback" not in capsys.readouterr().err


def test_an_order_of_the_project_goes_by_its_name(
    tmp_path: Path, project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    page = order(tmp_path)
    (project.path / "workflows").mkdir(exist_ok=True)
    named = project.path / "workflows" / "mine.yaml"
    named.write_text(re.sub(r"(?m)^id: .*$", "id: mine", page.read_text(encoding="utf-8")), encoding="utf-8")
    assert outcome(["--project", str(project.path), "watch", "mine", "--once", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["passes"]) == 1
    assert outcome(["--project", str(project.path), "watch", "mina", "--once"]) == 1
    assert "mine" in capsys.readouterr().err, "the nearest name is told"
    named.write_text("id: mine\nwatch: 3\n", encoding="utf-8")
    assert outcome(["--project", str(project.path), "watch", "mine", "--once"]) == 1
    assert "mine.yaml" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_it_stays_until_it_is_stopped(tmp_path: Path, project: Project, name: str) -> None:
    page = order(tmp_path)
    command = [sys.executable, "-c", "from ytterby.cli import main; main()", "--project", str(project.path)]
    with subprocess.Popen(
        [*command, "watch", str(page), "--every", "1"], stderr=subprocess.PIPE, text=True, env={**os.environ}
    ) as staying:
        until = time.monotonic() + 60.0
        while not (project.path / ".watch.lock").exists() and time.monotonic() < until:
            time.sleep(0.05)
        staying.send_signal(getattr(signal, name))
        _, said = staying.communicate(timeout=60)
    assert staying.returncode == 130
    assert "Traceback" not in said
    assert "stopped" in said
