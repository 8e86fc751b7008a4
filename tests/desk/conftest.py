"""Home to the desk that its tests look at: a project with hostile documents, a client without a server, a browser."""

from __future__ import annotations

import fcntl
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("fastapi")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # bench stands beside src

from bench.chromium import CHROMIUM, Browser
from bench.served import lived_in, tracked
from bench.served import serving as served_by_its_verb
from starlette.testclient import TestClient

import ytterby
from ytterby.desk.app import create_app
from ytterby.project import Project

EVIL = "<script>alert('rare')</script><img src=x onerror=alert(1)>"
HOSTILE = f"""\
{EVIL} 2025年中国稀土出口

财新网 2025-07-12

中国占全球稀土分离产能的87%。{EVIL} "onmouseover=alert(2) 2025年5月中国出口磁体1238吨。
"""
PLAIN = """\
China exported 1,238 tonnes of magnets in May 2025

Reuters, 2025-06-20

China exported 1,238 tonnes of rare-earth magnets in May 2025, customs said. =1+1 stands here too.
"""


@pytest.fixture(scope="package")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project in which two documents were read; tests that change one make their own."""
    folder = tmp_path_factory.mktemp("desk")
    (folder / "hostile.txt").write_text(HOSTILE, encoding="utf-8")
    (folder / "plain.txt").write_text(PLAIN, encoding="utf-8")
    project = ytterby.init(folder / "project")
    project.read([folder / "hostile.txt", folder / "plain.txt"])
    return project


@pytest.fixture(scope="package")
def client(stocked: Project) -> Iterator[TestClient]:
    """A browser without script at the desk of the stocked project."""
    with TestClient(create_app(stocked.path), base_url="http://localhost:8039", follow_redirects=False) as one:
        yield one


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[TestClient]:
    """A browser at the desk of an empty project of its own."""
    project = ytterby.init(tmp_path / "project")
    with TestClient(create_app(project.path), base_url="http://localhost:8039", follow_redirects=False) as one:
        yield one


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a desk that really serves a project of its own, started by its verb."""
    folder = tmp_path_factory.mktemp("served")
    (folder / "hostile.txt").write_text(HOSTILE, encoding="utf-8")
    ytterby.init(folder / "project").read([folder / "hostile.txt"])
    with served_by_its_verb(folder / "project") as address:
        yield address


@pytest.fixture(scope="session")
def sampled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a desk with the sample documents, a hostile one, and what readers leave behind."""
    project = tmp_path_factory.mktemp("sampled") / "project"
    shutil.copytree(_lived(tmp_path_factory.getbasetemp()), project)
    with served_by_its_verb(project) as address:
        yield address


def _lived(base: Path) -> Path:
    """The project that such desks begin with: made once, whoever of the workers is first."""
    base = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    with (base / "lived.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (base / "lived").exists():
            (base / "hostile.txt").write_text(HOSTILE, encoding="utf-8")
            project = ytterby.init(base / "lived.new")
            project.read([project.sample, base / "hostile.txt"])
            tracked(project.path)
            with served_by_its_verb(project.path) as address:
                lived_in(address, 8)
            (base / "lived.new").rename(base / "lived")
    return base / "lived"


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser; where none is installed its tests are left out (`.ci/run` installs one)."""
    if not CHROMIUM:
        pytest.skip("no chromium here")
    one = Browser(tmp_path_factory.mktemp("chromium"))
    yield one
    one.close()
