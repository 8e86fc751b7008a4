"""Home to what every test stands on: no network, fixed seeds, one processor, a project of its own."""

from __future__ import annotations

import os
import random
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Any

# jax reads this when it is imported, which is later than this line.
os.environ.setdefault("JAX_PLATFORMS", "cpu")

import pytest
from hypothesis import HealthCheck, settings
from jaxtyping import install_import_hook

# Shapes are checked as the tests run, so the hook comes before the first import of the room. `state` is left out: its
# records are also made of NumPy arrays and of single steps; tests/run/test_axes.py checks them.
CHECKED = [
    *(f"ytterby.run.{name}" for name in ("axes", "base", "draws", "lines", "metrics", "minima", "periods")),
    *(
        f"ytterby.run.chain.{name}"
        for name in (
            "behaviour", "capacity", "demand", "events", "forcing", "gate", "initial", "licensing", "model", "observe",
            "orders", "paths", "prices", "production", "shipping", "structure", "use",
        )
    ),
]  # fmt: skip
_hook = install_import_hook(CHECKED, "beartype.beartype")

if TYPE_CHECKING:
    from ytterby.project import Project

# A deadline per example would measure the machine; `derandomize` draws the same examples every time.
settings.register_profile(
    "house", deadline=None, derandomize=True, max_examples=50, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("house")


class NetworkRefused(RuntimeError):
    """A test reached for the network."""


_connect = socket.socket.connect
_connect_ex = socket.socket.connect_ex
_getaddrinfo = socket.getaddrinfo


def _check(host: object) -> None:
    if isinstance(host, str) and (host in {"localhost", "::1", ""} or host.startswith("127.")):
        return
    raise NetworkRefused(f"tests use no network, and this one reached for {host!r}; make the data instead")


def _guard(sock: socket.socket, address: Any) -> None:
    if sock.family in {socket.AF_INET, socket.AF_INET6}:
        _check(address[0])


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def connect(sock: socket.socket, address: Any) -> None:
        _guard(sock, address)
        _connect(sock, address)

    def connect_ex(sock: socket.socket, address: Any) -> int:
        _guard(sock, address)
        return _connect_ex(sock, address)

    def getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
        if host is not None:
            _check(host.decode() if isinstance(host, bytes) else host)
        return _getaddrinfo(host, *args, **kwargs)

    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setattr(socket.socket, "connect_ex", connect_ex)
    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


@pytest.fixture(autouse=True)
def _seeds() -> None:
    random.seed(20250404)


@pytest.fixture(autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """The per-user default project of whoever runs the tests stays untouched."""
    home = tmp_path_factory.getbasetemp() / "home"
    home.mkdir(exist_ok=True)
    for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(home))


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A new project in a folder of its own."""
    import ytterby

    return ytterby.init(tmp_path / "project")
