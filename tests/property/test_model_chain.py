"""Laws of the ledger's chain."""

import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from ringwatch.model.chain import GENESIS, Entry, Fault, Finding, Head, Sealed, head_line, line_of, read_export, seal
from ringwatch.model.chain import verify as verify_chain

ENTRIES = st.builds(
    Entry,
    st.integers(0, 10**15),
    st.text(max_size=5),
    st.sampled_from(["close", "reopen", "add actor"]),
    st.none() | st.text(max_size=3),
    st.none() | st.text(max_size=3),
    st.none() | st.sampled_from(["closed", "open"]),
    st.text(max_size=5).map(lambda text: json.dumps({"reason": text})),
    st.integers(0, 1),
)


def sealed(entries: list[Entry]) -> list[Sealed]:
    rows, previous = [], GENESIS
    for n, entry in enumerate(entries, 1):
        rows.append(Sealed(n, entry, previous, seal(previous, entry)))
        previous = rows[-1].hash
    return rows


CHAINS = st.lists(ENTRIES, min_size=1, max_size=8).map(sealed)


def head_of(rows: list[Sealed]) -> Head:
    return Head(len(rows), rows[-1].hash)


@given(CHAINS)
def test_a_chain_as_it_was_written_has_no_fault(rows: list[Sealed]):
    """Also when read back from its export, in any order."""
    assert verify_chain(rows, head_of(rows)) == []
    read, head = read_export([head_line(head_of(rows)), *map(line_of, rows)])
    assert read == rows
    assert verify_chain(reversed(read), head) == []


@given(CHAINS, st.data())
def test_a_changed_entry_is_named_alone(rows: list[Sealed], data: st.DataObject):
    """Whichever field of it was changed, its hash or the one before it too, and also where it was sealed anew."""
    place = data.draw(st.integers(0, len(rows) - 1))
    row = rows[place]
    entry = replace(row.entry, actor=row.entry.actor + "x")
    edits = (
        replace(row, entry=entry),
        replace(row, entry=entry, hash=seal(row.previous, entry)),
        replace(row, hash="f" * 64),
        replace(row, previous="e" * 64),
    )
    edited = [*rows[:place], data.draw(st.sampled_from(edits)), *rows[place + 1 :]]
    assert verify_chain(edited, head_of(rows)) == [Finding(place + 1, Fault.CHANGED)]


@given(CHAINS, st.data())
def test_missing_entries_are_named(rows: list[Sealed], data: st.DataObject):
    """Each by the number that it had, also at the beginning and at the end."""
    gone = data.draw(st.sets(st.integers(1, len(rows)), min_size=1))
    left = [row for row in rows if row.n not in gone]
    assert verify_chain(left, head_of(rows)) == [Finding(n, Fault.MISSING) for n in sorted(gone)]


@given(CHAINS, ENTRIES, st.data())
def test_an_inserted_entry_is_named_alone(rows: list[Sealed], entry: Entry, data: st.DataObject):
    """At any place, with all after it moved by one, sealed to the one before it or not."""
    place = data.draw(st.integers(0, len(rows)))
    previous = data.draw(st.sampled_from([rows[place - 1].hash if place else GENESIS, "d" * 64]))
    forged = Sealed(place + 1, entry, previous, data.draw(st.sampled_from(["c" * 64, seal(previous, entry) + "x"])))
    moved = [replace(row, n=row.n + 1) for row in rows[place:]]
    assert verify_chain([*rows[:place], forged, *moved], head_of(rows)) == [Finding(place + 1, Fault.INSERTED)]


@given(CHAINS.filter(lambda rows: len(rows) > 1), st.data())
def test_reordered_entries_are_named(rows: list[Sealed], data: st.DataObject):
    """Two that changed places are named both, and no other."""
    first, second = sorted(data.draw(st.permutations(range(len(rows))))[:2])
    swapped = list(rows)
    swapped[first] = replace(rows[second], n=first + 1)
    swapped[second] = replace(rows[first], n=second + 1)
    named = [Finding(place + 1, Fault.REORDERED) for place in (first, second)]
    assert verify_chain(swapped, head_of(rows)) == named
