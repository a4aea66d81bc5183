"""The bulk of every load: who uses which value."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ringwatch.db.batches import PROPERTIES, ascending, given_bits, order_of, references
from ringwatch.db.database import Session
from ringwatch.db.interning import check_no_nul, distinct_texts, find_numbers, place_of
from ringwatch.model.errors import InputError
from ringwatch.model.snapshot import Longs

MAX_PURPOSES = 524_287  # 19 bits, see sql/snapshot_uses.sql


def write_uses(session: Session, load: int, source_n: int, batch: pa.Table) -> None:
    """Upsert uses, and the values that are new; rows go in by the order of the key, so that pages fill in order."""
    check_no_nul("uses", batch["value"], "value")
    batch = batch.combine_chunks()
    holders = references(session, "uses", "find_holders", batch["holder_id"])
    values = _number_values(session, batch)
    properties = [batch[name] for name in PROPERTIES["uses"]]
    times = [batch["first_seen_at"], batch["last_seen_at"]]
    numbered = [number_purposes(session, batch["purpose"]), *properties[1:]]
    columns = [values, holders, source_n, *numbered, *times, given_bits(properties), load, load]
    ordered = order_of(columns, ascending(values, holders))
    session.write_columns("upsert_uses", ordered, len(batch))


def _number_values(session: Session, batch: pa.Table) -> Longs:
    """Return the number of the value of each row; new ones get theirs, by kind and text."""
    numbers = np.zeros(len(batch), dtype=np.int64)
    kinds = distinct_texts(batch["kind"])
    kind_places = place_of(batch["kind"], kinds)
    for place, kind_n in enumerate(number_kinds(session, kinds)):
        rows = np.flatnonzero(kind_places == place)
        taken = pa.array(rows)
        texts, displays = batch["value"].take(taken), batch["display"].take(taken)
        numbers[rows] = _number_texts(session, kind_n, texts, displays)
    return numbers


def number_kinds(session: Session, kinds: pa.Array) -> list[int]:
    """Return the number of each kind of a list; a new one is met."""
    known = {name: n for n, name, _ in session.rows("kinds")}
    for name in kinds.to_pylist():
        if name not in known:
            session.write("declare_kind", {"name": name, "definition": None})
    known = {name: n for n, name, _ in session.rows("kinds")}
    return [known[name] for name in kinds.to_pylist()]


def number_purposes(session: Session, purposes: pa.ChunkedArray) -> pa.Array:
    """Return the number of the purpose of each row, null where it has none. Raises InputError for too many writings."""
    distinct = distinct_texts(purposes)
    known = {text: n for n, text in session.rows("purposes")}
    new = [(text,) for text in distinct.to_pylist() if text not in known]
    if len(known) + len(new) > MAX_PURPOSES:
        raise InputError(
            f"uses: purpose has more than {MAX_PURPOSES} different writings, expected a few words such as registered or"
            " return; nothing of this batch was written; map the right column"
        )
    if new:
        session.write_rows("insert_purpose", new)
        known = {text: n for n, text in session.rows("purposes")}
    numbers = pa.array([known[text] for text in distinct.to_pylist()], pa.int64())
    return numbers.take(pc.index_in(purposes, distinct))


def _number_texts(session: Session, kind_n: int, texts: pa.ChunkedArray, displays: pa.ChunkedArray) -> Longs:
    """Return the number of each text of one kind; write what is new, and greater displays of what is not."""
    last = int(session.ints("last_numbers")[0, 2])
    distinct = distinct_texts(texts)
    found = find_numbers(session, "find_values", distinct, kind_n) if last else np.zeros(len(distinct), dtype=np.int64)
    is_new = found == 0
    found[is_new] = last + 1 + np.arange(np.count_nonzero(is_new))
    places = place_of(texts, distinct)
    shown = greatest_by_place(places, displays, len(distinct))
    shown = pc.if_else(pc.equal(shown, distinct), pa.scalar(None, pa.string()), shown)
    new, old = pa.array(np.flatnonzero(is_new)), pa.array(np.flatnonzero(~is_new))
    session.write_columns("insert_value", [found[is_new], kind_n, distinct.take(new), shown.take(new)], len(new))
    shown_again = pc.coalesce(shown, distinct).take(old)
    session.write_columns("raise_display", [shown_again, found[~is_new], shown_again], len(old))
    return found[places]


def greatest_by_place(places: Longs, column: pa.Array | pa.ChunkedArray, n: int, *, is_least: bool = False) -> pa.Array:
    """Return for each place 0..n-1, each met at least once, the greatest of its values, or the least; null is neither.

    >>> greatest_by_place(np.array([1, 0, 1]), pa.array(["b", "c", "d"]), 2).to_pylist()
    ['c', 'd']
    """
    is_repeated = np.bincount(places, minlength=n)[places] > 1
    rows = np.empty(n, dtype=np.int64)
    rows[places[~is_repeated]] = np.flatnonzero(~is_repeated)
    repeated = np.flatnonzero(is_repeated)  # few: only these need a sort of their values
    table = pa.table({"place": places[repeated], "value": column.take(pa.array(repeated))})
    keys = [("place", "ascending", "at_start"), ("value", "descending" if is_least else "ascending", "at_start")]
    order = repeated[np.asarray(pc.sort_indices(table, sort_keys=keys))]
    rows[places[order]] = order  # of one place assigned several times the last stands
    taken = column.take(pa.array(rows))
    return taken.combine_chunks() if isinstance(taken, pa.ChunkedArray) else taken
