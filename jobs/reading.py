"""How commands come to what a database holds: open it, find the current run, a ring, a member, or say what to do."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ringwatch.model.errors import ConfigError
from ringwatch.model.visibility import FULL

if TYPE_CHECKING:
    from ringwatch.db.view import MemberRow, RingRow, RunRow, View
    from ringwatch.jobs.command import Call


@contextmanager
def open_run(call: "Call") -> Iterator[tuple["View", "RunRow"]]:
    """Open the database for reading and give it with its current run.

    Raises:
        ConfigError: there is no such database, or nothing was detected in it yet.
    """
    from ringwatch.db.open import open_view

    with open_view(call.url) as view:
        run = view.run(FULL)
        if run is None:
            raise ConfigError(
                f"{call.shown_url}: no run yet, so there are no rings; start one with: {call.line('detect')}"
            )
        yield view, run


def find_ring(call: "Call", view: "View", ring_id: str) -> "RingRow":
    """Return a ring of the current run, or say how to find one."""
    ring = view.ring(FULL, ring_id)
    if ring is None:
        raise ConfigError(
            f"ring {ring_id}: the current run has no such ring; list its rings with: {call.line('rings')}"
        )
    return ring


def find_member(call: "Call", view: "View", ring_id: str, seller_id: str) -> "MemberRow":
    """Return a seller's membership of a ring, or say where the seller is instead."""
    find_ring(call, view, ring_id)
    for member in view.members(FULL, ring_id).rows:
        if member.seller_id == seller_id:
            return member
    find_seller(view, seller_id)
    elsewhere = view.ring_of(FULL, [seller_id]).get(seller_id)
    known = f"it is in {elsewhere}" if elsewhere else "it is in no ring"
    help_line = call.line(f"why {seller_id} {elsewhere}") if elsewhere else call.line(f"why-not {seller_id} {ring_id}")
    raise ConfigError(f"seller {seller_id}: is not a member of ring {ring_id}, {known}; ask: {help_line}")


def find_seller(view: "View", seller_id: str) -> None:
    """Raise where no seller of that id was loaded."""
    if seller_id not in view.sellers(FULL, [seller_id]):
        raise ConfigError(f"seller {seller_id}: no seller of that id was loaded; ids count as written, also upper case")
