"""Time of a whole detection, learning included, beside whole-graph Leiden in igraph on the same snapshot.

That peer only clusters: it learns no weights, judges no value, scores nobody and explains nothing. With ``--splink``
Splink stands beside it, which learns weights, scores pairs and closes over them (minutes at 20,000 sellers). The
quality of each is printed too, since time for another answer says little.
"""

import argparse
import json
import resource
import sys
import time
from collections import defaultdict
from collections.abc import Callable

import igraph
import numpy as np
import pyarrow as pa

from benchmarks.made_snapshot import AS_OF, made_snapshot
from benchmarks.quality.baselines import splink
from ringwatch.algorithms.detect import detect
from ringwatch.algorithms.evaluation import CLOSABLE_INFRINGEMENT, Evaluation, FoundMembers, Labels, evaluate
from ringwatch.fixtures.generate import WorldConfig
from ringwatch.model.rings import TIERS, DetectConfig, Detection
from ringwatch.model.snapshot import Ints, Snapshot

MOST_SECONDS = {2_000: 1.5, 20_000: 5.0, 200_000: 60.0}  # what a detection of that size may take
GOAL = 0.02  # the peer does a small part of the work: fifty times its time is the most that detection may take
N_TURNS = 2  # the better one counts: the machine may be busy


def main() -> None:
    """Print time, memory and quality, the last line as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sellers", type=int, default=20_000)
    parser.add_argument("--world", default="base")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--splink", action="store_true", help="beside Splink too, where it is installed")
    options = parser.parse_args()
    snapshot, ring = made_snapshot(WorldConfig(options.sellers, options.seed, options.world))
    labels = Labels(snapshot.seller_ids, pa.array([f"R{number}" if number >= 0 else "" for number in ring.tolist()]))
    before_bytes = peak_bytes()
    steps: dict[str, float] = defaultdict(float)
    ours_s, found = cheapest(lambda: detect(snapshot, DetectConfig(), as_of=AS_OF, progress=stopwatch(steps)))
    used_bytes = peak_bytes() - before_bytes
    peer_s, groups = cheapest(lambda: leiden(snapshot))
    print(f"{'detection':>12}: {ours_s:8.2f} s  {quality(evaluate(labels, members(found)))}")
    print(f"{'Leiden':>12}: {peer_s:8.2f} s  {quality(evaluate(labels, groups))}")
    print(tiers_of(found, ring))
    print("share of each step: " + ", ".join(f"{step} {share:.0%}" for step, share in shares(steps)))
    most = MOST_SECONDS.get(options.sellers)
    line = {"benchmark": "detect", "ratio": peer_s / ours_s, "goal": GOAL, "sellers": options.sellers}
    if options.splink:
        line |= beside_splink(snapshot, labels, ours_s)
    line |= {"seconds": ours_s, "goal_seconds": most, "peer_seconds": peer_s, "added_peak_bytes": used_bytes}
    print(json.dumps(line))


def beside_splink(snapshot: Snapshot, labels: Labels, ours_s: float) -> dict[str, float]:
    """Print seconds and quality of Splink and its closure, and return its time and its ratio to ours."""
    begun = time.perf_counter()
    groups = splink(snapshot)
    took_s = time.perf_counter() - begun
    if groups is None:
        sys.exit("Splink is not installed; `make bench` installs it")
    print(f"{'Splink':>12}: {took_s:8.2f} s  {quality(evaluate(labels, groups))}")
    return {"splink_seconds": took_s, "splink_ratio": took_s / ours_s}


def cheapest(work: Callable[[], Detection | FoundMembers]) -> tuple[float, Detection | FoundMembers]:
    """Return the least seconds that the work took, and what it gave."""
    took = []
    for _ in range(N_TURNS):
        begun = time.perf_counter()
        given = work()
        took.append(time.perf_counter() - begun)
    return min(took), given


def stopwatch(steps: dict[str, float]) -> Callable[[str], None]:
    """Return a listener that adds up the seconds of each step."""
    running = ["", time.perf_counter()]

    def tell(step: str) -> None:
        now = time.perf_counter()
        steps[running[0]] += now - running[1]
        running[:] = [step, now]

    return tell


def shares(steps: dict[str, float]) -> list[tuple[str, float]]:
    """Return the share of each step that has a name."""
    named = {step: seconds for step, seconds in steps.items() if step}
    return [(step, seconds / sum(named.values())) for step, seconds in named.items()]


def leiden(snapshot: Snapshot) -> FoundMembers:
    """Return communities of the graph of sellers and shared values, edges weighed down for values of many holders."""
    n_holders = np.diff(snapshot.value_start)
    value = np.repeat(np.arange(snapshot.n_values), n_holders)
    used, place = np.unique(snapshot.link_seller, return_inverse=True)  # sellers that share nothing cost igraph dear
    graph = igraph.Graph(n=len(used) + snapshot.n_values, edges=np.column_stack((place, len(used) + value)))
    weights = 1.0 / np.log2(1.0 + n_holders[value])
    community = graph.community_leiden(objective_function="modularity", weights=weights.tolist())
    label = np.array(community.membership[: len(used)])
    grouped = np.bincount(label)[label] > 1
    ids = snapshot.seller_ids.take(pa.array(used[grouped]))
    return FoundMembers(pa.array(label[grouped]).cast(pa.string()), ids, pa.array(["lead"] * int(grouped.sum())))


def members(found: Detection) -> FoundMembers:
    """Return the memberships as they are exported."""
    rows = [(ring.ring_id, member.seller_id, member.tier.value) for ring in found.rings for member in ring.members]
    return FoundMembers(*(pa.array(column, pa.string()) for column in zip(*rows, strict=True)))


def tiers_of(found: Detection, ring: Ints) -> str:
    """Return precision, recall and honest sellers of those closable, of close and of review or surer, in words."""
    place = {f"S{number:08d}": number for number in range(len(ring))}
    rows = [member for ring_found in found.rings for member in ring_found.members]
    is_guilty = np.array([ring[place[member.seller_id]] >= 0 for member in rows], dtype=np.bool_)
    rank = np.array([TIERS.index(member.tier) for member in rows])
    infringes = np.array([member.infringement_score >= CLOSABLE_INFRINGEMENT for member in rows], dtype=np.bool_)
    groups = {"closable": (rank == 0) & infringes, "close": rank == 0, "review or surer": rank <= 1}
    texts = []
    for name, chosen in groups.items():
        n_right, n_chosen = int(is_guilty[chosen].sum()), int(chosen.sum())
        precision, recall = n_right / max(n_chosen, 1), n_right / max(int((ring >= 0).sum()), 1)
        texts.append(f"{name}: precision {precision:.4f}, recall {recall:.3f}, honest {n_chosen - n_right}")
    return "\n".join(texts)


def quality(outcome: Evaluation) -> str:
    """Return the figures of a comparison in words."""
    caught = sum(outcome.honest_caught.values())
    return (
        f"rings found {outcome.ring_recall:.2f}, B-cubed F1 {outcome.b_cubed.f1:.3f},"
        f" honest in any group {caught} of {outcome.honest_sellers}, largest {outcome.largest_ring}"
    )


def peak_bytes() -> int:
    """Return the most memory that this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    main()
