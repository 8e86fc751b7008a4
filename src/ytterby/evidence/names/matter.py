"""Home to the names of elements, oxides, metals and the other materials that `terms` already knows."""

from __future__ import annotations

from collections.abc import Iterator

from ytterby.evidence.names.entities import Entity, read_rows
from ytterby.terms.elements import RECORDS
from ytterby.terms.materials import Material, materials
from ytterby.terms.tables import several

_TOO_WIDE = frozenset(
    {
        "magnets",
        "permanent magnets",
        "NdFeB",
        "钕铁硼",
        "SmCo",
        "钐钴",
        "motor",
        "speaker",
        "speakers",
        "rotor",
        "blanks",
    }
    | {"rare earth magnet", "rare earth magnets", "稀土磁体", "稀土永磁", "NdFeB magnet", "NdFeB magnets", "毛坯"}
    | {"neodymium magnet", "neodymium magnets", "钕铁硼磁体", "钕磁铁", "rare earth concentrate", "稀土精矿"}
    | {
        "釹鐵硼",
        "釤鈷",
        "稀土磁體",
        "釹鐵硼磁體",
        "釹磁鐵",
        "稀土精礦",
        "中重稀土矿",
        "转子",
        "执行机构",
        "磷钇矿",
        "磷釔礦",
    }
)
"""Words `terms.materials` takes for one grade where a running text means the family: those have rows of their own."""


_SYMBOLS = frozenset({"Nd", "Dy", "Tb", "Gd", "Sm"})
"""Symbols that no other word looks like."""


def matter() -> Iterator[Entity]:
    """One entity per element and one per traded material that `matter.csv` does not name itself."""
    rows = read_rows("matter")
    own = {name for row in rows for name in (row["en"], row["zh"], *several(row["aliases"]))}
    taken = {row["material"] for row in rows if row["material"]}
    for symbol, record in RECORDS.items():
        group = "heavy rare earths" if record.group == "heavy" else "light rare earths"
        yield Entity(
            f"el.{symbol}",
            "material",
            record.en,
            record.zh,
            (*(name for name in record.zh_hant if name not in own), *(symbol,) * (symbol in _SYMBOLS)),
            elements=(symbol,),
            group=group,
        )
    for one in materials().values():
        if one.id not in taken:
            yield _material(one, own)


def _material(one: Material, own: set[str]) -> Entity:
    names = [name for name in one.synonyms if name not in _TOO_WIDE and name not in own]
    zh = one.zh if one.zh not in own else ""
    full = _spelled(one) if one.form in ("oxide", "metal") else []
    return Entity(
        one.id,
        "material",
        one.en,
        zh,
        tuple(dict.fromkeys([*names, *full])),
        material=one.id,
        elements=one.elements,
        stage=one.stage,
        group={"magnet": "magnets", "oxide": "oxides", "metal": "metals", "alloy": "alloys"}.get(one.form, one.form),
    )


def _spelled(one: Material) -> list[str]:
    if len(one.elements) != 1:
        return []
    record = RECORDS[one.elements[0]]
    if one.form == "oxide":
        return [f"oxide of {record.en}", f"{record.zh}氧化物"]
    return [f"{record.en} metals", f"{record.zh}金属"]
