"""How a request acts on stores: in its turn, by its hand, within its size; what a rule refuses stands in the ledger."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from ringwatch.api.bench import MOST_SELLERS, MOST_STORES, Bench
from ringwatch.api.siblings import Asking
from ringwatch.enforcement import failures
from ringwatch.enforcement.replay import Today
from ringwatch.model.enforcement import Hand
from ringwatch.model.errors import RefusedError
from ringwatch.model.visibility import FULL, Act


@contextmanager
def acting(asking: Asking, act: Act) -> Iterator[tuple[Bench, Hand]]:
    """Give a request its turn on plans, and the hand that acts; what is refused within stands in the ledger."""
    if asking.bench is None:
        raise RefusedError("server: no store is decided on here; decide on the command line")
    bench = asking.bench
    hand = Hand(asking.visitor.name, bench.clock())
    with bench.turn():
        try:
            yield bench, hand
        except RefusedError as refusal:
            if asking.door is not None:
                asking.door.refuse(asking.visitor, act, refusal)
            raise


def check_size(n: int, what: str) -> None:
    """Raise PlanTooLargeError where a plan is over more stores, or sellers, than a request works on."""
    if n > MOST_STORES:
        raise failures.PlanTooLargeError(
            f"plan: it is over {n:,} {what}, a request works on {MOST_STORES:,} at most; nothing was done;"
            " use the command line"
        )


def today(asking: Asking, bench: Bench) -> Today:
    """Return what there is to judge by anew.

    RefusedError for those who may not see personal values, as the answer tells who uses one, and where the graph is
    larger than a request reads.
    """
    if not asking.who.personal_values:
        raise RefusedError(
            "replay: it tells who uses a value, which this role may not see; nothing was done; ask another"
        )
    run = bench.view.run(FULL)
    if run is not None and run.n_sellers > MOST_SELLERS:
        raise RefusedError(
            f"replay: the database has {run.n_sellers:,} sellers, a request judges {MOST_SELLERS:,} at most anew;"
            " nothing was done; use the command line"
        )
    return Today(bench.view, bench.docket, asking.grounds.run(bench.view))


def as_of_now(asking: Asking) -> Asking:
    """Return the request as of now: what it wrote stands in no picture that was taken before."""
    return replace(asking, view=asking.bench.view) if asking.bench else asking
