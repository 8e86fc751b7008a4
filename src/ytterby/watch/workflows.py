"""Home to workflows: one standing order in one YAML file, typed. docs/watch.md explains every key."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import Field, Strict, StringConstraints, field_validator, model_validator
from pydantic_core import PydanticCustomError

from ytterby.evidence.addresses import address, is_address
from ytterby.evidence.claims import KINDS
from ytterby.evidence.topics import Words
from ytterby.rules import pages
from ytterby.rules.clauses import Record, Word
from ytterby.terms.errors import BadValue, InputError, UnknownName

Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=64)]
Variable = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]{1,63}$")]
Above = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Count = Annotated[int, Strict(), Field(ge=1, le=100_000)]

_SECRET = re.compile(r"(?:^|_)(?:passw(?:or)?d|passphrase|token|secret|api_?key|credentials?|authori[sz]ation)$")
_SECRET_IN_ADDRESS = re.compile(r"[?&](?:[\w-]*(?:token|secret|passw|key|sig|auth)[\w-]*)=", re.IGNORECASE)
_ADDRESSEE = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+")

HELP = "docs/watch.md lists what each key takes"

FIELDS: dict[str, dict[str, tuple[str, ...]]] = {
    "line-stops": {
        "where": ("product", "region", "military"),
        "days": ("first_slow", "first_stop", "days_slow", "days_half", "recovered"),
        "percent": ("slows", "stops", "missed"),
    },
    "exports": {"where": ("period", "destination", "material"), "percent": ("amount",)},
    "shortage": {"where": ("period", "product", "region", "military"), "percent": ("amount", "share")},
    "prices": {"where": ("period", "material", "zone"), "percent": ("amount",)},
    "stocks": {"where": ("period", "material", "zone"), "percent": ("amount",)},
    "licences": {"where": ("period", "what", "destination"), "percent": ("amount",)},
}
"""Metric → keys that choose its row, and what of the row is measured in days and what in percent."""


class Brief(Record):
    """How documents are put in short."""

    lang: Literal["zh", "en"] | None = None
    points: Annotated[int, Strict(), Field(ge=1, le=50)] | None = None


class Policy(Record):
    """Which claims are accepted without a person; the rest is proposed."""

    accept: Literal["none", "A", "B", "C"] = "none"
    """The worst grade that is accepted: A takes A only, B takes A and B."""
    kinds: tuple[str, ...] = ()
    """Kinds that may be accepted; empty = any."""
    parameters: tuple[Word, ...] = ()
    """Parameters, or beginnings of their names that end in ``*``; empty = any."""

    @field_validator("kinds")
    @classmethod
    def _known(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for kind in value:
            if kind not in KINDS:
                raise PydanticCustomError("kind", "unknown kind of claim '{kind}'", {"kind": kind})
        return value


class Rerun(Record):
    """A scenario that is run again when what it rests on moved."""

    name: Word
    draws: Count = 200
    seed: Annotated[int, Strict(), Field(ge=0)] = 0
    levers: tuple[Word, ...] = ()
    known: Literal["newest", "scenario"] = "newest"
    """`newest` moves the day of knowledge along with the newest claim; `scenario` leaves it."""
    approvals: Literal["fit", "event", "off"] = "fit"
    """What a share of applications granted does: `fit` carries the licensing fit on, `event` sets the share granted
    from that day on, `off` nothing."""


class Outcome(Record):
    """One row of one metric of one scenario, and how far it may move in silence."""

    scenario: Word
    metric: Literal["line-stops", "exports", "shortage", "prices", "stocks", "licences"]
    where: dict[str, str | bool] = Field(default_factory=dict)
    of: str = ""
    """Which figure of the row; the metric's first without it."""
    days: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    percent: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None

    @model_validator(mode="after")
    def _sound(self) -> Outcome:
        known = FIELDS[self.metric]
        for key in self.where:
            if key not in known["where"]:
                choices = ", ".join(known["where"])
                raise PydanticCustomError(
                    "outcome", "rows of {metric} have no '{key}'; they have {choices}",
                    {"metric": self.metric, "key": key, "choices": choices},
                )  # fmt: skip
        if (self.days is None) == (self.percent is None):
            raise PydanticCustomError("outcome", "an outcome has a threshold, either 'days' or 'percent'")
        unit = "percent" if self.days is None else "days"
        measured = known.get(unit, ())
        if not measured:
            raise PydanticCustomError(
                "outcome", "{metric} is not counted in days; write 'percent'", {"metric": self.metric}
            )
        if self.of and self.of not in measured:
            raise PydanticCustomError(
                "outcome", "'{of}' of {metric} has no threshold in {unit}; those that have: {choices}",
                {"of": self.of, "metric": self.metric, "unit": unit, "choices": ", ".join(measured)},
            )  # fmt: skip
        return self

    @property
    def measured(self) -> str:
        """The figure that is compared."""
        return self.of or FIELDS[self.metric]["percent" if self.days is None else "days"][0]

    @property
    def label(self) -> str:
        """The outcome in one line."""
        row = " ".join(f"{key}={value}" for key, value in sorted(self.where.items()))
        return f"{self.scenario} {self.metric} {row} {self.measured}".replace("  ", " ")


class Mail(Record):
    """An e-mail through the user's own server."""

    to: Annotated[tuple[str, ...], Field(min_length=1)]
    sender: str = Field(alias="from")
    host: Word
    port: Annotated[int, Strict(), Field(ge=1, le=65535)] = 587
    tls: Literal["starttls", "tls", "none"] = "starttls"
    user_env: Variable | None = None
    password_env: Variable | None = None

    @field_validator("to", "sender")
    @classmethod
    def _addressee(cls, value: Any) -> Any:
        for one in (value,) if isinstance(value, str) else value:
            if not _ADDRESSEE.fullmatch(one):
                raise ValueError(f"'{one}' is no e-mail address")
        return value

    @model_validator(mode="after")
    def _sound(self) -> Mail:
        if (self.user_env is None) != (self.password_env is None):
            raise PydanticCustomError("mail", "'user_env' and 'password_env' go together")
        if self.tls == "none" and self.password_env is not None:
            raise PydanticCustomError("mail", "a password never goes over a connection without TLS")
        return self


class Hook(Record):
    """An address that takes alerts as JSON."""

    url: str = ""
    url_env: Variable | None = None
    """Variable that holds the address, where the address itself is a secret."""
    bearer_env: Variable | None = None
    """Variable that holds a bearer token."""
    allow_private: Annotated[bool, Strict()] = False

    @model_validator(mode="after")
    def _sound(self) -> Hook:
        if bool(self.url) == (self.url_env is not None):
            raise PydanticCustomError("hook", "a webhook has either 'url' or 'url_env'")
        if self.url:
            if _SECRET_IN_ADDRESS.search(self.url):
                raise PydanticCustomError(
                    "hook", "the address carries a secret: put it into an environment variable, named by 'url_env'"
                )
            try:
                address(self.url)
            except InputError as error:
                raise PydanticCustomError("hook", "{cause}", {"cause": error.cause}) from None
        return self


class Channel(Record):
    """One way an alert goes out: exactly one of its keys."""

    file: str = ""
    """JSON Lines, one alert a line; relative paths begin at the project's folder."""
    markdown: str = ""
    """A page that alerts are added to."""
    webhook: Hook | None = None
    email: Mail | None = None

    @model_validator(mode="after")
    def _one(self) -> Channel:
        if sum(map(bool, (self.file, self.markdown, self.webhook, self.email))) != 1:
            raise PydanticCustomError("channel", "a channel is one of file, markdown, webhook, email")
        return self

    @property
    def name(self) -> str:
        """What the journal calls it; holds no secret."""
        if self.webhook is not None:
            return f"webhook {self.webhook.url or '$' + str(self.webhook.url_env)}"
        if self.email is not None:
            return f"email {','.join(self.email.to)} by {self.email.host}:{self.email.port}"
        return f"file {self.file}" if self.file else f"markdown {self.markdown}"


class Workflow(Record):
    """A standing order: read, filter, brief, claim, run again, alert."""

    id: Name
    title: Word
    sources: Annotated[tuple[Word, ...], Field(min_length=1)]
    """Folders, files, feeds and addresses; relative paths begin at the workflow's own folder."""
    allow_private: Annotated[bool, Strict()] = False
    topic: str = ""
    """Id or title of a topic."""
    terms: Words = Words()
    """Or terms, of which one must stand in a document."""
    brief: Brief = Brief()
    claims: Policy = Policy()
    scenarios: tuple[Rerun, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    alerts: Annotated[tuple[Channel, ...], Field(min_length=1)]
    briefs: Annotated[bool, Strict()] = False
    """Whether a document that answers the topic is an alert by itself, though nothing moved."""

    @model_validator(mode="after")
    def _sound(self) -> Workflow:
        names = [one.name for one in self.scenarios]
        if len(set(names)) < len(names):
            raise PydanticCustomError("scenarios", "a scenario stands there twice")
        for outcome in self.outcomes:
            if outcome.scenario not in names:
                raise PydanticCustomError(
                    "outcome", "outcome of scenario '{name}', which is not among the workflow's scenarios",
                    {"name": outcome.scenario},
                )  # fmt: skip
        if self.topic and self.terms:
            raise PydanticCustomError("topic", "give either a 'topic' or 'terms'")
        return self


def load(path: Path | str, project: Path, *, text: str | None = None) -> Workflow:
    """The workflow of a file, its names checked against a project's topics and scenarios.

    Args:
        path: the YAML file.
        project: the project's folder.
        text: what is to stand in the file; without it the file is read.

    Raises:
        UnknownName, BadValue: with file, line and key.
    """
    from ytterby.evidence import topics
    from ytterby.world import scenarios

    path = Path(os.path.expanduser(path))
    node = pages.compose(pages.text_of(path) if text is None else text, path.name)
    for key in _keys(node):
        if _SECRET.search(str(key.value).lower()):
            raise BadValue(
                f"'{key.value}': a secret does not belong into a workflow",
                place=pages.where(key.start_mark),
                remedy="keep it in an environment variable and name that: password_env, url_env or bearer_env",
            )
    try:
        told = pages.typed(node, Workflow)
    except InputError as error:
        error.remedy = error.remedy.replace(pages.HELP, HELP)
        raise
    if told.topic:
        try:
            topics.load(told.topic, project)
        except UnknownName as error:
            raise _placed(error, path.name, "topic") from None
    for number, asked in enumerate(told.scenarios):
        try:
            scenarios.load(asked.name, project).with_levers(asked.levers)
        except UnknownName as error:
            raise _placed(error, path.name, f"scenarios[{number}]") from None
    return told.model_copy(update={"sources": tuple(_source(one, path.parent) for one in told.sources)})


def _source(source: str, folder: Path) -> str:
    if is_address(source):
        return source
    return str((folder / os.path.expanduser(source)).absolute())


def _placed(error: UnknownName, file: str, key: str) -> UnknownName:
    placed = UnknownName(error.name, error.suggestions, error.what, f"{file}, {key}")
    placed.remedy = error.remedy
    return placed


def _keys(node: yaml.Node) -> Iterator[yaml.ScalarNode]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield key
            yield from _keys(value)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _keys(item)
