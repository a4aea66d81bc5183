"""How entries of the ledger are made: who, when, and whether the clock could be set by hand."""

from collections.abc import Mapping

from ringwatch.db.record import Record, dump
from ringwatch.db.times import micros
from ringwatch.model.chain import Entry
from ringwatch.model.enforcement import Hand


def make_entry(record: Record, hand: Hand, action: str, body: Mapping[str, object]) -> Entry:
    """Return an entry about no single store."""
    return Entry(micros(hand.at), hand.actor, action, None, None, None, dump(body), int(record.is_drill))
