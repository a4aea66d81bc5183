"""Quality of detection in made marketplaces: one line a world and seed, and the mean of all.

``python -m benchmarks.quality.worlds --sellers 20000 --seeds 1 2``. Choose with some seeds, confirm with others.

========== ===========================================================================================
column     what it says
========== ===========================================================================================
P, R       precision and recall of sellers: closable (close, infringement .5), review or surer, any tier
honest     honest sellers that are closable (a number), and at review or surer for each 1,000 honest ones
rings      share of true rings of three or more found by the members of review or surer, and of any tier
spares     share of stores opened in advance that are in the ring that holds most of theirs, of any tier
back       share of returned rings of which one found ring holds half of either generation
apart      share of twin rings that were found and are not in one ring with their twin
ece        expected calibration error of members' link scores, ten bins of equal width
========== ===========================================================================================
"""

import argparse
import pickle
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np
import pyarrow as pa

from benchmarks.made_snapshot import snapshot_of
from ringwatch.algorithms.detect import work_out
from ringwatch.algorithms.evaluation import CLOSABLE_INFRINGEMENT, FoundMembers, Labels, evaluate
from ringwatch.algorithms.report import Outcome
from ringwatch.algorithms.tiers import CLOSE, LEAD, REVIEW
from ringwatch.fixtures.cast import Cast
from ringwatch.fixtures.generate import WorldConfig, make_market
from ringwatch.fixtures.worlds import WORLDS
from ringwatch.model.rings import DetectConfig
from ringwatch.model.snapshot import Bools, Ints, Longs, Snapshot

N_BINS = 10


@dataclass(frozen=True, slots=True)
class Quality:
    """Figures of one marketplace, in the order of the table."""

    closable_p: float
    closable_r: float
    closable_honest: float
    review_p: float
    review_r: float
    review_honest: float  # for each 1,000 honest sellers
    review_rings: float
    any_p: float
    any_r: float
    any_rings: float
    spares: float
    back: float
    apart: float
    ece: float


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sellers", type=int, default=20_000)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    parser.add_argument("--worlds", nargs="+", choices=list(WORLDS), default=list(WORLDS))
    parser.add_argument("--cache", type=Path, help="folder that keeps the marketplaces between runs")
    options = parser.parse_args()
    names = [field.name for field in fields(Quality)]
    print(f"{'':>12} " + " ".join(f"{name.split('_')[0]:>8}" for name in names))
    print(f"{'world':>12} " + " ".join(f"{name.split('_')[-1]:>8}" for name in names))
    rows = []
    for world in options.worlds:
        for seed in options.seeds:
            snapshot, cast = market(WorldConfig(options.sellers, seed, world), options.cache)
            outcome, _, _ = work_out(snapshot, DetectConfig(), {})
            rows.append(measure(outcome, cast))
            print(line(f"{world} {seed}", rows[-1]), flush=True)
    means = [float(np.nanmean([getattr(row, name) for row in rows])) for name in names]
    print(line("mean", Quality(*means)))


def line(name: str, found: Quality) -> str:
    """Return one line of the table."""
    return f"{name:>12} " + " ".join(f"{value:8.4g}" for value in asdict(found).values())


def market(config: WorldConfig, cache: Path | None) -> tuple[Snapshot, Cast]:
    """Return the snapshot of a marketplace and who is who, from the cache where it is there."""
    path = cache / f"{config.world}-{config.seed}-{config.n_sellers}.pickle" if cache else None
    if path and path.exists():
        kept: tuple[Snapshot, Cast] = pickle.loads(path.read_bytes())  # noqa: S301 (written by this program)
        return kept
    made = make_market(config)
    found = snapshot_of(made), made.cast
    if path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(pickle.dumps(found))
    return found


def measure(outcome: Outcome, cast: Cast) -> Quality:
    """Return the figures of one run."""
    verdicts, groups = outcome.verdicts, outcome.clusters.groups
    is_guilty = cast.ring[groups.member] >= 0
    closable = (verdicts.tier == CLOSE) & (verdicts.infringement >= CLOSABLE_INFRINGEMENT)
    review, everyone = verdicts.tier <= REVIEW, verdicts.tier <= LEAD
    n_guilty = int((cast.ring >= 0).sum())

    def precision(chosen: Bools) -> float:
        return float(is_guilty[chosen].mean()) if chosen.any() else 1.0

    def recall(chosen: Bools) -> float:
        return int(is_guilty[chosen].sum()) / max(n_guilty, 1)

    best = home(groups.ring_of, cast.ring)
    return Quality(
        closable_p=precision(closable),
        closable_r=recall(closable),
        closable_honest=int((closable & ~is_guilty).sum()),
        review_p=precision(review),
        review_r=recall(review),
        review_honest=1_000 * int((review & ~is_guilty).sum()) / max(cast.n_sellers - n_guilty, 1),
        review_rings=rings_found(outcome, cast, review),
        any_p=precision(everyone),
        any_r=recall(everyone),
        any_rings=rings_found(outcome, cast, everyone),
        spares=spares_found(groups.ring_of, cast, best),
        back=rings_back(groups.ring_of, cast),
        apart=twins_apart(cast, best),
        ece=calibration_error(1 / (1 + np.exp(-verdicts.log_odds)), is_guilty),
    )


def rings_found(outcome: Outcome, cast: Cast, chosen: Bools) -> float:
    """Return the share of true rings that the chosen memberships find."""
    groups = outcome.clusters.groups
    ids = pa.array(np.arange(cast.n_sellers)).cast(pa.string())
    rings = pa.array(np.where(cast.ring >= 0, cast.ring.astype(str), ""))
    member = pa.array(groups.member[chosen])
    found = pa.array(groups.ring_of[groups.member[chosen]]).cast(pa.string())
    return evaluate(
        Labels(ids, rings), FoundMembers(found, ids.take(member), pa.nulls(len(member), pa.string()))
    ).ring_recall


def home(found: Longs, truth: Ints) -> Longs:
    """Return for each true ring the found ring that holds most of its members, -1 where none holds two."""
    both = (truth >= 0) & (found >= 0)
    width = int(found.max(initial=0)) + 1
    cell, n_common = np.unique(truth[both].astype(np.int64) * width + found[both], return_counts=True)
    order = np.lexsort((n_common, cell // width))
    best = np.full(int(truth.max(initial=-1)) + 1, -1, dtype=np.int64)
    kept = order[n_common[order] > 1]
    best[cell[kept] // width] = cell[kept] % width
    return best


def spares_found(found: Longs, cast: Cast, best: Longs) -> float:
    """Return the share of spares that are where most of their ring is."""
    spare = np.flatnonzero(cast.is_spare)
    return float(((found[spare] >= 0) & (found[spare] == best[cast.ring[spare]])).mean()) if len(spare) else np.nan


def rings_back(found: Longs, cast: Cast) -> float:
    """Return the share of returned rings that are found as one: half of either generation in one ring."""
    told = []
    for ring in np.flatnonzero(cast.rings.is_returning):
        member = cast.rings.member[cast.rings.ring == ring]
        is_late = cast.generation[member] == 1
        old, new = found[member[~is_late]], found[member[is_late]]
        told.append(
            any(2 * (old == at).sum() >= len(old) and 2 * (new == at).sum() >= len(new) for at in set(old[old >= 0]))
        )
    return float(np.mean(told)) if told else np.nan


def twins_apart(cast: Cast, best: Longs) -> float:
    """Return the share of found twin rings that are another ring than their twin's."""
    photo_ring = cast.rings.photo_ring
    twin = np.flatnonzero(photo_ring != np.arange(len(photo_ring)))
    twin = twin[(best[twin] >= 0) & (best[photo_ring[twin]] >= 0)]
    return float((best[twin] != best[photo_ring[twin]]).mean()) if len(twin) else np.nan


def calibration_error(score: np.ndarray, is_right: Bools) -> float:
    """Return the mean gap between what scores say and how often they are right, over bins of equal width."""
    place = np.minimum((score * N_BINS).astype(np.int64), N_BINS - 1)
    gap = np.abs(np.bincount(place, score, N_BINS) - np.bincount(place, is_right, N_BINS))
    return float(gap.sum() / max(len(score), 1))


if __name__ == "__main__":
    main()
