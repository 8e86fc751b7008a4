"""Children: what is sent arrives whole or not at all, and what a child prints is no part of it."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytterby.store import children


def chatty() -> None:
    """The life of a child that prints and asks as libraries do, and answers each message with its reverse."""
    source, out = children.pipes()
    with pytest.raises(EOFError):
        input("what?")
    sys.stdout.write("a library says hello\n")
    sys.stdout.flush()
    try:
        while True:
            children.send(out, children.received(source)[::-1])
    except EOFError:
        return


@pytest.fixture
def child() -> Iterator[subprocess.Popen[bytes]]:
    one = children.started(__name__, "chatty")
    yield one
    one.kill()
    one.wait()
    for pipe in (one.stdin, one.stdout):
        if pipe is not None and not pipe.closed:
            pipe.close()


@given(st.lists(st.binary(max_size=300), max_size=5))
def test_messages_arrive_as_they_were_sent(messages: list[bytes]) -> None:
    pipe = io.BytesIO()
    for one in messages:
        children.send(pipe, one)
    pipe.seek(0)
    assert [children.received(pipe) for _ in messages] == messages
    with pytest.raises(EOFError):
        children.received(pipe)


@given(st.binary(max_size=50), st.integers(1, 57))
def test_a_message_that_was_cut_is_none(message: bytes, cut: int) -> None:
    pipe = io.BytesIO()
    children.send(pipe, message)
    with pytest.raises(EOFError):
        children.received(io.BytesIO(pipe.getvalue()[: -min(cut, 8 + len(message))]))


def test_what_a_child_prints_stays_out(child: subprocess.Popen[bytes]) -> None:
    assert child.stdin is not None
    assert child.stdout is not None
    for message in (b"", b"dysprosium", bytes(range(256)) * 5000):
        children.send(child.stdin, message)
        assert children.received(child.stdout) == message[::-1]
    child.stdin.close()
    assert child.wait(30) == 0
    with pytest.raises(EOFError):
        children.received(child.stdout)
