"""The verbs that read: exit status, shape of the answer, bad input refused item by item."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import ytterby
from ytterby.cli import door

PAGE = """<html><head><title>Exports fell</title><script>document.write("Lynas made 9,999 tonnes")</script></head><body>
<article><h1>Exports fell</h1><p>China exported 280 tonnes of rare earth magnets to Japan in December 2025, customs data
showed, and the ministry said nothing else about it.</p><script>var a = "Japan bought 777 tonnes"</script></article>
</body></html>"""


def test_read_tells_what_became_of_each_item(ask, articles: Path) -> None:
    (articles / "empty.txt").write_bytes(b"")
    (articles / "junk.txt").write_bytes(bytes(range(256)) * 40)
    (articles / "big5.txt").write_bytes("商務部公告。中國對日本出口稀土磁體411公噸。".encode("big5"))
    told = ask("read", str(articles), "--json")
    assert told.status == 0
    rows = {Path(row["path"]).name: row for row in told.value["documents"]}
    assert {name: row["status"] for name, row in rows.items()} == {
        "customs.txt": "read", "另一家.txt": "read", "big5.txt": "read", "empty.txt": "refused", "junk.txt": "refused",
    }  # fmt: skip
    assert rows["另一家.txt"]["lang"] == "zh"
    assert rows["big5.txt"]["lang"] == "zh-Hant"
    assert all(row["error"].count("\n") == 1 for row in rows.values() if row["status"] == "refused"), "cause and remedy"
    again = ask("read", str(articles / "customs.txt"), "--json")
    assert [row["status"] for row in again.value["documents"]] == ["unchanged"]


def test_read_tells_the_same_whoever_reads(ask, articles: Path, tmp_path: Path) -> None:
    (articles / "empty.txt").write_bytes(b"")
    told = ask("read", str(articles), "--workers", "2", "--json")
    ask("init", str(tmp_path / "other"))
    alone = ask("read", str(articles), "--json", "--project", str(tmp_path / "other"))
    assert told.status == alone.status == 0
    assert told.value == alone.value
    for words, status, said in (
        (("--workers", "0"), 1, "0 workers"),
        (("--address", "ray://head:1"), 1, "add --engine ray"),
        (("--engine", "slurm"), 2, "'local', 'ray'"),
        (("--engine", "ray", "--workers", "0"), 1, "0 workers"),
    ):
        refused = ask("read", str(articles), *words)
        assert refused.status == status
        assert said in refused.err


def test_read_is_refused_only_where_nothing_could_be_read(ask, articles: Path) -> None:
    (articles / "empty.txt").write_bytes(b"")
    assert ask("read", str(articles / "empty.txt"), "--json").status == 1
    assert ask("read", str(articles / "nosuch.txt"), "--json").status == 1
    assert ask("read").status == 2
    assert ask("read", str(articles), "--json").status == 0


def test_an_edited_file_is_a_new_version_and_moved_bytes_are_known(ask, articles: Path) -> None:
    ask("read", str(articles))
    article = articles / "customs.txt"
    article.write_text(article.read_text(encoding="utf-8").replace("280", "281"), encoding="utf-8")
    told = ask("read", str(article), "--json").value["documents"]
    assert [(row["status"], row["version"]) for row in told] == [("new version", 2)]
    article.rename(articles / "elsewhere.txt")
    told = ask("read", str(articles / "elsewhere.txt"), "--json").value["documents"]
    assert [(row["status"], row["id"]) for row in told] == [("unchanged", told[0]["id"])]
    assert len(ask("documents", "--json").value) == 2


def test_a_notice_is_a_document_and_the_papers_of_a_repository_are_not(ask, articles: Path) -> None:
    for name in ("notice.txt", "NOTICE.html", "NOTICE", "LICENSE", "README.md"):
        (articles / name).write_text(f"商务部公告：{name}，出口许可。", encoding="utf-8")
    told = ask("read", str(articles), "--json").value["documents"]
    assert {Path(row["path"]).name for row in told} == {"customs.txt", "另一家.txt", "notice.txt", "NOTICE.html"}


def test_a_page_that_states_no_day_has_none(ask, tmp_path: Path) -> None:
    """A year that the text speaks of would make its figures known before they happened."""
    (tmp_path / "page.html").write_text(PAGE, encoding="utf-8")
    (row,) = ask("read", str(tmp_path / "page.html"), "--json").value["documents"]
    assert row["date"] == ""
    claims = ask("claims", "--path", str(tmp_path / "page.html"), "--json").value
    assert [(claim["value"], claim["known"]) for claim in claims] == [(280.0, None)]


def test_brief_cites_its_passages(ask, articles: Path) -> None:
    for lang in ("zh", "en"):
        told = ask("brief", str(articles / "customs.txt"), "--lang", lang, "--points", "1", "--json").value
        numbers = {one["n"] for one in told["passages"]}
        points = [point for group in told["groups"] for point in group["points"]]
        assert len(points) <= 1
        assert told["core"]["text"]
        assert all(point["cites"] and set(point["cites"]) <= numbers for point in (told["core"], *points))
    assert ask("brief", told["document"][:12], "--json").status == 0, "by the beginning of its id"
    for points in ("0", "51"):
        assert ask("brief", told["document"], "--points", points).status == 2


def test_search_finds_in_both_languages_and_scripts(ask, articles: Path) -> None:
    ask("read", str(articles))
    for query in ("稀土磁體 type:document", "magnets type:document", '"出口许可" type:document'):
        hits = ask("search", query, "--json").value
        assert hits, query
        for hit in hits:
            text = next(path for path in articles.iterdir() if path.name in _path(ask, hit["document"])).read_text()
            assert hit["quote"] in text
    assert ask("search", "磁体", "--kind", "price", "--type", "document", "--json").value == []
    hits = ask("search", "magnets", "-customs", "-海关", "--type", "document", "--json").value
    assert [hit["title"] for hit in hits] == ["2025年12月对日出口稀土磁体411吨"], "words left out without quotes"


def _path(ask, document: str) -> str:
    return next(row["path"] for row in ask("documents", "--json").value if row["id"] == document)


def test_topic_lists_and_shows(ask, articles: Path) -> None:
    ask("read", str(articles))
    assert "magnets-to-japan" in {row["id"] for row in ask("topic", "--json").value}
    page = ask("topic", "对日磁体出口", "--json").value
    assert [entry["date"] for entry in page["documents"]] == ["2026-01-21", "2026-01-20"], "newest first"
    assert any(one["conflict"] and set(one["values"]) == {"280 t", "411 t"} for one in page["contested"])


REFUSED = (
    (("brief", "nosuch"), "read it first"),
    (("brief", "articles"), "one document"),
    (("topic", "nosuch"), "ytterby topic"),
    (("search", ""), "empty"),
    (("search", "-稀土"), "leave out"),
    (("search", "稀土", "--kind", "nosuch"), "known: capacity"),
    (("search", "稀土 kind:nosuch"), "known: capacity"),
    (("search", "稀土", "--place", "Nowhere"), "ISO 3166"),
    (("search", "稀土", "--since", "yesterday"), "2025-04"),
    (("schema", "nosuch"), "ytterby schema"),
)


def test_nice_errors(ask, articles: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(articles.parent)
    for words, said in REFUSED:
        told = ask(*words, "--json")
        assert (told.status, told.out) == (1, ""), words
        assert told.err.startswith("error: "), words
        assert "what to do: " in told.err, words
        assert said in told.err, words
    assert ask("search", "稀土", "--limt", "3").status == 2


def test_a_refused_file_is_told_with_cause_place_and_remedy(ask, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_bytes(b"")
    told = ask("brief", str(tmp_path / "empty.txt"))
    assert told.status == 1
    assert told.err.splitlines() == [
        "error: the file is empty", f"where: {tmp_path / 'empty.txt'}",
        "what to do: check that it was saved or fetched whole",
    ]  # fmt: skip


def test_every_topic_has_terms(ask, tmp_path: Path) -> None:
    folder = tmp_path / "project" / "topics"
    folder.mkdir()
    (folder / "mine.yaml").write_text("id: mine\ntitle: {zh: 我的, en: mine}\nall: [{zh: [], en: []}]\n")
    told = ask("topic", "mine")
    assert told.status == 1
    assert "empty" in told.err


def test_a_project_that_cannot_be_written_is_read_all_the_same(
    ask, articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before any verb put the rows of the tables into the store."""
    from ytterby.store import database
    from ytterby.terms.errors import StoreError

    ask("read", str(articles))
    waiting = ask("claims", "--path", str(articles / "customs.txt"), "--json").value

    def closed(self: database.Database, *_: object, **__: object) -> None:
        raise StoreError("the database cannot be written to", place=str(self.path), remedy="check the rights")

    monkeypatch.setattr(database.Database, "transaction", closed)
    monkeypatch.setattr("ytterby.evidence.library.paths.note", closed)
    for words in (("claims",), ("weigh",), ("topic", "magnets-to-japan"), ("brief", str(articles / "customs.txt"))):
        assert ask(*words, "--json").status == 0, words
    for words in (("accept", waiting[0]["id"], "--reviewer", "me"), ("read", str(articles / "另一家.txt"))):
        told = ask(*words)
        assert told.status == 1
        assert "cannot be written" in told.err


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_killed_reader_loses_nothing_and_reads_nothing_twice(tmp_path: Path) -> None:
    """Killed twice in the middle; whatever was kept is whole, and the next reader goes on from there."""
    folder, project = tmp_path / "many", tmp_path / "project"
    folder.mkdir()
    for number in range(200):
        text = f"China exported {number + 100} tonnes of magnets to Japan in 2025, dispatch {number} said."
        (folder / f"{number}.txt").write_text(text)
    assert door.outcome(["init", str(project)]) == 0
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    code = "from ytterby.cli import main; main()"
    kept = 0
    for _ in range(2):
        words = [sys.executable, "-c", code, "--project", str(project), "read", str(folder)]
        with subprocess.Popen(words, env=environment, stdout=-3, stderr=-3) as process:
            until = time.monotonic() + 60
            while process.poll() is None and time.monotonic() < until and _kept(project) <= kept:
                time.sleep(0.02)
            process.send_signal(signal.SIGKILL)
        kept = _kept(project)
    assert kept > 0
    opened = ytterby.open(project)
    found = opened.read([folder])
    assert sorted(one.status for one in found) == ["read"] * (200 - kept) + ["unchanged"] * kept
    assert len(opened.documents()) == len({one.id for one in found}) == 200


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="the system does not tell whose child a process is")
def test_ctrl_c_leaves_whole_batches_and_no_process(tmp_path: Path) -> None:
    folder, project = tmp_path / "many", tmp_path / "project"
    folder.mkdir()
    for number in range(600):
        text = f"China exported {number + 100} tonnes of magnets to Japan in 2025, dispatch {number} said."
        (folder / f"{number}.txt").write_text(text)
    assert door.outcome(["init", str(project)]) == 0
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    words = [sys.executable, "-c", "from ytterby.cli import main; main()", "--project", str(project), "read"]
    with subprocess.Popen([*words, str(folder), "--workers", "2"], env=environment, stdout=-3, stderr=-1) as process:
        until = time.monotonic() + 60
        while process.poll() is None and time.monotonic() < until and not _kept(project):
            time.sleep(0.01)
        helpers = _children(process.pid)
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=60)[1].decode()
    assert process.returncode == 130
    assert "Traceback" not in said
    assert len(helpers) == 2
    assert not [pid for pid in helpers if Path(f"/proc/{pid}").exists()]
    kept = _kept(project)
    assert 0 < kept < 600
    opened = ytterby.open(project)
    found = opened.read([folder], workers=2)
    assert sorted(one.status for one in found) == ["read"] * (600 - kept) + ["unchanged"] * kept
    assert len(opened.claims()) == len(ytterby.init(tmp_path / "fresh").claims()) + 600


def _children(parent: int) -> list[int]:
    """Processes that a process started, where the system tells."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == parent:
            found.append(int(stat.parent.name))
    return found


def _kept(project: Path) -> int:
    """Documents in the store, seen from outside."""
    import sqlite3
    from contextlib import closing

    try:
        with closing(sqlite3.connect(f"file:{project / 'ytterby.db'}?mode=ro", uri=True, timeout=5)) as db:
            return int(db.execute("SELECT count(*) FROM documents").fetchone()[0])
    except sqlite3.Error:
        return 0
