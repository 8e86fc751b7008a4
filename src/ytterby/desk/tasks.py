"""Home to the long work the desk can do behind its pages: a name, what is asked, and progress in; a plain result
out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from ytterby.project import Project

Advance: TypeAlias = Callable[[int, int], None]
Asked: TypeAlias = Mapping[str, Any]

TOLD = 20
"""Refusals of a capture told with its job; all of them are in the refused log."""


@dataclass(frozen=True, slots=True)
class Task:
    """One kind of work. It may be stopped at any moment and begun again: it keeps whole results or nothing."""

    do: Callable[[Project, Asked, Advance], dict[str, Any]]
    words: tuple[str, str]
    """What it is called, in English and Chinese."""
    about: Callable[[Asked], str]
    """What it is about, in a few characters."""


def _run(project: Project, asked: Asked, advance: Advance) -> dict[str, Any]:
    import datetime

    known = asked.get("known")
    run = project.run(
        str(asked["scenario"]),
        int(asked.get("draws", 1000)),
        int(asked.get("seed", 0)),
        asked.get("dtype", "float64"),
        step_days=asked.get("step_days"),
        progress=advance,
        known=datetime.date.fromisoformat(str(known)) if known else None,
        levers=tuple(asked.get("levers", ())),
    )
    return {"run": run.id}


def _hindcast(project: Project, asked: Asked, advance: Advance) -> dict[str, Any]:
    run, _ = project.hindcast(str(asked["scenario"]), int(asked.get("draws", 1000)), int(asked.get("seed", 0)), advance)
    return {"run": run.id}


def _fit(project: Project, asked: Asked, advance: Advance) -> dict[str, Any]:
    return {"scenario": project.fit(str(asked["scenario"]), advance).scenario}


def _report(project: Project, asked: Asked, advance: Advance) -> dict[str, Any]:
    return {"run": str(asked["run"]), "path": str(project.report(str(asked["run"]), progress=advance))}


def _economy(project: Project, asked: Asked, advance: Advance) -> dict[str, Any]:
    import warnings

    with warnings.catch_warnings():
        # a runaway is told on the page, with what is kept
        warnings.simplefilter("ignore")
        made = project.economy(str(asked["run"]), progress=advance)
    return {"run": str(asked["run"]), "economy": made.id}


def _explain(project: Project, asked: Asked, advance: Advance) -> dict[str, Any]:
    told = {name: str(asked.get(name) or "") for name in ("product", "region", "material", "when")}
    made = project.explain(
        str(asked["scenario"]), str(asked["metric"]), product=told["product"], region=told["region"],
        material=told["material"], when=told["when"], sobol=int(asked.get("sobol") or 0), progress=advance,
    )  # fmt: skip
    return {"kind": made.kind, "decision": made.id}


def _bargain(project: Project, asked: Asked, advance: Advance) -> dict[str, Any]:
    made = project.bargain(
        str(asked["game"]), int(asked["draws"]), int(asked["seed"]), years=asked.get("years"),
        discount=asked.get("discount"), progress=advance,
    )  # fmt: skip
    return {"kind": made.kind, "decision": made.id}


def _hedge(project: Project, asked: Asked, advance: Advance) -> dict[str, Any]:
    made = project.hedge(
        str(asked["company"]), asked.get("run"), scenario=asked.get("scenario"), draws=int(asked.get("draws", 200)),
        seed=int(asked.get("seed", 0)), cvar=asked.get("cvar"), budget=asked.get("budget"), progress=advance,
    )  # fmt: skip
    return {"kind": made.kind, "decision": made.id}


def _invest(project: Project, asked: Asked, advance: Advance) -> dict[str, Any]:
    made = project.invest(
        str(asked["scenario"]), str(asked["region"]), [str(one) for one in asked["goals"]], asked.get("budget"),
        partners=[str(one) for one in asked["partners"]], chinese_equipment=bool(asked["chinese_equipment"]),
        draws=int(asked["draws"]), seed=int(asked["seed"]), progress=advance,
    )  # fmt: skip
    return {"kind": made.kind, "decision": made.id}


def _stockpile(project: Project, asked: Asked, advance: Advance) -> dict[str, Any]:
    import datetime

    start, until, release = (
        datetime.date.fromisoformat(str(asked[name])) if asked.get(name) else None
        for name in ("start", "until", "release")
    )
    made = project.stockpile(
        str(asked["scenario"]), str(asked["region"]), [str(one) for one in asked["buy"]],
        start=start, until=until, release=release, draws=int(asked["draws"]), seed=int(asked["seed"]), progress=advance,
    )  # fmt: skip
    return {"kind": made.kind, "decision": made.id}


def _read(project: Project, asked: Asked, advance: Advance) -> dict[str, Any]:
    sources = [Path(one) if "://" not in str(one) else str(one) for one in asked["sources"]]
    return {"documents": [one.to_dict() for one in project.read(sources, progress=advance)]}


def _watch(project: Project, asked: Asked, advance: Advance) -> dict[str, Any]:
    from ytterby.watch import orders, staying

    found = orders.order(str(asked["workflow"]), project.path)
    if found.workflow is None:
        assert found.error is not None
        raise found.error
    return {"passes": [one.to_dict() for one in staying.once(project, [found.workflow], progress=advance)]}


def _capture(project: Project, asked: Asked, advance: Advance) -> dict[str, Any]:
    paths = [Path(one["path"]) for one in asked["files"]]
    done = project.capture(paths, progress=advance, wheres=[str(one["name"]) for one in asked["files"]])
    for path in paths:
        # Only now that it is in the ledger: a job that was cut off is done again from its files.
        path.unlink(missing_ok=True)
    told = done.to_dict()
    return {**told, "refused": told["refused"][:TOLD], "more": done.more + max(0, len(done.refused) - TOLD)}


def _verify(project: Project, asked: Asked, advance: Advance) -> dict[str, Any]:
    return project.verify(progress=advance).to_dict()


def _scenario_about(asked: Asked) -> str:
    return f"{asked.get('scenario')} · {asked.get('draws', 1000)} × {asked.get('seed', 0)}"


TASKS: Mapping[str, Task] = MappingProxyType(
    {
        "run": Task(_run, ("Run", "运行"), _scenario_about),
        "hindcast": Task(_hindcast, ("Hindcast", "回溯检验"), _scenario_about),
        "fit": Task(_fit, ("Fit", "拟合"), lambda asked: str(asked.get("scenario"))),
        "explain": Task(
            _explain,
            ("Explain", "归因"),
            lambda asked: f"{asked.get('scenario')} · {asked.get('metric')}",
        ),
        "bargain": Task(
            _bargain,
            ("Bargain", "博弈"),
            lambda asked: f"{asked.get('game')} · {asked.get('draws')} × {asked.get('seed')}",
        ),
        "hedge": Task(
            _hedge,
            ("Hedge", "对冲"),
            lambda asked: f"{asked.get('company')} · {asked.get('run') or asked.get('scenario') or ''}",
        ),
        "invest": Task(
            _invest,
            ("Invest", "投资"),
            lambda asked: f"{asked.get('region')} · {', '.join(asked.get('goals', ())) or asked.get('budget')}",
        ),
        "stockpile": Task(
            _stockpile,
            ("Stockpile", "储备"),
            lambda asked: f"{asked.get('region')} · {', '.join(asked.get('buy', ()))}",
        ),
        "report": Task(_report, ("Report", "报告"), lambda asked: str(asked.get("run"))),
        "economy": Task(_economy, ("Economy", "经济影响"), lambda asked: str(asked.get("run"))),
        "watch": Task(_watch, ("Watch", "监视"), lambda asked: str(asked.get("workflow"))),
        "capture": Task(
            _capture, ("Capture", "采集"), lambda asked: ", ".join(str(one["name"]) for one in asked["files"])[:80]
        ),
        "verify": Task(_verify, ("Check of the ledger", "账本校验"), lambda asked: ""),
        "read": Task(_read, ("Reading", "阅读"), lambda asked: ", ".join(map(str, asked.get("sources", ())))[:80]),
    }
)
