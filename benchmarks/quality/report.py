"""What each idea carries, what breaks the whole, and what others find, on made marketplaces.

``python -m benchmarks.quality.report --sellers 20000 --worlds base dense [--write docs/results.md]``: every figure is
the mean over the worlds and seeds. Splink has a row where it is installed.
"""

import argparse
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from benchmarks.made_snapshot import made_snapshot
from benchmarks.quality import altered
from benchmarks.quality.ablation import IDEAS, Left, detect_without
from benchmarks.quality.baselines import BASELINES
from ringwatch.algorithms.evaluation import Evaluation, FoundMembers, Labels, evaluate
from ringwatch.fixtures.generate import WorldConfig
from ringwatch.fixtures.worlds import WORLDS
from ringwatch.model.snapshot import Bools, Snapshot

BEGIN, END = "<!-- ideas: made by `make quality` -->", "<!-- end of ideas -->"
FIGURES = ("closable P", "R", "review P", "R", "rings", "honest ‰", "any tier: R", "rings", "B-cubed F1", "s")
TENTHS = (5, 9)  # the figures that are no shares
SEED = 1  # of what is drawn to alter a market


@dataclass(frozen=True, slots=True)
class World:
    """A marketplace and its truth."""

    snapshot: Snapshot
    is_guilty: Bools
    labels: Labels


Method = Callable[[World], FoundMembers | None]


def main() -> None:
    """Print the three tables, and write them into a page where one is named."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sellers", type=int, default=20_000)
    parser.add_argument("--worlds", nargs="+", choices=list(WORLDS), default=["base", "dense"])
    parser.add_argument("--seeds", type=int, nargs="+", default=[7])
    parser.add_argument("--write", type=Path, help="page whose section is replaced")
    options = parser.parse_args()
    configs = [WorldConfig(options.sellers, seed, world) for world in options.worlds for seed in options.seeds]
    worlds = [world_of(config) for config in configs]
    told = (
        f"Mean of {len(worlds)} made marketplaces of {options.sellers:,} sellers: worlds {', '.join(options.worlds)};"
    )
    lines = [f"{told} seeds {', '.join(map(str, options.seeds))}.", ""]
    for heading, methods, n_blank in (("left out", ideas(), 0), ("put in", stresses(), 0), ("instead", baselines(), 6)):
        lines += list(table(heading, methods, worlds, n_blank))
        lines.append("")
    if options.write:
        write(options.write, "\n".join(lines).strip())


def write(path: Path, text: str) -> None:
    """Put the tables between the two marks of a page."""
    before, rest = path.read_text(encoding="utf-8").split(BEGIN)
    path.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{rest.split(END)[1]}", encoding="utf-8")


def world_of(config: WorldConfig) -> World:
    """Return a made marketplace."""
    snapshot, ring = made_snapshot(config)
    labels = Labels(snapshot.seller_ids, pa.array(np.where(ring >= 0, ring.astype(str), "")))
    return World(snapshot, ring >= 0, labels)


def ideas() -> Mapping[str, Method]:
    """Return detection with each idea left out."""
    return {name: lambda world, left=left: detect_without(world.snapshot, left) for name, left in IDEAS.items()}  # type: ignore[misc]  # (bound as a default)


def stresses() -> Mapping[str, Method]:
    """Return detection on markets that are altered on purpose."""

    def on(alter: Callable[[World, np.random.Generator], Snapshot]) -> Method:
        return lambda world: detect_without(alter(world, np.random.default_rng(SEED)), Left())

    def permuted(names: Sequence[str]) -> Method:
        return on(lambda world, random: altered.with_kinds_permuted(world.snapshot, _kinds(world, names), random))

    return {
        **{
            f"one address for returns of {n:,} sellers of all sorts": on(
                lambda world, random, n=n: altered.with_hub(world.snapshot, n, random)  # type: ignore[misc]  # (as above)
            )
            for n in (10, 100, 1000)
        },
        "30 % of the uses hidden": on(lambda world, random: altered.with_links_hidden(world.snapshot, 0.3, random)),
        "10 % of the uses mistyped": on(lambda world, random: altered.with_typing_errors(world.snapshot, 0.1, random)),
        "camouflage: two values of honest sellers for each guilty one": on(
            lambda world, random: altered.with_camouflage(world.snapshot, world.is_guilty, random)
        ),
        "accounts dealt out anew": permuted(["account"]),
        "every kind dealt out anew: nothing is to be found": permuted([]),
    }


def baselines() -> Mapping[str, Method]:
    """Return what others would do."""
    return {name: lambda world, find=find: find(world.snapshot) for name, find in BASELINES.items()}  # type: ignore[misc]  # (as above)


def _kinds(world: World, names: Sequence[str]) -> Bools:
    """Return which kinds are meant, all where none is named."""
    return np.array([not names or kind.name in names for kind in world.snapshot.kinds], dtype=np.bool_)


def table(heading: str, methods: Mapping[str, Method], worlds: Sequence[World], n_blank: int) -> Iterator[str]:
    """Yield the lines of a table, each printed as soon as it is known.

    ``n_blank`` of the first columns say nothing: of methods that tell no tiers apart.
    """
    for line in (f"| {heading} | {' | '.join(FIGURES)} |", f"|---|{'---:|' * len(FIGURES)}"):
        print(line, flush=True)
        yield line
    for name, method in methods.items():
        line = f"| {' | '.join([name, *[''] * n_blank, *row(method, worlds)[n_blank:]])} |"
        print(line, flush=True)
        yield line
    print(flush=True)


def row(method: Method, worlds: Sequence[World]) -> list[str]:
    """Return the mean figures of a method, cell by cell, or that it is not installed."""
    told = []
    for world in worlds:
        begun = time.perf_counter()
        found = method(world)
        if found is None:
            return [*[""] * (len(FIGURES) - 1), "not installed"]
        told.append([*figures(evaluate(world.labels, found)), time.perf_counter() - begun])
    means = np.mean(told, axis=0)
    return [f"{value:.1f}" if place in TENTHS else f"{value:.3f}" for place, value in enumerate(means)]


def figures(found: Evaluation) -> list[float]:
    """Return the figures in the order of the table."""
    closable, review, everyone = (found.tiers[name] for name in ("closable", "review", "lead"))
    return [
        closable.precision,
        closable.recall,
        review.precision,
        review.recall,
        review.ring_recall,
        review.honest_per_1000,
        everyone.recall,
        everyone.ring_recall,
        found.b_cubed.f1,
    ]


if __name__ == "__main__":
    main()
