"""Home to the optional language model: any OpenAI-compatible address, asked for claims and briefs and never trusted.

Off unless ``ytterby.toml`` has a ``[model]`` table. What a model says is data: every claim passes checks
(`ytterby.evidence.modelling.checking`), every brief the verifier of briefs. A document's text goes to the
model as a JSON string; whatever it asks the model to do, all that can come of it is an answer that the checks refuse.
The model never opens a connection: sending is handed in (`ytterby.evidence.gather.post`).
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from ytterby.evidence.claims import Claim
from ytterby.evidence.documents import SPOKEN, Document, Passage
from ytterby.evidence.modelling.asking import Answer, Message, ask
from ytterby.evidence.modelling.checking import Refused, check
from ytterby.evidence.modelling.wording import BRIEF, CLAIMS, brief_messages, claim_messages
from ytterby.terms.errors import BadValue, InputError, UnknownName

Send = Callable[[str, Mapping[str, str], bytes, float], bytes]
"""``send(url, headers, body, timeout)`` gives the answer's bytes or raises an error."""

PORTION = 6_000
"""Characters of a document sent in one question."""

LONGEST = 120.0
"""Seconds a model is waited for where the settings do not say."""

_KEYS = ("address", "name", "key", "timeout", "private")


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """The ``[model]`` table of ``ytterby.toml``."""

    address: str
    """Base address, e.g. ``https://host/v1``."""
    name: str
    """The model's name there."""
    key: str = ""
    """Name of the environment variable that holds the key; empty where none is needed."""
    timeout: float = LONGEST
    """Seconds to wait for one answer."""
    private: bool = False
    """Whether the address may lie in a private network or on this machine."""


@dataclass(frozen=True)
class Model:
    """A language model at an address, and how to send to it."""

    address: str
    name: str
    key_env: str
    send: Send = field(repr=False)
    timeout: float = LONGEST

    def ask(self, messages: Sequence[Message], schema: Mapping[str, Any]) -> dict[str, Any] | None:
        """The model's answer as a JSON object with the schema's required keys; None where none came.

        Raises:
            InputError: the environment variable that should hold the key is not set.
        """
        return self.answer(messages, schema).value

    def answer(self, messages: Sequence[Message], schema: Mapping[str, Any]) -> Answer:
        """The same with how it was got, or why none came."""
        url = self.address.rstrip("/")
        url = url if url.endswith("/chat/completions") else f"{url}/chat/completions"
        return ask(partial(self.send, url, self._headers()), self.name, messages, schema, self.timeout)

    def _headers(self) -> dict[str, str]:
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if self.key_env:
            key = os.environ.get(self.key_env, "").strip()
            if not key:
                raise InputError(
                    f"the environment variable {self.key_env} holds no key for the language model",
                    place="ytterby.toml [model] key",
                    remedy=f"set {self.key_env}, or take the line out where the address wants no key",
                )
            headers["Authorization"] = f"Bearer {key}"
        return headers


def settings(path: Path | str) -> ModelSettings | None:
    """The model of a project, None where it has none.

    Args:
        path: a project folder or its ``ytterby.toml``.

    Raises:
        InputError: the file cannot be read, or the table lacks a line or has one nobody knows.
    """
    file = Path(path)
    file = file / "ytterby.toml" if file.is_dir() else file
    try:
        record = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(
            f"the settings cannot be read: {error}", place=file.name, remedy="mend the file; it is plain TOML"
        ) from None
    table = record.get("model")
    if table is None:
        return None
    if not isinstance(table, dict):
        raise BadValue("model is no table", place=file.name, remedy="write [model] on a line of its own")
    return _settings(table, f"{file.name} [model]")


def model(found: ModelSettings, send: Callable[..., bytes]) -> Model:
    """A model of the settings; `send` is `gather.post`, which is told whether the address may be private."""
    way = partial(send, allow_private=found.private)
    return Model(found.address, found.name, found.key, way, found.timeout)


def extract_with(model: Model, document: Document) -> tuple[list[Claim], list[Refused]]:
    """The claims a model reads in a document that pass every check, and what was refused, with why.

    Claims are pending, in the order of the text, and bear ``model:<name>`` as their extractor.
    """
    claims: list[Claim] = []
    refused: list[Refused] = []
    for portion in _portions(document):
        answer = model.answer(claim_messages(document, portion), CLAIMS)
        if answer.value is None:
            refused.append(Refused(f"no answer: {answer.cause}"))
            continue
        records = answer.value["claims"]
        if not isinstance(records, list):
            refused.append(Refused("shape: the answer's claims are no list", "", str(records)[:200]))
            continue
        made, dropped = check(records, document, model.name)
        claims += made
        refused += dropped
    unique = {claim.id: claim for claim in claims}
    return sorted(unique.values(), key=_place), refused


def brief_with(
    model: Model, document: Document, *, lang: Literal["zh", "en"] = "en", points: int = 8
) -> dict[str, Any] | None:
    """A model's core and groups for a document, as it gave them: for the verifier of briefs, never to be shown.

    Returns ``{"core": …, "groups": […]}``, or None where no answer came.
    """
    spoken = [passage for passage in document.passages if passage.kind in SPOKEN]
    value = model.ask(brief_messages(document, _first(spoken), lang, points), BRIEF)
    if value is None:
        return None
    return {"core": value.get("core"), "groups": value.get("groups")}


def _portions(document: Document) -> list[list[Passage]]:
    """The passages that state things, in portions of about `PORTION` characters, no article torn from its date."""
    portions: list[list[Passage]] = []
    held, part = 0, 0
    for passage in document.passages:
        if passage.kind not in SPOKEN:
            continue
        length = passage.end - passage.start
        if not portions or held + length > PORTION or passage.part != part:
            portions.append([])
            held, part = 0, passage.part
        portions[-1].append(passage)
        held += length
    return portions


def _first(passages: Sequence[Passage]) -> list[Passage]:
    """As many passages as one question holds four portions of."""
    chosen: list[Passage] = []
    held = 0
    for passage in passages:
        held += passage.end - passage.start
        if chosen and held > 4 * PORTION:
            break
        chosen.append(passage)
    return chosen


def _place(claim: Claim) -> tuple[int, int]:
    return claim.start or 0, claim.end or 0


def _settings(table: Mapping[str, Any], place: str) -> ModelSettings:
    for key in table:
        if key not in _KEYS:
            raise UnknownName(str(key), _KEYS, "setting", place)
    address, name = (_text(table, key, place, needed=True) for key in ("address", "name"))
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise BadValue(
            f"'{address}' is no http or https address", place=f"{place} address", remedy="write e.g. https://host/v1"
        )
    if parts.username or parts.password:
        raise BadValue(
            "the address carries a password",
            place=f"{place} address",
            remedy="put the key in an environment variable and its name in key",
        )
    timeout = table.get("timeout", LONGEST)
    if isinstance(timeout, bool) or not isinstance(timeout, int | float) or not 0 < timeout <= 3600:
        raise BadValue("timeout is no number of seconds up to 3600", place=f"{place} timeout", remedy="write e.g. 60")
    private = table.get("private", False)
    if not isinstance(private, bool):
        raise BadValue("private is neither true nor false", place=f"{place} private", remedy="write true or false")
    key = _text(table, "key", place)
    if key and not key.replace("_", "").isalnum():
        raise BadValue(
            "key is no name of an environment variable",
            place=f"{place} key",
            remedy="write the variable's name, never the key itself",
        )
    return ModelSettings(address, name, key, float(timeout), private)


def _text(table: Mapping[str, Any], key: str, place: str, *, needed: bool = False) -> str:
    value = table.get(key, "")
    if not isinstance(value, str) or (needed and not value.strip()):
        raise BadValue(f"{key} is missing or no text", place=f"{place} {key}", remedy=f'write {key} = "…"')
    return value.strip()
