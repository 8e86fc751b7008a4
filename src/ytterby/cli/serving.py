"""Home to the verb that opens the desk: serve."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ytterby.cli.speaking import Ask, asks, emit, say

if TYPE_CHECKING:
    from ytterby.desk.serving import Place


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; any other needs a token.")
@click.option("--port", default=8039, show_default=True, type=int, help="Port; 0 takes any free one.")
@click.option("--token", default="", help="What every request has to bring; one is made where it is needed.")
@click.option("--name", "names", multiple=True, help="Another name the desk answers to.", metavar="HOST")
@asks
def serve(ask: Ask, host: str, port: int, token: str, names: tuple[str, ...]) -> None:
    """Open the desk: the project in a browser.

    It listens on this machine alone. Any other --host asks everybody for a token, which is part of the address printed.
    """
    from ytterby.desk import serving

    path = ask.project().path
    where = serving.place(host, port, token, names)

    def ready(place: Place) -> None:
        if ask.json:
            emit({"address": place.address, "host": place.host, "port": place.port, "project": path})
        else:
            click.echo(place.address)
            say(f"the desk of {path}; Ctrl-C closes it")
            if place.token:
                say("it can be reached from other machines: whoever has this address sees and changes the project")

    serving.serve(path, where, ready)


VERBS = (serve,)
"""The verbs of this file."""
