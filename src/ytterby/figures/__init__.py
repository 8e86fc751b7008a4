"""Home to the figures: plain rows and a caption in, SVG text out. `base` holds the contract, each member has its own
file.
"""

from __future__ import annotations

from ytterby.figures.bars import bars
from ytterby.figures.base import Caption
from ytterby.figures.code import code
from ytterby.figures.fan import fan
from ytterby.figures.frontier import frontier
from ytterby.figures.gaps import gaps
from ytterby.figures.genealogy import genealogy
from ytterby.figures.map import dots, shades
from ytterby.figures.multiples import multiples
from ytterby.figures.network import network
from ytterby.figures.ranges import ranges
from ytterby.figures.sankey import sankey
from ytterby.figures.stacks import stacks
from ytterby.figures.timeline import timeline
from ytterby.figures.tornado import tornado

__all__ = [
    "Caption",
    "bars",
    "code",
    "dots",
    "fan",
    "frontier",
    "gaps",
    "genealogy",
    "multiples",
    "network",
    "ranges",
    "sankey",
    "shades",
    "stacks",
    "timeline",
    "tornado",
]
