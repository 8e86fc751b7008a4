"""Home to pages: YAML files read into typed records, with errors that name file, line, key and the nearest key."""

from __future__ import annotations

import datetime
import io
import re
import types
import typing
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from ytterby.terms.errors import BadValue, DateOrder, InputError, UnknownName, shown

Model = TypeVar("Model", bound=BaseModel)

LARGEST = 2_000_000
"""Bytes a page may have: aliases of aliases in a longer one could fill the memory."""
HELP = "docs/scenarios.md and docs/rules.md list what each key takes"
DEEPEST = 40
"""Levels of nesting a page may have."""


_Safe: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml reads 30 times as fast


class _Loader(_Safe):  # type: ignore[misc, valid-type]
    """PyYAML's safe loader, with two changes: an impossible date stays text, so that the schema can name its line; and
    only `true` and `false` are flags, so that `NO` stays Norway and `on` a word.
    """


class _Page(io.StringIO):
    """A text that knows its name, which the parser puts into every mark."""

    def __init__(self, text: str, name: str) -> None:
        super().__init__(text)
        self.name = name


def _timestamp(loader: yaml.SafeLoader, node: yaml.Node) -> Any:
    assert isinstance(node, yaml.ScalarNode)
    try:
        value = yaml.constructor.SafeConstructor.construct_yaml_timestamp(loader, node)
    except ValueError:
        return node.value
    return value.date() if isinstance(value, datetime.datetime) else value


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in known if tag != "tag:yaml.org,2002:bool"]
    for first, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf"))
_Loader.add_constructor("tag:yaml.org,2002:timestamp", _timestamp)


def compose(text: str, name: str) -> yaml.MappingNode:
    """The page's tree of nodes, each knowing its file and line.

    Raises:
        BadValue: not YAML, not a mapping at the top, a key twice, aliases, or nested too deep.
    """
    if len(text) > LARGEST:
        raise BadValue(f"the page is longer than {LARGEST} characters", place=name, remedy="split it")
    try:
        node = _Loader(_Page(text, name)).get_single_node()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"{name} line {mark.line + 1}" if mark else name
        raise BadValue(
            f"not YAML: {shown(error.problem or error.context or 'unreadable')}", place=place, remedy="mend that line"
        ) from None
    except (yaml.YAMLError, RecursionError) as error:
        raise BadValue(f"not YAML: {shown(str(error))}", place=name, remedy="save the page as UTF-8 text") from None
    if not isinstance(node, yaml.MappingNode):
        raise BadValue("the page is empty or not a mapping", place=name, remedy="write `key: value` lines")
    _refuse_twice(node, depth=0, seen=set())
    return node


def text_of(path: Path) -> str:
    """The text of a file.

    Raises:
        BadValue: the file cannot be read or is not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise BadValue(f"not UTF-8 at byte {error.start}", place=str(path), remedy="save it as UTF-8") from None
    except OSError as error:
        raise BadValue(f"cannot read it: {error.strerror}", place=str(path), remedy="check name and rights") from None


def read(path: Path, model: type[Model]) -> Model:
    """The page at `path` as a `model`.

    Raises:
        BadValue, UnknownName, DateOrder: with file, line and key.
    """
    return typed(compose(text_of(path), path.name), model)


def typed(node: yaml.MappingNode, model: type[Model]) -> Model:
    """The nodes as a `model`; see `read` for the errors."""
    raw = plain(node)
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        raise _explained(error, node, model) from None


def plain(node: yaml.Node) -> Any:
    """The nodes as dicts, lists and scalars.

    Raises:
        BadValue: a tag or a key that plain YAML does not know.
    """
    loader = _Loader("")
    try:
        return loader.construct_document(node)
    except yaml.MarkedYAMLError as error:
        place = where(error.problem_mark) if error.problem_mark else "the page"
        raise BadValue(f"not plain YAML: {shown(error.problem or '')}", place=place, remedy="use plain keys") from None
    except (ValueError, RecursionError) as error:
        raise BadValue(f"not plain YAML: {shown(str(error))}", place=where(node.start_mark)) from None


def where(mark: Any) -> str:
    """File and line of a mark."""
    return f"{mark.name} line {mark.line + 1}"


def merged(base: yaml.MappingNode, page: yaml.MappingNode, joined: Iterable[str] = ()) -> yaml.MappingNode:
    """`page` laid over `base`: mappings merge, lists and scalars replace; lists under a key in `joined` are joined.

    In a joined list an entry with the same `name` as one of the base takes its place.
    """
    joined = frozenset(joined)
    kept = {key.value: (key, value) for key, value in base.value}
    for key, value in page.value:
        old = kept.get(key.value)
        if old and isinstance(old[1], yaml.MappingNode) and isinstance(value, yaml.MappingNode):
            value = merged(old[1], value) if "median" not in _keys(value) else value
        elif old and key.value in joined and isinstance(value, yaml.SequenceNode):
            value = _joined(old[1], value)
        kept[key.value] = (key, value)
    return yaml.MappingNode(page.tag, list(kept.values()), page.start_mark, page.end_mark)


def _joined(base: yaml.Node, page: yaml.SequenceNode) -> yaml.SequenceNode:
    fresh = {name_of(item) for item in page.value} - {None}
    old = [item for item in base.value if name_of(item) not in fresh] if isinstance(base, yaml.SequenceNode) else []
    return yaml.SequenceNode(page.tag, old + page.value, page.start_mark, page.end_mark)


def name_of(item: yaml.Node) -> str | None:
    """What an entry's key `name` says, if it has one."""
    if isinstance(item, yaml.MappingNode):
        for key, value in item.value:
            if key.value == "name":
                return str(value.value)
    return None


def _keys(node: yaml.MappingNode) -> set[str]:
    return {str(key.value) for key, _ in node.value}


def _refuse_twice(node: yaml.Node, depth: int, seen: set[int]) -> None:
    if depth > DEEPEST:
        raise BadValue(f"nested deeper than {DEEPEST} levels", place=where(node.start_mark), remedy="flatten it")
    if isinstance(node, yaml.ScalarNode):
        return
    if id(node) in seen:
        raise BadValue("an alias (*name)", place=where(node.start_mark), remedy="write the value out at each place")
    seen.add(id(node))
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            _refuse_twice(item, depth + 1, seen)
        return
    keys: dict[str, int] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise BadValue("a key that is not a word", place=where(key.start_mark), remedy="write `key: value`")
        if key.value in keys:
            raise BadValue(
                f"key '{shown(key.value)}' twice",
                place=where(key.start_mark),
                remedy=f"it stands on line {keys[key.value]} already: keep one",
            )
        keys[key.value] = key.start_mark.line + 1
        _refuse_twice(value, depth + 1, seen)


def _explained(error: ValidationError, node: yaml.MappingNode, model: type[BaseModel]) -> InputError:
    """The first error of pydantic in our words: typos first, since they cause the others."""
    found = error.errors(include_url=False)
    first = next((entry for entry in found if entry["type"] == "extra_forbidden"), found[0])
    path = tuple(part for part in first["loc"] if part != "[key]")
    place = f"{where(_line(node, path))}, {_dotted(path)}" if path else where(node.start_mark)
    if first["type"] == "extra_forbidden":
        return UnknownName(str(path[-1]), known=_allowed(model, path[:-1]), what="key", place=place)
    message = shown(str(first["msg"]).removeprefix("Value error, "), 240)
    if first["type"] == "date_order":
        return DateOrder(message, place=place, remedy="put the earlier date first")
    if first["type"] == "missing":
        return BadValue(f"key '{path[-1]}' is missing", place=place, remedy=f"add `{path[-1]}:` here; {HELP}")
    given = first.get("input")
    wrote = f" (found {shown(repr(given), 60)})" if isinstance(given, (str, int, float, bool, type(None))) else ""
    return BadValue(message[:1].lower() + message[1:] + wrote, place=place, remedy=HELP)


def _dotted(path: tuple[int | str, ...]) -> str:
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) and part < 1000 else f".{part}"
    return shown(text.lstrip("."))


def _line(node: yaml.Node, path: tuple[int | str, ...]) -> Any:
    mark = node.start_mark
    for part in path:
        if isinstance(node, yaml.MappingNode):
            hit = next(((key, value) for key, value in node.value if key.value == str(part)), None)
            if hit is None:
                return mark
            mark, node = hit[0].start_mark, hit[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            mark = node.start_mark
        else:
            return mark
    return mark


def _allowed(model: Any, path: tuple[int | str, ...]) -> tuple[str, ...]:
    """The keys that the mapping at `path` may have."""
    for part in path:
        model = _inner(model, part)
    model = _inner(model, None)
    if isinstance(model, type) and issubclass(model, BaseModel):
        return tuple(field.alias or name for name, field in model.model_fields.items())
    return ()


def _inner(kind: Any, part: int | str | None) -> Any:
    """The type one step further in: of a field, of a list's items, of a mapping's values; None unwraps only."""
    while True:
        origin = typing.get_origin(kind)
        if origin is Annotated:
            kind = typing.get_args(kind)[0]
        elif origin in (typing.Union, types.UnionType):
            choices = [choice for choice in typing.get_args(kind) if choice is not type(None)]
            kind = next((c for c in choices if isinstance(c, type) and issubclass(c, BaseModel)), choices[0])
        else:
            break
    if part is None:
        return kind
    if origin in (tuple, list):
        return typing.get_args(kind)[0]
    if origin in (dict, Mapping, typing.get_origin(Mapping[str, Any])):
        return typing.get_args(kind)[1]
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        for name, field in kind.model_fields.items():
            if part in (name, field.alias):
                return field.annotation
    return None
