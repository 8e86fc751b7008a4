"""Reading done by other hands is the same reading: ids, claims, order, refusals, and all that is kept."""

from __future__ import annotations

import os
import pickle
import random
import shutil
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import mortal_reader
import paper
import pytest

import ytterby
from ytterby.evidence import sharing
from ytterby.evidence.claimed import MAKER, claimed
from ytterby.evidence.library import Library
from ytterby.evidence.sharing import Hands
from ytterby.run.engines.onray import OnRay
from ytterby.run.engines.processes import Processes
from ytterby.store import database, folder
from ytterby.terms.errors import BadValue, InputError, RunError

Kept = tuple[list[dict[str, Any]], dict[str, list[dict[str, Any]]]]
TODAY = date(2026, 11, 22)
CORPUS = Path(str(ytterby.__path__[0])) / "data" / "corpus"


class Backward:
    """Hands that take all there is before they begin, do it from the last to the first, and pickle both ways."""

    def each(self, call: Callable[[Any], Any], items: Iterable[Any]) -> Iterator[Any]:
        taken = [pickle.dumps((call, item)) for item in items]
        made = []
        for one in reversed(taken):
            call, item = pickle.loads(one)
            made.append(pickle.dumps(call(item)))
        return iter([pickle.loads(one) for one in reversed(made)])


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The corpus that ships, and among it what is damaged, empty, doubled, hostile or edited."""
    place = tmp_path_factory.mktemp("shelf")
    for path in CORPUS.iterdir():
        shutil.copy(path, place)
    some = sorted(CORPUS.glob("*.txt"))
    hostile = {
        "0-binary.bin": bytes(range(256)) * 64,
        "a-empty.txt": b"",
        "z-empty.txt": b"",
        "b-scan.pdf": paper.pdf([[], []]),
        "b-sound.pdf": paper.pdf([["China exported 280 tonnes of magnets to Japan in December 2025."]]),
        "b-torn.pdf": b"%PDF-1.4\n%%EOF",
        "mixed.txt": "海关总署公布数据，出口增长。\n".encode() + "商务部公布公告，实施管制。\n".encode("gb18030"),
        "script.html": b"<!doctype html><html><body><script>write()</script></body></html>",
        # the same bytes, refused under some names and read under others
        "b-broken.txt": b"Exports rose 4 %; break me.",
        "c-broken.txt": b"Exports rose 4 %; break me.",
        "m-sound.txt": b"Exports rose 4 %; break me.",
        "n-sound.txt": b"Exports rose 4 %; break me.",
        "y-broken.txt": b"Exports rose 4 %; break me.",
        "a-copy.txt": some[3].read_bytes(),
        "z-copy.txt": some[0].read_bytes(),
        "future.txt": b"title: To come\ndate: 2031-01-01\n\nPrices will rise 7 %.\n",
    }
    for name, content in hostile.items():
        (place / name).write_bytes(content)
    return place


def _read(
    home: Path, sources: Iterable[Path], hands: Hands | None, extract: Any = mortal_reader.breaking, **options: Any
) -> Kept:
    """What became of each item, and all that the store holds of it but the hours."""
    given: dict[str, Any] = {"extract": extract, "extractor": MAKER, "today": TODAY} | options
    project = folder.init(home) if not home.exists() else folder.find(home)
    with database.open(project) as db:
        told = [one.to_dict() for one in Library(project, db).read(sources, hands=hands, **given)]
        kept = {table: [dict(row) for row in db.rows(f"SELECT * FROM {table}")] for table in TABLES}
    for rows in kept.values():
        for row in rows:
            for hour in ("read_at", "seen"):
                row.pop(hour, None)
    return told, kept


TABLES = ("documents", "claims", "readings", "paths", "search_due")


@pytest.fixture(scope="module")
def here(shelf: Path, tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """What one process makes of the shelf."""
    return _read(tmp_path_factory.mktemp("alone") / "p", [shelf], None)


def test_whoever_reads_and_in_whatever_order_the_same_is_kept(shelf: Path, tmp_path: Path, here: Kept) -> None:
    statuses = {Path(one["path"]).name: one["status"] for one in here[0]}
    refused = {name for name, status in statuses.items() if status == "refused"}
    assert refused == {"0-binary.bin", "a-empty.txt", "z-empty.txt", "b-scan.pdf", "b-torn.pdf", "mixed.txt",
                       "script.html", "b-broken.txt", "c-broken.txt"}  # fmt: skip
    known = {name for name, status in statuses.items() if status == "unchanged"}
    assert known >= {"n-sound.txt", "y-broken.txt", "z-copy.txt"}
    assert statuses["a-copy.txt"] == statuses["m-sound.txt"] == "read"
    assert len(here[1]["claims"]) > 200
    assert _read(tmp_path / "there", [shelf], Backward()) == here
    # another order of the same items, in small batches: each is what it is by itself
    chance = random.Random(7)
    for turn in range(2):
        items = sorted(shelf.iterdir())
        chance.shuffle(items)
        one, other = (
            _read(tmp_path / f"{turn}-{k}", items, hands, batch=5) for k, hands in enumerate((None, Backward()))
        )
        assert one == other
        again = _read(tmp_path / f"{turn}-1", items, Backward(), batch=5)
        assert {row["status"] for row in again[0]} == {"unchanged", "refused"}
        assert [row["path"] for row in again[0]] == [str(item) for item in items]
        assert again[1]["claims"] == one[1]["claims"]


def test_parcels_are_bounded_by_items_and_bytes(monkeypatch: pytest.MonkeyPatch, shelf: Path, tmp_path: Path) -> None:
    monkeypatch.setattr(sharing, "SECONDS", 1e9)
    seen: list[list[int]] = []

    class Spying(Backward):
        def each(self, call: Callable[[Any], Any], items: Iterable[Any]) -> Iterator[Any]:
            for item in items:
                seen.append([len(order.content) for order in item.orders])
                yield call(item)

    _read(tmp_path / "p", [shelf], Spying())
    assert max(map(len, seen)) == sharing.PARCEL
    seen.clear()
    monkeypatch.setattr(sharing, "BYTES", 3000)
    _read(tmp_path / "q", [shelf], Spying())
    assert all(sum(sizes[:-1]) < 3000 for sizes in seen)
    assert max(map(len, seen)) < sharing.PARCEL


def test_several_processes_read_as_one(shelf: Path, tmp_path: Path, here: Kept) -> None:
    with Processes(2) as hands:
        assert _read(tmp_path / "there", [shelf], hands) == here
        assert {row["status"] for row in _read(tmp_path / "there", [shelf], hands)[0]} == {"unchanged", "refused"}
        # read elsewhere, indeed
        assert os.getpid() not in set(hands.each(mortal_reader.where, range(4)))


def test_a_killed_process_changes_nothing(shelf: Path, tmp_path: Path, here: Kept) -> None:
    mark = tmp_path / "killed"
    with Processes(2) as hands:
        mortal = mortal_reader.Mortal(str(mark), os.getpid())
        assert _read(tmp_path / "there", [shelf], hands, mortal) == here
    assert int(mark.read_text()) != os.getpid()
    with pytest.raises(ProcessLookupError):
        os.kill(int(mark.read_text()), 0)


def test_processes_that_die_again_and_again_are_told_and_leave_whole_batches(shelf: Path, tmp_path: Path) -> None:
    home = tmp_path / "p"
    _read(home, sorted(shelf.glob("*.md")), None)
    mortal = mortal_reader.Mortal(str(tmp_path / "mark"), os.getpid(), always=True)
    with Processes(2) as hands, pytest.raises(RunError, match="lost 5 times") as error:
        _read(home, [shelf], hands, mortal)
    assert "--workers" in error.value.remedy
    project = folder.find(home)
    with database.open(project) as db:
        assert db.rows("PRAGMA integrity_check")[0]["integrity_check"] == "ok"
        assert len(Library(project, db).documents()) == len(list(shelf.glob("*.md")))


def test_a_worker_with_other_libraries_is_refused(monkeypatch: pytest.MonkeyPatch, shelf: Path, tmp_path: Path) -> None:
    ours = sharing.standing()
    assert any(name.startswith("trafilatura ") for name in ours)
    monkeypatch.setattr(sharing, "standing", lambda: ("no pdfplumber", *ours[1:]))
    with Processes(1) as hands, pytest.raises(RunError, match=f"no pdfplumber and {ours[0]}") as error:
        _read(tmp_path / "p", [shelf], hands)
    assert "same versions" in error.value.remedy


# in a project


def test_a_project_reads_with_workers_and_finds_the_same(shelf: Path, tmp_path: Path) -> None:
    one, other = (ytterby.init(tmp_path / name) for name in ("one", "other"))
    told: dict[str, list[tuple[int, int]]] = {"one": [], "other": []}
    first = one.read([shelf], progress=lambda *said: told["one"].append(said))
    second = other.read([shelf], workers=2, progress=lambda *said: told["other"].append(said))
    assert first == second
    assert [claim.id for claim in one.claims()] == [claim.id for claim in other.claims()]
    assert one.search("磁体 出口") == other.search("磁体 出口")
    assert told["one"][-1] == told["other"][-1] == (len(first), len(first))
    assert other.read([shelf], engine="local", workers=1) == one.read([shelf])


MODEL = '\n[model]\naddress = "http://127.0.0.1:9"\nname = "m"\nprivate = true\n'


def test_a_language_model_is_asked_from_this_machine_only(shelf: Path, tmp_path: Path) -> None:
    project = ytterby.init(tmp_path / "p")
    settings = project.path / "ytterby.toml"
    settings.write_text(settings.read_text() + MODEL)
    with pytest.raises(BadValue, match="from this machine only") as error:
        project.read([shelf], engine="ray", workers=2)
    assert "--workers" in error.value.remedy
    # processes of this machine ask it themselves; one that does not answer costs its own claims only
    item = sorted(CORPUS.glob("*.txt"))[0]
    (told,) = project.read([item], workers=2)
    plain = ytterby.init(tmp_path / "plain").read([item])[0]
    assert (told.status, told.claims) == ("read", plain.claims)


def test_nice_errors(shelf: Path, tmp_path: Path) -> None:
    project = ytterby.init(tmp_path / "p")
    wrong: list[dict[str, Any]] = [{"engine": "slurm"}, {"workers": 0}, {"address": "ray://head:1"}]
    for options in wrong:
        with pytest.raises(InputError) as error:
            project.read([shelf], **options)
        assert error.value.remedy
    assert project.documents() == []


# on a cluster


@pytest.fixture(scope="module")
def cluster() -> Iterator[OnRay]:
    pytest.importorskip("ray")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(Path(__file__).parent))  # workers find the tests' extractors there
        with OnRay(2, store=80 * 2**20) as machines:
            yield machines


@pytest.mark.slow
def test_a_cluster_reads_as_one_process(cluster: OnRay, shelf: Path, tmp_path: Path, here: Kept) -> None:
    assert _read(tmp_path / "there", [shelf], cluster) == here


@pytest.mark.slow
def test_a_killed_worker_of_a_cluster_changes_nothing(cluster: OnRay, shelf: Path, tmp_path: Path, here: Kept) -> None:
    mark = tmp_path / "killed"
    mortal = mortal_reader.Mortal(str(mark), os.getpid())
    assert _read(tmp_path / "there", [shelf], cluster, mortal) == here
    assert int(mark.read_text()) != os.getpid()


def test_extractors_can_be_pickled() -> None:
    for extract in (claimed, partial(claimed, model=None)):
        assert pickle.loads(pickle.dumps(extract))
