"""Home to the peer of the desk: the same rows in NiceGUI, run by the Python of an environment of its own.

It knows nothing of Ytterby: `python peerdesk.py PAGE.json PORT`, where the file is a page of the desk as JSON.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

MOST = 50


def chart(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Flows as a Sankey, anything else as bars of its first figure."""
    if {"source", "target", "stage", "next_stage", "value"} <= set(rows[0]):
        ends = [(f"{row['stage']} {row['source']}", f"{row['next_stage']} {row['target']}") for row in rows]
        flows = [
            {"source": source, "target": target, "value": row["value"]}
            for (source, target), row in zip(ends, rows, strict=True)
            if source != target and row["value"]
        ]
        names = sorted({name for flow in flows for name in (flow["source"], flow["target"])})
        return {"series": [{"type": "sankey", "data": [{"name": name} for name in names], "links": flows}]}
    first = next((key for key, value in rows[0].items() if isinstance(value, int | float)), "")
    label = next(key for key, value in rows[0].items() if isinstance(value, str))
    return {
        "xAxis": {"type": "value"},
        "yAxis": {"type": "category", "data": [str(row[label]) for row in rows]},
        "series": [{"type": "bar", "data": [row.get(first) or 0 for row in rows]}],
    }


def main() -> None:
    """Serves the page."""
    from nicegui import ui

    told = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))

    @ui.page("/")
    def page() -> None:
        ui.label(told["title"])
        for section in told["sections"]:
            ui.label(section["title"])
            rows = [row for row in section["rows"] if isinstance(row, dict)]
            if not rows:
                continue
            if section["drawn"]:
                ui.echart(chart(rows))
            else:
                ui.table(rows=[{key: str(value) for key, value in row.items()} for row in rows[:MOST]])

    ui.run(host="127.0.0.1", port=int(sys.argv[2]), show=False, reload=False, title=told["title"])


if __name__ == "__main__":
    main()
