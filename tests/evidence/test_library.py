"""What was read is kept whole, once, version by version; bad items hurt nobody; a killed reader loses nothing."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import paper
import pytest
from servers import PAGE, Site, site

from ytterby.evidence.documents import Document
from ytterby.evidence.gather import Door, Limits
from ytterby.evidence.library import Library, Reading
from ytterby.evidence.reading import pdf
from ytterby.store import blobs, claims, database, folder, log, paths
from ytterby.terms.errors import BadValue, InputError, StoreError, UnknownName

TODAY = date(2026, 11, 21)


@dataclass(frozen=True)
class Word:
    """A stand-in for a claim: a figure and its document."""

    document: str
    figure: str
    made_by: str = "words/1"

    def to_dict(self) -> dict[str, Any]:
        return {"id": f"{self.figure}@{self.document[:12]}", "document": self.document, "kind": "count"}


def words(document: Document) -> Sequence[Word]:
    found = {word for word in document.text.split() if word[:1].isdigit()}
    return [Word(document.id, one) for one in sorted(found)]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    home = folder.init(tmp_path / "project")
    with database.open(home) as db:
        yield Library(home, db)


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    path = tmp_path / "shelf"
    path.mkdir()
    return path


def _read(library: Library, *sources: Path | str, **options: Any) -> list[Reading]:
    options = {"extract": words, "extractor": "words/1", "today": TODAY} | options
    return list(library.read(sources, **options))


def _note(title: str, body: str, *, day: str = "2025-08-20", source: str = "Wire") -> str:
    return f"title: {title}\nsource: {source}\ndate: {day}\n\n{body}\n"


LONG = (
    "Makers in the north shipped more magnets than ever before, said the customs office on Wednesday.\n\n"
    "Exports came to {figure} tonnes in July, of which Germany took most, followed by the United States.\n\n"
    "Licences stay valid for six months, and officials say that they will not be made easier this year.\n"
)


# reading


def test_a_document_comes_back_as_it_was_read(library: Library, shelf: Path) -> None:
    (shelf / "a.txt").write_text(_note("Magnets", LONG.format(figure=5577)))
    (shelf / "b.txt").write_text(
        "Core Viewpoint - All well [1]. Group 1: Supply - Exports rose 4 % [2] - Prices fell [3]"
    )
    first, second = _read(library, shelf)
    for reading, name in ((first, "a.txt"), (second, "b.txt")):
        document = library.document(reading.id)
        assert document.text == (shelf / name).read_text()
        assert reading.path == document.path == str(shelf / name)
        assert blobs.get(library.folder, reading.id) == (shelf / name).read_bytes()
        for by in (reading.id[:8], str(shelf / name), name):
            assert library.document(by) == document
    assert library.document(second.id).passages[-1].marks == (3,)
    assert [(one.status, one.version) for one in (first, second)] == [("read", 1), ("read", 1)]
    assert next(iter(first.to_dict())) == "id"
    assert (first.title, first.date, first.lang) == ("Magnets", "2025-08-20", "en")
    assert {row["document"] for row in claims.all(library.db)} == {first.id, second.id}


def test_nothing_is_read_twice(library: Library, shelf: Path) -> None:
    (shelf / "a.txt").write_text(_note("Magnets", LONG.format(figure=5577)))
    (first,) = _read(library, shelf)
    seen: list[str] = []

    def spying(document: Document) -> Sequence[Word]:
        seen.append(document.id)
        return words(document)

    (again,) = _read(library, shelf, extract=spying)
    assert (again.status, again.id, seen) == ("unchanged", first.id, [])
    (shelf / "copy.txt").write_bytes((shelf / "a.txt").read_bytes())
    _, copy = _read(library, shelf)
    assert (copy.status, copy.id) == ("unchanged", first.id)
    assert paths.of(library.db, first.id) == [str(shelf / "a.txt"), str(shelf / "copy.txt")]
    assert len(library.documents()) == 1


def test_another_extractor_reads_again(library: Library, shelf: Path) -> None:
    (shelf / "a.txt").write_text(_note("Magnets", LONG.format(figure=5577)))
    (first,) = _read(library, shelf)
    kept = {row["id"] for row in claims.all(library.db)}

    def other(document: Document) -> Sequence[Word]:
        return [Word(document.id, "6146")]

    (again,) = _read(library, shelf, extract=other, extractor="words/2")
    assert (again.status, again.id, again.version) == ("read", first.id, 1)
    assert {row["id"] for row in claims.all(library.db)} > kept
    assert {row["id"] for row in claims.all(library.db, superseded=False)} == {f"6146@{first.id[:12]}"}
    assert set(library.superseded()) == kept
    assert "words/2" in next(iter(library.superseded().values()))


# versions


def test_an_edited_file_is_a_new_version_and_the_old_one_stays(library: Library, shelf: Path) -> None:
    path = shelf / "a.txt"
    path.write_text(_note("Magnets", LONG.format(figure=5577)))
    (first,) = _read(library, path)
    path.write_text(_note("Magnets", LONG.format(figure=5599)))
    (second,) = _read(library, path)
    assert (second.status, second.version) == ("new version", 2)
    assert library.current() == {second.id}
    assert [one.id for one in library.versions(first.id)] == [first.id, second.id]
    assert library.document(first.id).text != library.document("a.txt").text
    assert library.document(str(path)).id == second.id
    assert [one.id for one in library.documents()] == [second.id]
    assert len(library.documents(newest=False)) == 2
    assert {row["document"] for row in claims.all(library.db, superseded=False)} == {second.id}
    assert {row["document"] for row in claims.all(library.db, superseded=True)} == {first.id}
    # Back to the first words: that version is the newest again.
    path.write_text(_note("Magnets", LONG.format(figure=5577)))
    (third,) = _read(library, path)
    assert (third.id, third.status, third.version) == (first.id, "new version", 3)
    assert library.current() == {first.id}
    assert {row["document"] for row in claims.all(library.db, superseded=False)} == {first.id}


@pytest.mark.parametrize(
    ("one", "other", "versions"),
    [
        # the same address and title, edited
        (
            ("Magnets", 5577, "2025-08-20", "https://a.example/x"),
            ("Magnets", 5599, "2025-08-20", "https://a.example/x"),
            2,
        ),
        # the same address and title half a year on: a page that is written anew every month
        (
            ("Magnets", 5577, "2025-02-20", "https://a.example/x"),
            ("Magnets", 5599, "2025-08-20", "https://a.example/x"),
            1,
        ),
        # a site's front page is the source of everything
        (
            ("Magnets", 5577, "2025-08-20", "https://a.example/"),
            ("Magnets", 5599, "2025-08-20", "https://a.example/"),
            1,
        ),
        # monthly notices: one title, one publisher, other day
        (("Magnets", 5577, "2025-08-20", "Customs"), ("Magnets", 6146, "2025-09-20", "Customs"), 1),
        # the same day and title, and another figure: two statements
        (("Magnets", 5577, "2025-08-20", "Customs"), ("Magnets", 6146, "2025-08-20", "Customs"), 1),
        # other addresses
        (
            ("Magnets", 5577, "2025-08-20", "https://a.example/x"),
            ("Magnets", 5577, "2025-08-20", "https://b.example/x"),
            1,
        ),
    ],
)
def test_what_is_a_version_of_what(
    library: Library, shelf: Path, one: tuple[str, int, str, str], other: tuple[str, int, str, str], versions: int
) -> None:
    for name, (title, figure, day, source) in (("1.txt", one), ("2.txt", other)):
        (shelf / name).write_text(_note(title, LONG.format(figure=figure), day=day, source=source))
    first, second = _read(library, shelf)
    assert second.version == versions
    assert len(library.current()) == 3 - versions
    assert first.id in {document.id for document in library.documents(newest=False)}


def test_a_longer_copy_with_the_same_figures_is_a_version(library: Library, shelf: Path) -> None:
    (shelf / "1.txt").write_text(_note("Magnets", LONG.format(figure=5577)))
    (shelf / "2.txt").write_text(
        _note("Magnets", LONG.format(figure=5577) + "\nTraders expect 6,000 tonnes in August.\n")
    )
    assert [one.version for one in _read(library, shelf)] == [1, 2]


# addresses


def test_a_page_is_asked_for_conditionally(library: Library) -> None:
    with site() as web:
        url = web.put("/a", ETag='"one"')
        (first,) = _read(library, url, allow_private=True)
        (again,) = _read(library, url + "#top", allow_private=True)
        assert (first.status, again.status, again.id) == ("read", "unchanged", first.id)
        assert web.seen[-1][1]["If-None-Match"] == '"one"'
        (anew,) = _read(library, url, allow_private=True, extractor="words/2")
        assert (anew.status, anew.id) == ("read", first.id)
        assert "If-None-Match" not in web.seen[-1][1]
        web.put("/a", PAGE.replace(b"5,577", b"5,599"), ETag='"two"')
        (third,) = _read(library, url, allow_private=True)
        assert (third.status, third.version) == ("new version", 2)
        web.pages.clear()
        (gone,) = _read(library, url, allow_private=True)
        assert gone.status == "refused"
        assert library.document(url).id == third.id


# bad items


@pytest.fixture
def web() -> Iterator[Site]:
    with site() as known:
        yield known


def test_bad_items_are_told_and_the_rest_proceeds(
    library: Library, shelf: Path, web: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "MEMORY", 300 * 2**20)
    bad = {
        "binary.bin": bytes(range(256)) * 64,
        "empty.txt": b"",
        "scan.pdf": paper.pdf([[], []]),
        "bomb.pdf": paper.bomb(4 * 10**8),
        "mixed.txt": "海关总署公布数据，出口增长。\n".encode() + "商务部公布公告，实施管制。\n".encode("gb18030"),
        "script.html": b"<!doctype html><html><body><script>write()</script></body></html>",
    }
    good = {"a-first.txt": "Prices rose 4 %.", "m-middle.txt": "Prices rose 5 %.", "z-last.txt": "Prices rose 6 %."}
    for name, content in bad.items():
        (shelf / name).write_bytes(content)
    for name, text in good.items():
        (shelf / name).write_text(text)
    with (shelf / "large.txt").open("wb") as file:
        file.truncate(200 * 2**20)
    (shelf / "future.txt").write_text(_note("To come", "Prices will rise 7 %.", day="2031-01-01"))
    with site() as inner:
        redirect = web.put("/redirect", b"", 302, Location=inner.put("/secret", b"Prices rose 9 %."))
        door = Door(allow_private=True, limits=Limits(body=2**18, seconds=3.0))
        got = _read(
            library, shelf, redirect, web.url + "/endless.rss", "http://127.0.0.1:1/", shelf / "none", door=door
        )
        assert inner.seen == []
    by_name = {Path(one.path).name: one for one in got}
    for name in (*bad, "large.txt", "redirect", "none"):
        assert by_name[name].status == "refused", name
        assert by_name[name].id == ""
        assert by_name[name].error.count("\n") == 1, by_name[name].error  # cause and place, then the remedy
        assert "Traceback" not in by_name[name].error
    for name in good:
        assert (by_name[name].status, by_name[name].error) == ("read", "")
    assert by_name["future.txt"].status == "read"
    assert by_name["future.txt"].date == ""
    assert "2031-01-01" in by_name["future.txt"].error
    assert len(library.documents()) == len(good) + 1
    assert set(library.refused()) >= {str(shelf / name) for name in bad}
    assert library.db.rows("PRAGMA integrity_check")[0]["integrity_check"] == "ok"
    assert all(row["document"] in library.current() for row in claims.all(library.db))
    assert log.all(library.db, kind="read")[-1]["detail"]["read"] == len(good) + 1


def test_an_extractor_that_breaks_costs_its_document_only(library: Library, shelf: Path) -> None:
    for name in "abc":
        (shelf / f"{name}.txt").write_text(f"Prices of {name} rose 4 %.")

    def breaking(document: Document) -> Sequence[Word]:
        if "of b" in document.text:
            raise ZeroDivisionError("by accident")
        return words(document)

    got = _read(library, shelf, extract=breaking)
    assert [one.status for one in got] == ["read", "refused", "read"]
    assert "ZeroDivisionError" in got[1].error
    assert len(library.documents()) == 2
    assert [one.status for one in _read(library, shelf)] == ["unchanged", "read", "unchanged"]


def test_a_bad_claim_undoes_its_whole_batch(library: Library, shelf: Path) -> None:
    for name in "abc":
        (shelf / f"{name}.txt").write_text(f"Prices of {name} rose 4 %.")

    class Bad(Word):
        def to_dict(self) -> dict[str, Any]:
            return {"id": "x", "document": self.document, "value": float("nan")}

    with pytest.raises(BadValue):
        _read(library, shelf, extract=lambda document: [Bad(document.id, "1")])
    assert library.documents() == []
    assert claims.count(library.db) == 0
    assert [one.status for one in _read(library, shelf)] == ["read"] * 3


def test_a_refused_path_keeps_what_it_held(library: Library, shelf: Path) -> None:
    path = shelf / "a.txt"
    path.write_text("Prices rose 4 %.")
    (first,) = _read(library, path)
    path.write_bytes(b"")
    (second,) = _read(library, path)
    assert second.status == "refused"
    assert library.document(str(path)).id == first.id
    assert library.refused() == {str(path): second.error}


# names


def test_nice_errors(library: Library, shelf: Path) -> None:
    for at in range(40):
        (shelf / f"{at}.txt").write_text(f"Prices rose {at} %.")
    got = _read(library, shelf)
    with pytest.raises(UnknownName, match=r"unknown document '41\.txt'") as caught:
        library.document("41.txt")
    assert "did you mean" in caught.value.remedy
    twin = got[0].id[:5] + "0" * 59
    library.db.execute(
        "INSERT INTO documents SELECT ?, path, title, publisher, date, lang, url, blob, ?, 1, author, media, "
        "read_at, extractor FROM documents WHERE id = ?",
        (twin, twin, got[0].id),
    )
    with pytest.raises(BadValue, match="2 documents begin with") as ambiguous:
        library.document(got[0].id[:5])
    assert ambiguous.value.remedy == "give more of the id"
    library.db.execute("DELETE FROM documents WHERE id = ?", (twin,))
    with pytest.raises(InputError):
        library.versions("nothing like it")
    (shelf / "sub").mkdir()
    (shelf / "sub" / "0.txt").write_text("Prices rose 99 %.")
    _read(library, shelf)
    with pytest.raises(BadValue, match=r"2 documents are named '0\.txt'") as caught_twice:
        library.document("0.txt")
    assert caught_twice.value.remedy == "give the path"


def test_a_damaged_blob_is_told(library: Library, shelf: Path) -> None:
    (shelf / "a.txt").write_text("Prices rose 4 %.")
    (one,) = _read(library, shelf)
    (library.folder.blobs / one.id[:2] / one.id).write_bytes(b"other")
    with pytest.raises(StoreError, match="damaged"):
        blobs.get(library.folder, one.id)


def test_progress_ends_at_the_end(library: Library, shelf: Path) -> None:
    for at in range(10):
        (shelf / f"{at}.txt").write_text(f"Prices rose {at} %.")
    seen: list[tuple[int, int]] = []
    _read(library, shelf, batch=4, progress=lambda done, known: seen.append((done, known)))
    assert seen == [(4, 10), (8, 10), (10, 10)]


# killed

_KILLED = """
import json, sys
from pathlib import Path
from ytterby.evidence.library import Library
from ytterby.store import database, folder

class One:
    def __init__(self, document): self.document = document
    def to_dict(self): return {"id": "c" + self.document[:20], "document": self.document, "kind": "count"}

home = folder.find(sys.argv[1])
with database.open(home) as db:
    for one in Library(home, db).read([sys.argv[2]], extract=lambda d: [One(d.id)], extractor="one/1", batch=8):
        print(json.dumps([one.status, one.id]), flush=True)
"""


def test_a_killed_reader_loses_nothing_and_repeats_nothing(tmp_path: Path, shelf: Path) -> None:
    count = 160
    for at in range(count):
        (shelf / f"{at:03}.txt").write_text(_note(f"Note {at}", LONG.format(figure=at) * 4, source=f"Wire {at}"))
    home = folder.init(tmp_path / "project")
    reported: dict[str, int] = {}
    kills = 0
    chance = random.Random(20250404)
    for _ in range(40):
        command = [sys.executable, "-c", _KILLED, str(home.path), str(shelf)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
            assert process.stdout is not None
            lines = []
            stop_after = chance.randrange(1, 60)
            fresh = 0
            for line in process.stdout:
                lines.append(json.loads(line))
                fresh += lines[-1][0] == "read"
                if kills < 5 and fresh >= stop_after:
                    time.sleep(chance.random() * 0.02)
                    process.send_signal(signal.SIGKILL)
                    kills += 1
                    break
            rest, _ = process.communicate()
            lines += [json.loads(line) for line in rest.splitlines() if line.endswith("]")]
        for status, name in lines:
            assert status in ("read", "unchanged")
            assert status == "unchanged" or name not in reported, "a finished document was read again"
            reported.setdefault(name, 1)
        with database.open(home) as db:
            assert db.rows("PRAGMA integrity_check")[0]["integrity_check"] == "ok"
            library = Library(home, db)
            kept = {document.id for document in library.documents()}
            assert set(reported) <= kept
            # Every document is whole: its reading, its bytes, its claims.
            assert {row["document"] for row in claims.all(db)} == kept
            for name in kept:
                assert blobs.get(home, name)
        if process.returncode == 0:
            break
    assert kills >= 3
    assert len(reported) == count


def test_the_shelf_of_a_dead_reader_is_finished_by_the_next(tmp_path: Path, shelf: Path) -> None:
    """A transaction that never ended is as if it had never begun."""
    for at in range(6):
        (shelf / f"{at}.txt").write_text(f"Prices rose {at} %.")
    home = folder.init(tmp_path / "project")
    with database.open(home) as db:
        calls = 0

        def dying(document: Document) -> Sequence[Word]:
            nonlocal calls
            calls += 1
            if calls == 5:
                raise KeyboardInterrupt
            return words(document)

        reader = Library(home, db).read([shelf], extract=dying, extractor="words/1", batch=2)
        done: list[Reading] = []
        with pytest.raises(KeyboardInterrupt):
            done.extend(reader)
        assert len(done) == len(Library(home, db).documents()) == 4
    with database.open(home) as db:
        got = _read(Library(home, db), shelf)
    assert [one.status for one in got] == ["unchanged"] * 4 + ["read"] * 2
