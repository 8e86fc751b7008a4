"""The project folder: made whole, found from anywhere inside, never laid over something else."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytterby.store import folder
from ytterby.terms.errors import StoreError


def _tree(root: Path) -> dict[str, bytes | None]:
    return {str(p.relative_to(root)): p.read_bytes() if p.is_file() else None for p in sorted(root.rglob("*"))}


def test_init_makes_the_parts_and_says_what_they_are_for(tmp_path: Path) -> None:
    made = folder.init(tmp_path / "a" / "magnets")
    assert made.name == "magnets"
    assert made.schema == folder.SCHEMA
    assert sorted(_tree(made.path)) == ["blobs", "overlay", "overlay/README.txt", "runs", "ytterby.toml"]
    assert "facilities.csv" in (made.overlay / "README.txt").read_text(encoding="utf-8")
    assert folder.find(made.path) == made


def test_init_twice_changes_nothing(tmp_path: Path) -> None:
    made = folder.init(tmp_path / "p", name="first")
    before = _tree(made.path)
    assert folder.init(tmp_path / "p", name="second") == made
    assert _tree(made.path) == before


def test_an_empty_folder_becomes_a_project(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert folder.init(tmp_path / "empty").path == tmp_path / "empty"


@given(st.text(max_size=40))
def test_any_name_is_kept_or_shown_escaped(name: str) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as root:
        made = folder.init(Path(root) / "p", name=name)
        again = folder.find(made.path)
        assert again == made
        assert again.name == name or not (name and name.isprintable())


def test_what_a_stopped_init_left_is_taken_up(tmp_path: Path) -> None:
    for part in ("overlay", "runs"):
        (tmp_path / "p" / part).mkdir(parents=True)
    assert folder.init(tmp_path / "p").blobs.is_dir()


def test_a_foreign_folder_is_refused_and_left_alone(tmp_path: Path) -> None:
    root = tmp_path / "thesis"
    (root / "runs").mkdir(parents=True)
    (root / "runs" / "mine.txt").write_text("years of work")
    before = _tree(root)
    with pytest.raises(StoreError) as caught:
        folder.init(root)
    assert "not empty" in caught.value.cause
    assert caught.value.place == str(root)
    assert "new folder" in caught.value.remedy
    assert _tree(root) == before


def test_a_file_in_the_way_is_refused(tmp_path: Path) -> None:
    (tmp_path / "p").write_text("a letter")
    with pytest.raises(StoreError, match="file stands"):
        folder.init(tmp_path / "p")


def test_it_is_found_upward(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = folder.init(tmp_path / "p")
    deep = made.runs / "x" / "y"
    deep.mkdir(parents=True)
    monkeypatch.chdir(deep)
    assert folder.find() == made


def test_the_users_own_is_made_on_demand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import platformdirs

    monkeypatch.setattr(platformdirs, "user_data_path", lambda *_, **__: tmp_path / "home" / "ytterby")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    first = folder.find()
    assert first.path == tmp_path / "home" / "ytterby" / "project"
    assert folder.find() == first
    assert not list((tmp_path / "elsewhere").iterdir())


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        (b"", "schema is missing"),
        (b"schema = [", "cannot be read"),
        (b"\xff\xfe", "cannot be read"),
        (b"schema = true", "schema is missing"),
        (b"schema = 0", "schema is missing"),
        (b"schema = 99", "later Ytterby"),
    ],
)
def test_a_marker_that_says_nonsense_is_refused(tmp_path: Path, content: bytes, cause: str) -> None:
    made = folder.init(tmp_path / "p")
    (made.path / folder.MARKER).write_bytes(content)
    with pytest.raises(StoreError, match=cause) as caught:
        folder.find(made.path)
    assert folder.MARKER in caught.value.place
    assert caught.value.remedy
    assert (made.path / folder.MARKER).read_bytes() == content
