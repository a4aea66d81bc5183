"""Export of rings as CSV, JSON and GraphML, to a file that is whole or not there, or to standard output."""

import csv
import io
import sys
from collections.abc import Iterable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ringwatch.jobs.answers import ring_object
from ringwatch.jobs.command import Call, Command, KeyFileOption
from ringwatch.jobs.files import write_whole
from ringwatch.jobs.reading import open_run
from ringwatch.jobs.screen import count
from ringwatch.jobs.secrecy import check_key
from ringwatch.model.errors import ConfigError
from ringwatch.model.visibility import FULL

if TYPE_CHECKING:
    from ringwatch.db.view import MemberRow, View

COLUMNS = ("ring_id", "tier", "seller_id", "role", "link_score", "infringement_score")


class Format(StrEnum):
    """A file format of exported rings."""

    CSV = "csv"
    JSON = "json"
    GRAPHML = "graphml"


FormatOption = Annotated[Format, typer.Option("--format", help="The format of the file.", show_default=False)]
OutputOption = Annotated[
    str,
    typer.Option("--output", metavar="FILE", help="The file to write, or - for standard output.", show_default=False),
]


def export_rings(
    call: Call, file_format: FormatOption, output: OutputOption, secret_key_file: KeyFileOption = None
) -> None:
    """Write the rings of the current run to a file: CSV, JSON, or GraphML for Gephi and networkx."""
    if output == "-" and call.screen.is_json and file_format is not Format.JSON:
        raise ConfigError(
            f"--json: standard output holds one JSON object, so {file_format} needs a file; name it with --output"
        )
    with open_run(call) as (view, run):
        if file_format is not Format.CSV:  # it alone holds no values
            check_key(view, secret_key_file)
        members = view.all_members(FULL)
        content = _render(view, run.run_id, file_format, members)
    if output == "-":
        sys.stdout.write(content)
        return
    write_whole(Path(output), content.encode())
    rings = len({member.ring_id for member in members})
    answer = {"output": output, "format": file_format, "run_id": run.run_id, "rings": rings, "members": len(members)}
    summary = f"{count(rings, 'ring')} with {count(len(members), 'member')} written to {output}"
    call.screen.answer(answer, lambda screen: screen.say(summary))


def _render(view: "View", run_id: str, file_format: Format, members: Sequence["MemberRow"]) -> str:
    if file_format is Format.CSV:
        return render_csv(members)
    if file_format is Format.JSON:
        return render_json(run_id, _ring_objects(view))
    from ringwatch.web.graphml import graph_of, render_graphml

    return render_graphml(*graph_of(view, FULL, members))


def render_csv(members: Iterable["MemberRow"]) -> str:
    """Return memberships, which come ordered by ring then seller, one a row with scores to six decimals."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(COLUMNS)
    for m in members:
        rows.writerow((m.ring_id, m.tier, m.seller_id, m.role, f"{m.link_score:.6f}", f"{m.infringement_score:.6f}"))
    return text.getvalue()


def render_json(run_id: str, rings: list[dict[str, Any]]) -> str:
    """Return rings, each as `ringwatch ring` gives it, as one JSON object."""
    import orjson

    return orjson.dumps({"run_id": run_id, "rings": rings}).decode() + "\n"


def _ring_objects(view: "View") -> list[dict[str, Any]]:
    from ringwatch.db.view import RingQuery

    return [ring_object(view, ring) for ring in view.rings(FULL, RingQuery()).rows]


EXPORT_RINGS = Command(
    "rings",
    export_rings,
    "",
    (
        "ringwatch export rings --format csv --output rings.csv",
        "ringwatch export rings --format graphml --output rings.graphml",
    ),
)
