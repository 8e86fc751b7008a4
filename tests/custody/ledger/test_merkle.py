"""The hash tree: the known vectors, proofs against a second implementation, and that no false proof passes."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytterby.custody.ledger import merkle

VECTORS = [
    bytes.fromhex(one)
    for one in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
"""The entries implementations of RFC 6962 test with; below, the roots of the first 1, 2 ... 8 of them."""
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def _root(entries: list[bytes]) -> bytes:
    """The definition, written down as it stands in the RFC."""
    if not entries:
        return hashlib.sha256(b"").digest()
    if len(entries) == 1:
        return hashlib.sha256(b"\x00" + entries[0]).digest()
    half = 1
    while half * 2 < len(entries):
        half *= 2
    return hashlib.sha256(b"\x01" + _root(entries[:half]) + _root(entries[half:])).digest()


def _grown(entries: list[bytes]) -> tuple[merkle.Growing, merkle.Node]:
    tree = merkle.Growing()
    kept = tree.add(entries)
    assert len(kept) == merkle.nodes(len(entries)) * merkle.WIDTH
    return tree, lambda place: kept[32 * place : 32 * place + 32]


def test_the_known_vectors() -> None:
    for count, root in enumerate(ROOTS, 1):
        tree, node = _grown(VECTORS[:count])
        assert tree.root().hex() == merkle.root(count, node).hex() == root


entries = st.lists(st.binary(max_size=40), max_size=70)


@given(entries)
def test_the_root_is_that_of_the_definition(told: list[bytes]) -> None:
    tree, node = _grown(told)
    assert tree.root() == merkle.root(len(told), node) == _root(told)


@given(entries, st.data())
def test_a_tree_can_be_carried_on_from_its_nodes(told: list[bytes], data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(told)))
    _, node = _grown(told)
    carried = merkle.Growing(cut, node)
    carried.add(told[cut:])
    assert carried.root() == _root(told)


@given(st.lists(st.binary(max_size=8), min_size=1, max_size=70), st.data())
def test_inclusion(told: list[bytes], data: st.DataObject) -> None:
    tree, node = _grown(told)
    at = data.draw(st.integers(0, len(told) - 1))
    proof = merkle.inclusion(at, len(told), node)
    assert merkle.included(told[at], at, len(told), proof, tree.root())
    assert not merkle.included(told[at] + b"!", at, len(told), proof, tree.root())
    other = data.draw(st.integers(0, len(told) - 1))
    if told[other] != told[at]:
        assert not merkle.included(told[other], at, len(told), proof, tree.root())
    assert not merkle.included(told[at], at, len(told), [*proof, bytes(32)], tree.root())
    for k in range(len(proof)):
        assert not merkle.included(told[at], at, len(told), [*proof[:k], bytes(32), *proof[k + 1 :]], tree.root())
        assert not merkle.included(told[at], at, len(told), proof[:k] + proof[k + 1 :], tree.root())


@given(entries, st.data())
def test_consistency(told: list[bytes], data: st.DataObject) -> None:
    before = data.draw(st.integers(0, len(told)))
    tree, node = _grown(told)
    old, new = _root(told[:before]), tree.root()
    proof = merkle.consistency(before, len(told), node)
    assert merkle.grew(before, len(told), old, new, proof)
    assert not merkle.grew(before, len(told), bytes(32), new, proof)
    if before:
        assert not merkle.grew(before, len(told), old, bytes(32), proof)
    assert not merkle.grew(before, len(told), old, new, [*proof, bytes(32)])
    for k in range(len(proof)):
        assert not merkle.grew(before, len(told), old, new, [*proof[:k], bytes(32), *proof[k + 1 :]])


def test_there_are_no_proofs_of_what_is_not_there() -> None:
    _, node = _grown(VECTORS)
    for index in (-1, 8, 100):
        with pytest.raises(IndexError):
            merkle.inclusion(index, 8, node)
        with pytest.raises(IndexError):
            merkle.consistency(index + 1 if index > 0 else index, 8, node)
    assert not merkle.included(VECTORS[0], 9, 8, [], bytes(32))
    assert not merkle.grew(9, 8, bytes(32), bytes(32), [])
