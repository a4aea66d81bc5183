"""Screening of sellers that were held out: what it finds, processor time for one and for many.

Of a made marketplace one seller in ten is left out before loading and detecting, members and honest ones alike, and
then applies with what it uses. Beside screening stands the floor: the same values looked up by kind and text in the
database, and the uses of those that are found, nothing judged.
"""

import argparse
import json
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.incremental import run
from ringwatch.api.screening import Screener
from ringwatch.api.watches import read_watch
from ringwatch.db.open import open_database, open_view
from ringwatch.fixtures.generate import WorldConfig, generate, write_folder
from ringwatch.jobs.detect_again import kept_trace
from ringwatch.model.applicants import Applicants
from ringwatch.model.visibility import FULL
from ringwatch.values.applicants import columns_of, read_application

HELD_OUT = 10  # one seller in so many
N_ALONE = 1_000  # applicants that are timed one by one
NOW = datetime(2026, 6, 30, tzinfo=UTC)
MOST_MS, LEAST_PER_S = 10.0, 2_000.0


def main() -> None:
    """Print what was found and how long it took, the last line as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sellers", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=21)
    parser.add_argument("--world", default="base")
    options = parser.parse_args()
    line = {"benchmark": "screen", "sellers": options.sellers, "world": options.world, "seed": options.seed}
    with tempfile.TemporaryDirectory() as folder:
        tables = generate(WorldConfig(options.sellers, options.seed, options.world))
        applicants, rest = held_out(tables)
        url = f"sqlite:///{folder}/graph.db"
        write_folder(rest, Path(folder) / "input", "parquet")
        run("load", f"{folder}/input", "--rejects", f"{folder}/rejects.csv", "--max-rejects", "1", "--database", url)
        run("detect", "--database", url)
        line |= measure(url, applicants, labels_of(tables))
    print(json.dumps(line))


def held_out(tables: Mapping[str, pa.Table]) -> tuple[list[dict[str, Any]], dict[str, pa.Table]]:
    """Return one seller in ten as applicants with what they and their stores use, and the tables without them."""
    ids = tables["sellers"]["seller_id"].to_pylist()
    out = set(ids[HELD_OUT - 1 :: HELD_OUT])
    owner = dict(zip(*(tables["stores"][name].to_pylist() for name in ("store_id", "seller_id")), strict=True))
    gone = pa.array([*out, *(store for store, seller in owner.items() if seller in out)])
    found = {row["seller_id"]: row for row in of_some(tables["sellers"], "seller_id", gone)}
    for table in ("addresses", "payment_accounts", "identifiers"):
        for row in of_some(tables[table], "holder_id", gone):
            found[owner.get(row["holder_id"], row["holder_id"])].setdefault(table, []).append(row)
    for row in of_some(tables["listings"], "store_id", gone):
        if row["image_hash"]:
            image = {"kind": "image_hash", "value": row["image_hash"], "first_seen_at": row["listed_at"]}
            found[owner[row["store_id"]]].setdefault("identifiers", []).append(image)
    keys = {"sellers": "seller_id", "stores": "seller_id", "listings": "store_id", "authorisations": "seller_id"}
    keys |= dict.fromkeys(("addresses", "payment_accounts", "identifiers"), "holder_id")
    rest = {name: without(table, keys[name], gone) if name in keys else table for name, table in tables.items()}
    listed = pc.is_in(rest["notices"]["listing_id"], rest["listings"]["listing_id"].combine_chunks())
    rest["notices"] = without(
        rest["notices"].filter(pc.or_(listed, rest["notices"]["store_id"].is_valid())), "store_id", gone
    )
    rest.pop("labels")
    return [found[seller_id] for seller_id in ids if seller_id in out], rest


def of_some(table: pa.Table, column: str, ids: pa.Array) -> list[dict[str, Any]]:
    """Return the rows of some ids."""
    rows: list[dict[str, Any]] = table.filter(pc.is_in(table[column], ids)).to_pylist()
    return rows


def without(table: pa.Table, column: str, ids: pa.Array) -> pa.Table:
    """Return the rows of all others."""
    return table.filter(pc.invert(pc.is_in(table[column], ids)))


def labels_of(tables: Mapping[str, pa.Table]) -> dict[str, str]:
    """Return the true ring of each seller, "" for honest ones."""
    columns = (tables["labels"][name].to_pylist() for name in ("seller_id", "ring"))
    return dict(zip(*columns, strict=True))


def measure(url: str, applicants: Sequence[dict[str, Any]], labels: Mapping[str, str]) -> dict[str, Any]:
    """Return what screening says of applicants, how long it takes, and how long the bare look-ups take."""
    with open_view(url) as view:
        begun_s = time.perf_counter()
        screener = Screener(read_watch(view, kept_trace(view), NOW))
        figures: dict[str, Any] = {"opening_s": time.perf_counter() - begun_s}
        begun_s = time.process_time()
        answers = list(screener.lines(applicants))
        figures["per_second"] = len(applicants) / (time.process_time() - begun_s)
        columns = columns_of([read_application(one) for one in applicants], view.registry(FULL), None)
        ring_of = {member.seller_id: member.ring_id for member in view.all_members(FULL)}
    figures |= found_of(answers, labels, ring_of)
    alone = [applicants[place] for place in np.random.default_rng(1).permutation(len(applicants))[:N_ALONE]]
    took = [timed(lambda one=one: list(screener.lines([one]))) for one in alone]  # type: ignore[misc]
    tied = [one for one, answer in zip(applicants, answers, strict=True) if answer["matches"]][:N_ALONE]
    took_tied = [timed(lambda one=one: list(screener.lines([one]))) for one in tied]  # type: ignore[misc]
    floor = look_up(url, columns)
    figures |= named("ms", took) | named("tied_ms", took_tied) | named("floor_ms", floor)
    ratio = float(np.percentile(took, 99) / np.percentile(floor, 99))
    print(f"one: {figures['ms_p99']:.1f} ms at p99 ({MOST_MS} wanted); {figures['per_second']:.0f} a second in bulk")
    return figures | {"ratio": ratio, "goal_ms": MOST_MS, "goal_per_second": LEAST_PER_S}


def found_of(
    answers: Sequence[Mapping[str, Any]], labels: Mapping[str, str], ring_of: Mapping[str, str]
) -> dict[str, Any]:
    """Return shares of the guilty that are refused and looked at, of those whose ring was found, and honest caught."""
    true_of = {ring_id: Counter[str]() for ring_id in ring_of.values()}
    for seller_id, ring_id in ring_of.items():
        true_of[ring_id][labels[seller_id]] += 1
    known = {ring for counts in true_of.values() for ring, n in counts.items() if ring and n > 1}
    guilty = [a for a in answers if labels[a["seller_id"]]]
    reachable = [a for a in guilty if labels[a["seller_id"]] in known]
    honest = Counter(a["advice"].value for a in answers if not labels[a["seller_id"]])
    told = {"guilty": len(guilty), "reachable": len(reachable), "honest": honest.total()}
    for name, group in (("guilty", guilty), ("reachable", reachable)):
        advice = Counter(a["advice"].value for a in group)
        told |= {f"{name}_refused": advice["refuse"] / max(len(group), 1)}
        told |= {f"{name}_seen": (advice["refuse"] + advice["review"]) / max(len(group), 1)}
    return told | {"honest_refused": honest["refuse"], "honest_reviewed": honest["review"]}


def timed(work: Any) -> float:  # noqa: ANN401 (whatever is called)
    """Return the milliseconds of processor time that some work takes: the machine may be busy."""
    begun_s = time.process_time()
    work()
    return (time.process_time() - begun_s) * 1e3


def named(name: str, took: Sequence[float]) -> dict[str, float]:
    """Return percentiles by name."""
    return {f"{name}_p{q}": float(np.percentile(took, q)) for q in (50, 99)} if took else {}


def look_up(url: str, columns: Applicants) -> list[float]:
    """Return the milliseconds that the bare look-ups of each applicant's values take."""
    database = open_database(url, create=False)
    with database.reading() as session:
        number = {name: n for n, name, _ in session.rows("kinds")}
        took = [timed(lambda v=values: _look_up(session, number, v)) for values in values_of(columns)]  # type: ignore[misc]
    database.close()
    return took


def values_of(columns: Applicants) -> Iterator[dict[str, list[str]]]:
    """Yield the texts of each applicant by kind."""
    table = pa.table({"row": columns.use_row, "kind": columns.use_kind, "text": columns.use_text}).sort_by("row")
    rows = table["row"].to_numpy()
    for place in range(min(len(columns.seller_ids), N_ALONE)):
        low, high = np.searchsorted(rows, [place, place + 1])
        by_kind: dict[str, list[str]] = {}
        for kind, text in zip(
            *(table[name].slice(low, high - low).to_pylist() for name in ("kind", "text")), strict=True
        ):
            by_kind.setdefault(kind, []).append(text)
        yield by_kind


def _look_up(session: Any, number: Mapping[str, int], values: Mapping[str, list[str]]) -> None:  # noqa: ANN401 (a session)
    for kind, texts in values.items():
        if kind in number:
            found = session.ints("find_values", {"kind_n": number[kind], "texts": json.dumps(texts)})[:, 0]
            session.ints("uses_of_values", {"ns": json.dumps(found[found > 0].tolist())})


if __name__ == "__main__":
    main()
