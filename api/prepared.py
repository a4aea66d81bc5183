"""The current graph, read and judged once for many questions, and kept while what it rests on stays."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import BoundedSemaphore, Lock

from ringwatch.algorithms.memory import Trace
from ringwatch.algorithms.questions import CurrentRun, JudgedGraph, judge_graph
from ringwatch.algorithms.watch import Watch
from ringwatch.algorithms.what_if import Fate, find_fates, leave_trace
from ringwatch.api.grounds import read_current_run
from ringwatch.api.watches import read_watch, watch_state
from ringwatch.db.settings import detect_config
from ringwatch.db.view import View
from ringwatch.model.errors import RetryableError
from ringwatch.model.snapshot import Snapshot
from ringwatch.model.visibility import FULL

AT_ONCE = 3  # of the five threads that answer: one works on plans, one stays free for reads that take milliseconds
KEPT_FATES = 256  # answers of what-if, a few hundred bytes a ring


def wall_clock(_: View) -> datetime:
    """Return what time it is."""
    return datetime.now(UTC)


def no_trace(_: View) -> None:
    """Return nothing: whoever serves knows which traces are of this version."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What questions are answered from, and the answers of what-if that were worked out already."""

    key: object
    snapshot: Snapshot
    run: CurrentRun
    judged: JudgedGraph
    at: datetime
    fates: dict[tuple[str, str], list[Fate]]
    traced: list[CurrentRun]  # the run with its trace, once what-if was asked


class Grounds:
    """Keeps the ground of the newest state alone; safe to use from several threads at once."""

    def __init__(
        self,
        clock: Callable[[View], datetime] = wall_clock,
        read_trace: Callable[[View], Trace | None] = no_trace,
    ) -> None:
        self._clock = clock
        self._read_trace = read_trace
        self._kept: Ground | None = None
        self._lock = Lock()
        self._watched: tuple[object, Watch] | None = None
        self._watching = Lock()
        self._turns = BoundedSemaphore(AT_ONCE)

    @contextmanager
    def of(self, view: View) -> Iterator[Ground]:
        """Yield the ground of a view in which something was detected.

        What is read here is unmasked: whoever tells of it masks it for who asks. RetryableError where too many ask.
        """
        if not self._turns.acquire(blocking=False):
            raise RetryableError(f"server: {AT_ONCE} questions are being worked out already; try again in a second")
        try:
            with self._lock:
                ground = self._renew(view)
            yield ground
        finally:
            self._turns.release()

    def watch(self, view: View) -> Watch:
        """Return the rings of a view to screen against, made anew where what they rest on changed.

        ConfigError where there is no run of a market.
        """
        at = self._clock(view)
        state = watch_state(view, at)
        with self._watching:
            if self._watched is None or self._watched[0] != state:
                self._watched = None  # the old one goes before the new one comes: never two in memory
                self._watched = state, read_watch(view, self._read_trace(view), at)
            return self._watched[1]

    def run(self, view: View) -> CurrentRun:
        """Return how the current run judged; nothing of it is kept. ConfigError where there is none."""
        return read_current_run(view, self._read_trace(view))

    def fates(self, ground: Ground, kind: str, text: str) -> list[Fate]:
        """Return what became of rings without a value; worked out once for each value."""
        value = (kind, text)
        with self._lock:  # each judges a part of the graph: one after the other
            if value not in ground.fates:
                if len(ground.fates) >= KEPT_FATES:
                    ground.fates.clear()
                run = self._traced(ground)
                ground.fates[value] = find_fates(ground.snapshot, run, value, ground.at)
            return ground.fates[value]

    def _traced(self, ground: Ground) -> CurrentRun:
        """Return the run with its trace: the first value asked costs a run of detection where none was left."""
        if not ground.traced:
            ground.traced.append(leave_trace(ground.snapshot, ground.run, ground.at))
        return ground.traced[0]

    def _renew(self, view: View) -> Ground:
        at = self._clock(view)
        key = _state(view, at)
        if self._kept is None or self._kept.key != key:
            self._kept = None  # the old one goes before the new one comes: never two in memory
            run, snapshot = read_current_run(view, self._read_trace(view)), view.snapshot(FULL, at)
            self._kept = Ground(key, snapshot, run, judge_graph(snapshot, run), at, {}, [])
        return self._kept


def _state(view: View, at: datetime) -> object:
    """Return what an answer rests on, in little: where it is equal, so are the answers."""
    counts = tuple(sorted(view.counts(FULL).items()))
    decided = (tuple(view.exemptions(FULL, at)), tuple(view.judgements(FULL)))
    return view.run(FULL), counts, decided, detect_config(view), at.date()
