"""A real Neo4j for the tests: one that is named, one in Docker, or one put together from its published jars.

Each server listens on a free port of the loopback address, has a random password and a small heap, and ends when the
tests end, however they end.
"""

import json
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from neo4j import GraphDatabase
from neo4j.exceptions import DriverError, Neo4jError
from tests.support.folders import held_folder

HERE = Path(__file__).parent
LTS = "5.26.31"
LATEST = "2026.09.0"
JAVA_FOR = {"5": (17, 21), "calendar": (21, 25)}
START_S = 180  # 10 s on a quiet machine; a loaded one takes its time
HEAP, PAGE_CACHE = "512m", "128m"
HOW = (
    "NEO4J TESTS DO NOT RUN: no server to run them on ({why}). Name one with RINGWATCH_TEST_NEO4J=neo4j://USER:PASSWORD@HOST:PORT"
    " (its database is emptied), or start Docker, or install Maven and Java 17 or 21"
    " (Debian: apt install maven openjdk-17-jre-headless); the server is then fetched once, in about half a minute."
)
JVM = (
    "-XX:+UseSerialGC",  # one collector thread and the quick compiler alone: tests run each query a few times,
    "-XX:TieredStopAtLevel=1",  # and the cores are for them, not for a server that warms itself up
    "-Dfile.encoding=UTF-8",
    "-Dio.netty.tryReflectionSetAccessible=true",
    "-Dlog4j2.disable.jmx=true",
    "--add-opens=java.base/java.nio=ALL-UNNAMED",
    "--add-opens=java.base/java.io=ALL-UNNAMED",
    "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
    "--enable-native-access=ALL-UNNAMED",
)


class NoServerError(Exception):
    """No Neo4j can be had here; the message says why."""


def version() -> str:
    """Return the version that is asked for: ``RINGWATCH_TEST_NEO4J_VERSION``, ``latest``, or the LTS."""
    asked = os.environ.get("RINGWATCH_TEST_NEO4J_VERSION", LTS)
    return LATEST if asked == "latest" else asked


# ---- a server that can be started, killed and started again -----------------------------------------------------


@dataclass
class Server:
    """A running Neo4j. ``url`` holds the password; ``home`` is its folder, None where it is not ours to touch."""

    host: str
    port: int
    password: str = field(repr=False)
    user: str = "neo4j"
    database: str = "neo4j"
    home: Path | None = None
    command: Sequence[str] = field(default=(), repr=False)
    clean_up: Sequence[Sequence[str]] = ()
    kill_command: Sequence[str] = ()
    log: Path | None = None
    keeper: "subprocess.Popen[str] | None" = field(default=None, repr=False)
    pid: int = 0
    lock: int = -1  # what holds the folder, see folders.py

    @property
    def url(self) -> str:
        """Return the address as Ringwatch takes it."""
        return f"neo4j://{self.user}:{self.password}@{self.host}:{self.port}/{self.database}"

    @property
    def is_ours(self) -> bool:
        """Say whether the tests may kill it, start it again and change its configuration."""
        return bool(self.command)

    def start(self) -> None:
        """Start it and wait until it answers; the end of its log is in the error where it does not."""
        keep = [sys.executable, str(HERE / "keeper.py"), json.dumps(self.command), *map(json.dumps, self.clean_up)]
        with self._log().open("ab") as log:
            self.keeper = subprocess.Popen(
                keep, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True, start_new_session=True,
                pass_fds=[self.lock] if self.lock >= 0 else [],
            )  # fmt: skip
        assert self.keeper.stdout
        self.pid = int(self.keeper.stdout.readline())
        self.await_ready()

    def await_ready(self) -> None:
        """Return once the database answers a query: an open port is not yet a server."""
        until = time.monotonic() + START_S
        last: Exception = TimeoutError()
        while time.monotonic() < until and (not self.keeper or self.keeper.poll() is None):
            try:
                return self.run("RETURN 1")
            except (DriverError, Neo4jError, OSError) as error:
                last = error
                time.sleep(0.3)
        tail = self.log_tail()
        raise NoServerError(f"the server at port {self.port} does not answer: {last}\n{tail}")

    def run(self, query: str) -> None:
        """Run one statement in an implicit transaction."""
        address = f"bolt://{self.host}:{self.port}"
        with (
            GraphDatabase.driver(address, auth=(self.user, self.password), telemetry_disabled=True) as driver,
            driver.session(database=self.database) as session,
        ):
            session.run(query).consume()  # type: ignore[arg-type]

    def empty(self) -> None:
        """Delete all that is in the database, but for its schema and its version."""
        self.run("MATCH (n) WHERE NOT n:Ringwatch CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS")

    def kill(self) -> None:
        """End it at once, without a chance to write anything, and wait until it is gone."""
        if self.kill_command:
            subprocess.run(self.kill_command, check=True, capture_output=True)
        else:
            os.kill(self.pid, signal.SIGKILL)
        self._await_keeper()

    def stop(self) -> None:
        """Ask it to end and wait until it has; it can be started again."""
        if self.keeper and self.keeper.stdin and self.keeper.poll() is None:
            self.keeper.stdin.write("stop\n")
            self.keeper.stdin.close()
        self._await_keeper()

    def end(self) -> None:
        """Ask it to end and leave nothing of it behind."""
        if self.keeper and self.keeper.stdin and self.keeper.poll() is None:
            self.keeper.stdin.close()
            self._await_keeper()
            return
        self._await_keeper()
        for command in self.clean_up:
            subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False)

    def _await_keeper(self) -> None:
        if self.keeper:
            self.keeper.wait(60)
            for pipe in (self.keeper.stdin, self.keeper.stdout):
                if pipe:
                    pipe.close()
            self.keeper = None

    def log_tail(self) -> str:
        """Return the last lines of what the server printed, and of its log those that warn."""
        lines = self._log().read_text(encoding="utf-8", errors="replace").splitlines() if self.log else []
        log = (self.home or Path()) / "logs" / "debug.log"
        logged = log.read_text(encoding="utf-8", errors="replace").splitlines() if self.home and log.exists() else []
        return "\n".join([*lines[-40:], *[line for line in logged if " WARN " in line or " ERROR " in line][-20:]])

    def _log(self) -> Path:
        assert self.log, "a server that is not ours has no log here"
        return self.log


def free_port() -> int:
    """Return a port of the loopback address that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# ---- three ways to one -------------------------------------------------------------------------------------------


@contextmanager
def neo4j_server(settings: Mapping[str, str] | None = None) -> Iterator[Server]:
    """Yield a server that answers; ``settings`` go into its configuration where it is ours.

    Raises ``NoServerError`` where none of the three ways is open.
    """
    if named := os.environ.get("RINGWATCH_TEST_NEO4J"):
        server = named_server(named)
        server.await_ready()
        yield server
        return
    home, lock = held_folder("ringwatch-neo4j-")
    try:
        server = made_server(home, settings or {})
    except BaseException:
        shutil.rmtree(home)
        os.close(lock)
        raise
    server.lock = lock
    try:
        server.start()
        yield server
    finally:
        server.end()
        os.close(lock)


def made_server(home: Path, settings: Mapping[str, str]) -> Server:
    """Return a server in a container, else one of jars, not started; its clean-up takes the folder away too."""
    why = ""
    if docker_answers():
        try:
            server = docker_server(home, settings)
        except subprocess.CalledProcessError as failure:
            why = f"Docker made no container: {failure.stderr.strip()}\n"
        else:
            return server
    try:
        return jar_server(home, settings)
    except NoServerError as failure:
        raise NoServerError(f"{why}{failure}") from failure


def named_server(url: str) -> Server:
    """Return the server that a URL names."""
    found = re.fullmatch(r"(?:neo4j|bolt)://([^:@/]+):([^@/]+)@([^:/]+):(\d+)(?:/([\w.-]+))?/?", url)
    if not found:
        raise NoServerError("RINGWATCH_TEST_NEO4J is not neo4j://USER:PASSWORD@HOST:PORT or .../DATABASE")
    user, password, host, port, database = found.groups()
    return Server(host, int(port), password, user, database or "neo4j")


def docker_answers() -> bool:
    """Say whether a Docker engine answers."""
    if not shutil.which("docker"):
        return False
    try:
        return subprocess.run(["docker", "info"], capture_output=True, timeout=20, check=False).returncode == 0
    except subprocess.TimeoutExpired:
        return False


def docker_server(home: Path, settings: Mapping[str, str]) -> Server:
    """Return a container that was made, not started; it is removed, with its volumes, when it is no longer kept."""
    name, port, password = f"ringwatch-test-{secrets.token_hex(6)}", free_port(), secrets.token_hex(16)
    subprocess.run(docker_create(name, port, password, settings), check=True, capture_output=True, text=True)
    return Server(
        "127.0.0.1", port, password, home=home, log=home / "console.log",
        command=("docker", "start", "--attach", name),
        kill_command=("docker", "kill", name),
        clean_up=[("docker", "rm", "--force", "--volumes", name), removal(home)],
    )  # fmt: skip


def docker_create(name: str, port: int, password: str, settings: Mapping[str, str]) -> list[str]:
    """Return the command that makes the container."""
    small = {"server.memory.heap.max_size": HEAP, "server.memory.pagecache.size": PAGE_CACHE}
    environment = {"NEO4J_AUTH": f"neo4j/{password}"}
    for key, value in (small | settings).items():
        environment["NEO4J_" + key.replace("_", "__").replace(".", "_")] = value
    given = [part for key, value in environment.items() for part in ("--env", f"{key}={value}")]
    return ["docker", "create", "--name", name, "--publish", f"127.0.0.1:{port}:7687", *given, f"neo4j:{version()}"]


def jar_server(home: Path, settings: Mapping[str, str]) -> Server:
    """Return a server of published jars in a folder of its own, its password set, not started."""
    jars, java = server_jars(version()), find_java(version())
    port, password = free_port(), secrets.token_hex(16)
    configure(home, port, settings)
    admin(java, jars, home, ["dbms", "set-initial-password", password])
    main = "org.neo4j.server.CommunityEntryPoint" if version().startswith("5.") else "org.neo4j.server.Neo4jCommunity"
    command = (
        str(java), *JVM, f"-Xms{HEAP}", f"-Xmx{HEAP}", "-cp", f"{home}/conf:{jars}/*", main,
        f"--home-dir={home}", f"--config-dir={home}/conf",
    )  # fmt: skip
    clean_up = [removal(home)]
    return Server("127.0.0.1", port, password, home=home, command=command, log=home / "console.log", clean_up=clean_up)


def removal(folder: Path) -> tuple[str, ...]:
    """Return the command that removes a folder with all that is in it."""
    return (sys.executable, "-c", "import shutil, sys; shutil.rmtree(sys.argv[1], ignore_errors=True)", str(folder))


def configure(home: Path, port: int, settings: Mapping[str, str]) -> None:
    """Write neo4j.conf and make the folders it names."""
    for name in ("conf", "data", "logs", "run", "import", "plugins"):
        (home / name).mkdir(exist_ok=True)
    lines = {
        **{f"server.directories.{name}": f"{home}/{name}" for name in ("data", "logs", "run", "import", "plugins")},
        "server.default_listen_address": "127.0.0.1",
        "server.bolt.listen_address": f"127.0.0.1:{port}",
        "server.http.enabled": "false",
        "server.https.enabled": "false",
        "server.memory.heap.initial_size": HEAP,
        "server.memory.heap.max_size": HEAP,
        "server.memory.pagecache.size": PAGE_CACHE,
        "dbms.usage_report.enabled": "false",
        "db.tx_log.rotation.retention_policy": "keep_none",
        **({} if version().startswith("5.") else {"db.query.default_language": "CYPHER_25"}),  # what new ones speak
        "dbms.cypher.min_replan_interval": "1h",  # emptied and filled with a few rows, plans need not be made anew
        **settings,
    }
    text = "".join(f"{key}={value}\n" for key, value in lines.items())
    (home / "conf" / "neo4j.conf").write_text(text, encoding="utf-8")


def admin(java: Path, jars: Path, home: Path, arguments: Sequence[str]) -> str:
    """Run neo4j-admin on the server of a folder and return what it printed."""
    command = [str(java), *JVM, f"-Xmx{HEAP}", "-cp", f"{home}/conf:{jars}/*", "org.neo4j.cli.AdminTool", *arguments]
    environment = os.environ | {"NEO4J_HOME": str(home), "NEO4J_CONF": f"{home}/conf"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NoServerError(f"neo4j-admin {arguments[0]} ended with {done.returncode}: {done.stdout}{done.stderr}")
    return done.stdout


# ---- jars and Java ------------------------------------------------------------------------------------------------


def server_jars(wanted: str) -> Path:
    """Return the folder of the server's jars in the user's cache."""
    return fetch_jars(HERE / "neo4j-server.xml", wanted, f"-Dneo4j.version={wanted}")


def fetch_jars(pom: Path, name: str, *definitions: str) -> Path:
    """Return a folder in the user's cache with the jars that a POM names; fetched once, whole or not at all."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "ringwatch" / "neo4j"
    jars = cache / name
    if jars.is_dir():
        return jars
    if not (maven := shutil.which("mvn")):
        raise NoServerError("no Docker engine answers, and mvn is not installed")
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as scratch:
        copied = shutil.copy(pom, Path(scratch) / "pom.xml")
        command = [
            maven, "--quiet", "--batch-mode", "--file", str(copied), "dependency:copy-dependencies",
            *definitions, "-DincludeScope=runtime", f"-DoutputDirectory={scratch}/jars",
        ]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise NoServerError(f"{name}: could not be fetched by Maven:\n{(done.stdout + done.stderr)[-2000:]}")
        try:
            (Path(scratch) / "jars").rename(jars)
        except OSError:
            if not jars.is_dir():  # otherwise another run of the tests was quicker
                raise
    return jars


def find_java(wanted: str) -> Path:
    """Return a Java that this version of the server runs on, wherever on the machine it lies."""
    fit = JAVA_FOR["5" if wanted.startswith("5.") else "calendar"]
    homes = [Path(os.environ["JAVA_HOME"])] if os.environ.get("JAVA_HOME") else []
    on_path = shutil.which("java")
    homes += [Path(on_path).resolve().parents[1]] if on_path else []
    homes += sorted(Path("/usr/lib/jvm").glob("*")) + sorted(Path("/opt").glob("*jdk*"))
    homes += sorted(Path("/Library/Java/JavaVirtualMachines").glob("*/Contents/Home"))
    for home in homes:
        if (java := home / "bin" / "java").exists() and java_version(java) in fit:
            return java
    raise NoServerError(f"Neo4j {wanted} runs on Java {' or '.join(map(str, fit))}, and none was found")


def java_version(java: Path) -> int:
    """Return the major version of a Java."""
    told = subprocess.run([str(java), "-version"], capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "(\d+)', told)
    return int(found.group(1)) if found else 0
