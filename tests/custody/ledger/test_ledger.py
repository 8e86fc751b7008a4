"""The ledger: what is acknowledged stays, what was torn is cut, one writes and many read."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytterby.custody.book.chunk import identity
from ytterby.custody.ledger import Batch, Busy, Ledger, Refusal, Writing, merkle
from ytterby.custody.ledger.heads import WIDTH
from ytterby.custody.ledger.ledger import EVENTS, HEADS, INDEX, REFUSED, TREE
from ytterby.custody.ledger.rows import key
from ytterby.custody.ledger.verify import verify
from ytterby.terms.errors import BadValue, StoreError, UnknownName

Made = Callable[..., Batch]
Opened = Callable[..., Writing]


def _ids(ledger: Ledger) -> list[str]:
    return [one.id for one in ledger.walk()]


def test_what_was_added_is_read_again_in_order(made: Made, opened: Opened, tmp_path: Path) -> None:
    with opened() as ledger:
        for k in range(0, 60, 20):
            done = ledger.append(made(range(k, k + 20)))
            assert done.first == k
            assert done.added.all()
    with Ledger.open(tmp_path / "custody") as ledger:
        assert _ids(ledger) == [f"urn:x:{n}" for n in range(60)]
        assert [one.sequence for one in ledger.walk(37)] == list(range(37, 60))
        assert ledger.event("urn:x:41").sequence == 41
        assert ledger.find("urn:x:60") is None
        with pytest.raises(UnknownName):
            ledger.event("urn:x:60")
        found = ledger.index.holding([key("lot9")], [1, 2])
        assert found.tolist() == [6, 7, 8, 27, 28, 29]  # as output of 2, as input of itself
    assert verify(tmp_path / "custody").whole


def test_an_empty_folder_is_an_empty_ledger(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "nothing") as ledger:
        assert len(ledger) == 0
        assert _ids(ledger) == []
        assert ledger.find("urn:x:1") is None
        assert list(ledger.refusals()) == []
    assert verify(tmp_path / "nothing").whole


def test_an_id_is_there_once(made: Made, opened: Opened) -> None:
    with opened() as ledger:
        first = ledger.append(made([1, 2, 3])).head
        again = ledger.append(made([3, 4, 2, 4]))
        assert (again.added.tolist(), again.already) == ([False, True, False, False], 3)
        other = ledger.append(made([2, 5], more="other"))
        assert other.added.tolist() == [False, True]
        assert [one.id for one in other.refused] == ["urn:x:2"]
        assert ledger.event("urn:x:2").body == b'{"n":2,"more":""}'
        assert first.size == 3
        assert _ids(ledger) == ["urn:x:1", "urn:x:2", "urn:x:3", "urn:x:4", "urn:x:5"]
        assert [one.raw for one in ledger.refusals()] == [b'{"n":2,"more":"other"}']


def test_two_that_differ_in_one_batch_are_not_both_taken(made: Made, opened: Opened) -> None:
    one, other = made([1]), made([1], more="other")
    both = Batch(one.ids + other.ids, one.digests + other.digests, one.bodies + other.bodies, made([1, 1]).rows)
    with opened() as ledger:
        done = ledger.append(both)
        assert done.added.tolist() == [True, False]
        assert len(done.refused) == 1


def test_a_refusal_is_kept_once_with_its_bytes(opened: Opened, tmp_path: Path) -> None:
    said = Refusal("urn:x:9", "mass: more out than in", "a.json#/3", b"{\x00\xff}")
    with opened() as ledger:
        ledger.append(refusals=[said])
        ledger.append(refusals=[said, Refusal("", "size", "b.json", b"y" * 70_000)])
    with Ledger.open(tmp_path / "custody") as ledger:
        found = list(ledger.refusals())
        assert [(one.id, one.reason, one.path, one.size) for one in found] == [
            ("urn:x:9", "mass: more out than in", "a.json#/3", 4), ("", "size", "b.json", 70_000),
        ]  # fmt: skip
        assert found[0].raw == b"{\x00\xff}"
        assert len(found[1].raw) == 65_536


def test_one_writes_and_many_read(made: Made, opened: Opened, tmp_path: Path) -> None:
    with opened() as ledger:
        ledger.append(made(range(10)))
        with pytest.raises(Busy):
            opened(wait=0.05)
        with Ledger.open(tmp_path / "custody") as reader:
            for k in range(10, 200, 10):
                ledger.append(made(range(k, k + 10)))
                assert len(_ids(reader)) == 10  # what it opened does not change under it
                with Ledger.open(tmp_path / "custody") as newer:
                    assert len(_ids(newer)) == k + 10
                    assert newer.event(f"urn:x:{k + 9}").sequence == k + 9
    with opened() as ledger:
        assert len(ledger) == 200


@pytest.mark.parametrize("name", [TREE, INDEX])
def test_what_follows_from_the_log_is_made_again(name: str, made: Made, opened: Opened, tmp_path: Path) -> None:
    folder = tmp_path / "custody"
    with opened() as ledger:
        ledger.append(made(range(50)))
        head = ledger.append(made(range(50, 77)), [Refusal("", "why", "where", b"raw")]).head
    (folder / name).unlink()
    with opened() as ledger:
        assert ledger.head == head
        assert ledger.event("urn:x:70").sequence == 70
        assert ledger.append(made([70])).already == 1
        assert ledger.append(refusals=[Refusal("", "why", "where", b"raw")]).head.refused == 1
    assert verify(folder).whole
    content = bytearray((folder / name).read_bytes())
    content[:40] = b"\x00" * 40
    (folder / name).write_bytes(content)
    assert [one.file for one in verify(folder).findings] == [name]
    with opened() as ledger:
        assert ledger.event("urn:x:70").sequence == 70


def test_an_older_index_is_brought_up(made: Made, opened: Opened, tmp_path: Path) -> None:
    folder = tmp_path / "custody"
    with opened() as ledger:
        ledger.append(made(range(30)))
    shutil.copy(folder / INDEX, tmp_path / "older")
    with opened() as ledger:
        ledger.append(made(range(30, 60)))
    shutil.copy(tmp_path / "older", folder / INDEX)
    with opened() as ledger:
        assert ledger.event("urn:x:59").sequence == 59
    shutil.copy(folder / INDEX, tmp_path / "newer")
    other = tmp_path / "other"
    with opened(other) as ledger:
        ledger.append(made(range(5)))
    shutil.copy(tmp_path / "newer", other / INDEX)  # of another ledger
    with opened(other) as ledger:
        assert ledger.find("urn:x:59") is None
        assert ledger.event("urn:x:4").sequence == 4


def test_a_torn_tail_is_cut_to_the_last_whole_frame(made: Made, opened: Opened, tmp_path: Path) -> None:
    folder = tmp_path / "custody"
    with opened() as ledger:
        ledger.append(made(range(3)))
        sure = ledger.head
        ledger.append(made(range(3, 5)))
    log, known = (folder / EVENTS).read_bytes(), (folder / HEADS).read_bytes()
    ends = [sure.length]
    with Ledger.open(folder) as ledger:
        ends += [frame.end for frame in ledger.log.walk(sure.length)]
    for cut in range(sure.length, len(log), 7):
        (folder / EVENTS).write_bytes(log[:cut])
        (folder / HEADS).write_bytes(known[:-WIDTH])
        seen = verify(folder)
        assert seen.whole, seen
        assert seen.unacknowledged == cut - sure.length
        with Ledger.open(folder) as reader:
            assert len(_ids(reader)) == 3
        with opened() as ledger:
            assert len(ledger) == 3 + sum(end <= cut for end in ends[1:])
            ledger.append(made(range(8)))
            assert sorted(_ids(ledger)) == sorted(f"urn:x:{n}" for n in range(8))
        assert verify(folder).whole
        for name in (TREE, INDEX):
            (folder / name).unlink()


def test_what_was_acknowledged_is_never_cut(made: Made, opened: Opened, tmp_path: Path) -> None:
    folder = tmp_path / "custody"
    with opened() as ledger:
        ledger.append(made(range(5)), [Refusal("", "why", "where", b"raw")])
    for name in (EVENTS, REFUSED):
        whole = (folder / name).read_bytes()
        (folder / name).write_bytes(whole[:-1])
        with pytest.raises(StoreError, match="cut short"):
            opened()
        assert (folder / name).read_bytes() == whole[:-1]
        assert verify(folder).findings[0].file == name
        (folder / name).write_bytes(whole)
    (folder / HEADS).unlink()
    with pytest.raises(StoreError, match="heads"):
        Ledger.open(folder)
    with opened() as ledger:  # the log bears itself out: the heads begin anew
        assert len(ledger) == 5


def test_a_torn_head_is_no_head(made: Made, opened: Opened, tmp_path: Path) -> None:
    folder = tmp_path / "custody"
    with opened() as ledger:
        ledger.append(made(range(5)))
    with (folder / HEADS).open("ab") as file:
        file.write(b'{"size": 9')
    with Ledger.open(folder) as ledger:
        assert len(ledger) == 5
    with opened() as ledger:
        ledger.append(made(range(5, 9)))
    assert verify(folder).whole


def test_a_proof_holds_offline(made: Made, opened: Opened, tmp_path: Path) -> None:
    with opened() as ledger:
        ledger.append(made(range(13)))
        for n in range(13):
            proof = ledger.proof(f"urn:x:{n}")
            path = [bytes.fromhex(one) for one in proof["proof"]]
            root, digest = bytes.fromhex(proof["head"]["root"]), bytes.fromhex(proof["digest"])
            assert merkle.included(digest, proof["index"], proof["head"]["size"], path, root)


def test_a_published_head_is_held_or_the_ledger_was_rewritten(made: Made, opened: Opened, tmp_path: Path) -> None:
    with opened() as ledger:
        heads = [ledger.append(made(range(k, k + 4))).head.published() for k in range(0, 20, 4)]
        for old in heads:
            told = ledger.held(old)
            assert told["held"], told
            path = [bytes.fromhex(one) for one in told["proof"]]
            roots = bytes.fromhex(old["root"]), bytes.fromhex(heads[-1]["root"])
            assert merkle.grew(old["size"], 20, *roots, path)
        assert not ledger.held({**heads[1], "root": "00" * 32})["held"]
        assert not ledger.held({**heads[1], "chain": "00" * 32})["held"]
        assert "gone" in ledger.held({**heads[1], "size": 21})["why"]
        with pytest.raises(BadValue):
            ledger.held({"size": 3})
        with pytest.raises(BadValue):
            ledger.held({**heads[1], "ledger": "00" * 16})


@given(st.lists(st.lists(st.integers(0, 40), max_size=8), max_size=8))
def test_whatever_the_batches_the_ledger_is_the_same_list(
    tmp_path_factory: pytest.TempPathFactory, batches: list[list[int]]
) -> None:
    from tests.custody.ledger.conftest import batch

    folder = tmp_path_factory.mktemp("any") / "custody"
    wanted: list[int] = []
    with Ledger.writing(folder) as ledger:
        for some in batches:
            done = ledger.append(batch(some))
            fresh = [n for k, n in enumerate(some) if n not in wanted and n not in some[:k]]
            assert np.count_nonzero(done.added) == len(fresh)
            assert done.already == len(some) - len(fresh)
            wanted += fresh
        assert _ids(ledger) == [f"urn:x:{n}" for n in wanted]
        assert ledger.head.root == merkle_of([one.digest for one in ledger.walk()])


def merkle_of(entries: list[bytes]) -> str:
    tree = merkle.Growing()
    tree.add(entries)
    return tree.root().hex()


def test_the_key_of_an_id_is_its_identity_in_the_book() -> None:
    for name in ("urn:uuid:0", "https://a.example/氧化鐠", "x" * 3000):
        assert key(name) == int(np.array([identity(name)], "<u8").view("<i8")[0])
