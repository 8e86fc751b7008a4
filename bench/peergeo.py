"""Home to the peer of risk indices: geopolrisk-py, run by the Python of an environment of its own.

It knows nothing of Ytterby: `python peergeo.py FOLDER` answers each line of its input, MATERIAL|COUNTRY|YEAR: it scores
it, keeps what went in and what came out in `geo.seen.npz`, and prints the seconds of the import, of its trade table
and of the score.
"""

from __future__ import annotations

import contextlib
import io
import logging
import sys
import time
import warnings
from pathlib import Path

import numpy as np


def main() -> None:
    """Answers until its input ends."""
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    folder = Path(sys.argv[1])
    began = time.perf_counter()
    with contextlib.redirect_stdout(io.StringIO()):
        from geopolrisk.assessment import core, utils
    imported = time.perf_counter() - began
    began = time.perf_counter()
    trade = utils.mapped_baci()
    table = time.perf_counter() - began
    for line in sys.stdin:
        material, country, year = line.strip().split("|")
        began = time.perf_counter()
        made, hhi = core.HHI(material, int(year), country)
        risky, total, price = core.importrisk(material, int(year), country, trade)
        score, _, risk = core.GeoPolRisk(risky, total, price, made, hhi)
        took = time.perf_counter() - began
        world = utils.getProd(material)
        world = world[world["Country_Code"] != "DELETE"]
        rows = utils.getbacidata(int(year), utils.cvtcountry(country, type="ISO"), material, trade)
        unstable = [0.5 if v is None or v == "NA" else float(v) for v in rows["partnerWGI"]]
        np.savez(
            folder / "geo.seen.npz",
            world=world[year].fillna(0).astype(int).to_numpy(float),
            imported=rows["qty"].to_numpy(float),
            unstable=np.array(unstable),
            made=np.array(float(made)),
            found=np.array([hhi, risk, score], dtype=float),
        )
        print(f"took {imported:.6f} {table:.6f} {took:.6f}", flush=True)


if __name__ == "__main__":
    main()
