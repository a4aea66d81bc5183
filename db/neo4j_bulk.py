"""A batch written to Neo4j by several writers at once, none of which ever waits for another's locks.

A new relationship locks the nodes at both its ends until its transaction ends, and in the store also the relationship
that was the newest of either node, which has another node at its other end. Two writers that add to nodes that were
there before can therefore meet, also where they have no node in common. So writers work beside each other where one end
of all that they make is new, and each has the other ends to itself: sellers, stores, listings, and values with the
first use of each. All other uses that are made go through one writer. What else a server locks may still make two meet;
then the driver runs one of them again.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from operator import itemgetter
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import orjson
import pyarrow as pa

from ringwatch.cypher import Query, query
from ringwatch.db.batches import ascending, order_of, rows_of
from ringwatch.db.database import NO_PARAMS, Column, Row, Scalar
from ringwatch.db.import_rows import words_column
from ringwatch.db.known_ids import KnownIds
from ringwatch.db.neo4j_session import ROWS_A_CALL, Neo4jReading, Params, Run, bound, check_placed, pieces_of
from ringwatch.db.words import folded_words
from ringwatch.model.snapshot import Bools, Longs

N_WRITERS = 4  # writers at a time: a server of two cores is kept busy by them, a larger one still gains
_ROWS = 2_500  # rows of one of their transactions: larger ones live long enough to be moved about by the collector

Piece: TypeAlias = tuple[Query, list[Any]]
"""A statement and its rows, for one transaction."""
Lane: TypeAlias = list[Piece]
"""What one writer does, in order."""
_NEW = MappingProxyType(
    {"upsert_seller": "insert_seller", "upsert_store": "insert_store", "upsert_listing": "insert_listing"}
)
_OWNER_PLACE = MappingProxyType({"upsert_seller": 0, "upsert_store": 1, "upsert_listing": 2})
"""Where the number of the node stands that a new row locks."""
_KEYS = ("holder", "listing", "value")


class Neo4jBulk(Neo4jReading):
    """What one writer's turn does: every statement is kept at once, rows by many in parallel.

    Whatever breaks off is completed by the same batch written again.
    """

    def __init__(self, read: Run, keep: Callable[[Query, Params], int], known: KnownIds, shown: str) -> None:
        super().__init__(read, shown)
        self._keep = keep
        self._known = known
        self._last = dict(zip(_KEYS, super().rows("last_numbers")[0], strict=True))
        self._given: dict[str, list[list[Column]]] = {"holder": [], "value": []}
        self._reworded: list[Longs] = []  # holders that were there before and whose name may be another now
        known.begin(self._last)

    def rows(self, name: str, params: Mapping[str, Scalar] = NO_PARAMS) -> list[Row]:
        """Return the rows of a query; numbers that were given but are not written yet count as given."""
        if name != "last_numbers":
            return super().rows(name, params)
        new = {key: sum(len(columns[0]) for columns in given) for key, given in self._given.items()}
        return [tuple(self._last[key] + new.get(key, 0) for key in _KEYS)]

    def ints(self, name: str, params: Mapping[str, Scalar] = NO_PARAMS) -> npt.NDArray[np.int64]:
        """Return the rows of a query of integers; ids are looked for here first, and then on the server."""
        if name == "last_numbers":
            return np.array(self.rows(name), dtype=np.int64)
        if name not in self._known.finders:
            return super().ints(name, params)
        texts = orjson.loads(str(params["texts" if "texts" in params else "ids"]))
        found = self._known.find(name, texts, params.get("kind_n"))
        asked = np.flatnonzero(found < 0)
        if len(asked):
            wanted = orjson.dumps([texts[i] for i in asked.tolist()]).decode()
            found[asked] = super().ints(name, {**params, "texts" if "texts" in params else "ids": wanted})[:, 0]
        return found.reshape(-1, 1)

    def write(self, name: str, params: Mapping[str, Scalar] = NO_PARAMS) -> int:
        """Run one writing statement and return how many rows it changed."""
        if name.startswith("unindex_"):
            return 0  # the words of a holder are replaced, not taken out first
        if name.startswith("index_"):
            return self._index_names()
        return self._keep(query(name), bound(query(name), params))

    def write_rows(self, name: str, rows: Iterable[Sequence[Scalar]]) -> None:
        """Run a writing statement for many rows, one call after the other, no two rows of a key in one call."""
        asked = query(name)
        self._write_rounds([[[(asked, piece) for piece in pieces_of(rows, asked.key_places)]]])

    def write_columns(self, name: str, columns: Sequence[Column], n_rows: int) -> None:
        """Run a writing statement for the rows of columns: what is new is made, all else is looked for and merged."""
        if name in ("insert_holder", "insert_value"):
            self._given[name.removeprefix("insert_")].append(list(columns))
        elif name in _NEW:
            self._write_numbered(name, columns, n_rows)
        elif name == "upsert_uses":
            self._write_uses(columns, n_rows)
        elif name == "raise_display":
            self._write_rounds([self._lanes(query(name), columns, np.asarray(columns[1]) % N_WRITERS)])
        else:
            self.write_rows(name, rows_of(columns, n_rows))

    def _write_numbered(self, name: str, columns: Sequence[Column], n_rows: int) -> None:
        """Write sellers, stores or listings, which come in the order of their numbers."""
        numbers, last = np.asarray(columns[0]), self._last["listing" if name == "upsert_listing" else "holder"]
        is_new = (numbers > last) & _is_first(numbers)
        fresh = _taken(columns, is_new)
        if name != "upsert_listing":
            ids = _joined(ids for _, ids in self._given["holder"])
            fresh += [ids, words_column(fresh[2 if name == "upsert_store" else 1])]
        owners = np.asarray(fresh[_OWNER_PLACE[name]])
        self._write_rounds([self._lanes(query(_NEW[name]), fresh, owners % N_WRITERS)])
        if name == "upsert_listing":
            self._known.add_texts("listing", fresh[1], fresh[0])
        else:
            self._known.add_holders(name, ids, fresh[0])
        old = _taken(columns, ~is_new)
        self._reworded.append(old[0])
        self.write_rows(name, rows_of(old, n_rows - int(is_new.sum())))

    def _write_uses(self, columns: Sequence[Column], n_rows: int) -> None:
        """Write uses, which come in the order of their values and holders.

        A new value comes with its first use, then follow all others, at last what came twice. In a first load nearly
        every one of these is made, in a later one nearly every one is there: then rounds follow, in each of which a
        writer has holders and values of its own, and the driver runs again what yet meets.
        """
        value, holder = np.asarray(columns[0]), np.asarray(columns[1])
        is_new, is_first = value > self._last["value"], _is_first(value)
        again = np.zeros(n_rows, dtype=np.bool_)
        again[1:] = (value[1:] == value[:-1]) & (holder[1:] == holder[:-1])
        first, others = is_new & is_first, ~again & ~(is_new & is_first)
        self._write_rounds(
            [self._lanes(query("insert_used_value"), self._with_values(columns, first), holder[first] % N_WRITERS)]
        )
        for numbers, kind_n, texts, _ in self._given["value"]:
            self._known.add_texts("value", texts, numbers, int(kind_n))
        made, merged = others & is_new, others & ~is_new
        rounds = [[self._lane(query("insert_uses"), _taken(columns, made))]]
        if self._known.is_whole:
            rounds += [[self._lane(query("upsert_uses"), _taken(columns, merged))]]
        else:
            deal = (holder - value) % N_WRITERS
            for turn in range(N_WRITERS):
                chosen = merged & (deal == turn)
                rounds.append(self._lanes(query("upsert_uses"), _taken(columns, chosen), holder[chosen] % N_WRITERS))
        self._write_rounds(rounds)
        self.write_rows("upsert_uses", rows_of(_taken(columns, again), int(again.sum())))

    def _with_values(self, columns: Sequence[Column], first: Bools) -> list[Column]:
        """Return the first uses of new values, each with its value before it; both come in the order of the numbers."""
        kinds = {n: name for n, name, _ in super().rows("kinds")}
        given = self._given["value"]
        kind_n = np.concatenate([np.zeros(0, np.int64), *(np.full(len(c[0]), c[1]) for c in given)])
        names = pa.array([kinds.get(n) for n in range(max(kinds, default=0) + 1)], pa.string()).take(pa.array(kind_n))
        texts, shown = (_joined(columns[i] for columns in given) for i in (2, 3))
        value, *rest = _taken(columns, first)
        return [value, kind_n, names, texts, shown, *rest]

    def _lanes(self, asked: Query, columns: Sequence[Column], lane_of: Longs) -> list[Lane]:
        """Deal rows out to the writers, each getting its own in their order, a call's worth at a time."""
        return [self._lane(asked, _taken(columns, lane_of == lane)) for lane in range(N_WRITERS)]

    def _lane(self, asked: Query, columns: Sequence[Column]) -> Lane:
        """Return all rows as the work of one writer."""
        by = asked.group_place
        if by is not None:
            columns = order_of(columns, ascending(np.asarray(columns[by])))
        n_rows = len(np.asarray(columns[0]))
        is_worded = "words" in asked.params  # the index of words costs the less the rarer it is told
        size = ROWS_A_CALL if is_worded else _ROWS
        rows = list(map(list, rows_of(columns, n_rows))) if n_rows else []
        return [(asked, rows[at : at + size]) for at in range(0, n_rows, size)]

    def _write_rounds(self, rounds: Iterable[Sequence[Lane]]) -> None:
        """Write round by round; within one the lanes go on beside each other."""
        with ThreadPoolExecutor(N_WRITERS) as writers:
            for lanes in rounds:
                list(writers.map(self._run_lane, [lane for lane in lanes if lane]))

    def _run_lane(self, lane: Lane) -> None:
        for asked, rows in lane:
            given = rows if asked.group_place is None else grouped(rows, asked.group_place)
            n_placed = self._keep(asked, self._completed(asked, {"rows": given}))
            check_placed(asked, n_placed, len(rows), self._shown)

    def _index_names(self) -> int:
        """Renew the words of holders that were there before; new ones were made with theirs."""
        reworded = np.unique(np.concatenate([np.zeros(0, np.int64), *self._reworded]))
        self._reworded = []
        named = super().rows("names_of", {"ns": orjson.dumps(reworded.tolist()).decode()}) if len(reworded) else []
        self.write_rows("set_words", [(n, " ".join(folded_words(name))) for n, name in named])
        return len(named)


def grouped(rows: Sequence[list[Any]], place: int) -> list[list[Any]]:
    """Return rows that lie together by what stands at a place, each group behind what its rows have in common.

    >>> grouped([[1, "a"], [1, "b"], [2, "a"]], 0)
    [[1, [[1, 'a'], [1, 'b']]], [2, [[2, 'a']]]]
    """
    return [[key, list(members)] for key, members in groupby(rows, itemgetter(place))]


def _is_first(numbers: Longs) -> Bools:
    """Say of each of some ascending numbers whether it is the first of its like."""
    is_first = np.ones(len(numbers), dtype=np.bool_)
    is_first[1:] = numbers[1:] != numbers[:-1]
    return is_first


def _taken(columns: Sequence[Column], mask: Bools) -> list[Column]:
    return order_of(columns, np.flatnonzero(mask))


def _joined(parts: Iterable[pa.Array | pa.ChunkedArray]) -> pa.Array:
    """Return arrays of text end to end; none of them is no text."""
    chunks = [chunk for part in parts for chunk in (part.chunks if isinstance(part, pa.ChunkedArray) else [part])]
    return pa.concat_arrays([pa.array([], pa.string()), *chunks])
