"""Home to what the chain carries from step to step, and to what it is given at each."""

from __future__ import annotations

from dataclasses import dataclass

import jax

from ytterby.run.axes import Array, Float

TRANSIT_STAGES = 2
BUILD_STAGES = 3
USE_STAGES = 3


def in_all_stages(stages: Float[Array, "stage row draw"]) -> Float[Array, "row draw"]:
    """Sum over the stages of an Erlang chain; written out: a reduction over the first axis is ten times slower."""
    total = stages[0]
    for stage in range(1, stages.shape[0]):
        total = total + stages[stage]
    return total


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class State:
    """Everything that has a memory. Amounts in units of the material (t unless the material says otherwise)."""

    stock_in: Float[Array, "in_slot draw"]
    stock_out: Float[Array, "out_slot draw"]
    stockpile: Float[Array, "out_slot draw"]  # held back by a state, from the same out-slot
    unfilled: Float[Array, "out_slot draw"]  # might have shipped last step, had there been stock
    backlog: Float[Array, "link draw"]  # ordered, not shipped
    share: Float[Array, "link draw"]  # of the in-slot's orders
    success: Float[Array, "link draw"]  # smoothed share of requests shipped
    transit: Float[Array, "stage link draw"]
    review: Float[Array, "stage crossing draw"]  # applied for, undecided
    allowance: Float[Array, "crossing draw"]  # granted, unused
    expected_use: Float[Array, "in_slot draw"]  # per day
    expected_orders: Float[Array, "out_slot draw"]  # per day, as far as they may ship
    ramp: Float[Array, "facility draw"]  # 0..1 of nameplate
    added: Float[Array, "facility draw"]  # capacity called forth by price, load per day
    building: Float[Array, "stage facility draw"]
    log_price: Float[Array, "price zone draw"]  # ln(price / base)
    received: Float[Array, "price zone draw"]  # smoothed arrivals, per day
    used_to: Float[Array, "price zone draw"]  # the cut in arrivals that traders have grown used to
    mix: Float[Array, "terminal draw"]  # share of a design in its group
    supplied: Float[Array, "terminal draw"]  # smoothed fulfilment of a design
    arrears: Float[Array, "group draw"]  # lost output that will be caught up
    in_use: Float[Array, "stage terminal draw"]  # products
    mass: Float[Array, "element draw"]  # tonnes of element in all of the above


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Constants:
    """What a draw fixes for the whole run."""

    capacity: Float[Array, "facility draw"]
    ramp_rate: Float[Array, "facility draw"]  # 1/day
    ramp_start: Float[Array, "facility draw"]  # days since 1970-01-01
    yields: Float[Array, "activity draw"]  # factor on nominal outputs, <= what mass allows
    cover: Float[Array, "in_slot draw"]  # days
    lead: Float[Array, "link draw"]  # days
    pipeline: Float[Array, "in_slot draw"]  # days of use normally on order
    demand_factor: Float[Array, "group draw"]
    behaviour: dict[str, Float[Array, " draw"]]
    licensing: dict[str, Float[Array, " draw"]]
    initial: State


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Forcing:
    """What one step is given from outside: demand, law, the authority's pace, shocks. First axis of each: step."""

    day: Float[Array, " step"]  # days since 1970-01-01
    demand: Float[Array, "step group draw"]  # per day
    outlook: Float[Array, "step group draw"]  # demand two months ahead over demand now
    season: Float[Array, " step"]  # working days relative to the mean
    rush: Float[Array, " step"]  # weeks before (+) and after (-) the Spring Festival
    licensed: Float[Array, "step gate"]  # 1 where a licence is needed
    same_code: Float[Array, "step gate"]  # 1 where free goods share the customs code
    refused: Float[Array, "step gate"]  # 1 where nothing may ship
    hold: Float[Array, "step draw"]  # share of same-code goods held
    throughput: Float[Array, "step draw"]  # t/day the authority decides at most
    speed: Float[Array, "step region draw"]  # relative pace of review
    grant: Float[Array, "step use region draw"]  # share granted; use 0 civil, 1 military
    general: Float[Array, "step region draw"]  # share of volume under general licences
    output: Float[Array, "step event draw"]  # factor of each shock to a facility (masks in Structure)
    border: Float[Array, "step event draw"]  # factor of each border event
    lead: Float[Array, "step event draw"]  # factor of each lead event
    floor: Float[Array, "step price zone"]  # ln(floor / base), -inf where none
    tech: Float[Array, "step draw"]  # 0..1 technology controls in force
    requisition: Float[Array, "step region"]  # 1 while military orders of a region go first
    offtake: Float[Array, "step in_slot"]  # share of orders promised to plants at home
    stockpile: Float[Array, "step out_slot"]  # t/day bought (+) or sold back (-) by a state
    release: Float[Array, "step release"]  # t/day a state hands to users at home who are short
    investment: Float[Array, "step facility"]  # USD/day put into new capacity
    restock: Float[Array, "step draw"]  # factor on the cover buyers abroad seek
