"""Home to the columns of tables of events: their names in both languages, what they hold and who needs them."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Literal, TypeAlias

from ytterby.custody.event import KINDS
from ytterby.terms.elements import ELEMENTS, RECORDS
from ytterby.terms.errors import UnknownName

Language: TypeAlias = Literal["en", "zh"]

ALL = KINDS
_PACKS = ("aggregation", "association")
_ROLES = (*_PACKS, "transformation")


@dataclass(frozen=True, slots=True)
class Column:
    """One column."""

    name: str
    zh: str
    en: str
    """What it holds."""
    kinds: tuple[str, ...] = ALL
    """Whose templates have it; any table may."""
    example: Mapping[str, str] | str = ""
    """What stands in the template's line, by kind where it differs."""


def _by_kind(**cells: str) -> Mapping[str, str]:
    return MappingProxyType(cells)


_STEPS = _by_kind(
    object="shipping", aggregation="packing", transaction="shipping", transformation="commissioning",
    association="assembling",
)  # fmt: skip
COLUMNS: tuple[Column, ...] = (
    Column("event_type", "事件类型", "object, aggregation, transaction, transformation or association"),
    Column("event_id", "事件编号", "rows with one number, one after the other, are one event", example="E-0001"),
    Column("firm", "企业代码", "code of the firm that writes: its numbers are told apart by it", example="91110000X"),
    Column("event_time", "事件时间", "2026-03-01 14:30 or with offset", example="2026-03-01 14:30"),
    Column("utc_offset", "时区", "offset of the place, +08:00", example="+08:00"),
    Column("action", "动作", "ADD, OBSERVE or DELETE", (*_PACKS, "object", "transaction"),
           _by_kind(object="OBSERVE", aggregation="ADD", transaction="OBSERVE", association="ADD")),
    Column("step", "业务环节", "word of the vocabulary: commissioning, shipping, receiving ...", example=_STEPS),
    Column("disposition", "状态", "word of the vocabulary", example="in_progress"),
    Column("place", "地点", "where things are after it", example="PLANT-1"),
    Column("read_point", "发生地点", "where it took place"),
    Column("role", "角色", "parent, child, input or output", _ROLES,
           ),
    Column("lot", "批号", "number of the lot, or its full address", example="B2026-118"),
    Column("issuer", "批号编制企业", "code of the firm that gave the lot its number; empty = firm"),
    Column("count", "件数", "pieces, where it is counted"),
    Column("mass", "质量", "how much, where it is weighed", example="250"),
    Column("unit", "单位", "UN/CEFACT code or kg, t, g, mg, lb, oz", example="KGM"),
    Column("material", "物料", "id of the material: oxide.Dy, metal.NdPr ...", example="oxide.NdPr"),
    Column("from_party", "发货方", "who hands it over", ("object", "transaction"), "91110000X"),
    Column("to_party", "收货方", "who takes it over", ("object", "transaction"), "91220000Y"),
    Column("from_owner", "原所有方", "who owned it", ("object", "transaction")),
    Column("to_owner", "新所有方", "who owns it", ("object", "transaction")),
    Column("from_place", "发货地", "where it comes from", ("object", "transaction")),
    Column("to_place", "收货地", "where it goes", ("object", "transaction")),
    Column("order", "订单号", "purchase order", ("object", "transaction"), "PO-7788"),
    Column("licence", "许可证号", "export licences, parted by |", ("object", "transaction")),
    Column("customs", "报关单号", "customs declarations, parted by |", ("object", "transaction")),
    Column("end_user", "最终用户", "who uses it in the end", ("object", "transaction")),
    Column("end_use", "最终用途", "for what", ("object", "transaction")),
    Column("value_usd", "价值（美元）", "of what moved, in US dollars", ("object", "transaction")),
    Column("technology_origin", "技术来源国", "ISO 3166 alpha-2 of the technology used", ("object", "transformation")),
    Column("process", "工艺", "recipe that was run", ("transformation",), "rec_sep"),
    Column("transformation", "转化批次号", "number that events of one transformation share", ("transformation",)),
    Column("loss_kg", "损耗（千克）", "declared lost, of the material as a whole", ("transformation",)),
    Column("added_kg", "添加物（千克）", "went in beside the lots: oxygen, water, iron", ("transformation",)),
    Column("wrong_since", "错误声明时间", "the event was wrong: declared when", ()),
    Column("wrong_reason", "错误原因", "did_not_occur or incorrect_data", ()),
    Column("corrected_by", "更正事件编号", "numbers of the events that stand in its place, parted by |", ()),
)  # fmt: skip
_BY_NAME = {name: column.name for column in COLUMNS for name in (column.name, column.zh)}


@cache
def column(heading: str) -> str:
    """The column a heading stands for; assays are ``Dy_pct`` and ``Dy_pct_sigma``. Raises `UnknownName`.

    >>> column("批号"), column("镝_百分比"), column("Dy_pct_sigma")
    ('lot', 'Dy_pct', 'Dy_pct_sigma')
    """
    name = heading.strip()
    found = _BY_NAME.get(name) or _BY_NAME.get(name.casefold()) or _ASSAYS.get(name.casefold())
    if found is None:
        raise UnknownName(name, [*_BY_NAME, "Nd_pct", "Dy_pct", "Dy_pct_sigma"], "column", "header")
    return found


def _cell(one: Column, kind: str, row: int) -> str:
    if one.name == "event_type":
        return kind
    if kind in _ROLES and one.name == "role":
        return (("input", "output") if kind == "transformation" else ("parent", "child"))[row]
    if one.name == "lot" and kind in _ROLES and row == 0:
        return "B2026-117" if kind == "transformation" else "PALLET-9"
    if kind in _PACKS and row == 0 and one.name in ("mass", "unit", "material"):
        return ""
    if one.name == "mass" and kind == "transformation":
        return ("250", "241.5")[row]
    return one.example if isinstance(one.example, str) else one.example.get(kind, "")


_ASSAYS = {
    heading.casefold(): f"{symbol}_pct{'_sigma' * wide}"
    for symbol in ELEMENTS
    for wide in (False, True)
    for heading in (
        f"{symbol}_pct{'_sigma' * wide}",
        f"{RECORDS[symbol].zh}_百分比{'_不确定度' * wide}",
    )
}


def template(kind: str, language: Language = "en") -> str:
    """A table to fill in: headings and the rows of one event as an example, as CSV text.

    Raises:
        UnknownName: no event is of that kind.

    >>> template("transformation", "zh").splitlines()[0][:18]
    '事件类型,事件编号,企业代码,事件时'
    """
    if kind not in KINDS:
        raise UnknownName(kind, KINDS, "kind of event", "--template")
    chosen = [one for one in COLUMNS if kind in one.kinds]
    heads = [one.zh if language == "zh" else one.name for one in chosen]
    lines = [[_cell(one, kind, row) for one in chosen] for row in range(2 if kind in _ROLES else 1)]
    for symbol, share in (("Nd", "21.4"), ("Pr", "7.1"), ("Dy", "0.35")):
        zh = RECORDS[symbol].zh
        heads += (
            [f"{zh}_百分比", f"{zh}_百分比_不确定度"] if language == "zh" else [f"{symbol}_pct", f"{symbol}_pct_sigma"]
        )
        for line in lines:
            line += ["", ""] if line is not lines[-1] and kind in _PACKS else [share, "0.02"]
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows((heads, *lines))
    return text.getvalue()
