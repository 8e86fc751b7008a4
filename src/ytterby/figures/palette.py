"""Home to the colours of the figures, named after the ions that show them, in a light and a dark twin.

Every figure carries `STYLE`; inside a page the copies agree, alone each figure is whole. A page may set
``--yt-surface`` to
put its own ground behind a figure.
"""

from __future__ import annotations

from ytterby.figures.letters import SIZES
from ytterby.terms.errors import UnknownName
from ytterby.terms.stages import stage

LIGHT_DARK: dict[str, tuple[str, str]] = {
    "nd": ("#6B54B0", "#A995F0"),
    "pr": ("#1F6B4D", "#5DC796"),
    "er": ("#A3345C", "#F08DB1"),
    "ho": ("#855A08", "#E3AE52"),
    "tb": ("#2A739A", "#74BDE8"),
    "grey": ("#6E6A78", "#A09CAB"),
    "ink": ("#1D1B26", "#ECEAF2"),
    "soft": ("#5F5B6B", "#AAA6B6"),
    "rule": ("#DCD8CE", "#383543"),
    "land": ("#E9E5DB", "#2B2933"),
    "coast": ("#FFFFFF", "#1B1A22"),
    "surface": ("#FFFFFF", "#1B1A22"),
}
"""Tone -> (on light ground, on dark ground)."""

TONES = ("nd", "pr", "ho", "er", "tb", "grey")
"""Tones for categories, in the order they are given out."""

STAGE_TONES = {
    "mine": "nd",
    "concentrate": "pr",
    "separation": "ho",
    "metal": "er",
    "alloy": "er",
    "magnet": "tb",
    "recycling": "pr",
    "component": "grey",
    "product": "grey",
    "use": "grey",
}
"""Tone of each stage of the chain; a stage not named here takes the next of `TONES`."""

_JOINT_STAGES = {"metal & alloy": "alloy", "metal and alloy": "alloy", "金属与合金": "alloy", "maker": "product"}

SHAPES = {
    "mine": "triangle",
    "separation": "circle",
    "metal": "square",
    "alloy": "square",
    "magnet": "diamond",
    "recycling": "hexagon",
}
"""Mark of each stage, so that colour is never the only difference."""

_SANS = (
    '"Helvetica Neue",Helvetica,Arial,"Liberation Sans",Arimo,"PingFang SC","Hiragino Sans GB","Microsoft YaHei",'
    '"Noto Sans CJK SC","Noto Sans SC",sans-serif'
)
_SERIF = (
    '"Source Serif 4","Iowan Old Style",Charter,Georgia,"Liberation Serif","Songti SC",'
    '"Noto Serif CJK SC","Noto Serif SC",serif'
)


def stage_id(name: str) -> str:
    """The id of a stage written in English or Chinese, or nothing if it is none of the chain's.

    >>> stage_id("End use"), stage_id("分离"), stage_id("somewhere")
    ('use', 'separation', '')
    """
    joint = _JOINT_STAGES.get(name.strip().lower())
    if joint:
        return joint
    try:
        return stage(name).id
    except UnknownName:
        return ""


def stage_tones(stages: tuple[str, ...]) -> dict[str, str]:
    """A tone for each stage: the one it always has, else the least used so far.

    >>> stage_tones(("mine", "somewhere"))
    {'mine': 'nd', 'somewhere': 'pr'}
    """
    given = {name: STAGE_TONES[stage_id(name)] for name in stages if stage_id(name)}
    for name in stages:
        if name not in given:
            used = list(given.values())
            given[name] = min(TONES, key=lambda tone: (used.count(tone), TONES.index(tone)))
    return given


def _paint(mark: str, tone: str, colour: str, name: str) -> str:
    """Rule that paints with a tone; the plain colour stands first for viewers that know no custom properties."""
    key = {"f": "fill", "s": "stroke"}[mark]
    return f".yt-fig .{mark}-{tone}{{{key}:{colour};{key}:var({name})}}"


def _style() -> str:
    light, dark = LIGHT_DARK["surface"]
    tones = {tone: twin for tone, twin in LIGHT_DARK.items() if tone != "surface"}
    plain = "".join(f"--yt-{tone}:{twin[0]};" for tone, twin in tones.items())
    twins = "".join(f"--yt-{tone}:light-dark({twin[0]},{twin[1]});" for tone, twin in tones.items())
    rules = [
        # Only a figure that stands alone says which schemes it knows; inside a page the page does.
        "svg:root{color-scheme:light dark}",
        f".yt-fig{{{plain}--yt-ground:var(--yt-surface,{light})}}",
        "@supports (color:light-dark(#000,#fff)){",
        f".yt-fig{{{twins}--yt-ground:var(--yt-surface,light-dark({light},{dark}))}}}}",
        ".yt-fig{display:block;max-width:100%;height:auto}",
        f".yt-fig text{{font-family:{_SANS};fill:{tones['ink'][0]};fill:var(--yt-ink)}}",
        *(f".yt-fig .t-{kind}{{font-size:{size:g}px}}" for kind, size in SIZES.items()),
        f".yt-fig .t-title{{font-family:{_SERIF};font-weight:600}}",
        ".yt-fig .t-head,.yt-fig .t-strong{font-weight:600}",
        *(_paint("f", f"soft,.yt-fig .t-{kind}", tones["soft"][0], "--yt-soft") for kind in ("basis", "note", "tick")),
        ".yt-fig .t-tick{font-variant-numeric:tabular-nums}",
        *(_paint(mark, tone, twin[0], f"--yt-{tone}") for tone, twin in tones.items() for mark in "fs"),
        _paint("f", "surface", light, "--yt-ground"),
        _paint("s", "surface", light, "--yt-ground"),
        f".yt-fig .halo{{paint-order:stroke;stroke:{light};stroke:var(--yt-ground)}}",
        ".yt-fig .halo{stroke-width:3px;stroke-linejoin:round}",
        ".yt-fig .line{fill:none;stroke-width:1.8;stroke-linejoin:round;stroke-linecap:round}",
        ".yt-fig .hair{stroke-width:1}.yt-fig .none{fill:none}",
        ".yt-fig .dash{stroke-dasharray:5 3}.yt-fig .dots{stroke-dasharray:1.5 3.5}",
        *(f".yt-fig .o{depth}{{opacity:{share}}}" for depth, share in ((1, 0.16), (2, 0.34), (3, 0.55), (4, 0.76))),
    ]
    return "".join(rules)


STYLE = _style()
"""The style sheet of a figure; every rule is held under ``.yt-fig``."""
