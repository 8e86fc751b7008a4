"""Home to the hash tree over the ledger: roots, proofs that an event is in it, proofs that it only grew.

Source: RFC 9162, Certificate Transparency Version 2.0, section 2.1 (the tree of RFC 6962 with SHA-256): a leaf is
SHA-256(0x00 || entry), a node SHA-256(0x01 || left || right), and a tree of n leaves splits at the greatest power of
two below n. The entry of an event is the SHA-256 of its canonical form. What verifies (`included`, `grew`) needs
nothing but this file: a passport is checked offline with it.

The nodes are kept in the order in which they become known (each leaf, then the subtrees that it completes): the file is
only appended to, and n leaves take 2 n - popcount(n) nodes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

WIDTH = 32
"""Bytes of a hash."""
EMPTY = hashlib.sha256(b"").digest()
"""Root of a tree without leaves."""

Node: TypeAlias = Callable[[int], bytes]
"""Position in the order of nodes -> hash."""

_sha256 = hashlib.sha256


def leaf(entry: bytes) -> bytes:
    """Hash of a leaf."""
    return _sha256(b"\x00" + entry).digest()


def parent(left: bytes, right: bytes) -> bytes:
    """Hash of a node."""
    return _sha256(b"\x01" + left + right).digest()


def nodes(leaves: int) -> int:
    """How many nodes are kept of a tree with so many leaves.

    >>> [nodes(n) for n in (0, 1, 2, 3, 4, 7, 8)]
    [0, 1, 3, 4, 7, 11, 15]
    """
    return 2 * leaves - leaves.bit_count()


def position(level: int, index: int) -> int:
    """Where the `index`-th whole subtree of ``2**level`` leaves stands in the order of nodes."""
    last = ((index + 1) << level) - 1
    return nodes(last) + level


def peaks(leaves: int) -> list[tuple[int, int]]:
    """The whole subtrees that make up a tree, from the left: (level, index)."""
    found, at = [], 0
    for level in range(leaves.bit_length() - 1, -1, -1):
        if leaves >> level & 1:
            found.append((level, at >> level))
            at += 1 << level
    return found


class Growing:
    """The right edge of a tree that grows: enough to add leaves and to tell the root, whatever its size."""

    def __init__(self, leaves: int = 0, node: Node | None = None) -> None:
        """A tree of `leaves` leaves, its edge taken from the kept nodes."""
        self.leaves = leaves
        self._edge = [] if node is None else [node(position(*peak)) for peak in peaks(leaves)]

    def add(self, entries: Iterable[bytes]) -> bytes:
        """Adds entries; returns the nodes that became known, in their order, one after the other."""
        made: list[bytes] = []
        edge, count = self._edge, self.leaves
        for entry in entries:
            fresh = _sha256(b"\x00" + entry).digest()
            made.append(fresh)
            whole = count
            while whole & 1:
                fresh = _sha256(b"\x01" + edge.pop() + fresh).digest()
                made.append(fresh)
                whole >>= 1
            edge.append(fresh)
            count += 1
        self.leaves = count
        return b"".join(made)

    def root(self) -> bytes:
        """The root."""
        return _joined(self._edge)


def root(leaves: int, node: Node) -> bytes:
    """The root of the tree's first `leaves` leaves."""
    return _joined([node(position(*peak)) for peak in peaks(leaves)])


def inclusion(index: int, leaves: int, node: Node) -> list[bytes]:
    """The proof that leaf `index` is in the tree of `leaves` leaves: the hashes beside its way up, from the leaf.

    Raises:
        IndexError: the tree has no such leaf.
    """
    if not 0 <= index < leaves:
        raise IndexError(index)
    path: list[bytes] = []
    start, size = 0, leaves
    while size > 1:
        half = _half(size)
        if index - start < half:
            path.append(_subtree(start + half, size - half, node))
            size = half
        else:
            path.append(_subtree(start, half, node))
            start, size = start + half, size - half
    return path[::-1]


def consistency(before: int, leaves: int, node: Node) -> list[bytes]:
    """The proof that the tree of `leaves` leaves begins with that of `before` leaves.

    Raises:
        IndexError: the tree was never so small, or is not so large.
    """
    if not 0 <= before <= leaves:
        raise IndexError(before)
    if before in (0, leaves):
        return []
    path: list[bytes] = []
    start, size, whole = 0, leaves, True
    while before - start != size:
        half = _half(size)
        if before - start <= half:
            path.append(_subtree(start + half, size - half, node))
            size = half
        else:
            path.append(_subtree(start, half, node))
            start, size, whole = start + half, size - half, False
    if not whole:
        path.append(_subtree(start, size, node))
    return path[::-1]


def included(entry: bytes, index: int, leaves: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether a proof shows that `entry` is leaf `index` of the tree of `leaves` leaves with this root."""
    if not 0 <= index < leaves:
        return False
    at, last, found = index, leaves - 1, leaf(entry)
    for beside in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            found = parent(beside, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = parent(found, beside)
        at, last = at >> 1, last >> 1
    return last == 0 and found == root


def grew(before: int, leaves: int, old: bytes, new: bytes, proof: Sequence[bytes]) -> bool:
    """Whether a proof shows that the tree with root `new` begins with the one with root `old`."""
    if before > leaves or before < 0:
        return False
    if before == leaves:
        return not proof and old == new
    if before == 0:
        return not proof and old == EMPTY
    path = list(proof)
    if before & (before - 1) == 0:
        path.insert(0, old)
    if not path:
        return False
    at, last = before - 1, leaves - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    first = second = path[0]
    for beside in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            first, second = parent(beside, first), parent(beside, second)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            second = parent(second, beside)
        at, last = at >> 1, last >> 1
    return last == 0 and first == old and second == new


def _half(size: int) -> int:
    """The greatest power of two below `size`."""
    return 1 << ((size - 1).bit_length() - 1)


def _subtree(start: int, size: int, node: Node) -> bytes:
    """Hash of the leaves from `start` on, `size` of them, where `start` is a multiple of the next power of two."""
    found = []
    for level, index in peaks(size):
        found.append(node(position(level, (start >> level) + index)))
    return _joined(found)


def _joined(edge: Sequence[bytes]) -> bytes:
    if not edge:
        return EMPTY
    found = edge[-1]
    for left in reversed(edge[:-1]):
        found = _sha256(b"\x01" + left + found).digest()
    return found
