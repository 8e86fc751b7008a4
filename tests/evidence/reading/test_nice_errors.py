"""Every refusal of the readers says what, where and what to do."""

from __future__ import annotations

import pytest

from ytterby.evidence.reading import read, read_bytes
from ytterby.evidence.reading.read import LARGEST
from ytterby.terms.errors import InputError

BAD = {
    "empty": b"",
    "blanks": b"  \n ",
    "binary": bytes(range(256)) * 4,
    "archive": b"PK\x03\x04" + bytes(64),
    "large": b"x" * (LARGEST + 1),
    "mixed": "海关总署公布数据，出口增长。\n".encode() + "商务部公布公告，实施管制。\n".encode("gb18030"),
    "script page": b"<!doctype html><html><body><script>render()</script></body></html>",
    "large page": b"<!doctype html><html><body>" + b"<p>x</p>" * (9 * 2**17) + b"</body></html>",
    "half a PDF": b"%PDF-1.7 ...",
}


@pytest.mark.parametrize("kind", BAD)
def test_cause_place_and_remedy(kind: str) -> None:
    with pytest.raises(InputError) as caught:
        read_bytes(BAD[kind], path="item.txt")
    error = caught.value
    assert error.cause
    assert error.cause[0].islower()
    assert error.place.startswith("item.txt")
    assert error.remedy
    assert "Traceback" not in str(error)
    assert "Error(" not in str(error)


def test_limits_are_named() -> None:
    with pytest.raises(InputError, match="200 MiB, and 32 MiB is the most"):
        read(bytes(200 * 2**20), path="page.txt")
