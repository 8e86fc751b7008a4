"""The house keeps its own rules: floors, sizes, names, documents that cannot rot."""

from __future__ import annotations

import ast
import doctest
import functools
import importlib
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import ytterby

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "ytterby"
MODULES = sorted(SOURCE.rglob("*.py"))
HEAVY = {"jax", "jaxlib", "numpy", "pandas", "pycountry", "scipy", "xarray", "zarr"}
FORBIDDEN_NAMES = {"util", "utils", "helper", "helpers", "common", "misc"}
LONGEST_FILE, LONGEST_FUNCTION = 600, 80
OUTSIDE = re.compile(
    r"""<(?:script|img|iframe|source|video)\b[^>]*\bsrc=["']?(?:https?:)?//[^>]*>"""
    r"""|<link\b(?![^>]*canonical)[^>]*\bhref=["']?(?:https?:)?//[^>]*>"""
    r"""|url\(\s*["']?(?:https?:)?//[^)]*\)|@import[^;]*//[^;]*;""",
    re.IGNORECASE,
)
"""What makes a browser ask another host."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _dotted(path: Path) -> str:
    parts = path.relative_to(SOURCE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def _tracked() -> list[Path]:
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def _python(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


# floors


def test_imports_run_one_way_and_jax_lives_in_run_alone() -> None:
    # The newest grimp keeps a cache in the working directory, which tests must not litter.
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()", "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]


def test_every_folder_of_code_is_a_package() -> None:
    # Without it the linter of imports walks past the whole room.
    assert [_name(path) for path in MODULES if not path.with_name("__init__.py").is_file()] == []


def test_every_room_has_a_floor() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    rooms = {path.stem for path in SOURCE.iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()}
    layers = text.split("layers = [", 1)[1].split("]", 1)[0]
    assert rooms - {"__init__"} <= set(re.findall(r"[a-z_]+", layers))


@pytest.mark.parametrize("statement", ["import ytterby", "import ytterby.cli", "import ytterby; ytterby.YtterbyError"])
def test_importing_stays_light(statement: str) -> None:
    loaded = _python(
        f"import sys; {statement}; print(' '.join(sorted({{n.split('.')[0] for n in sys.modules}})))"
    ).split()
    assert not HEAVY & set(loaded)


@pytest.mark.parametrize("arguments", [["--help"], ["run", "--help"], ["show", "--help"], ["--version"]])
def test_help_stays_light(arguments: list[str]) -> None:
    code = f"""
import sys
from ytterby.cli.door import outcome
assert outcome({arguments!r}) == 0
print("|" + " ".join({{n.split(".")[0] for n in sys.modules}}))
"""
    loaded = _python(code).split("|")[-1].split()
    assert "click" in loaded
    assert not HEAVY & set(loaded)


# public names


def test_public_names_are_sorted_complete_and_real() -> None:
    assert ytterby.__all__ == sorted(ytterby.__all__)
    assert len(set(ytterby.__all__)) == len(ytterby.__all__)
    assert all(getattr(ytterby, name) is not None for name in ytterby.__all__)
    assert dir(ytterby) == ytterby.__all__


def test_public_names_hold_every_error_and_the_door() -> None:
    from ytterby import project
    from ytterby.terms import errors

    raised = {n for n, v in vars(errors).items() if isinstance(v, type) and issubclass(v, errors.YtterbyError)}
    assert raised | {"Project", "open", "init", "__version__"} == set(ytterby.__all__)
    assert ytterby.open is project.open
    assert ytterby.YtterbyError is errors.YtterbyError


def test_an_unknown_public_name_lists_the_known_ones() -> None:
    with pytest.raises(AttributeError, match=r"opne.*YtterbyError.*open"):
        _ = ytterby.opne


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_all_is_sorted(path: Path) -> None:
    for node in _tree(path).body:
        if isinstance(node, ast.Assign) and any(getattr(t, "id", "") == "__all__" for t in node.targets):
            if not isinstance(node.value, ast.List | ast.Tuple):
                continue  # made by sorted() itself
            names = ast.literal_eval(node.value)
            assert list(names) == sorted(names), f"{_name(path)}: sort __all__"


# sizes and names


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_sizes(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").count("\n")
    assert lines <= LONGEST_FILE, f"{_name(path)} has {lines} lines"
    for node in ast.walk(_tree(path)):
        if isinstance(node, Function):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= LONGEST_FUNCTION, f"{_name(path)}:{node.lineno} {node.name} has {length} lines"


def test_names_say_something() -> None:
    everything = [path for path in _tracked() if path.suffix == ".py"]
    nameless = [
        _name(p) for p in everything if FORBIDDEN_NAMES & {part.split(".")[0] for part in p.relative_to(ROOT).parts}
    ]
    assert nameless == []


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_nothing_prints(path: Path) -> None:
    calls = [
        node for node in ast.walk(_tree(path)) if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "print"
    ]
    assert not calls, f"{_name(path)}:{calls[0].lineno} prints; only the command line speaks, and it uses click.echo"


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_everything_public_has_a_docstring(path: Path) -> None:
    tree = _tree(path)
    bare = [f"{node.lineno} {name}" for name, node in _public(tree) if ast.get_docstring(node) is None]
    assert bare == [], f"{_name(path)} lacks docstrings: {bare}"
    assert tree.body == [] or ast.get_docstring(tree), f"{_name(path)} does not say what it is home to"


def _bases(node: ast.ClassDef) -> set[str]:
    return {ast.unparse(base).split("[")[0].split(".")[-1] for base in node.bases}


@functools.cache
def _described() -> dict[str, set[str]]:
    """The methods that have a docstring, by the name of their class."""
    classes = [node for path in MODULES for node in ast.walk(_tree(path)) if isinstance(node, ast.ClassDef)]
    return {c.name: {m.name for m in c.body if isinstance(m, Function) and ast.get_docstring(m)} for c in classes}


def _public(tree: ast.Module | ast.ClassDef) -> Iterator[tuple[str, Function | ast.ClassDef]]:
    for node in tree.body:
        if isinstance(node, Function | ast.ClassDef) and not node.name.startswith("_"):
            decorators = {ast.unparse(d) for d in getattr(node, "decorator_list", [])}
            if not {"overload", "override"} & decorators:
                yield node.name, node
            # A protocol only says what another room's record looks like; that room describes it.
            if isinstance(node, ast.ClassDef) and "Protocol" not in (bases := _bases(node)):
                # A contract is described once, where it is stated: members that fill it in need not repeat it.
                stated = set().union(*(_described().get(base, set()) for base in bases))
                yield from ((name, member) for name, member in _public(node) if name not in stated)


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_modules_begin_alike(path: Path) -> None:
    tree = _tree(path)
    if not any(isinstance(node, Function | ast.ClassDef) for node in tree.body):
        return
    first = ast.get_docstring(tree) or ""
    assert first.startswith("Home to "), f'{_name(path)}: begin with "Home to ..."'
    futures = [n for n in tree.body if isinstance(n, ast.ImportFrom) and n.module == "__future__"]
    assert futures, f"{_name(path)}: from __future__ import annotations"


# what must not be carried out of the workshop


def test_no_paths_of_a_machine_and_no_registry_hosts() -> None:
    # Written in parts, so that this file does not find itself.
    banned = [
        "/" + "work/main",
        "/" + "work/shared",
        "../" + "shared",
        "." + "library/",
        "/" + "root/",
        "/" + "home/",
        "files." + "pythonhosted",
        "pypi." + "org",
        "registry." + "npmjs",
        "deb." + "debian",
        "index" + "-url http",
        "file:" + "//",
    ]
    found = []
    for path in _tracked():
        text = path.read_bytes().decode("utf-8", errors="replace")
        found += [f"{_name(path)}: {word}" for word in banned if word in text]
    assert found == []


# documents


def _documents() -> str:
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    return "\n".join(page.read_text(encoding="utf-8") for page in pages)


def test_every_verb_is_documented() -> None:
    from ytterby.cli.door import ytterby as group

    interface = (ROOT / "docs" / "machine-interface.md").read_text(encoding="utf-8")
    for name, verb in group.commands.items():
        assert verb.help, f"{name} has no help"
        section = re.search(rf"^### `{name}\b(.*)$", interface, flags=re.MULTILINE)
        assert section, f"docs/machine-interface.md has no section `{name}`"
        for parameter in verb.params:
            for option in parameter.opts:
                if option.startswith("--") and option not in {"--json", "--project"}:
                    assert option in section.group(1), f"docs/machine-interface.md: {name} lacks {option}"


def test_every_verb_speaks_json_and_takes_a_project() -> None:
    from ytterby.cli.door import ytterby as group

    for name, verb in group.commands.items():
        options = {option for parameter in verb.params for option in parameter.opts}
        assert {"--json", "--project"} <= options, name


def test_every_scenario_is_documented() -> None:
    page = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    shipped = sorted(path.stem for path in (SOURCE / "data" / "scenarios").glob("*.yaml"))
    assert shipped, "no scenario is shipped"
    assert [name for name in shipped if f"`{name}`" not in page] == []


def test_every_make_verb_is_real_and_few() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    verbs = re.findall(r"^([a-z-]+):.*## ", text, flags=re.MULTILINE)
    phony = text.split(".PHONY:", 1)[1].splitlines()[0].split()
    assert sorted(verbs) == sorted(phony)
    assert len(verbs) <= 10
    used = set(re.findall(r"`?make ([a-z-]+)`?(?=[\s`.:;,])", _documents()))
    assert used & set(verbs)
    assert {word for word in used if f"make {word}" in _commands()} <= set(verbs)


def _commands() -> str:
    """The indented blocks of the documents: what a reader would type."""
    return "\n".join(line for line in _documents().splitlines() if line.startswith("    "))


def test_every_page_is_linked_from_the_first() -> None:
    first = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    others = [page.name for page in sorted((ROOT / "docs").glob("*.md")) if page.name != "index.md"]
    assert [name for name in others if f"({name})" not in first] == []


def test_changelog_and_version_agree() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.search(r"^## \[(.+?)\]", changelog, flags=re.MULTILINE)
    assert newest
    assert newest.group(1) == ytterby.__version__


def test_lock_pins_every_dependency() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *(row for rows in project["optional-dependencies"].values() for row in rows)]
    locked = {line.split("==")[0] for line in (ROOT / "requirements.lock").read_text().splitlines() if "==" in line}
    names = {re.match(r"[A-Za-z0-9._-]+", row).group().lower() for row in wanted}  # type: ignore[union-attr]
    assert names <= locked
    # what only a GPU needs is gigabytes, and fails at every start without one
    assert not [name for name in locked if re.match(r"nvidia-|jax-cuda", name)]


def test_the_site_builds_and_asks_no_outside_host(tmp_path: Path) -> None:
    pytest.importorskip("mkdocs")
    command = [sys.executable, "-W", "ignore", "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    pages = [path for path in tmp_path.rglob("*") if path.suffix in {".html", ".css"}]
    assert len(pages) > 4
    found = {f"{path.name}: {hit[:100]}" for path in pages for hit in OUTSIDE.findall(path.read_text(encoding="utf-8"))}
    assert found == set()


def _with_doctests() -> list[Path]:
    # jax takes seconds to import and a model's examples belong into its tests, so `run` is left out.
    return [
        p for p in MODULES if ">>>" in p.read_text(encoding="utf-8") and "run" not in p.relative_to(SOURCE).parts[:1]
    ]


@pytest.mark.parametrize("path", _with_doctests(), ids=_name)
def test_examples_in_docstrings_hold(path: Path) -> None:
    failed, tried = doctest.testmod(importlib.import_module(_dotted(path)), verbose=False)
    assert tried > 0
    assert failed == 0
