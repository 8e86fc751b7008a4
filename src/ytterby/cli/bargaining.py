"""Home to the verb that says what each side of the table can get: bargain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ytterby.cli.speaking import Ask, asks, plain, progress, say, table
from ytterby.cli.spreading import elsewhere, on_engines

if TYPE_CHECKING:
    from ytterby.decisions.kept import Decision


def _years(_context: click.Context, _parameter: click.Parameter, text: str | None) -> tuple[int, ...] | None:
    """Years written as 2027,2029."""
    if text is None:
        return None
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not all(part.isascii() and part.isdigit() and len(part) == 4 for part in parts):
        raise click.BadParameter(f"'{text}' are no years; write them as 2027,2029")
    return tuple(int(part) for part in parts)


@click.command()
@click.argument("game", required=False)
@click.option("--draws", type=int, default=100, show_default=True, help="How many futures to draw.")
@click.option("--seed", type=int, default=0, show_default=True, help="Same seed, same bits.")
@click.option("--years", callback=_years, help="Play it again in these years, e.g. 2029,2031.", metavar="YEARS")
@click.option("--discount", type=float, help="Worth of next year's dollar in this one, between 0 and 1.")
@on_engines
@asks
def bargain(
    ask: Ask,
    game: str | None,
    draws: int,
    seed: int,
    years: tuple[int, ...] | None,
    discount: float | None,
    **machines: Any,
) -> None:
    """Play GAME, and say what each side can get.

    GAME is the name of a bargain, or the path of a YAML file; without it the bargains are listed. Every pair of
    policies is simulated on the same draws; equilibria, the bargaining set with its points, what a lever is worth in
    another, and how all of it changes over the years follow from the payoffs. The answer is kept.
    """
    project = ask.project()
    if game is None:
        known = project.bargains()
        rows = [{"id": one["id"], "question": one["question"]["en"], "scenario": one["scenario"]} for one in known]
        ask.answer(known, lambda: table(rows))
        return
    with elsewhere(project, machines) as there, progress(f"bargain {game}") as advance:
        made = there.bargain(game, draws, seed, years=years, discount=discount, progress=advance)
    ask.answer(plain(made.to_dict()), lambda: _tell(made))


def _tell(made: Decision) -> None:
    said = made.answer
    names = [side["name"]["en"] for side in said["sides"]]
    click.echo(made.title["en"])
    click.echo()
    title = f"USD bn a year against how things stand, {said['from']} to {said['until']}: {names[0]} / {names[1]}"
    table(_matrix(said), title=title)
    click.echo()
    table(_equilibria(said), title="where neither side gains by moving alone (holds, regret: over the draws)")
    for tie in said["ties"]:
        whose, against = said["sides"][tie["side"]], said["sides"][1 - tie["side"]]
        tied = ", ".join(whose["policies"][k]["id"] for k in tie["policies"])
        other = against["policies"][tie["against"]]["id"]
        say(f"payoffs tie: {tied} answer '{other}' equally well, so equilibria may be corners of continua")
    click.echo()
    table(_points(said), title=f"what both can agree on, against {_threat(said)}")
    click.echo()
    if said["repeated"]:
        table(_repeated(said), title=f"kept up round after round, discount {said['discount']:g}")
        click.echo()
    if said["rates"]:
        table(_rates(said), title="what a unit in return is worth: tonnes a year between which both gain")
        click.echo()
    table(_leverage(said), title="leverage over the years: USD bn a year that a side's harshest policy costs the other")
    assumed = sum(one["assumed"] for one in said["inputs"])
    say(f"{assumed} of {len(said['inputs'])} worths, weights and payments are assumed; kept as {made.id}")


def _named(said: Any, cell: Any) -> str:
    return " / ".join(said["sides"][s]["policies"][k]["id"] for s, k in enumerate(cell))


def _matrix(said: Any) -> list[dict[str, Any]]:
    rows, columns = (side["policies"] for side in said["sides"])
    found = [{said["sides"][0]["id"]: row["id"]} for row in rows]
    for cell in said["cells"]:
        mark = " *" if cell["equilibrium"] else ""
        pair = f"{cell['first']['mean']:.1f} / {cell['second']['mean']:.1f}{mark}"
        found[cell["row"]][columns[cell["column"]]["id"]] = pair
    return found


def _equilibria(said: Any) -> list[dict[str, Any]]:
    return [
        {
            "equilibrium": _named(said, one["cell"]) if one["cell"] else _mixed(said, one),
            "first": one["payoffs"][0],
            "second": one["payoffs"][1],
            "holds": one["holds"],
            "regret_first": one["regret"][0]["mean"],
            "regret_second": one["regret"][1]["mean"],
            "gap": f"{one['gap']:.1e}",
            "found_by": one["found_by"],
        }
        for one in said["equilibria"]
    ]


def _mixed(said: Any, one: Any) -> str:
    told = [
        ", ".join(f"{side['policies'][k]['id']} {p:.0%}" for k, p in enumerate(one[key]) if p > 1e-6)
        for side, key in zip(said["sides"], ("first", "second"), strict=True)
    ]
    return " / ".join(told)


def _threat(said: Any) -> str:
    words = {
        "equilibrium": "the equilibrium",
        "maxmin": "what each can secure alone",
        "status-quo": "how things stand",
    }
    mine, theirs = said["threat"]["payoffs"]
    return f"{words[said['threat']['used']]} ({mine:.1f} / {theirs:.1f})"


def _points(said: Any) -> list[dict[str, Any]]:
    found = []
    for key, name in (("nash", "Nash"), ("kalai_smorodinsky", "Kalai-Smorodinsky")):
        point = said["set"][key]
        mixture = ", ".join(f"{_named(said, (m['row'], m['column']))} {m['weight']:.0%}" for m in point["mixture"])
        found.append({
            "point": name, "gain_first": point["gains"][0], "gain_second": point["gains"][1],
            "agreed": mixture or "no deal is better for both", "both_gain": point["both_gain"],
        })  # fmt: skip
    return found


def _repeated(said: Any) -> list[dict[str, Any]]:
    return [
        {
            "policies": _named(said, (one["row"], one["column"])),
            "least_discount": one["patience"],
            "no_threat_below": one["bound"],
            "trust_first": one["trust"][0],
            "trust_second": one["trust"][1],
            "kept": one["kept"],
            "share_of_draws": one["share"],
        }
        for one in said["repeated"]
    ]


def _rates(said: Any) -> list[dict[str, Any]]:
    return [
        {
            "lever": one["lever"]["kind"],
            "tonnes_of": one["element"],
            "for": f"{one['name']['en']}, {one['unit']['en']}",
            "low": one["low"],
            "middle": one["middle"],
            "high": one["high"] if one["high"] is not None or not one["on_average"] else "no end",
            "share_of_draws": one["exists"],
        }
        for one in said["rates"]
    ]


def _leverage(said: Any) -> list[dict[str, Any]]:
    names = [side["id"] for side in said["sides"]]
    found = []
    for one in said["leverage"]:
        row = {"from": one["from"]}
        for cost in one["costs"]:
            policy = said["sides"][cost["side"]]["policies"][cost["policy"]]["id"]
            row[f"{names[cost['side']]}_costs"] = (
                f"{cost['mean']:.1f} ({cost['p05']:.1f} to {cost['p95']:.1f}), {policy}"
            )
        row |= {f"deal_{name}": gain for name, gain in zip(names, one["nash"], strict=True)}
        found.append(row | {"made_abroad_t": one["made_abroad"]["median"]})
    return found


VERBS = (bargain,)
