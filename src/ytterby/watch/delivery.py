"""Home to delivery: an alert into a file, to a webhook, by e-mail. What cannot go out now goes out at a later pass.

Nothing is delivered twice as far as that is ours to say: files are looked through for the alert's id first; a webhook
gets it as ``Idempotency-Key``, an e-mail as ``Message-ID``, since a killed process cannot know whether they arrived.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ytterby.store.disk import told as disk_told
from ytterby.terms.errors import InputError, YtterbyError, shown
from ytterby.watch import alerts
from ytterby.watch.workflows import Channel, Hook, Mail

TIMEOUT = 20.0
"""Seconds a server may take."""


def deliver(channel: Channel, told: Mapping[str, Any], project: Path) -> None:
    """Hands an alert to a channel.

    Raises:
        YtterbyError: it could not be handed over; nothing of it is lost.
    """
    try:
        if channel.webhook is not None:
            _post(channel.webhook, told)
        elif channel.email is not None:
            _mail(channel.email, told)
        elif channel.file:
            _line(project / os.path.expanduser(channel.file), told)
        else:
            _section(project / os.path.expanduser(channel.markdown), told)
    except YtterbyError:
        raise
    except OSError as error:
        # Names of files and hosts may stand in it, never what was in a variable.
        cause = f"it cannot be delivered: {type(error).__name__} {shown(str(error), 120)}"
        raise InputError(cause, place=channel.name, remedy="it is tried again at the next pass") from None


def _line(path: Path, told: Mapping[str, Any]) -> None:
    """Adds an alert to a file of JSON lines, on a line of its own also after one that was torn."""
    text = _read(path)
    for line in text.splitlines():
        try:
            if json.loads(line).get("id") == told["id"]:
                return
        except (ValueError, AttributeError):
            continue
    whole = json.dumps(told, ensure_ascii=False, allow_nan=False)
    _append(path, ("\n" if text and not text.endswith("\n") else "") + whole + "\n")


def _section(path: Path, told: Mapping[str, Any]) -> None:
    text = _read(path)
    if alerts.mark(str(told["id"])) not in text:
        _append(path, ("\n" if text and not text.endswith("\n") else "") + alerts.markdown(told))


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise disk_told(error, "read the alerts", path) from None


def _append(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise disk_told(error, "write the alert", path) from None


def _post(hook: Hook, told: Mapping[str, Any]) -> None:
    from ytterby.evidence import gather

    headers = {"Content-Type": "application/json; charset=utf-8", "Idempotency-Key": str(told["id"])}
    if hook.bearer_env:
        headers["Authorization"] = f"Bearer {_secret(hook.bearer_env)}"
    url = hook.url or _secret(hook.url_env or "")
    body = json.dumps(told, ensure_ascii=False, allow_nan=False).encode()
    try:
        gather.post(url, headers, body, TIMEOUT, allow_private=hook.allow_private)
    except InputError as error:
        hidden = f"the address in ${hook.url_env}" if hook.url_env else error.place
        cause = error.cause if not hook.url_env else error.cause.replace(url, "it")
        raise InputError(cause, place=hidden, remedy="it is tried again at the next pass") from None


def _mail(mail: Mail, told: Mapping[str, Any]) -> None:
    import smtplib
    import ssl
    from email.message import EmailMessage
    from email.policy import SMTP

    letter = EmailMessage(policy=SMTP)
    # A header is one line, whatever a document says.
    letter["Subject"] = " ".join(f"{told['title']}: {told['headline']}".split())[:200]
    letter["From"], letter["To"] = mail.sender, ", ".join(mail.to)
    letter["Message-ID"] = f"<{told['id']}@ytterby.invalid>"
    letter.set_content(alerts.markdown(told))
    context = ssl.create_default_context()
    place = f"{mail.host}:{mail.port}"
    try:
        if mail.tls == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(mail.host, mail.port, timeout=TIMEOUT, context=context)
        else:
            server = smtplib.SMTP(mail.host, mail.port, timeout=TIMEOUT)
        with server:
            if mail.tls == "starttls":
                server.starttls(context=context)
            if mail.user_env and mail.password_env:
                server.login(_secret(mail.user_env), _secret(mail.password_env))
            server.send_message(letter, mail.sender, list(mail.to))
    except smtplib.SMTPAuthenticationError:
        raise InputError("the mail server refused name or password", place=place, remedy="check both") from None
    except smtplib.SMTPException as error:
        cause = f"the mail server refused: {shown(str(error), 120)}"
        raise InputError(cause, place=place, remedy="it is tried again at the next pass") from None


def _secret(variable: str) -> str:
    value = os.environ.get(variable, "")
    if not value:
        raise InputError(
            f"the environment variable {variable} is not set", place=f"${variable}", remedy="set it for the watch"
        )
    return value
