"""Home to reading: bytes in, a document with its parts and passages out; nothing is fetched and nothing is run."""

from __future__ import annotations

from ytterby.evidence.reading.read import Read, read, read_bytes

__all__ = ["Read", "read", "read_bytes"]
