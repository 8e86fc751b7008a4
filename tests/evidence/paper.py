"""PDFs written by hand: pages of lines, rules for a table, a bomb."""

from __future__ import annotations

import zlib
from collections.abc import Sequence


def _book(objects: Sequence[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    at = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R /Info 4 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, at)
    return bytes(out)


def _stream(content: bytes, extra: bytes = b"") -> bytes:
    return b"<< /Length %d %s>>\nstream\n%s\nendstream" % (len(content), extra, content)


def pdf(pages: Sequence[Sequence[str]], *, title: str = "", rules: Sequence[tuple[int, int, int, int]] = ()) -> bytes:
    """One line of text per string, 14 points apart; `rules` are lines (x0, y0, x1, y1) drawn on every page."""
    kids = b" ".join(b"%d 0 R" % (5 + 2 * at) for at in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(pages)),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Title (%s) /CreationDate (D:20250611) >>" % title.encode(),
    ]
    for at, lines in enumerate(pages):
        draw = b"".join(b"%d %d m %d %d l S\n" % rule for rule in rules)
        for row, line in enumerate(lines):
            cells = line.split("\t")
            for column, cell in enumerate(cells):
                safe = cell.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)").encode("latin-1")
                draw += b"BT /F1 11 Tf %d %d Td (%s) Tj ET\n" % (60 + 150 * column, 760 - 14 * row, safe)
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> "
            b"/Contents %d 0 R >>" % (6 + 2 * at)
        )
        objects.append(_stream(draw))
    return _book(objects)


def bomb(size: int) -> bytes:
    """A page whose content unpacks, twice over, to `size` bytes of drawing."""
    block = b"0 0 m 1 1 l S\n" * 75_000
    packer = zlib.compressobj(9)
    opening = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    # After a full flush the packer starts afresh, so its next block may be written as often as one likes.
    again = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    twice = zlib.compress(opening + again * (size // len(block)) + packer.flush(), 9)
    return _book(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [5 0 R] /Count 1 >>",
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            b"<< >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 6 0 R >>",
            _stream(twice, b"/Filter [/FlateDecode /FlateDecode] "),
        ]
    )
