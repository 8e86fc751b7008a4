"""Home to the pictures of the docs: `python -m bench.pictures DIR` shows the main pages as people see them.

Each in light and dark, English and Chinese, wide and on a phone, as WebP files that are small enough to be kept.
"""

from __future__ import annotations

import io
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench import crawling, served
from bench.chromium import CHROMIUM, Browser

MAIN = (
    "today", "search", "topic", "document", "claims", "claim", "world", "country", "facility", "rules", "instrument",
    "check", "scenarios", "scenario", "runs", "run", "compare", "custody", "lot", "plant", "alarms", "watches", "watch",
    "sources",
)  # fmt: skip
"""Kinds of pages that are shown, in the order of a reader's way through them."""
ASKED = {"search": "/en/search?q=dysprosium"}
"""Where a page says more once something was asked."""
EVERY = frozenset({"today", "world", "run"})
"""Kinds that are shown in each of the eight ways; the others in two."""
DRAWS = 200
TALLEST = {1440: 1600, 390: 1500}
"""Where a picture ends, px, by the width of its screen: what comes after is more of the same."""
LARGEST = 3_000_000


@dataclass(frozen=True)
class Shot:
    """One way to look at a page."""

    lang: str
    width: int
    dark: bool

    def name(self, kind: str) -> str:
        """Its file, without the ending."""
        return f"{kind}-{self.lang}-{'wide' if self.width > 600 else 'phone'}-{'dark' if self.dark else 'light'}"


WAYS = [Shot(lang, width, dark) for lang in ("en", "zh") for width in (1440, 390) for dark in (False, True)]
TWO = [Shot("en", 1440, False), Shot("zh", 390, True)]


def shots(address: str, browser: Browser, only: Sequence[str] = ()) -> Iterator[tuple[str, bytes]]:
    """Name and PNG of each picture."""
    pages = crawling.found(address).pages
    for kind in only or MAIN:
        if not pages.get(kind):
            continue
        path = ASKED.get(kind, pages[kind][0].path)
        for way in WAYS if kind in EVERY else TWO:
            browser.open(address + path.replace("/en/", f"/{way.lang}/", 1), width=way.width, dark=way.dark)
            yield way.name(kind), browser.picture(tallest=TALLEST[way.width])


def webp(png: bytes, colours: int = 48) -> bytes:
    """The same picture with few colours, without loss after that."""
    from PIL import Image

    with Image.open(io.BytesIO(png)) as picture:
        kept = io.BytesIO()
        few = picture.convert("RGB").quantize(colours, dither=Image.Dither.NONE).convert("RGB")
        few.save(kept, "WEBP", lossless=True, quality=100, method=6)
    return kept.getvalue()


def main(arguments: Sequence[str]) -> int:
    """Makes the pictures in a folder; kinds of pages after it narrow what is shown."""
    if not arguments or not CHROMIUM:
        sys.stderr.write("python -m bench.pictures DIR [PAGE ...]; it needs chromium\n")
        return 2
    folder = Path(arguments[0])
    folder.mkdir(parents=True, exist_ok=True)
    size = 0
    with tempfile.TemporaryDirectory() as kept:
        project = served.sample(Path(kept) / "project")
        served.tracked(project, weeks=26)
        with served.serving(project) as address:
            served.lived_in(address, DRAWS)
            browser = Browser(Path(kept) / "chromium")
            try:
                for name, png in shots(address, browser, arguments[1:]):
                    made = webp(png)
                    (folder / f"{name}.webp").write_bytes(made)
                    size += len(made)
                    print(f"{name}.webp  {len(made) / 1e3:,.0f} kB", flush=True)
            finally:
                browser.close()
    print(f"{size / 1e6:.2f} MB in all" + (f": more than {LARGEST / 1e6:.0f} MB" if size > LARGEST else ""))
    return int(size > LARGEST)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
