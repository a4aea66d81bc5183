"""The command that serves GraphQL and the console page."""

from typing import Annotated

import typer

from ringwatch.jobs.command import Call, Command, KeyFileOption

HostOption = Annotated[str, typer.Option("--host", metavar="HOST", help="The address to listen on.")]
PortOption = Annotated[
    int, typer.Option("--port", metavar="PORT", help="The port; 0 takes a free one.", min=0, max=65535)
]
AnyoneOption = Annotated[
    bool, typer.Option("--anyone", help="Serve on other addresses than loopback while the database has no actor.")
]


def serve(
    call: Call,
    host: HostOption = "127.0.0.1",
    port: PortOption = 8000,
    anyone: AnyoneOption = False,
    secret_key_file: KeyFileOption = None,
) -> None:
    """Serve GraphQL and its console page until it is told to stop."""


SERVE = Command("serve", serve, "Read what was found", ("ringwatch serve --port 8000",))
