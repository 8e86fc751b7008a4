"""Home to the second implementation: the economy's equations, matrix by matrix, one scenario at a time."""

from __future__ import annotations

from typing import Any

import numpy as np


def recovered(kind: str, level: float, elapsed: float, tau: float, places: int) -> float:
    """What is left of a loss `elapsed` days after its end."""
    if elapsed < 0:
        return level
    if kind == "linear":
        left = level * (1 - elapsed / tau)
    elif kind == "convex":
        left = level * (1 - 1 / tau) ** elapsed
    else:
        left = level * (1 - 1 / tau) ** (4 * elapsed)
    return max(round(left, places), 0.0)


def run(
    Z: np.ndarray,
    Y: np.ndarray,
    x: np.ndarray,
    regions: int,
    *,
    steps: int = 365,
    step_days: int = 1,
    psi: float = 0.8,
    days: Any = 90.0,
    restore: Any = 60.0,
    alpha: tuple[float, float, float] = (1.0, 1.25, 365.0),
    alternative: bool = True,
    short_cuts: bool = True,
    places: int = 7,
    capital: Any = None,
    losses: tuple[dict[str, Any], ...] = (),
    destroyed: tuple[dict[str, Any], ...] = (),
    gates: tuple[dict[str, Any], ...] = (),
) -> dict[str, np.ndarray]:
    """Everything that the real thing returns, (step, …), from matrices of orders (industry, industry)."""
    N = len(x)
    n = N // regions
    d = step_days / 365
    Z0, Y0, x0 = Z * d, Y * d, x * d
    of = np.arange(N) % n
    home = np.arange(N) // n
    at = np.arange(Y.shape[1]) // (Y.shape[1] // regions)
    gather = (of[None] == np.arange(n)[:, None]).astype(float)  # (input, industry): sums over regions
    a = np.divide(gather @ Z0, x0, out=np.zeros((n, N)), where=x0 > 0)
    s = np.broadcast_to(np.asarray(days, dtype=float), (n,)).copy()
    s[s <= 1] = 2
    s = s / step_days
    tau = np.broadcast_to(np.asarray(restore, dtype=float), (n,))
    finite = np.isfinite(s)
    sf = np.where(finite, s, 0.0)[:, None]
    stock = np.where(finite[:, None], sf * a * x0, np.inf)
    bound = (gather @ Z > 1e-5 * x0) & finite[:, None]
    K = 4 * np.maximum(x - Z.sum(0), 0) if capital is None else np.asarray(capital, dtype=float)
    base, most, pace = alpha
    al = np.full(N, base)
    orders = Z0.copy()
    rest = [np.zeros((N, N)) for _ in destroyed]
    split = Z0 / np.where((gather @ Z0)[of] > 0, (gather @ Z0)[of], 1.0)
    told_arbitrary = np.zeros(N)
    made = x0.copy()
    out: dict[str, list[np.ndarray]] = {
        k: [] for k in ("production", "capacity", "orders", "stocks", "overproduction", "unmet", "rebuild")
    }
    for k in range(steps):
        t = k * step_days
        for e, told in enumerate(destroyed):
            if told["kind"] == "rebuild" and t == told["at"]:
                rest[e] = (told["sectors"][:, None] * told["lost"])[of] * split * told.get("factor", 1.0)
        gone = np.zeros(N)
        for e, told in enumerate(destroyed):
            begins, ends = told["at"], told["at"] + told["lasts"]
            if told["kind"] == "rebuild":
                gone += rest[e].sum(0) / told.get("factor", 1.0)
            elif t >= begins:
                # what the bookkeeping of the last step left
                gone += [
                    recovered(told.get("shape", "linear"), v, t - step_days - ends, told["tau"], 7)
                    if t - step_days >= ends
                    else v
                    for v in told["lost"]
                ]
        lost_capital = np.divide(gone, K, out=np.zeros(N), where=K > 0)
        delta = np.maximum(lost_capital, told_arbitrary)
        told_arbitrary = np.zeros(N)
        for told in losses:
            begins, ends = told["at"], told["at"] + told["lasts"]
            if t >= begins:
                level = np.array(
                    [
                        recovered(told.get("shape", "linear"), v, t - step_days - ends, told["tau"], 6)
                        if t - step_days >= ends
                        else v
                        for v in told["lost"]
                    ]
                )
                told_arbitrary = np.maximum(told_arbitrary, level)
        passes = np.ones((N, regions))
        for told in gates:
            if told["at"] <= t < told["at"] + told["lasts"]:
                for row in told["rows"]:
                    for to in told["to"]:
                        if to != home[row]:
                            passes[row, to] = min(passes[row, to], told["open"])
        asked_z, asked_y = orders * passes[:, home], Y0 * passes[:, at]
        rebuilding, called = np.zeros((N, N)), np.zeros(N)
        for e, told in enumerate(destroyed):
            if told["kind"] == "rebuild" and t >= told["at"] + told["lasts"]:
                called += rest[e].sum(1) * step_days / told["tau"]
                rebuilding += rest[e] * passes[:, home] * step_days / told["tau"]
        D = asked_z.sum(1) + asked_y.sum(1) + rebuilding.sum(1)
        out["stocks"].append(stock.copy())
        out["orders"].append(orders.sum(1))
        out["rebuild"].append(called)
        if k > 1:
            q = np.divide(D - made, D, out=np.zeros(N), where=D != 0)
            al = np.maximum(al + ((most - al) * q + (base - al) * (q == 0)) * (step_days / pace), 1.0)
        out["overproduction"].append(al.copy())
        cap = x0 * (1 - delta) * al
        best = np.minimum(D, cap)
        need = psi * sf * a * best
        ratio = np.where(bound & (need > 0), np.minimum(1, stock / np.where(need > 0, need, 1)), 1.0)
        made = (best * ratio).min(0)
        out["production"].append(made)
        out["capacity"].append(cap)
        y = np.divide(made, D, out=np.zeros(N), where=D != 0)
        use, add = a * made, gather @ (asked_z * y[:, None])
        if not short_cuts or (np.abs(add - use) > 1e-8 + 1e-5 * np.abs(use)).any():
            stock = stock - use + add
        if (stock < 0).any():
            break
        given = asked_y * y[:, None]
        short = (Y0 - given).reshape(regions, n, regions, -1).sum((0, 3))  # (sector, customer)
        out["unmet"].append(short.T.ravel())
        D = D - (rebuilding * y[:, None]).sum(1)
        for e, told in enumerate(destroyed):
            if told["kind"] == "rebuild" and t >= told["at"] + told["lasts"]:
                passed = rest[e] * passes[:, home] * y[:, None] * step_days / told["tau"]
                rest[e] = np.maximum(np.round(rest[e] - passed, places), 0)
        best = np.minimum(D, cap)
        goal = np.where(finite[:, None], sf * a * best, np.inf)
        gap = np.where(
            finite[:, None], np.maximum(np.where(finite[:, None], goal - np.where(finite[:, None], stock, 0), 0), 0), 0
        )
        near = np.abs(np.where(finite[:, None], goal - np.where(finite[:, None], stock, 0), 0)) <= 1e-8 + 1e-5 * np.abs(
            goal
        )
        if short_cuts and near.all():
            gap = np.zeros_like(gap)
        wanted = gap * (step_days / tau)[:, None] + a * made
        kappa = np.divide(cap, x0, out=np.ones(N), where=x0 > 0) if alternative else np.ones(N)
        weight = Z0 * kappa[:, None] * (passes[:, home] if alternative else 1.0)
        total = gather @ weight
        orders = weight * np.divide(wanted, total, out=np.zeros((n, N)), where=total > 0)[of]
    return {name: np.array(rows) for name, rows in out.items()}
