"""The command that compares the current run with a table of labels."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ringwatch.jobs.command import Call, Command
from ringwatch.jobs.labels import read_labels
from ringwatch.jobs.reading import open_run
from ringwatch.jobs.screen import Screen, add_rows, count, table
from ringwatch.model.visibility import FULL

if TYPE_CHECKING:
    from ringwatch.algorithms.evaluation import Evaluation, FoundMembers
    from ringwatch.db.view import View

LabelsOption = Annotated[
    Path,
    typer.Option(
        "--labels", metavar="FILE", help="CSV or Parquet: seller_id, ring (empty where honest).", show_default=False
    ),
]


def evaluate(call: Call, labels: LabelsOption) -> None:
    """Compare the current run with labels: how much of the truth was found, and which honest sellers were caught."""
    from ringwatch.algorithms.evaluation import evaluate as compare

    with open_run(call) as (view, run):
        outcome = compare(read_labels(labels), _found(view))
    answer = {"run_id": run.run_id, **asdict(outcome)}
    call.screen.answer(answer, lambda screen: draw_evaluation(screen, outcome))


def _found(view: "View") -> "FoundMembers":
    """Return the memberships of the current run, as the CSV export writes them, in columns."""
    import numpy as np
    import pyarrow as pa

    from ringwatch.algorithms.evaluation import FoundMembers

    members = view.all_members(FULL)
    return FoundMembers(
        pa.array([member.ring_id for member in members], pa.string()),
        pa.array([member.seller_id for member in members], pa.string()),
        pa.array([member.tier.value for member in members], pa.string()),
        np.array([member.infringement_score for member in members], dtype=np.float64),
    )


def draw_evaluation(screen: Screen, outcome: "Evaluation") -> None:
    """Draw the figures for a person."""
    n_honest = outcome.honest_sellers
    screen.say(
        f"{count(outcome.sellers, 'labelled seller')}: {count(outcome.true_rings, 'true ring')} and"
        f" {count(n_honest, 'honest seller')}.",
        f"Found: {count(outcome.rings, 'ring')}, the largest of {outcome.largest_ring:,}.",
        "",
    )
    rows: list[tuple[Any, ...]] = [
        ("pairs of sellers", *asdict(outcome.pairwise).values()),
        ("each seller's ring (B-cubed)", *asdict(outcome.b_cubed).values()),
    ]
    screen.say(add_rows(table("measured by", "#precision", "#recall", "#F1"), rows), "")
    screen.say(f"Of the true rings of three or more, {outcome.ring_recall:.1%} were recovered.", "")
    caught = [(tier, n, f"{n / n_honest if n_honest else 0:.2%}") for tier, n in outcome.honest_caught.items()]
    caught.append(("closable", outcome.honest_closable, f"{outcome.honest_closable / n_honest if n_honest else 0:.2%}"))
    screen.say(add_rows(table("honest sellers caught as", "#sellers", "#share"), caught))


EVALUATE = Command("evaluate", evaluate, "Detect", ("ringwatch evaluate --labels labels.csv",))
