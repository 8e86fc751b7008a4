"""Home to the page of the machine interface: every endpoint with what it asks, read from its own description."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ytterby.desk import urls
from ytterby.desk.blocks import Cell, Column, Link, Table, Text
from ytterby.desk.page import Asked, Page, Section, Shown

if TYPE_CHECKING:
    from ytterby.project import Project

WORDS = {
    "nav": ("Interface", "接口"),
    "title": (
        "{n} endpoints answer what the terminal answers, or as EPCIS 2.0 has it",
        "{n} 个接口，与终端给出同样的回答，或遵循 EPCIS 2.0",
    ),
    "basis": ("JSON over HTTP; every page is also .json and .csv", "HTTP 上的 JSON；每个页面另有 .json 和 .csv"),
    "endpoints": ("Endpoints", "接口列表"),
    "method": ("Method", "方法"),
    "path": ("Address", "地址"),
    "summary": ("What it answers", "回答什么"),
    "asks": ("What it asks for", "需要什么"),
    "how": ("How to call it", "如何调用"),
    "errors": (
        "Errors are {shape}; the status is 404 for unknown names, 400 and 422 for what is refused, 503 where the"
        " project cannot be read or written.",
        "错误为 {shape}；未知名称为 404，被拒绝的输入为 400 或 422，项目无法读写时为 503。",
    ),
    "described": ("The description in OpenAPI: {path}", "OpenAPI 描述：{path}"),
}


def build(project: Project, asked: Asked) -> Shown:
    """Every endpoint, from the description the server itself gives."""
    from ytterby.desk.described import described

    told = described()
    rows = [
        {"method": method.upper(), "path": path, "summary": one["summary"], "asks": _asks(told, one)}
        for path, methods in told["paths"].items()
        for method, one in methods.items()
    ]
    columns = (
        Column("method", asked.say("method")),
        Column("path", asked.say("path")),
        Column("summary", asked.say("summary"), "wide"),
        Column("asks", asked.say("asks"), "wide"),
    )
    cells: list[dict[str, Cell]] = [{**row, "asks": ", ".join(row["asks"])} for row in rows]
    shape = '{"error": {"kind", "cause", "place", "remedy"}}'
    how = Text([asked.say("errors", shape=shape), asked.say("described", path=urls.OPENAPI)])
    sections = [
        Section("endpoints", asked.say("endpoints"), [Table(columns, cells, data=rows)]),
        Section("how", asked.say("how"), [how]),
    ]
    crumbs = [Link(asked.say("sources"), asked.to("sources"))]
    return Shown(asked.say("title", n=len(rows)), sections, basis=asked.say("basis"), crumbs=crumbs)


def _asks(told: dict[str, Any], one: dict[str, Any]) -> list[str]:
    asks = [f"{p['name']}{'' if p.get('required') else '?'}" for p in one.get("parameters", ())]
    for media in one.get("requestBody", {}).get("content", {}).values():
        name = media["schema"].get("$ref", "").rpartition("/")[2]
        body = told["components"]["schemas"].get(name, {})
        asks += [f"{key}{'' if key in body.get('required', ()) else '?'}" for key in body.get("properties", {})]
    return asks


PAGE = Page("interface", build, WORDS, under="sources")
