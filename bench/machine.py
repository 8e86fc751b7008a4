"""Home to the machine: what the numbers were measured on, without its name or its folders."""

from __future__ import annotations

import os
import platform
from importlib import metadata
from pathlib import Path

from bench.table import Section

PACKAGES = ("jax", "numpy", "numba")


def cores() -> int:
    """Processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def processor() -> str:
    """The processor's model name."""
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        for line in cpuinfo.read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def described() -> Section:
    """Cores, processor, versions, and how busy others kept the machine."""
    rows = [
        ("cores", str(cores())),
        ("processor", processor()),
        ("system", platform.system()),
        ("Python", platform.python_version()),
        *((name, metadata.version(name)) for name in PACKAGES),
    ]
    if hasattr(os, "getloadavg"):
        rows.append(("load before", f"{os.getloadavg()[0]:.1f}"))
    return Section("Machine", ("what", "value"), tuple(rows))
