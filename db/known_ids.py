"""What one process numbered since the database was empty: while nobody else numbers, no other id can be there."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ringwatch.db.database import Scalar
from ringwatch.model.snapshot import Bools, Longs

MAX_HOLDERS = 5_000_000  # ids that are remembered, some 150 MB; of a larger load the server is asked
MAX_VALUES = 10_000_000  # texts of values that are remembered, some 400 MB; of a larger load the server is asked
_N_BITS = 1 << 29  # of the filter, 64 MB: of 50 million texts one in fifty is asked for in vain
_MULTIPLIERS = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], dtype=np.uint64)
_HOLDERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "find_sellers": ("upsert_seller",),
        "find_stores": ("upsert_store",),
        "find_holders": ("upsert_seller", "upsert_store"),
    }
)
_TEXTS = MappingProxyType({"find_listings": "listing", "find_values": "value"})


class TextFilter:
    """Says of a text that it was surely never added, or may have been; it forgets nothing and holds no text."""

    def __init__(self) -> None:
        self._bits = np.zeros(0, dtype=np.uint8)  # until something is added

    def add(self, texts: Sequence[str], kind_n: int = 0) -> None:
        """Take in texts of a kind."""
        if len(self._bits) == 0:
            self._bits = np.zeros(_N_BITS // 8, dtype=np.uint8)
        for places in _places(texts, kind_n):
            np.bitwise_or.at(self._bits, places >> 3, np.uint8(1) << (places & 7).astype(np.uint8))

    def may_hold(self, texts: Sequence[str], kind_n: int = 0) -> Bools:
        """Say of each text whether it may have been added.

        >>> held = TextFilter()
        >>> held.add(["a", "b"], 7)
        >>> held.may_hold(["b", "c"], 7).tolist()
        [True, False]
        """
        found = np.full(len(texts), len(self._bits) > 0)
        for places in _places(texts, kind_n) if len(self._bits) else ():
            found &= (self._bits[places >> 3] >> (places & 7).astype(np.uint8)) & 1 == 1
        return found


class KnownIds:
    """Answers for ids of holders, listings and values where that needs no look into the database."""

    finders = frozenset({"find_sellers", "find_stores", "find_holders", "find_listings", "find_values"})

    def __init__(self) -> None:
        self._last: Mapping[str, int] = {}
        self.is_whole = False  # nobody but us gave numbers since the database was empty
        self._forget()

    @property
    def is_exact(self) -> bool:
        """Say whether no value is asked for: all that there are were made here and are remembered."""
        return self.is_whole and self._n_values <= MAX_VALUES

    def begin(self, last: Mapping[str, int]) -> None:
        """Take note of the last numbers given, at the begin of a turn: others may have given some since ours."""
        if not any(last.values()):
            self._forget()
            self.is_whole = True
        self.is_whole = self.is_whole and (not any(last.values()) or dict(last) == dict(self._last))
        self._last = dict(last)

    def add_holders(self, name: str, ids: pa.Array, numbers: Longs) -> None:
        """Remember sellers or stores (``upsert_seller``, ``upsert_store``) that were made."""
        if self.is_whole and len(ids):
            self._holders[name].append((ids, numbers))
            self._last = {**self._last, "holder": int(numbers[-1])}

    def add_texts(self, key: str, texts: pa.Array, numbers: Longs, kind_n: int = 0) -> None:
        """Remember listings, or values of a kind, that were made."""
        if self.is_whole and len(texts):
            self._texts[key].add(texts.to_pylist(), kind_n)
            self._last = {**self._last, key: int(numbers[-1])}
            if key == "value":
                self._n_values += len(texts)
                self._values.setdefault(kind_n, []).append((texts, numbers))
                if not self.is_exact:
                    self._values.clear()

    def find(self, finder: str, texts: Sequence[str], kind_n: Scalar = None) -> Longs:
        """Return the number of each text, 0 where it is not there, -1 where the database has to be asked."""
        if not self.is_whole:
            return np.full(len(texts), -1, dtype=np.int64)
        if finder in _TEXTS:
            asked = np.where(self._texts[_TEXTS[finder]].may_hold(texts, int(kind_n or 0)), -1, 0)
            return self._find_values(texts, asked, int(kind_n or 0)) if finder == "find_values" else asked
        held = [part for name in _HOLDERS[finder] for part in self._holders[name]]
        if sum(len(ids) for ids, _ in held) > MAX_HOLDERS:
            return np.full(len(texts), -1, dtype=np.int64)
        ids = pa.chunked_array([ids for ids, _ in held], pa.string())
        numbers: Longs = np.concatenate([*(numbers for _, numbers in held), np.zeros(1, dtype=np.int64)])
        places = pc.fill_null(pc.index_in(pa.array(texts, pa.string()), ids), -1)
        found: Longs = numbers[np.asarray(places)]  # -1 takes the 0 at the end
        return found

    def _find_values(self, texts: Sequence[str], found: Longs, kind_n: int) -> Longs:
        """Return the number of each text that may be held, where all texts are remembered; O(what is remembered)."""
        places = np.flatnonzero(found)
        if self.is_exact and len(places):
            wanted = pa.array([texts[i] for i in places.tolist()], pa.string())
            found[places] = 0
            for held, numbers in self._values.get(kind_n, []):
                at = pc.index_in(held, wanted)  # what is asked for is the smaller of the two tables
                hits = np.asarray(at.is_valid())
                found[places[np.asarray(at.filter(at.is_valid()))]] = numbers[hits]
        return found

    def _forget(self) -> None:
        self._holders: dict[str, list[tuple[pa.Array, Longs]]] = {"upsert_seller": [], "upsert_store": []}
        self._texts = {"listing": TextFilter(), "value": TextFilter()}
        self._values: dict[int, list[tuple[pa.Array, Longs]]] = {}
        self._n_values = 0


def _places(texts: Sequence[str], kind_n: int) -> list[Longs]:
    """Return for each multiplier the bit of each text."""
    hashed = np.fromiter(map(hash, texts), dtype=np.int64, count=len(texts)).view(np.uint64)
    mixed = (hashed ^ np.uint64(kind_n)) * np.uint64(0xFF51AFD7ED558CCD)
    mixed ^= mixed >> np.uint64(32)
    return [((mixed * multiplier) >> np.uint64(35)).astype(np.int64) for multiplier in _MULTIPLIERS]  # 2**29 bits
