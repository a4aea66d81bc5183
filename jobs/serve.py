"""The command that serves GraphQL and the console page."""

import sys
from enum import StrEnum
from functools import partial
from typing import Annotated

import typer

from ringwatch.db.settings import METRICS, value_of
from ringwatch.jobs.clock import now
from ringwatch.jobs.command import Call, Command, KeyFileOption
from ringwatch.jobs.detect_again import kept_trace
from ringwatch.jobs.secrecy import check_key


class LogFormat(StrEnum):
    """How the server writes its log to standard error."""

    TEXT = "text"
    JSON = "json"


HostOption = Annotated[str, typer.Option("--host", metavar="HOST", help="The address to listen on.")]
PortOption = Annotated[
    int, typer.Option("--port", metavar="PORT", help="The port; 0 takes a free one.", min=0, max=65535)
]
AnyoneOption = Annotated[
    bool, typer.Option("--anyone", help="Listen on any address although the database has no actor.")
]
LogFormatOption = Annotated[LogFormat, typer.Option("--log-format", help="One line or one JSON object a request.")]


def serve(
    call: Call,
    host: HostOption = "127.0.0.1",
    port: PortOption = 8000,
    anyone: AnyoneOption = False,
    log_format: LogFormatOption = LogFormat.TEXT,
    secret_key_file: KeyFileOption = None,
) -> None:
    """Serve GraphQL and its console page until it is told to stop (Ctrl-C or SIGTERM)."""
    from ringwatch.api.config import ServeConfig
    from ringwatch.api.serve import serve as listen
    from ringwatch.db.open import open_docket, open_view
    from ringwatch.web.app import make_app

    with open_view(call.url) as view:
        key = check_key(view, secret_key_file)
        has_metrics = bool(value_of(view, METRICS))
    with open_docket(call.url, is_read=True) as docket, docket.reading() as record:
        has_actors = bool(record.actors())
    config = ServeConfig(
        call.url,
        host,
        port,
        anyone=anyone or has_actors,
        log_format=log_format,
        has_metrics=has_metrics,
        secret_key=key,
        clock=now,
        read_trace=kept_trace,
    )
    listen(config, partial(_say, is_json=call.screen.is_json), make_app)


def _say(line: str, *, is_json: bool) -> None:
    """Print at once that the server answers; whoever started it waits for this line."""
    url = line.rpartition(" ")[2]
    sys.stdout.write(f'{{"serves":"{url}"}}\n' if is_json else f"{line}\n")
    sys.stdout.flush()


SERVE = Command("serve", serve, "Read what was found", ("ringwatch serve --port 8000",), act=None)
