"""The command that loads a folder of input tables."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ringwatch.jobs.clock import now
from ringwatch.jobs.command import Call, Command, KeyFileOption
from ringwatch.jobs.screen import Screen, add_rows, count, table
from ringwatch.jobs.secrecy import read_key
from ringwatch.model.errors import ConfigError, InputError
from ringwatch.model.sentences import kind_words
from ringwatch.model.visibility import FULL, Act

if TYPE_CHECKING:
    from ringwatch.db.view import View
    from ringwatch.db.writer import Writer
    from ringwatch.graph_loader.load import LoadConfig, LoadReport

DEMO_SOURCE = "demo"  # of the made-up marketplace
N_JUNK_SHOWN = 8  # lines; the JSON answer has them all

FolderArgument = Annotated[
    Path,  # read by the loader, so that one which may not be read ends as input, not as a wrong command line
    typer.Argument(metavar="FOLDER", help="The folder of input tables.", readable=False, show_default=False),
]
MappingOption = Annotated[
    Path | None,
    typer.Option(
        "--mapping",
        metavar="FILE",
        help="Names other than ours; else mapping.toml in FOLDER.",
        readable=False,
        show_default=False,
    ),
]
SourceOption = Annotated[
    str | None,
    typer.Option("--source", metavar="NAME", help="Whose data these are; else the folder's name.", show_default=False),
]
FullOption = Annotated[bool, typer.Option("--full", help="FOLDER is all of the source: retire what it no longer has.")]
MaxRejectsOption = Annotated[
    float,
    typer.Option("--max-rejects", metavar="SHARE", help="Stop where a larger share of rows is rejected.", min=0, max=1),
]
RejectsOption = Annotated[Path, typer.Option("--rejects", metavar="FILE", help="Where rejected rows are listed.")]
ImportOption = Annotated[
    Path | None,
    typer.Option(
        "--import-files",
        metavar="NEW_FOLDER",
        help="First load of a big Neo4j: write files for neo4j-admin there, touch no database, print its command.",
        show_default=False,
    ),
]
DrillOption = Annotated[bool, typer.Option("--drill", help="A new database for practice: its clock can be set.")]


def load(
    call: Call,
    folder: FolderArgument,
    mapping: MappingOption = None,
    source: SourceOption = None,
    full: FullOption = False,
    max_rejects: MaxRejectsOption = 0.05,
    rejects: RejectsOption = Path("rejects.csv"),
    drill: DrillOption = False,
    import_files: ImportOption = None,
    secret_key_file: KeyFileOption = None,
) -> None:
    """Load a folder of tables: sellers, stores, listings and the values that they use."""
    from ringwatch.graph_loader.load import LoadConfig

    if not folder.is_dir():  # before a database is made
        raise InputError(f"{folder}: is not a folder, expected one that holds sellers.csv and further tables")
    name = source or folder.resolve().name
    if not name:
        raise ConfigError(f"{folder}: this folder has no name to call the source by; name it with --source")
    config = LoadConfig(name, mapping, full, max_rejects, rejects, read_key(secret_key_file))
    if import_files:
        _write_import(call, folder, config, import_files, drill=drill)
        return
    report = load_into(call.admit(Act.LOAD), folder, config, drill=drill)
    call.screen.answer(load_object(report), lambda screen: draw_load(screen, call, report))


def load_into(call: Call, folder: Path, config: "LoadConfig", *, drill: bool = False) -> "LoadReport":
    """Load a folder into the database that a call names, which is made where it is missing."""
    from ringwatch.db.open import open_for_load

    with open_for_load(call.url, call.doer) as (writer, view):
        return _load(call, folder, config, (writer, view), drill=drill)


def _load(
    call: Call, folder: Path, config: "LoadConfig", database: "tuple[Writer, View]", *, drill: bool
) -> "LoadReport":
    from ringwatch.graph_loader.load import load_folder

    writer, view = database
    if drill:
        _mark_drill(writer, view)
    at: datetime = now(view)
    with call.screen.progress(f"loading {config.source}") as progress:
        report = load_folder(folder, writer, view, replace(config, progress=progress), at)
    for warning in report.warnings:
        call.screen.warn(f"ringwatch: {warning}")
    if config.source != DEMO_SOURCE and view.setting(FULL, "is_demo") == "1":
        writer.set_setting("is_demo_added_to", "1")
        call.screen.warn(
            f"ringwatch: {call.shown_url}: is the demo's, so made-up sellers stand beside yours;"
            " load your own data into another: --database sqlite:///NAME.db"
        )
    return report


def open_load_sentences(view: "View") -> list[str]:
    """Say of each load that did not end what became of it and what to do."""
    return [
        f'the load of source "{load.source}", begun {load.begun_at:%Y-%m-%d %H:%M} UTC, has not ended, so a part of '
        "its data may be missing; it goes on, or was cut off: then the same `ringwatch load` completes it"
        for load in view.open_loads(FULL)
    ]


def _write_import(call: Call, folder: Path, config: "LoadConfig", target: Path, *, drill: bool) -> None:
    """Load into files for Neo4j's import tool, and say how they get into a server."""
    from ringwatch.db.import_files import import_command
    from ringwatch.db.import_writer import check_free
    from ringwatch.db.open import open_for_import

    check_free(target)
    with open_for_import(call.doer) as (writer, view):
        report = _load(call, folder, config, (writer, view), drill=drill)
        files = writer.write_files(target)
    command = import_command(target, call.url)
    files_object = {"folder": str(target), "nodes": files.n_nodes, "links": files.n_links, "command": command}

    def draw(screen: Screen) -> None:
        draw_report(screen, report)
        screen.say(f"{count(files.n_nodes, 'node')} and {count(files.n_links, 'link')} are in {target}.")
        screen.suggest("Stop the server, then put them in the place of all that its database holds", command)
        screen.suggest("Start it again, and let Ringwatch make the indexes and find the rings", call.line("detect"))

    call.screen.answer({**load_object(report), "import": files_object}, draw)


def _mark_drill(writer: "Writer", view: "View") -> None:
    if view.setting(FULL, "is_drill") != "1" and view.counts(FULL)["sellers"]:
        raise ConfigError("--drill: this database was loaded for real, only a new one can be for drills; name another")
    writer.set_setting("is_drill", "1")


def load_object(report: "LoadReport") -> dict[str, Any]:
    """Return what a load did, as `load` answers with ``--json``."""
    return {
        "source": report.source,
        "tables": {name: asdict(counts) for name, counts in report.tables.items()},
        "read": report.read,
        "rejected": report.rejected,
        "rejects_file": str(report.rejects_file) if report.rejects_file else None,
        "junk": [{"kind": kind, "reason": reason, "values": n} for (kind, reason), n in _by_number(report)],
        "merged": dict(report.merged),
        "retired": dict(report.retired),
        "warnings": list(report.warnings),
        "seconds": report.seconds,
    }


def _by_number(report: "LoadReport") -> Sequence[tuple[tuple[str, str], int]]:
    """Return what was left out as saying nothing, most frequent first."""
    return sorted(report.junk.items(), key=lambda item: (-item[1], item[0]))


def draw_load(screen: Screen, call: Call, report: "LoadReport") -> None:
    """Draw what a load did, and the next command."""
    draw_report(screen, report)
    screen.suggest("Find the rings", call.line("detect"))


def draw_report(screen: Screen, report: "LoadReport") -> None:
    """Draw what a load did."""
    rows = [(name, counts.read, counts.rejected) for name, counts in report.tables.items()]
    screen.say(add_rows(table("table", "#rows read", "#rejected"), rows), "")

    screen.say(f"{count(report.read, 'row')} of source {report.source} in {report.seconds:,.1f} s.")
    if report.rejects_file:
        screen.say(f"{count(report.rejected, 'row')} rejected, each with its line and reason: {report.rejects_file}")
    _draw_junk(screen, report)
    merged, retired = sum(report.merged.values()), sum(report.retired.values())
    if merged:
        screen.say(f"{count(merged, 'row')} had the key of another row and were merged into it.")
    if retired:
        screen.say(f"{count(retired, 'link')} of this source are no longer in it and were retired.")


def _draw_junk(screen: Screen, report: "LoadReport") -> None:
    junk = _by_number(report)
    if not junk:
        return
    rows = [(kind_words(kind), reason, n) for (kind, reason), n in junk[:N_JUNK_SHOWN]]
    screen.say("", "Values that say nothing were left out:", add_rows(table("kind", "why", "#values"), rows))
    n_more = sum(n for _, n in junk[N_JUNK_SHOWN:])
    if n_more:
        screen.say(f"and {n_more:,} more")


LOAD = Command(
    "load",
    load,
    "Start",
    ("ringwatch load exports/2026-07", "ringwatch load exports/2026-07 --source shop-eu --full"),
    interrupted="what was written is whole; the same command completes the load",
    act=None,  # to write files for the import tool opens no database
)
