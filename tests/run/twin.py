"""Home to the slow twin: one step of the chain for one draw, in plain loops, written from docs/model.md.

It shares with the program the records of state, constants and forcing, and nothing that computes. Every array of the
result is without the draw axis.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from math import exp, log, log2
from typing import Any

import numpy as np

from ytterby.world.network import Network

YEAR = 365.25


def of_draw(record: Any, draw: int) -> dict[str, Any]:
    """The fields of a State, Constants or step of Forcing for one draw, as NumPy arrays."""
    out: dict[str, Any] = {}
    for field in fields(record):
        value = getattr(record, field.name)
        if isinstance(value, dict):
            out[field.name] = {key: float(np.asarray(v)[draw]) for key, v in value.items()}
        elif not hasattr(value, "shape"):
            continue
        else:
            array = np.asarray(value, dtype=float)
            perdraw = "draw" in str(field.type)
            out[field.name] = array[..., draw] if perdraw else array
    return out


def met(have: float, need: float) -> float:
    return 1.0 if need <= 0.0 else min(1.0, max(0.0, have / need))


@dataclass(frozen=True)
class Events:
    """Whom the scenario's shocks hit: rows of plants, links or in-slots, one list per event."""

    output: list[list[int]]
    border: list[list[int]]
    lead: list[list[int]]
    release: list[list[int]]


class Twin:
    """A network, seen row by row."""

    def __init__(self, network: Network, events: Events, dt: float) -> None:
        self.n, self.events, self.dt = network, events, dt
        n = network
        china = n.regions.index("CN")
        self.from_region = [int(n.facility_region[n.out_slot_facility[o]]) for o in n.link_out]
        self.to_region = [int(n.facility_region[n.in_slot_facility[i]]) for i in n.link_in]
        self.links = range(len(n.link_out))
        self.crossings = [k for k in self.links if self.from_region[k] == china and self.to_region[k] != china]
        kinds = {
            k: (self.to_region[k], int(n.out_slot_material[n.link_out[k]]), bool(n.link_military[k]))
            for k in self.crossings
        }
        self.gates = sorted(set(kinds.values()))
        self.gate = {k: self.gates.index(kind) for k, kind in kinds.items()}
        self.export_rows = sorted({kind[:2] for kind in self.gates})
        self.china = china
        self.ins = range(len(n.in_slot_facility))
        self.outs = range(len(n.out_slot_facility))
        self.acts = range(len(n.activities))
        self.plants = range(len(n.facilities))
        self.inputs = [[] for _ in self.acts]
        for a, i, coef in zip(n.input_activity, n.input_slot, n.input_coef, strict=True):
            self.inputs[a].append((int(i), float(coef)))
        self.outputs = [[] for _ in self.acts]
        for a, o, coef in zip(n.output_activity, n.output_slot, n.output_coef, strict=True):
            self.outputs[a].append((int(o), float(coef)))
        self.design = {int(a): t for t, a in enumerate(n.terminal_activity)}
        self.terminals = range(len(n.terminal_activity))
        self.groups = range(len(n.groups))
        self.into = [[k for k in self.links if n.link_in[k] == i] for i in self.ins]
        self.out_of = [[k for k in self.links if n.link_out[k] == o] for o in self.outs]
        self.priced = [m for m in range(len(n.materials)) if all(np.isfinite(n.price0[m]))]
        self.row = {m: p for p, m in enumerate(self.priced)}
        self.zones = range(len(n.zones))

    def step(self, c: dict[str, Any], s: dict[str, Any], f: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        """State and series after a step."""
        w: dict[str, Any] = {}
        self._demand(c, s, f, w)
        self._plan(c, s, f, w)
        self._produce(c, s, f, w)
        self._order(c, s, f, w)
        self._gate(c, s, f, w)
        self._allocate(c, s, f, w)
        self._license(c, s, f, w)
        self._travel(c, s, f, w)
        self._use(c, s, f, w)
        self._substitute(c, s, f, w)
        self._drift(c, s, f, w)
        self._price(c, s, f, w)
        self._grow(c, s, f, w)
        self._owe(c, s, f, w)
        new = w["new"]
        new["mass"] = self.mass(new)
        return new, self._observe(c, s, f, w)

    def blend(self, old: float, signal: float, days: float) -> float:
        return old + self.dt / (self.dt + days) * (signal - old)

    def fade(self, days: float) -> float:
        return 1.0 - self.dt / (self.dt + days)

    def erlang(self, held: list[float], arrivals: float, paces: list[float]) -> tuple[list[float], float]:
        """What each stage holds afterwards and what leaves the last."""
        moving, after = arrivals, []
        for stage, pace in enumerate(paces):
            inside = float(held[stage]) + moving
            moving = inside * pace
            after.append(inside - moving)
        return after, moving

    # 1

    def index_weights(self, g: int) -> dict[tuple[int, int], float]:
        return self.weights_of([t for t in self.terminals if self.n.terminal_group[t] == g])

    def weights_of(self, designs: list[int]) -> dict[tuple[int, int], float]:
        n = self.n
        value: dict[tuple[int, int], float] = {}
        for t in designs:
            a = int(n.terminal_activity[t])
            z = int(n.facility_zone[n.activity_facility[a]])
            for i, coef in self.inputs[a]:
                m = int(n.in_slot_material[i])
                if m in self.row:
                    key = (self.row[m], z)
                    value[key] = value.get(key, 0.0) + n.terminal_share[t] * coef * n.price0[m, z]
        total = sum(value.values())
        return {key: v / total for key, v in value.items()} if total > 0 else {}

    def _demand(self, c: Any, s: Any, f: Any, w: Any) -> None:
        n = self.n
        w["want"], w["desired"] = [], [0.0] * len(self.terminals)
        for g in self.groups:
            index = sum(share * s["log_price"][p, z] for (p, z), share in self.index_weights(g).items())
            want = f["demand"][g] * c["demand_factor"][g] * exp(-n.group_elasticity[g] * index)
            build = want + min(s["arrears"][g] / 30.0, c["behaviour"]["overtime"] * want)
            w["want"].append(want)
            for t in self.terminals:
                if n.terminal_group[t] == g:
                    w["desired"][t] = build * s["mix"][t]

    # 2

    def _plan(self, c: Any, s: Any, f: Any, w: Any) -> None:
        n, b = self.n, c["behaviour"]
        wish = []
        for o in self.outs:
            expected, unfilled = s["expected_orders"][o], s["unfilled"][o]
            gap = n.out_slot_cover[o] * expected + unfilled - s["stock_out"][o]
            most = b["order_cap"] * expected + unfilled / b["smoothing_days"]
            wish.append(min(max(expected + gap / b["smoothing_days"], 0.0), most))
        pull = []
        for a in self.acts:
            feed = min([met(s["stock_in"][i], c["cover"][i] * s["expected_use"][i]) for i, _ in self.inputs[a]] + [1.0])
            pull.append(n.activity_share[a] * (0.02 + 0.98 * feed))
        w["planned"] = []
        for a in self.acts:
            o = int(n.activity_drive[a])
            if a in self.design:
                w["planned"].append(w["desired"][self.design[a]])
            elif o < 0:
                w["planned"].append(0.0)
            else:
                rivals = sum(pull[x] for x in self.acts if n.activity_drive[x] == o)
                coef = next(k for slot, k in self.outputs[a] if slot == o)
                w["planned"].append(wish[o] * pull[a] / rivals / coef if rivals > 0 else 0.0)

    # 3 and 4

    def able(self, c: Any, s: Any, f: Any, plant: int) -> float:
        shock = 1.0
        for e, hit in enumerate(self.events.output):
            if plant in hit:
                shock *= f["output"][e]
        return float((c["capacity"][plant] * s["ramp"][plant] + s["added"][plant]) * shock)

    def _produce(self, c: Any, s: Any, f: Any, w: Any) -> None:
        n, b, dt = self.n, c["behaviour"], self.dt
        desire, w["yield"] = [], []
        for a in self.acts:
            plant = int(n.activity_facility[a])
            load = sum(w["planned"][x] * n.activity_load[x] for x in self.acts if n.activity_facility[x] == plant)
            if np.isfinite(c["capacity"][plant]):
                desire.append(w["planned"][a] * met(self.able(c, s, f, plant), load))
            else:
                desire.append(w["planned"][a])
            hampered = f["tech"] * b["tech_yield"] * n.tech_dependence[plant] if s["ramp"][plant] < 1.0 else 0.0
            w["yield"].append(c["yields"][a] * (1.0 - hampered))
        need = [
            sum(coef * desire[a] for a in self.acts for slot, coef in self.inputs[a] if slot == i) for i in self.ins
        ]
        enough = []
        for i in self.ins:
            final = any(slot == i for a in self.design for slot, _ in self.inputs[a])
            days = max(dt, b["stop_spread"] * c["cover"][i]) if final else dt
            enough.append(met(s["stock_in"][i], need[i] * days))
        w["run"] = [desire[a] * dt * min([enough[i] for i, _ in self.inputs[a]] + [1.0]) for a in self.acts]
        w["used"] = [
            sum(coef * w["run"][a] for a in self.acts for slot, coef in self.inputs[a] if slot == i) for i in self.ins
        ]
        w["made"] = [
            sum(coef * w["run"][a] * w["yield"][a] for a in self.acts for slot, coef in self.outputs[a] if slot == o)
            for o in self.outs
        ]
        use = [self.blend(s["expected_use"][i], need[i], b["smoothing_days"]) for i in self.ins]
        w["new"] = {"expected_use": use}

    # 5

    def _order(self, c: Any, s: Any, f: Any, w: Any) -> None:
        n, b = self.n, c["behaviour"]
        w["placed"] = [0.0] * len(self.links)
        for i in self.ins:
            use = w["new"]["expected_use"][i]
            buyers = [
                int(n.terminal_group[t])
                for t in self.terminals
                for slot, _ in self.inputs[n.terminal_activity[t]]
                if slot == i
            ]
            if buyers:
                use = use * f["outlook"][buyers[-1]]
            on_order = sum(s["backlog"][k] + s["transit"][0][k] + s["transit"][1][k] for k in self.into[i])
            abroad = n.facility_region[n.in_slot_facility[i]] != self.china
            cover = c["cover"][i] * (f["restock"] if abroad else 1.0)
            gap = cover * use - s["stock_in"][i] + c["pipeline"][i] * use - on_order
            order = min(max(use + gap / n.in_slot_adjust[i], 0.0), b["order_cap"] * use)
            for k in self.into[i]:
                rush = 1.0 + b["festival_rush"] * float(f["rush"]) if k in self.gate else 1.0
                w["placed"][k] = s["share"][k] * order * rush * self.dt
        fade = self.fade(c["licensing"]["patience_days"])
        w["waiting"] = [s["backlog"][k] * fade + w["placed"][k] for k in self.links]

    # 6

    def _gate(self, c: Any, s: Any, f: Any, w: Any) -> None:
        lic, handling = c["licensing"], c["behaviour"]["handling_days"]
        w["ready"], w["may"], w["held"], w["permit"] = [], [], {}, {}
        for k in self.links:
            span = self.dt * (float(f["season"]) if self.from_region[k] == self.china else 1.0)
            ready = w["waiting"][k] * span / (span + handling)
            for e, hit in enumerate(self.events.border):
                if k in hit:
                    ready *= f["border"][e]
            w["ready"].append(ready)
            if k not in self.gate:
                w["may"].append(ready)
                continue
            gate, row = self.gate[k], self.crossings.index(k)
            licensed, general = f["licensed"][gate], f["general"][self.to_region[k]]
            held = licensed * (1.0 - general) + (1.0 - licensed) * f["same_code"][gate] * f["hold"]
            bound = held * (1.0 - lic["leak"] * (1.0 - lic["tracking_strength"]))
            opened = 1.0 - f["refused"][gate]
            permit = min(bound * ready, s["allowance"][row]) * opened
            w["held"][k], w["permit"][k] = held, permit
            w["may"].append((1.0 - bound) * ready * opened + permit)

    # 7

    def _allocate(self, c: Any, s: Any, f: Any, w: Any) -> None:
        n = self.n
        new = w["new"]
        new["stockpile"], new["unfilled"], w["left"] = [], [], []
        w["shipped"], w["ratio"] = [0.0] * len(self.links), [1.0] * len(self.links)
        for o in self.outs:
            whole = s["stock_out"][o] + w["made"][o]
            bought = min(max(f["stockpile"][o] * self.dt, -s["stockpile"][o]), 0.5 * whole)
            stock = whole - bought
            first = {k: float(f["requisition"][self.buyer(k)]) if n.link_military[k] else 0.0 for k in self.out_of[o]}
            asked_1 = sum(first[k] * w["may"][k] for k in self.out_of[o])
            asked_2 = sum((1.0 - first[k]) * w["may"][k] for k in self.out_of[o])
            ratio_1 = met(stock, asked_1)
            ratio_2 = met(max(stock - asked_1 * ratio_1, 0.0), asked_2)
            for k in self.out_of[o]:
                w["ratio"][k] = first[k] * ratio_1 + (1.0 - first[k]) * ratio_2
                w["shipped"][k] = w["may"][k] * w["ratio"][k]
            gone = asked_1 * ratio_1 + asked_2 * ratio_2
            w["left"].append(max(stock - gone, 0.0))
            new["stockpile"].append(s["stockpile"][o] + bought)
            new["unfilled"].append(asked_1 + asked_2 - gone)
        new["backlog"] = [max(w["waiting"][k] - w["shipped"][k], 0.0) for k in self.links]

    # 8

    def _license(self, c: Any, s: Any, f: Any, w: Any) -> None:
        n, lic, dt = self.n, c["licensing"], self.dt
        stages = len(s["review"])
        w["applied"], w["granted"], w["rejected"] = [], [], []
        leaving, reviews, left = [], [], []
        for row, k in enumerate(self.crossings):
            region = self.to_region[k]
            left.append(s["allowance"][row] - w["permit"][k] * w["ratio"][k])
            horizon = lic["apply_horizon_days"] * s["share"][k] * s["expected_use"][n.link_in[k]]
            need = w["held"][k] * (w["new"]["backlog"][k] + horizon)
            pending = sum(s["review"][stage][row] for stage in range(stages))
            prepare = dt / (dt + c["behaviour"]["prepare_days"])
            applied = max(need - left[row] - pending, 0.0) * prepare * (1.0 - f["refused"][self.gate[k]])
            span = f["speed"][region] * dt
            pace = span / (span + lic["review_days"] / stages)
            after, out = self.erlang([s["review"][stage][row] for stage in range(stages)], applied, [pace] * stages)
            w["applied"].append(applied)
            reviews.append(after)
            leaving.append(out)
        share = met(f["throughput"] * dt, sum(leaving))
        w["new"]["allowance"] = []
        for row, k in enumerate(self.crossings):
            decided = leaving[row] * share
            reviews[row][-1] += leaving[row] - decided
            granted = decided * f["grant"][1 if n.link_military[k] else 0][self.to_region[k]]
            w["granted"].append(granted)
            w["rejected"].append(decided - granted)
            w["new"]["allowance"].append(max((left[row] + granted) * self.fade(lic["validity_days"]), 0.0))
        w["new"]["review"] = [[one[stage] for one in reviews] for stage in range(stages)]

    # 9

    def _travel(self, c: Any, s: Any, f: Any, w: Any) -> None:
        arrived = [0.0] * len(self.ins)
        transit = [[0.0] * len(self.links) for _ in range(2)]
        for k in self.links:
            lead = c["lead"][k]
            for e, hit in enumerate(self.events.lead):
                if k in hit:
                    lead *= f["lead"][e]
            pace = self.dt / (self.dt + lead / 2)
            after, out = self.erlang([s["transit"][0][k], s["transit"][1][k]], w["shipped"][k], [pace] * 2)
            transit[0][k], transit[1][k] = after
            arrived[self.n.link_in[k]] += out
        w["new"]["transit"] = transit
        stock = [max(s["stock_in"][i] - w["used"][i], 0.0) + arrived[i] for i in self.ins]
        given = self._release(c, f, w, stock)
        w["arrived"] = [arrived[i] + given[i] for i in self.ins]
        w["new"]["stock_in"] = [stock[i] + given[i] for i in self.ins]

    def _release(self, c: Any, f: Any, w: Any, stock: list[float]) -> list[float]:
        n, new, given = self.n, w["new"], [0.0] * len(self.ins)
        gap, first, asked, material = {}, {}, [], []
        for e, users in enumerate(self.events.release):
            for i in users:
                gap[i] = max(c["cover"][i] * new["expected_use"][i] - stock[i], 0.0)
                makers = [self.design[a] for a in self.design for slot, _ in self.inputs[a] if slot == i]
                military = any(n.group_military[n.terminal_group[t]] for t in makers)
                first[i] = f["requisition"][n.facility_region[n.in_slot_facility[i]]] if military else 0.0
            material.append(int(n.in_slot_material[users[0]]))
            asked.append(min(f["release"][e] * self.dt, sum(gap[i] for i in users)))
        held = list(new["stockpile"])
        for e, users in enumerate(self.events.release):
            of = [o for o in self.outs if n.out_slot_material[o] == material[e]]
            pool = sum(held[o] for o in of)
            rivals = sum(a for a, m in zip(asked, material, strict=True) if m == material[e])
            have = asked[e] * met(pool, rivals)
            lack_1 = sum(gap[i] * first[i] for i in users)
            lack_2 = sum(gap[i] * (1.0 - first[i]) for i in users)
            ratio_1 = met(have, lack_1)
            ratio_2 = met(have - lack_1 * ratio_1, lack_2)
            for i in users:
                given[i] = gap[i] * (first[i] * ratio_1 + (1.0 - first[i]) * ratio_2)
            for o in of:
                if pool > 0:
                    new["stockpile"][o] -= held[o] * sum(given[i] for i in users) / pool
        new["stockpile"] = [max(left, 0.0) for left in new["stockpile"]]
        return given

    # 10

    def _use(self, c: Any, s: Any, f: Any, w: Any) -> None:
        n = self.n
        w["built"] = [w["run"][a] for a in n.terminal_activity]
        in_use, w["retired"] = [], []
        for t in self.terminals:
            life = n.terminal_life_days[t]
            pace = self.dt / (self.dt + life / 3) if life > 0 else 1.0
            after, out = self.erlang([s["in_use"][stage][t] for stage in range(3)], w["built"][t], [pace] * 3)
            in_use.append(after)
            w["retired"].append(out)
        w["new"]["in_use"] = [[one[stage] for one in in_use] for stage in range(3)]
        w["collected"] = [0.0] * len(self.outs)
        for t, o, coef in zip(n.scrap_terminal, n.scrap_slot, n.scrap_coef, strict=True):
            w["collected"][o] += coef * n.terminal_collect[t] * w["retired"][t]
        w["new"]["stock_out"] = [w["left"][o] + w["collected"][o] for o in self.outs]

    # 11

    def _substitute(self, c: Any, s: Any, f: Any, w: Any) -> None:
        n, b = self.n, c["behaviour"]
        supplied = []
        for t in self.terminals:
            planned = w["desired"][t] * self.dt
            success = w["built"][t] / planned if planned > 0 else 1.0
            supplied.append(self.blend(s["supplied"][t], success, b["smoothing_days"]))
        pull = []
        for t in self.terminals:
            cost = sum(share * s["log_price"][p, z] for (p, z), share in self.weights_of([t]).items())
            merit = b["substitution"] * (supplied[t] - 1.0) - b["thrift"] * cost
            pull.append(n.terminal_share[t] * exp(merit))
        mix = [0.0] * len(self.terminals)
        for g in self.groups:
            rivals = [t for t in self.terminals if n.terminal_group[t] == g]
            total = sum(pull[t] for t in rivals)
            target = {t: min(pull[t] / total, n.terminal_share_max[t]) for t in rivals}
            total = sum(target.values())
            for t in rivals:
                mix[t] = self.blend(s["mix"][t], target[t] / total, n.terminal_switch_days[t])
        w["new"]["mix"], w["new"]["supplied"] = mix, supplied

    # 12

    def buyer(self, k: int) -> int:
        return int(self.n.facility_region[self.n.in_slot_facility[self.n.link_in[k]]])

    def _promise(self, c: Any, s: Any, f: Any, i: int, share: list[float], success: list[float]) -> None:
        n = self.n
        home, whole = {}, 0.0
        for k in self.into[i]:
            plant = n.out_slot_facility[n.link_out[k]]
            if n.facility_region[plant] == self.buyer(k) and np.isfinite(n.capacity[plant]):
                home[k] = self.able(c, s, f, plant) * min(success[k], 1.0)
                whole += self.able(c, s, f, plant)
        inside = [k for k in self.into[i] if n.facility_region[n.out_slot_facility[n.link_out[k]]] == self.buyer(k)]
        now = sum(share[k] for k in inside)
        serving = sum(home.values())
        if whole <= 0 or now >= f["offtake"][i] * serving / whole:
            return
        moved = self.blend(0.0, f["offtake"][i] * serving / whole - now, c["behaviour"]["smoothing_days"])
        for k in self.into[i]:
            if k in inside:
                share[k] += moved * home.get(k, 0.0) / serving
            else:
                share[k] *= 1.0 - moved / (1.0 - now)

    def _drift(self, c: Any, s: Any, f: Any, w: Any) -> None:
        n, days = self.n, c["behaviour"]["smoothing_days"]
        success, share = [0.0] * len(self.links), [0.0] * len(self.links)
        for k in self.links:
            delivered = w["shipped"][k] / w["ready"][k] if w["ready"][k] > 0 else s["success"][k]
            success[k] = self.blend(s["success"][k], delivered, days)
        for i in self.ins:
            mean = sum(s["share"][k] * success[k] for k in self.into[i])
            for k in self.into[i]:
                speed = n.link_drift[k] * self.dt
                moved = s["share"][k] * (1.0 + speed * (success[k] - mean))
                share[k] = moved + 0.1 * speed * (n.link_share[k] - s["share"][k])
            self._promise(c, s, f, i, share, success)
        w["new"]["share"], w["new"]["success"] = share, success
        orders = []
        for o in self.outs:
            seen = 0.0
            for k in self.out_of[o]:
                seen += w["placed"][k] * (w["may"][k] / w["ready"][k] if w["ready"][k] > 0 else 1.0)
            orders.append(self.blend(s["expected_orders"][o], seen / self.dt, days))
        w["new"]["expected_orders"] = orders

    # 13

    def cost_weights(self, p: int, z: int) -> dict[tuple[int, int], float]:
        n = self.n
        value: dict[tuple[int, int], float] = {}
        for a in self.acts:
            o = int(n.activity_drive[a])
            if a in self.design or o < 0 or n.out_slot_material[o] != self.priced[p]:
                continue
            if n.facility_zone[n.activity_facility[a]] != z:
                continue
            for i, coef in self.inputs[a]:
                m = int(n.in_slot_material[i])
                if m in self.row:
                    key = (self.row[m], z)
                    value[key] = value.get(key, 0.0) + coef * n.price0[m, z]
        total = sum(value.values())
        return {key: v / total for key, v in value.items()} if total > 0 else {}

    def _price(self, c: Any, s: Any, f: Any, w: Any) -> None:
        n, b, dt, new = self.n, c["behaviour"], self.dt, w["new"]
        price = np.zeros((len(self.priced), len(self.zones)))
        received, used_to = np.zeros_like(price), np.zeros_like(price)
        for p, m in enumerate(self.priced):
            mine = [k for k in self.crossings if n.out_slot_material[n.link_out[k]] == m]
            ready = sum(w["ready"][k] for k in mine)
            opened = sum(w["may"][k] for k in mine) / ready if ready > 0 else 1.0
            for z in self.zones:
                stock = target = 0.0
                for i in self.ins:
                    if n.in_slot_material[i] == m and n.facility_zone[n.in_slot_facility[i]] == z:
                        stock += new["stock_in"][i]
                        target += c["cover"][i] * s["expected_use"][i]
                for o in self.outs:
                    if n.out_slot_material[o] == m and n.facility_zone[n.out_slot_facility[o]] == z:
                        stock += new["stock_out"][o]
                        target += n.out_slot_cover[o] * s["expected_orders"][o] + new["unfilled"][o]
                tight = log(target / max(stock, 1e-9 * target)) if target > 0 else 0.0
                tight = min(max(tight, -0.5), 1.5)
                here = [
                    i for i in self.ins if n.in_slot_material[i] == m and n.facility_zone[n.in_slot_facility[i]] == z
                ]
                used = sum(s["expected_use"][i] for i in here)
                came = sum(w["arrived"][i] for i in here) / dt
                smooth = dt / (dt + b["smoothing_days"])
                received[p, z] = s["received"][p, z] + smooth * (came - s["received"][p, z])
                cut = log(used / max(received[p, z], 1e-9 * used)) if used > 0 else 0.0
                push = b["price_speed"] * tight + b["price_alarm"] * (min(max(cut, -0.5), 2.0) - s["used_to"][p, z])
                used_to[p, z] = self.blend(s["used_to"][p, z], min(max(cut, -0.5), 2.0), 120.0)
                cost = b["pass_through"] * sum(v * s["log_price"][key] for key, v in self.cost_weights(p, z).items())
                drag = b["price_return"] * dt
                tie = b["arbitrage"] * dt * opened if z > 0 else 0.0
                moved = s["log_price"][p, z] + dt * push + drag * cost + tie * s["log_price"][p, 0]
                price[p, z] = max(min(moved / (1.0 + drag + tie), log(50.0)), f["floor"][p, z])
        new["log_price"] = price
        new["received"] = received
        new["used_to"] = used_to

    # 14

    def _grow(self, c: Any, s: Any, f: Any, w: Any) -> None:
        n, b, dt = self.n, c["behaviour"], self.dt
        ramp, added, building = [], [], []
        for plant in self.plants:
            slow = 1.0 - f["tech"] * b["tech_ramp"] * n.tech_dependence[plant]
            begun = f["day"] >= c["ramp_start"][plant]
            ramp.append(min(s["ramp"][plant] + (slow * c["ramp_rate"][plant] * dt if begun else 0.0), 1.0))
            row = -1
            for a in self.acts:
                if n.activity_facility[a] == plant and n.activity_drive[a] >= 0:
                    row = self.row.get(int(n.out_slot_material[n.activity_drive[a]]), -1)
            ordered = 0.0
            if n.invests[plant] and row >= 0 and np.isfinite(n.capacity[plant]):
                doublings = log2(exp(s["log_price"][row, n.facility_zone[plant]]))
                ordered = b["invest_rate"] / YEAR * max(doublings, 0.0) * c["capacity"][plant] * dt
            capex = b.get(f"capex_{n.facility_stage[plant]}")
            if capex is not None:
                ordered += f["investment"][plant] * dt / (YEAR * capex)
            pace = dt / (dt + n.build_days[plant] / 3) * slow
            after, out = self.erlang([s["building"][stage][plant] for stage in range(3)], ordered, [pace] * 3)
            building.append(after)
            added.append(s["added"][plant] + out)
        w["new"]["ramp"], w["new"]["added"] = ramp, added
        w["new"]["building"] = [[one[stage] for one in building] for stage in range(3)]

    # 15

    def _owe(self, c: Any, s: Any, f: Any, w: Any) -> None:
        n, b = self.n, c["behaviour"]
        w["output"], w["new"]["arrears"] = [], []
        for g in self.groups:
            built = sum(w["built"][t] for t in self.terminals if n.terminal_group[t] == g)
            short = w["want"][g] * self.dt - built
            owed = s["arrears"][g] + b["catch_up_share"] * max(short, 0.0)
            owed = max(owed - max(-short, 0.0), 0.0)
            w["output"].append(built)
            w["new"]["arrears"].append(owed * self.fade(b["patience_days"]))

    # what is conserved, and what is observed

    def in_product(self, t: int) -> np.ndarray:
        inputs = self.inputs[int(self.n.terminal_activity[t])]
        return sum(
            (coef * self.n.composition[self.n.in_slot_material[i]] for i, coef in inputs),
            np.zeros(len(self.n.elements)),
        )

    def mass(self, s: dict[str, Any]) -> np.ndarray:
        """Tonnes of each element in every stock, on every link and in every product."""
        n = self.n
        total = np.zeros(len(n.elements))
        for i in self.ins:
            total = total + s["stock_in"][i] * n.composition[n.in_slot_material[i]]
        for o in self.outs:
            total = total + (s["stock_out"][o] + s["stockpile"][o]) * n.composition[n.out_slot_material[o]]
        for k in self.links:
            total = (
                total + (s["transit"][0][k] + s["transit"][1][k]) * n.composition[n.out_slot_material[n.link_out[k]]]
            )
        for t in self.terminals:
            total = total + sum(s["in_use"][stage][t] for stage in range(3)) * self.in_product(t)
        return total

    def _elements(self, w: Any) -> dict[str, np.ndarray]:
        n = self.n
        mined, lost, flow, discarded = (np.zeros(len(n.elements)) for _ in range(4))
        for a in self.acts:
            into = sum((k * n.composition[n.in_slot_material[i]] for i, k in self.inputs[a]), np.zeros(len(n.elements)))
            outof = sum(
                (k * n.composition[n.out_slot_material[o]] for o, k in self.outputs[a]), np.zeros(len(n.elements))
            )
            if not self.inputs[a]:
                mined = mined + outof * w["run"][a] * w["yield"][a]
            elif a not in self.design:
                lost = lost + (into - outof) * w["run"][a] + outof * w["run"][a] * (1.0 - w["yield"][a])
        flow = mined + sum(w["used"][i] * n.composition[n.in_slot_material[i]] for i in self.ins)
        for t in self.terminals:
            discarded = discarded + w["retired"][t] * self.in_product(t)
        for o in self.outs:
            discarded = discarded - w["collected"][o] * n.composition[n.out_slot_material[o]]
        return {"mined": mined, "lost": lost, "discarded": discarded, "flow": flow}

    def _kind(self, o: int) -> str:
        region = self.n.regions[self.n.facility_region[self.n.out_slot_facility[o]]]
        return f"{region}|{self.n.material_stage[self.n.out_slot_material[o]]}"

    def _observe(self, c: Any, s: Any, f: Any, w: Any) -> dict[str, Any]:
        n, new = self.n, w["new"]
        materials, regions = range(len(n.materials)), range(len(n.regions))
        per_region = lambda values: [  # noqa: E731
            sum(v for k, v in zip(self.crossings, values, strict=True) if self.to_region[k] == r) for r in regions
        ]
        elements = self._elements(w)
        cover = []
        for g in self.groups:
            days = [
                new["stock_in"][i] / max(new["expected_use"][i], 1e-12)
                for t in self.terminals
                if n.terminal_group[t] == g
                for i, _ in self.inputs[int(n.terminal_activity[t])]
            ]
            cover.append(min([*days, 999.0]))
        stocks = []
        for m in materials:
            for z in self.zones:
                held = sum(
                    new["stock_in"][i]
                    for i in self.ins
                    if n.in_slot_material[i] == m and n.facility_zone[n.in_slot_facility[i]] == z
                )
                stocks.append(
                    held
                    + sum(
                        new["stock_out"][o]
                        for o in self.outs
                        if n.out_slot_material[o] == m and n.facility_zone[n.out_slot_facility[o]] == z
                    )
                )
        exports = [
            sum(w["shipped"][k] for k in self.crossings if self.gates[self.gate[k]][:2] == kind)
            for kind in self.export_rows
        ]
        diverted = [max(w["shipped"][k] * w["held"][k] - w["permit"][k] * w["ratio"][k], 0.0) for k in self.crossings]
        return {
            "exports": exports,
            "demand": [want * self.dt for want in w["want"]],
            "output": w["output"],
            "cover": cover,
            "prices": [
                n.price0[m, z] * exp(new["log_price"][p, z]) for p, m in enumerate(self.priced) for z in self.zones
            ],
            "production": [sum(w["made"][o] for o in self.outs if n.out_slot_material[o] == m) for m in materials],
            "made": [
                sum(w["made"][o] for o in self.outs if self._kind(o) == kind)
                for kind in sorted({self._kind(o) for o in self.outs})
            ],
            "stocks": stocks,
            "stockpile": [
                sum(new["stockpile"][o] for o in self.outs if n.out_slot_material[o] == m) for m in materials
            ],
            "applied": per_region(w["applied"]),
            "granted": per_region(w["granted"]),
            "refused": per_region(w["rejected"]),
            "review": per_region(list(np.sum(np.asarray(new["review"]), axis=0))),
            "waiting": per_region([new["backlog"][k] for k in self.crossings]),
            "diverted": per_region(diverted),
            **elements,
            "residual": new["mass"] - s["mass"] - (elements["mined"] - elements["lost"] - elements["discarded"]),
        }
