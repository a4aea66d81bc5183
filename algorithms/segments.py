"""Small moves on flat arrays: ranges laid end to end, groups in sorted keys, hashes that do not depend on order."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ringwatch.model.snapshot import Bools, Longs

Hashes = npt.NDArray[np.uint64]


def ranges(starts: Longs, counts: Longs) -> Longs:
    """Return the numbers starts[i] .. starts[i]+counts[i]-1 of every i, laid end to end.

    >>> ranges(np.array([5, 9]), np.array([2, 1])).tolist()
    [5, 6, 9]
    """
    ends = np.cumsum(counts)
    total = int(ends[-1]) if len(ends) else 0
    return np.arange(total, dtype=np.int64) + np.repeat(starts - ends + counts, counts)


def first_of_group(keys: npt.NDArray[np.integer]) -> Longs:
    """Return where each run of equal keys begins; ``keys`` are sorted.

    >>> first_of_group(np.array([3, 3, 7])).tolist()
    [0, 2]
    """
    return np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1]))) if len(keys) else np.zeros(0, np.int64)


def is_last_of_group(keys: npt.NDArray[np.integer]) -> Bools:
    """Say of each place whether its run of equal keys ends there; ``keys`` are sorted."""
    return np.concatenate((keys[1:] != keys[:-1], [True])) if len(keys) else np.zeros(0, np.bool_)


def pairs_within(start: Longs, counts: Longs) -> tuple[Longs, Longs]:
    """Return every two places of each range start[i] .. start[i]+counts[i]-1."""
    ones, others = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for n in np.unique(counts[counts > 1]):
        first = start[counts == n][:, None]
        one, other = np.triu_indices(int(n), 1)
        ones.append((first + one).ravel())
        others.append((first + other).ravel())
    return np.concatenate(ones), np.concatenate(others)


def find_sorted(sorted_keys: Longs, keys: Longs) -> Longs:
    """Return where each key stands in ``sorted_keys`` (distinct, ascending), -1 where it is not there."""
    if not len(sorted_keys):
        return np.full(len(keys), -1, dtype=np.int64)
    place = np.minimum(np.searchsorted(sorted_keys, keys), len(sorted_keys) - 1)
    return np.where(sorted_keys[place] == keys, place, -1)


def mix(keys: Hashes) -> Hashes:
    """Return well-spread 64-bit hashes of 64-bit keys (the finaliser of SplitMix64, Steele and others 2014)."""
    mixed = keys + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def hash_texts(texts: pa.Array) -> Hashes:
    """Return a 64-bit hash of each text that depends on its bytes alone. O(bytes).

    >>> same = hash_texts(pa.array(["ab", "ba", "ab", ""]))
    >>> bool(same[0] == same[2]), len(set(same.tolist()))
    (True, 3)
    """
    lengths = np.asarray(pc.binary_length(texts), dtype=np.int64)
    ends = np.cumsum(lengths)
    buffers, n_bytes = texts.buffers(), int(lengths.sum())
    begin = int(np.frombuffer(buffers[1], np.int32)[texts.offset]) if n_bytes else 0
    octets = np.frombuffer(buffers[2], np.uint8)[begin : begin + n_bytes] if n_bytes else np.zeros(0, np.uint8)
    place = (np.arange(n_bytes) - np.repeat(ends - lengths, lengths)).astype(np.uint64)
    total = np.concatenate((np.zeros(1, np.uint64), np.cumsum(mix(place * np.uint64(256) + octets))))
    return mix(np.diff(total[np.concatenate((np.zeros(1, np.int64), ends))]))


def sum_by(groups: npt.NDArray[np.integer], hashes: Hashes, n_groups: int) -> Hashes:
    """Return the sum of the hashes of each group, modulo 2**64, so that their order cannot matter."""
    total = np.zeros(n_groups, dtype=np.uint64)
    np.add.at(total, groups, hashes)
    return total
