"""Neo4j: the production database. Named queries over Bolt, in managed transactions that the driver may run again."""

import logging
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, cast

from neo4j import READ_ACCESS, WRITE_ACCESS, Driver, GraphDatabase, ManagedTransaction, NotificationMinimumSeverity
from neo4j import Session as DriverSession
from neo4j.exceptions import IncompleteCommit

from ringwatch.cypher import Query, dropped, made_again, migrations, query, table
from ringwatch.db.database import NO_PARAMS, NoDatabaseError, Note, Scalar, Session, Step, T
from ringwatch.db.known_ids import KnownIds
from ringwatch.db.neo4j_bulk import Neo4jBulk
from ringwatch.db.neo4j_faults import told
from ringwatch.db.neo4j_session import Neo4jReading, Neo4jTransaction, Params, Run, pieces_of, write_in_pieces
from ringwatch.db.neo4j_url import Neo4jUrl
from ringwatch.model.errors import ConfigError, RetryableError

OLDEST_NEO4J = (5, 26)  # the long-term release that is tested; 2025.x and later follow it
CONNECT_S = 10.0  # a server in another city answers in well under a second
ACQUIRE_S = 20.0  # a server that takes a connection and then says nothing hangs; Neo4j greets at once
RETRY_S = 90.0  # a server that is away for a minute, to be restarted or to elect a leader, breaks off no load
PUT_OFF_ROWS = 10_000  # a first batch of fewer is written by the time that dropping and making indexes would take
LIVENESS_S = 30.0  # load balancers drop a connection that was idle for a minute without saying so
LIFETIME_S = 1800.0


_log = logging.getLogger("ringwatch.db")  # without a handler its lines go to standard error


class Neo4jDatabase:
    """One database of a server; the driver keeps the connections and is safe to use from several threads at once."""

    rows_a_turn = 200_000  # a few seconds; each of its transactions is some megabytes on the server

    def __init__(self, url: Neo4jUrl, *, create: bool = False, retry_s: float = RETRY_S) -> None:
        """Connect, bring the schema up to date, and make it first where ``create`` says so.

        Raises ConfigError where the database is missing, is not ours or is of a newer version, where the server is too
        old or refuses who asks; RetryableError where it cannot be reached.
        """
        # Each retry would be a warning on standard error, several lines long; what comes of it is told by us.
        logging.getLogger("neo4j").addHandler(logging.NullHandler())
        self._url = url
        self._known = KnownIds()
        self._has_put_off = False
        with told(url.shown):
            self._driver = _connect(url, retry_s)
        try:
            with told(url.shown):
                check_version(self._driver.get_server_info().agent, url.shown)
                self._bring_up_to_date(create=create)
        except BaseException:
            self._driver.close()
            raise

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open reads of the database as it is: each query sees what was committed when it began."""
        yield Neo4jReading(self._read, self._url.shown)

    def transact(self, work: Callable[[Session], T]) -> T:
        """Return what ``work`` returns; what it wrote is kept then, all of it, or nothing where it raises.

        Writers go one after the other: each takes the turn first, so that two neither give one number twice nor wait
        for each other in a circle.
        """

        def in_turn(transaction: ManagedTransaction) -> T:
            return work(self._take_turn(lambda text, params: _values(transaction, text, params)))

        with told(self._url.shown), self._session(WRITE_ACCESS) as session:
            done: T = session.execute_write(in_turn)
            return done

    def transact_in_parts(self, work: Callable[[Session], T], n_rows: int) -> T:
        """Return what ``work`` returns; it holds the turn, and what it writes is kept in transactions of its own.

        Before a first batch of many rows, indexes that no batch needs are dropped; the schema is then of version 0, so
        that whoever opens the database next makes them, should this process not come to ``settle``.
        """

        def in_turn(transaction: ManagedTransaction) -> T:
            turn = self._take_turn(lambda text, params: _values(transaction, text, params))
            bulk = Neo4jBulk(self._look, self._keep, self._known, self._url.shown)
            if not self._known.is_exact and turn.rows("schema_version") == [(0,)]:
                self._make_again()
            return work(bulk)

        with told(self._url.shown), self._session(WRITE_ACCESS) as session:
            if n_rows >= PUT_OFF_ROWS and not any(self._look(query("last_numbers").text, NO_PARAMS)[0]):
                self._put_off()
            done: T
            try:
                done = session.execute_write(in_turn)
            except IncompleteCommit:  # the server went away while it kept a part: all of them again completes either
                done = session.execute_write(in_turn)
            return done

    def settle(self) -> None:
        """Make the indexes that the first batch dropped, and wait until they can be used."""
        if self._has_put_off:
            self._tell_of_indexes()
            with told(self._url.shown):
                self._make_again()
                self._run(query("set_schema_version").text, {"version": len(migrations())})
            self._has_put_off = False

    def replace_run(self, run_id: str, forget: Sequence[str], steps: Iterable[Step], note: Note) -> None:
        """Put a run in the place of the one before: a draft is written piece by piece, then made current at once.

        The run that was current stays for readers that are in the middle of it, until the next one is written.
        """
        for name in forget:
            while self.transact(lambda session, name=name: session.write(name)):  # type: ignore[misc]
                pass
        for name, rows in steps:
            write_in_pieces(self.transact, query(name), rows, {"run_id": run_id})

        def publish(session: Session) -> int:
            n_published = session.write("publish_run", {"run_id": run_id})
            if n_published:
                note(session)
            return n_published

        if not self.transact(publish):
            raise RetryableError(
                f"{self._url.shown}: another detection began meanwhile; the rings are as before; detect again"
            )

    def renew_run(self, params: Params, steps: Callable[[Session], Iterable[Step]]) -> bool:
        """Change a part of the current run, in one transaction: nobody sees the draft that it is meanwhile."""
        run_id = {"run_id": params["run_id"]}

        def renew(transaction: Session) -> bool:
            session = cast("Neo4jTransaction", transaction)  # which is what transact hands out here
            if not session.write("renew_run", params):
                return False
            for name, rows in steps(session):
                for piece in pieces_of(rows, query(name).key_places):
                    session.write_piece(query(name), piece, run_id)
            return session.write("publish_run", run_id) > 0

        return self.transact(renew)

    def fill_table(self, name: str, rows: Iterable[Sequence[Scalar]]) -> None:
        """Write rows of a table as the embedded database has it; a run becomes current with ``finish_filling``."""
        write_in_pieces(self.transact, table(name)[1], rows, {})

    def finish_filling(self, run_id: str | None) -> None:
        """Let readers see the run that was filled in, if there was one."""
        if run_id is not None:
            self.transact(lambda session: session.write("publish_run", {"run_id": run_id}))

    def clear(self) -> None:
        """Delete all that the database holds, but for its schema, piece by piece."""
        with told(self._url.shown):
            self._run(query("clear").text)

    def facts(self) -> str:
        """Return what the server calls itself, and the version of the schema."""
        with told(self._url.shown):
            return f"{self._driver.get_server_info().agent} (schema version {self._schema_version()})"

    def close(self) -> None:
        """Let go of every connection; harmless twice."""
        self._driver.close()

    def _take_turn(self, run: Run) -> Neo4jTransaction:
        """Wait for the turn to write, and return the session of the transaction that has it."""
        session = Neo4jTransaction(run, self._url.shown)
        if not session.write("take_turn"):
            raise RetryableError(f"{self._url.shown}: the database was emptied meanwhile; run the same command again")
        return session

    def _look(self, text: str, params: Params) -> list[list[Any]]:
        """Read where is written, so that what was kept a moment ago is seen."""
        with self._session(WRITE_ACCESS) as session:
            found: list[list[Any]] = session.execute_write(_values, text, params)
            return found

    def _keep(self, asked: Query, params: Params) -> int:
        """Run a writing statement in a transaction of its own and return how many rows it changed."""
        return sum(int(n) for (n,) in self._look(asked.text, params))

    def _read(self, text: str, params: Params) -> list[list[Any]]:
        with told(self._url.shown), self._session(READ_ACCESS) as session:
            found: list[list[Any]] = session.execute_read(_values, text, params)
            return found

    def _session(self, access: str) -> DriverSession:
        return self._driver.session(database=self._url.database, default_access_mode=access)

    def _run(self, text: str, params: Params = NO_PARAMS) -> None:
        """Run one statement in a transaction that the server makes: schema statements cannot be run in ours."""
        with self._session(WRITE_ACCESS) as session:
            session.run(text, dict(params)).consume()

    def _bring_up_to_date(self, *, create: bool) -> None:
        """Run the steps of the schema that the database has not had; raise ConfigError where it is not ours."""
        steps, found = migrations(), self._schema_version()
        if found is None:
            self._check_may_be_made(create=create)
        version = found or 0  # 0 too where the import tool filled the database, which makes no schema
        check_schema(version, len(steps), self._url.shown)
        if found == 0:
            self._tell_of_indexes()
        for number, statements in enumerate(steps[version:], start=version + 1):
            for statement in statements:
                self._run(statement)
            self._run(query("await_indexes").text)
            self._run(query("set_schema_version").text, {"version": number})

    def _tell_of_indexes(self) -> None:
        """Say why nothing else is heard for a while: some 10 seconds for a million nodes."""
        _log.warning("%s: making the indexes that a first load leaves to its end; this is done once", self._url.shown)

    def _put_off(self) -> None:
        """Drop indexes until ``settle``; whoever opens the database before that makes them."""
        self._has_put_off = True
        self._run(query("set_schema_version").text, {"version": 0})
        for statement in dropped():
            self._run(statement)

    def _make_again(self) -> None:
        """Make the indexes that were put off while somebody holds the turn, and with it the version of the schema."""
        for statement in made_again():
            self._run(statement)
        self._run(query("await_indexes").text)

    def _schema_version(self) -> int | None:
        found = self._read(query("schema_version").text, {})
        return int(found[0][0]) if found else None

    def _check_may_be_made(self, *, create: bool) -> None:
        if not create:
            raise NoDatabaseError(
                f"{self._url.shown}: nothing was loaded into this database yet; make it with `ringwatch load FOLDER` or"
                " `ringwatch demo`"
            )
        if self._read(query("n_nodes").text, {})[0][0]:
            raise ConfigError(
                f"{self._url.shown}: this database belongs to another program, expected an empty one;"
                " nothing was written to it; name another with --database"
            )


def check_version(agent: str, shown: str) -> None:
    """Raise ConfigError where the server is no Neo4j that is new enough.

    >>> check_version("Neo4j/2026.09.0", "neo4j://db")
    """
    found = re.match(r"Neo4j/(\d+)\.(\d+)", agent)
    if not found or (int(found[1]), int(found[2])) < OLDEST_NEO4J:
        oldest = ".".join(map(str, OLDEST_NEO4J))
        raise ConfigError(
            f"{shown}: the server is {agent}, expected Neo4j {oldest} or newer; nothing was done; upgrade it"
        )


def check_schema(version: int, newest: int, shown: str) -> None:
    """Raise ConfigError where a newer Ringwatch made the database.

    >>> check_schema(1, 1, "neo4j://db")
    """
    if version > newest:
        raise ConfigError(
            f"{shown}: the database has schema version {version}, this Ringwatch knows versions up to {newest};"
            " nothing was changed; install the Ringwatch that made it, or a newer one (pip install -U ringwatch)"
        )


def _connect(url: Neo4jUrl, retry_s: float) -> Driver:
    driver = GraphDatabase.driver(
        url.address,
        auth=(url.user, url.password),
        user_agent="ringwatch",
        connection_timeout=CONNECT_S,
        connection_acquisition_timeout=ACQUIRE_S,
        max_transaction_retry_time=retry_s,
        max_connection_lifetime=LIFETIME_S,
        liveness_check_timeout=LIVENESS_S,
        notifications_min_severity=NotificationMinimumSeverity.OFF,  # the tests ask for them, users cannot act on them
        telemetry_disabled=True,
    )
    try:
        driver.verify_connectivity()
    except BaseException:
        driver.close()
        raise
    return driver


def _values(transaction: ManagedTransaction, text: str, params: Params) -> list[list[Any]]:
    return [record.values() for record in transaction.run(text, dict(params))]
