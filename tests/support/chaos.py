"""Chaos: commands that plan, approve, close, undo and tell the marketplace are killed at random and started again.

Each round is the life of one plan, from its proposal to its undo, by the real command in processes of its own. After
each kill the database is held to the laws of ``closing_laws``, and at the end to a model: every store is as it was
before, and the marketplace acted on each message once.
"""

import argparse
import json
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from tests.support.closing_laws import Facts, faults_between, faults_of, faults_of_parts, read_facts
from tests.support.closing_world import START, Size, build, store_ids
from tests.support.commands import Running, Told, start_process
from tests.support.marketplace import Marketplace
from tests.support.neo4j_server import neo4j_server

from ringwatch.db.open import open_docket
from ringwatch.db.settings import WEBHOOK_TIMEOUT_S
from ringwatch.enforcement.lease import SETTING as LEASE
from ringwatch.enforcement.lease import TERM_S
from ringwatch.enforcement.outbox import set_webhook
from ringwatch.model.enforcement import Hand, MessageState, PlanState
from ringwatch.model.errors import RingwatchError

SIZE = Size(n_stores=240, ring_size=12, n_listings=2)  # four batches: enough that kills land between them
ROUNDS_A_DATABASE = 10  # then a new one: all that was decided is read after each kill
TIMEOUT_S = 0.5  # half as long as a slow answer of the marketplace takes
MOST_STARTS = 30  # of one command in one round; a marketplace that fails at random brakes a few of them
BUSY, STOPPED, REFUSED = 4, 1, 5
ACTORS = {"plan": "ann", "approve": "bo", "close": "cy", "undo": "cy", "outbox": "cy"}


class BrokenLawError(Exception):
    """Something was lost, done twice, or not as the model allows."""


@dataclass(frozen=True)
class Step:
    """A command of a round: its line, the moment, and whether what a database holds shows it done."""

    name: str
    line: Sequence[str]
    at: datetime
    is_done: Callable[[Facts], bool]
    kept: Callable[[Facts], int] = lambda _: 0  # how many acts on stores it did that are kept


@dataclass
class Chaos:
    """One database, who may act on it, the marketplace that it tells, and all that was done so far."""

    url: str
    keys: Mapping[str, str]
    market: Marketplace
    rng: random.Random
    size: Size = SIZE
    kills: Counter[tuple[str, str]] = field(default_factory=Counter)  # by command and where they landed
    lasted_s: dict[str, float] = field(default_factory=dict)  # how long a command takes that nobody kills
    log: list[str] = field(default_factory=list)
    heard: threading.Event = field(default_factory=threading.Event)
    heard_at: int = 0  # how many messages the marketplace hears before the sender is killed
    waits_for_lease: bool = False
    n_rounds: int = 0
    begin: Callable[[Sequence[str], Mapping[str, str]], Running] = start_process

    def facts(self) -> Facts:
        """Return what the database holds."""
        return read_facts(self.url, store_ids(self.size))

    def on_message(self, n_heard: int) -> None:
        """Note that the marketplace heard as many messages as a killer waits for."""
        if self.heard_at and n_heard >= self.heard_at:
            self.heard.set()

    # ---- a round ---------------------------------------------------------------------------------------------

    def play(self) -> None:
        """Play one round; BrokenLawError where a law does not hold."""
        at = START + timedelta(days=60 * self.n_rounds)
        self.n_rounds += 1
        self.log.append(f"round {self.n_rounds}")
        plan_id = self.propose(self._asked(), at)
        self.approve(plan_id, at)
        self.carry_out(plan_id, "notice", ("close", plan_id), at)
        at += timedelta(days=31)
        self.carry_out(plan_id, "close", ("close", "--due"), at)
        self._tell(at)
        undo_id = self.propose(("--undo", plan_id, "--reason", "wrong"), at)
        self.approve(undo_id, at)
        self.carry_out(undo_id, "reopen", ("undo", undo_id), at)
        self._tell(at, always=True)
        self._check_end(plan_id, undo_id)

    def _asked(self) -> tuple[str, ...]:
        rings = range((self.size.n_stores + self.size.ring_size - 1) // self.size.ring_size)
        drawn = sorted(self.rng.sample(rings, self.rng.randint(len(rings) // 2, len(rings))))
        return tuple(word for number in drawn for word in ("--ring", f"R-{number:06d}"))

    def propose(self, asked: Sequence[str], at: datetime) -> str:
        """Have a plan proposed, by as many starts as it takes, and return its id."""
        known = set(self.facts().plans)
        self.run(Step("plan", ("plan", *asked), at, lambda facts: set(facts.plans) > known))
        (plan_id,) = set(self.facts().plans) - known
        return plan_id

    def approve(self, plan_id: str, at: datetime) -> None:
        """Have a plan approved."""
        digest = self.facts().plans[plan_id].digest
        line = ("approve", plan_id, "--digest", digest)
        self.run(Step("approve", line, at, lambda facts: facts.plans[plan_id].state is PlanState.APPROVED))

    def carry_out(self, plan_id: str, act: str, line: Sequence[str], at: datetime) -> None:
        """Have a plan carried out as far as it is due: each of its stores has the act then, once."""

        def kept(facts: Facts) -> int:
            return sum(row.entry.plan_id == plan_id and row.entry.action == act for row in facts.entries)

        n_all = len(self.facts().stores[plan_id])
        self.run(Step(line[0], line, at, lambda facts: kept(facts) == n_all, kept))
        if (n := kept(self.facts())) != n_all:
            self._complain([f"{plan_id}: {n} times {act} for {n_all} stores"])

    def _tell(self, at: datetime, *, always: bool = False) -> None:
        """Have the marketplace told all that it was not told yet; at times what waits is left for later."""
        if always or self.rng.random() < 0.7:
            waiting = MessageState.WAITING.value
            line = ("outbox", "--replay")
            self.run(Step("outbox", line, at, lambda facts: not facts.message_states()[waiting]))

    # ---- a command, killed and started again -----------------------------------------------------------------

    def run(self, step: Step) -> None:
        """Start a command, kill it some times, and start it until it is done; hold it to the laws after each start."""
        first = before = self.facts()
        parts = []
        for _ in range(self.rng.choice((0, 1, 1, 2))):
            told = self._start(step, self._killer(step))
            after = self._checked(first, step)
            parts.append(step.kept(after) - step.kept(before))
            self._note_kill(step, told, (before, after))
            before = after
            if step.is_done(after):
                break
            self._outlast_lease(step)
        again = step.name not in {"plan", "approve"} or not step.is_done(before)  # nobody proposes or consents twice
        for _ in range(MOST_STARTS if again else 0):
            self._outlast_lease(step)
            began_s = time.monotonic()
            told = self._start(step, lambda _: None)
            after = self._checked(first, step)
            parts.append(step.kept(after) - step.kept(before))
            before = after
            if told.status not in {0, STOPPED}:
                self._complain([f"{step.name} ended with {told.status}: {told.err.strip()[-300:]}"])
            if told.status == 0 and step.is_done(after):
                self.lasted_s[step.name] = time.monotonic() - began_s
                break
        if not step.is_done(before):
            self._complain([f"{step.name}: not done after {MOST_STARTS} starts"])
        if n_kept := step.kept(before) - step.kept(first):
            self._complain(faults_of_parts(parts, n_kept))

    def _start(self, step: Step, kill: Callable[[Running], None]) -> Told:
        began_s = time.monotonic()
        own = {"RINGWATCH_KEY": self.keys[ACTORS[step.name]], "RINGWATCH_CLOCK": step.at.isoformat()}
        running = self.begin([*step.line, "--json", "--database", self.url], own)
        kill(running)
        told = running.told()
        said = f"{told.out.strip()[:120]}{told.err.strip()[:120]}"
        line = " ".join(step.line)[:60]
        self.log.append(f"  {line}: {told.status} after {time.monotonic() - began_s:.1f} s {said}")
        return told

    def _killer(self, step: Step) -> Callable[[Running], None]:
        """Draw when a process is killed: after a time, once the ledger grew, or once the marketplace heard so much."""
        kinds = ["time", "ledger"] if step.name in {"plan", "approve"} else ["time", "ledger", "heard", "heard"]
        kind, part = self.rng.choice(kinds), self.rng.random()
        if step.name == "outbox" and kind == "ledger":
            kind = "heard"
        delay_s = (0.4 + 0.6 * part) * self.lasted_s.get(step.name, 3.0)
        more = 1 + int(part * self.size.n_stores / (10 if step.name == "outbox" else 1))

        def kill(running: Running) -> None:
            if kind == "heard":
                self.heard_at = self.market.heard.total() + more
                self.heard.clear()
                while not running.has_ended() and not self.heard.wait(0.01):
                    pass
                self.heard_at = 0
            elif kind == "ledger":
                self._await_ledger(running)
                time.sleep(part * 0.2)
            else:
                running.has_ended(delay_s)
            running.kill()

        return kill

    def _await_ledger(self, running: Running) -> None:
        """Return once the ledger has grown, or the process has ended."""
        with open_docket(self.url, is_read=True) as docket:
            last = None
            while not running.has_ended(0.002):
                with docket.reading() as record:
                    head = record.head()
                if last not in {None, head}:
                    return
                last = head

    def _note_kill(self, step: Step, told: Told, of: tuple[Facts, Facts]) -> None:
        before, after = of
        has_moved = len(after.entries) > len(before.entries) or after.message_states() != before.message_states()
        if told.status >= 0:
            where = "ended before"
        elif not has_moved:
            where = "before it wrote"
        else:
            where = "all written" if step.is_done(after) else "amid its work"
        self.kills[step.name, where] += 1
        self.log.append(f"    killed: {where}")

    def _outlast_lease(self, step: Step) -> None:
        """See that no other runner starts while the lease of a dead one lasts, then let its time pass."""
        with open_docket(self.url) as docket:
            with docket.reading() as record:
                holder, until_s = json.loads(record.setting(LEASE) or '["", 0]')
            if not holder or step.name not in {"close", "undo"}:
                return
            if until_s > time.time() + 5 and self.rng.random() < 0.3:  # 5: the command starts within them
                told = self._start(step, lambda _: None)
                has_lasted = time.time() < until_s  # where the machine is slow it ran out meanwhile
                if has_lasted and (told.status != BUSY or "another runner" not in told.err):
                    self._complain([f"{step.name} beside a lease ended with {told.status}: {told.err.strip()}"])
            if self.waits_for_lease:
                self.waits_for_lease = False
                time.sleep(TERM_S)
                return
            docket.transact(lambda record: record.set_setting(LEASE, json.dumps([holder, 0])))

    # ---- what must hold --------------------------------------------------------------------------------------

    def _checked(self, first: Facts, step: Step) -> Facts:
        after = self.facts()
        heard = set(self.market.heard)
        told = {message.key for message in after.messages if message.state is MessageState.DELIVERED}
        self._complain([*faults_of(after), *faults_between(first, after, step.name), *self.market.complaints])
        if unheard := told - set(self.market.bodies):
            self._complain([f"{len(unheard)} messages are called delivered that nobody heard"])
        if unknown := heard - {message.key for message in after.messages}:
            self._complain([f"{len(unknown)} messages were sent that are not kept"])
        return after

    def _check_end(self, plan_id: str, undo_id: str) -> None:
        facts = self.facts()
        faults = [f"{i} is {state} after the undo" for i, state in facts.states.items() if state != "open"]
        states = (facts.plans[plan_id].state, facts.plans[undo_id].state)
        if states != (PlanState.UNDONE, PlanState.DONE):
            faults.append(f"{plan_id} and {undo_id} are {states}")
        if set(facts.message_states()) != {"delivered"}:
            faults.append(f"messages are {dict(facts.message_states())}")
        kept = {message.key: message.body for message in facts.messages}
        acted = {key: body.decode() for key, body in self.market.bodies.items()}
        if kept != acted:
            faults.append(f"the marketplace acted on {len(acted)} messages of {len(kept)}")
        faults += _faults_of_order(acted.values(), [row.hash for row in facts.entries])
        self._complain(faults)

    def _complain(self, faults: Sequence[str]) -> None:
        if faults:
            more = f" and {len(faults) - 5} more" if len(faults) > 5 else ""
            raise BrokenLawError("; ".join(faults[:5]) + more)


def _faults_of_order(bodies: Iterator[str], hashes: Sequence[str]) -> list[str]:
    """Return the stores of which the marketplace acted on a later act before an earlier one."""
    place = {key: n for n, key in enumerate(hashes)}
    last: dict[str, int] = {}
    faults = []
    for body in map(json.loads, bodies):
        n = place[body["key"]]
        if n < last.get(body["store_id"], -1):
            faults.append(f"{body['store_id']}: {body['action']} was acted on after what followed it")
        last[body["store_id"]] = n
    return faults


# ---- many rounds --------------------------------------------------------------------------------------------------


@contextmanager
def chaos_on(url: str, seed: int, folder: Path, *, is_new: bool = True, size: Size = SIZE) -> Iterator[Chaos]:
    """Build a database and a marketplace that fails as the seed says, and give the chaos to play on them."""
    keys = build(url, size, is_new=is_new)
    market = Marketplace(seed)
    (folder / "secret").write_bytes(b"0123456789abcdef")
    with market.serving() as hook:
        with open_docket(url) as docket:
            set_webhook(docket, hook, folder / "secret", Hand("cy", START))
            docket.transact(lambda record: record.set_setting(WEBHOOK_TIMEOUT_S.name, str(TIMEOUT_S)))
        chaos = Chaos(url, keys, market, random.Random(seed), size)  # noqa: S311 (a drawn test, no secret)
        market.on_message = chaos.on_message
        yield chaos


def play_rounds(urls: Iterator[str], seed: int, n_rounds: int) -> Counter[tuple[str, str]]:
    """Play rounds, some on each new database, and return where the kills landed; SystemExit where a law broke."""
    kills: Counter[tuple[str, str]] = Counter()
    lasted_s: dict[str, float] = {}
    for part, first in enumerate(range(0, n_rounds, ROUNDS_A_DATABASE)):
        with tempfile.TemporaryDirectory() as folder, chaos_on(next(urls), seed + part, Path(folder)) as chaos:
            chaos.kills, chaos.lasted_s, chaos.waits_for_lease = kills, lasted_s, part == 0
            for n in range(first, min(first + ROUNDS_A_DATABASE, n_rounds)):
                try:
                    chaos.play()
                except (BrokenLawError, RingwatchError) as broken:
                    sys.exit("\n".join([*chaos.log, f"seed {seed + part}, round {n + 1}: {broken}"]))
                _say(f"round {n + 1} of {n_rounds}: {dict(chaos.market.drawn)}")
    return kills


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _embedded_urls(folder: Path) -> Iterator[str]:
    n = 0
    while True:
        yield f"sqlite:///{folder / f'chaos-{n}.db'}"
        n += 1


@contextmanager
def _urls(database: str) -> Iterator[Iterator[str]]:
    if database == "embedded":
        with tempfile.TemporaryDirectory() as folder:
            yield _embedded_urls(Path(folder))
        return
    with neo4j_server() as server:

        def emptied() -> Iterator[str]:
            while True:
                server.empty()
                yield server.url

        yield emptied()


def table_of(kills: Counter[tuple[str, str]]) -> str:
    """Return how many kills landed where in which command, a line a command."""
    places = ("before it wrote", "amid its work", "all written", "ended before")
    lines = [f"{'killed in':10}" + "".join(f"{place:>18}" for place in places)]
    lines += [f"{name:10}" + "".join(f"{kills[name, place]:18}" for place in places) for name in ACTORS]
    return "\n".join(lines)


def main() -> None:
    """Play rounds on both databases, or on one; the last line is JSON."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--seed", type=int, default=None, help="drawn where it is not given")
    parser.add_argument("--database", choices=("both", "embedded", "neo4j"), default="both")
    options = parser.parse_args()
    seed = random.SystemRandom().randrange(10**6) if options.seed is None else options.seed
    databases = ("embedded", "neo4j") if options.database == "both" else (options.database,)
    n_killed = {}
    for database in databases:
        _say(f"{options.rounds} rounds on the {database} database, seed {seed}")
        with _urls(database) as urls:
            kills = play_rounds(urls, seed, options.rounds)
        _say(table_of(kills))
        n_killed[database] = sum(n for (_, where), n in kills.items() if where != "ended before")
    _say(json.dumps({"chaos": options.rounds, "seed": seed, "kills": n_killed, "ok": True}))


if __name__ == "__main__":
    main()
