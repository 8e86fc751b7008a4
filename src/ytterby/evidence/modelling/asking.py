"""Home to asking: a chat completion with a JSON schema, else a JSON object, else text with JSON in it, else nothing.

A server that does not know a way of asking says so with a status of the 400s; the next way is then tried. One that
cannot be reached, or is late, is not asked again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from ytterby.terms.errors import YtterbyError, shown

Message = Mapping[str, str]
"""``{"role": "system" | "user", "content": …}``."""

Way = Literal["json_schema", "json_object", "text"]
WAYS: tuple[Way, ...] = ("json_schema", "json_object", "text")
"""Ways of asking for JSON, the strictest first."""

LARGEST_ANSWER = 4_000_000
"""Bytes of an answer that are looked at."""

_MOST_TRIES = 40
_STATUS_4XX = re.compile(r"\bstatus 4(?:00|04|05|15|22)\b")
_THOUGHT = re.compile(r"<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a question."""

    value: dict[str, Any] | None
    way: Way | Literal[""] = ""
    """How it was asked for when it came."""
    cause: str = ""
    """Why nothing came."""


def ask(
    send: Callable[[bytes, float], bytes],
    name: str,
    messages: Sequence[Message],
    schema: Mapping[str, Any],
    timeout: float,
) -> Answer:
    """The object a model answers with, by the strictest way that its server knows.

    Args:
        send: body and seconds to the answer's bytes; raises where there is none.
        name: the model's name.
        messages: the question.
        schema: JSON schema of the answer; its required keys must be in it.
        timeout: seconds to wait for each way.
    """
    cause = ""
    for way in WAYS:
        body = json.dumps(_body(name, messages, schema, way), ensure_ascii=False).encode()
        try:
            raw = send(body, timeout)
        except YtterbyError as error:
            cause = error.cause
            if _STATUS_4XX.search(cause):
                continue
            break
        except (OSError, ValueError) as error:
            # A sender of another make: what it raises says why, and nothing of it reaches the user as a traceback.
            cause = shown(str(error) or type(error).__name__, 160)
            break
        value, cause = _value(raw, schema)
        if value is not None:
            return Answer(value, way)
        if cause.startswith("refusal"):
            break
    return Answer(None, "", cause or "nothing came")


def _body(name: str, messages: Sequence[Message], schema: Mapping[str, Any], way: Way) -> dict[str, Any]:
    body: dict[str, Any] = {"model": name, "messages": [dict(one) for one in messages], "temperature": 0}
    if way == "json_schema":
        body["response_format"] = {
            "type": "json_schema",
            "json_schema": {"name": "answer", "strict": False, "schema": dict(schema)},
        }
    elif way == "json_object":
        body["response_format"] = {"type": "json_object"}
    return body


def _value(raw: bytes, schema: Mapping[str, Any]) -> tuple[dict[str, Any] | None, str]:
    """The object in a server's answer, or why there is none."""
    if len(raw) > LARGEST_ANSWER:
        return None, "the answer is too large"
    record = _parsed(raw.decode("utf-8", "replace"))
    if not isinstance(record, dict):
        return None, "the server's answer is no JSON"
    choices = record.get("choices")
    message = choices[0].get("message") if isinstance(choices, list) and choices and _object(choices[0]) else None
    if not isinstance(message, dict):
        return None, "the server's answer has no message"
    if message.get("refusal"):
        return None, f"refusal: {shown(str(message['refusal']), 120)}"
    text = _text(message.get("content"))
    if not text.strip():
        return None, "the message is empty"
    found = object_in(text, schema.get("required", ()))
    return (found, "") if found is not None else (None, "the message holds no JSON object of the shape asked for")


def object_in(text: str, required: Sequence[str] = ()) -> dict[str, Any] | None:
    """The first JSON object with the required keys in a text, however wrapped; None where there is none."""
    text = _THOUGHT.sub("", text)
    whole = _parsed(text.strip())
    if _has(whole, required):
        return whole  # type: ignore[no-any-return]
    at = text.find("{")
    for _ in range(_MOST_TRIES):
        if at < 0:
            break
        try:
            value, _ = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):
            value = None
        if _has(value, required):
            return value  # type: ignore[no-any-return]
        at = text.find("{", at + 1)
    return None


def _has(value: Any, required: Sequence[str]) -> bool:
    return isinstance(value, dict) and all(key in value for key in required)


def _object(value: Any) -> bool:
    return isinstance(value, dict)


def _text(content: Any) -> str:
    """The text of a message: a string, or a list of parts with texts."""
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        return "".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
    return ""


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON")


_DECODER = json.JSONDecoder(parse_constant=_no_constant)


def _parsed(text: str) -> Any:
    try:
        return _DECODER.decode(text)
    except (ValueError, RecursionError):
        return None
