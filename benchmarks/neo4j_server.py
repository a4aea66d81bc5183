"""A Neo4j for measurements: the tests' own server, with the memory and the compiler of one that is in earnest."""

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import chdir, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from neo4j import Driver, GraphDatabase
from tests.support.neo4j_server import (
    NoServerError,
    Server,
    admin,
    configure,
    fetch_jars,
    find_java,
    jar_server,
    server_jars,
    version,
)

HEAP, PAGE_CACHE = "2g", "1g"


@dataclass(frozen=True)
class Bench:
    """A server that can be stopped for the import tool and started again."""

    server: Server
    home: Path

    @property
    def url(self) -> str:
        """Return the URL as Ringwatch takes it; it holds the password."""
        return self.server.url

    def driver(self) -> Driver:
        """Connect as a user of the bare driver would."""
        server = self.server
        return GraphDatabase.driver(f"bolt://{server.host}:{server.port}", auth=(server.user, server.password))

    def import_full(self, folder: Path, arguments: Sequence[str]) -> str:
        """Run the import tool in a folder, on the stopped server, and return what it printed."""
        java, jars = find_java(version()), server_jars(version())
        with chdir(folder):
            return admin(java, jars, self.home, ["database", "import", "full", "neo4j", *arguments])

    def empty(self) -> None:
        """Take everything out of the database, its indexes too, and forget the plans that were made for it.

        The server goes on: one that just began would compile more than it works.
        """
        with self.driver() as driver, driver.session() as session:
            for what, all_of_it in (("CONSTRAINT", "CONSTRAINTS"), ("INDEX", "INDEXES")):
                names = session.run(f"SHOW {all_of_it} YIELD name, type WHERE type <> 'LOOKUP' RETURN name").value()  # type: ignore[arg-type]
                for name in names:
                    session.run(f"DROP {what} {name}").consume()  # type: ignore[arg-type]
            for some in ("()-[x]->()", "(x)"):
                session.run(f"MATCH {some} CALL (x) {{ DELETE x }} IN TRANSACTIONS OF 20000 ROWS").consume()  # type: ignore[arg-type]
            session.run("CALL db.clearQueryCaches()").consume()

    def cpu_s(self) -> float:
        """Return the processor seconds that the server has used (Linux; 0 elsewhere)."""
        stat = Path(f"/proc/{self.server.pid}/stat")
        if not stat.exists():
            return 0.0
        used = stat.read_text(encoding="utf-8").rpartition(")")[2].split()[11:13]  # user and system time
        return sum(map(int, used)) / os.sysconf("SC_CLK_TCK")

    def disk_bytes(self) -> int:
        """Return what the database takes on disk, without the logs of transactions."""
        files = (self.home / "data" / "databases" / "neo4j").rglob("*")
        return sum(path.stat().st_blocks * 512 for path in files if path.is_file())

    def resident_bytes(self) -> int:
        """Return the memory that the server holds now (Linux; 0 elsewhere)."""
        status = Path(f"/proc/{self.server.pid}/status")
        if not status.exists():
            return 0
        line = next(line for line in status.read_text(encoding="utf-8").splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) * 1024


def plug_in(home: Path, jars: Path) -> None:
    """Copy jars to where a server looks for plugins, but for those that it has itself."""
    own = {jar.name for jar in server_jars(version()).iterdir()}
    for jar in jars.iterdir():
        if jar.name not in own:
            shutil.copy(jar, home / "plugins")


@contextmanager
def bench_server(benchmark: str, plugins: Path | None = None) -> Iterator[Bench]:
    """Yield a new, empty server of published jars that answers; it is stopped and its folder removed afterwards.

    ``plugins`` is a file that names jars to plug in. Where no server can be had, the benchmark's last line says why,
    and it ends there.
    """
    with tempfile.TemporaryDirectory(prefix="ringwatch-bench-") as scratch:
        home = Path(scratch)
        try:
            made = jar_server(home, {})
            if plugins:
                plug_in(home, fetch_jars(plugins, plugins.stem))
        except NoServerError as reason:
            print(json.dumps({"benchmark": benchmark, "ratio": None, "left_out": str(reason)}))
            sys.exit()
        memory = {
            "server.memory.heap.initial_size": HEAP,
            "server.memory.heap.max_size": HEAP,
            "server.memory.pagecache.size": PAGE_CACHE,
        }
        configure(home, made.port, memory | ({"dbms.security.procedures.unrestricted": "gds.*"} if plugins else {}))
        command = [part.replace(f"{home}/conf:", f"{home}/conf:{home}/plugins/*:") for part in made.command]
        flags = [part for part in command if not part.startswith(("-Xm", "-XX:+UseSerialGC", "-XX:Tiered"))]
        server = replace(made, command=(flags[0], "-XX:+UseG1GC", f"-Xms{HEAP}", f"-Xmx{HEAP}", *flags[1:]))
        try:
            server.start()
            yield Bench(server, home)
        finally:
            server.stop()
