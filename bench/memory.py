"""Home to peak memory: whole runs in child processes of their own, kept on disk as a user's are."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path


def peak(draws: int, scenario: str = "april-2025") -> float:
    """Peak memory of a process that runs and keeps a scenario, bytes."""
    command = [sys.executable, "-m", "bench.memory", scenario, str(draws)]
    done = subprocess.run(
        command, env={**os.environ, "JAX_PLATFORMS": "cpu"}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"the run of {draws} draws failed:\n{done.stderr[-2000:]}")
    return float(done.stdout.splitlines()[-1])


def own_peak() -> float:
    """Peak resident memory of this process, bytes.

    Linux hands the parent's peak on as a child's `ru_maxrss`; VmHWM starts anew with the program.
    """
    status = Path("/proc/self/status")
    if status.is_file():
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return 1024.0 * float(line.split()[1])
    unit = 1.0 if sys.platform == "darwin" else 1024.0
    return unit * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main() -> None:
    """The child: run, and print its own peak."""
    from bench import scene
    from ytterby.run.forecast import forecast

    with tempfile.TemporaryDirectory() as folder:
        forecast(scene.network(), scene.told(sys.argv[1]), Path(folder), draws=int(sys.argv[2]), seed=scene.SEED)
    print(own_peak())


if __name__ == "__main__":
    main()
