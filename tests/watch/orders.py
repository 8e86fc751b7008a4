"""Workflows and articles for the tests, in our own words; every run a small one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from ytterby import watch

if TYPE_CHECKING:
    from ytterby.project import Project

FALLING = """标题:对欧稀土出口许可批准率大幅下降
来源:新华社
日期:2025-09-28

中国欧盟商会9月28日表示,中国商务部对欧盟企业稀土磁体出口许可申请的批准率降至25%,多家零部件企业担心10月停线。
"""
BARLEY = "标题:大麦收成\n来源:新华社\n日期:2025-09-28\n\n今年大麦收成约4200万吨,高于去年。\n"

SCENARIO = """\
id: brief-look
extends: april-2025
title: {en: A brief look, zh: 短看}
question: What runs short within a year of the controls?
start: 2025-01-01
end: 2025-12-31
step_days: 7
"""


def order(folder: Path, **changes: Any) -> Path:
    """A workflow file; keys may be changed, and taken out by None."""
    page = {
        "id": "eu-licences",
        "title": "Licences for Europe",
        "sources": ["articles"],
        "topic": "export-licences",
        "claims": {"accept": "B", "parameters": ["licence:*"]},
        "alerts": [{"file": "alerts/out.jsonl"}],
    } | changes
    path = folder / "order.yaml"
    text = yaml.safe_dump({key: value for key, value in page.items() if value is not None}, allow_unicode=True)
    path.write_text(text, encoding="utf-8")
    (folder / "articles").mkdir(exist_ok=True)
    return path


def with_runs(folder: Path, project: Project, **changes: Any) -> watch.Workflow:
    """A workflow that runs a small scenario of the project's own."""
    (project.path / "scenarios").mkdir(exist_ok=True)
    (project.path / "scenarios" / "brief-look.yaml").write_text(SCENARIO, encoding="utf-8")
    outcomes = [
        {"scenario": "brief-look", "metric": "exports", "percent": 1,
         "where": {"period": "2025-11", "destination": "EU", "material": "magnets"}},
        {"scenario": "brief-look", "metric": "line-stops", "days": 1000, "of": "days_slow",
         "where": {"product": "car.bev", "region": "EU"}},
    ]  # fmt: skip
    parts: dict[str, Any] = {"scenarios": [{"name": "brief-look", "draws": 32, "seed": 3}], "outcomes": outcomes}
    return watch.load(order(folder, **(parts | changes)), project.path)
