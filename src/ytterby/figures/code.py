"""Home to the code: a square of dark and light modules that a camera reads, always dark on light."""

from __future__ import annotations

from collections.abc import Sequence

from ytterby.figures.base import Caption
from ytterby.figures.letters import escape
from ytterby.figures.palette import STYLE
from ytterby.terms.errors import BadValue

QUIET = 4
"""Light modules around it, as readers ask for (ISO/IEC 18004)."""


def code(modules: Sequence[Sequence[int]], caption: Caption, *, width: float = 240) -> str:
    """Draw a matrix of modules, such as that of a QR code.

    Args:
        modules: rows of 1 (dark) and 0.
        caption: its title and description stand for those who cannot see it.
        width: px of the square.

    Raises:
        BadValue: no modules, or rows of different lengths.
    """
    size = len(modules)
    if not size or any(len(row) != size for row in modules):
        raise BadValue("the modules are no square", place="code", remedy="give as many rows as columns")
    whole = size + 2 * QUIET
    runs = []
    for y, row in enumerate(modules):
        x = 0
        while x < size:
            end = x
            while end < size and row[end]:
                end += 1
            if end > x:
                runs.append(f"M{x + QUIET} {y + QUIET}h{end - x}v1h{x - end}z")
            x = end + 1
    title, told = escape(caption.title), escape(caption.description or caption.title)
    side = f"{min(width, 300.0):g}"
    # Colours stand in the marks: a code turned light on dark is not read by every camera.
    return (
        f'<svg class="yt-fig" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {whole} {whole}" width="{side}" '
        f'height="{side}" role="img" shape-rendering="crispEdges"><title>{title}</title><desc>{told}</desc>'
        f'<style>{STYLE}</style><rect width="{whole}" height="{whole}" fill="#ffffff"/>'
        f'<path d="{"".join(runs)}" fill="#000000"/></svg>'
    )
