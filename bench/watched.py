"""Home to the watch from end to end: an article is dropped into a folder, and the alert stands with its sentence."""

from __future__ import annotations

import json
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.served import sample, verb

DRAWS = 200
LONGEST = 240.0
"""Seconds after which no alert is waited for any more."""
ARTICLE = """标题:对欧稀土出口许可批准率大幅下降
来源:新华社
日期:2025-09-28

中国欧盟商会9月28日表示,中国商务部对欧盟企业稀土磁体出口许可申请的批准率降至25%,多家零部件企业担心10月停线。
"""
ORDER = f"""\
id: eu-licences
title: Licences for Europe
sources: [articles]
topic: export-licences
brief: {{lang: zh}}
claims: {{accept: B, parameters: ["licence:*"]}}
scenarios: [{{name: april-2025, draws: {DRAWS}, seed: 1}}]
outcomes:
  - {{scenario: april-2025, metric: line-stops, where: {{product: car.bev, region: EU}}, of: first_slow, days: 6}}
  - {{scenario: april-2025, metric: line-stops, where: {{product: car.bev, region: VN}}, of: first_slow, days: 6}}
  - {{scenario: april-2025, metric: line-stops, where: {{product: car.bev, region: US}}, of: recovered, days: 6}}
alerts: [{{file: alerts/out.jsonl}}]
"""


@dataclass(frozen=True)
class Told:
    """What a watch told, and how soon."""

    first: float
    """Seconds of the first pass: the reference run."""
    seconds: float
    """From the article in the folder to the alert on disk."""
    alert: dict[str, Any]

    @property
    def claims(self) -> int:
        """Claims that the alert names."""
        return len(self.alert["claims"])

    @property
    def documents(self) -> int:
        """Briefs that it brings."""
        return sum("brief" in one for one in self.alert["documents"])


def watched(folder: Path, *, stays: bool) -> Told:
    """A new article under a watch that stays, or met by a pass of its own (`--once`) as cron starts one."""
    project = sample(folder / "project")
    (folder / "articles").mkdir()
    order = folder / "order.yaml"
    order.write_text(ORDER, encoding="utf-8")
    out = project / "alerts" / "out.jsonl"
    began = time.perf_counter()
    _pass(project, order)
    first = time.perf_counter() - began
    staying = None
    if stays:
        staying = subprocess.Popen(
            verb(project, "watch", str(order), "--every", "1"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(8)  # so that it looks at an empty folder at least once
    try:
        dropped = time.perf_counter()
        (folder / "articles" / "new.txt").write_text(ARTICLE, encoding="utf-8")
        if staying is None:
            _pass(project, order)
        while not (out.is_file() and out.read_text(encoding="utf-8").endswith("\n")):
            assert time.perf_counter() - dropped < LONGEST, "no alert came"
            time.sleep(0.05)
        seconds = time.perf_counter() - dropped
    finally:
        if staying is not None:
            staying.kill()
            staying.wait()
    alert = json.loads(out.read_text(encoding="utf-8").splitlines()[-1])
    return Told(first, seconds, alert)


def _pass(project: Path, order: Path) -> None:
    done = subprocess.run(verb(project, "watch", str(order), "--once"), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
