"""The example notebooks run from the first cell to the last on an empty project, and are kept without their output."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import ytterby

nbformat = pytest.importorskip("nbformat")
nbclient = pytest.importorskip("nbclient")

ROOT = Path(__file__).resolve().parents[1]
HOME = ROOT / "examples"
NOTEBOOKS = sorted(HOME.glob("*.ipynb"))


def test_the_examples_are_there() -> None:
    assert [one.stem for one in NOTEBOOKS] == ["f35-samarium", "lawyers-rotor", "optimus-line", "which-sentence"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda one: one.stem)
def test_a_notebook_is_kept_without_output(path: Path) -> None:
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        assert not cell.get("outputs"), "clear the output before keeping it: it would grow stale"
        assert cell.get("execution_count") is None


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda one: one.stem)
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")  # of the notebook's machinery
def test_a_notebook_runs(path: Path, tmp_path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    nbclient.NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(tmp_path)}}).execute()
    shown = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.outputs]
    assert len(shown) >= 3, "an example shows something"


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::RuntimeWarning")  # of SALib
def test_the_page_on_other_tools_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("SALib")
    pytest.importorskip("polars")
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "ecosystem.md").read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) == 2
    monkeypatch.chdir(tmp_path)
    ytterby.init("demo").run("april-2025", draws=4)
    names: dict[str, object] = {}
    for block in blocks:
        exec(block, names)
    assert len(names["found"]["missed:car.bev.US"]) == 64  # type: ignore[index]
