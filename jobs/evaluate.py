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
    from rich.table import Table

    from ringwatch.algorithms.evaluation import Calibration, Evaluation, FoundMembers, Intervals
    from ringwatch.db.view import View

LabelsOption = Annotated[
    Path,
    typer.Option(
        "--labels", metavar="FILE", help="The table labels: seller_id, ring (empty where honest).", show_default=False
    ),
]


def evaluate(call: Call, labels: LabelsOption) -> None:
    """Compare the current run with labels: how much of the truth was found, and which honest sellers were caught."""
    from ringwatch.algorithms.evaluation import evaluate_with_intervals as compare

    with open_run(call) as (view, run):
        outcome, intervals = compare(read_labels(labels), _found(view))
    answer = {"run_id": run.run_id, **asdict(outcome), "intervals": _nested(intervals)}
    call.screen.answer(answer, lambda screen: draw_evaluation(screen, outcome, intervals))


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
        np.array([member.link_score for member in members], dtype=np.float64),
    )


def _nested(intervals: "Intervals") -> dict[str, Any]:
    """Return intervals under the names of the figures that they are of.

    >>> _nested({"ring_recall": (0.0, 1.0), "pairwise.f1": (0.25, 0.5)})
    {'ring_recall': [0.0, 1.0], 'pairwise': {'f1': [0.25, 0.5]}}
    """
    tree: dict[str, Any] = {}
    for path, ends in intervals.items():
        *above, name = path.split(".")
        place = tree
        for step in above:
            place = place.setdefault(step, {})
        place[name] = list(ends)
    return tree


def draw_evaluation(screen: Screen, outcome: "Evaluation", intervals: "Intervals") -> None:
    """Draw the figures for a person, each with its interval."""
    screen.say(
        f"{count(outcome.sellers, 'labelled seller')}: {count(outcome.true_rings, 'true ring')} and"
        f" {count(outcome.honest_sellers, 'honest seller')}.",
        f"Found: {count(outcome.rings, 'ring')}, the largest of {outcome.largest_ring:,}.",
        "",
    )
    rows = [
        (said, *(_with_ends(value, intervals[f"{name}.{key}"]) for key, value in asdict(agreement).items()))
        for said, name, agreement in (
            ("pairs of sellers", "pairwise", outcome.pairwise),
            ("each seller (B-cubed)", "b_cubed", outcome.b_cubed),
        )
    ]
    screen.say(add_rows(table("measured by", "#precision", "#recall", "#F1"), rows), "")
    screen.say(_tiers(outcome, intervals), "")
    caught = ", ".join(f"{n:,} {tier}" for tier, n in outcome.honest_caught.items())
    screen.say(
        "Each tier is read with the surer ones. rings: true rings of three or more of which one found ring holds half"
        " and that it is to four fifths; ‰ honest: honest sellers caught, of a thousand.",
        "",
        f"Honest sellers caught, by tier alone: {caught}; closable {outcome.honest_closable:,}.",
        "",
    )
    if outcome.calibration and outcome.calibration.members:
        _draw_calibration(screen, outcome.calibration)
    screen.say("In brackets: 95 % of draws of whole rings with replacement lie between.")


def _tiers(outcome: "Evaluation", intervals: "Intervals") -> "Table":
    drawn = table("tier", "#sellers", "#precision", "#recall", "#rings", "#‰ honest")
    rows = (
        (
            name,
            tier.sellers,
            *(
                _with_ends(getattr(tier, key), intervals[f"tiers.{name}.{key}"])
                for key in ("precision", "recall", "ring_recall")
            ),
            f"{tier.honest_per_1000:.1f}",
        )
        for name, tier in outcome.tiers.items()
    )
    return add_rows(drawn, rows)


def _with_ends(value: float, ends: tuple[float, float]) -> str:
    """Return a share with its interval, as short as can be.

    >>> _with_ends(0.91234, (0.88, 1.0))
    '.912 [.88 1.0]'
    """
    low, high = (f"{end:.2f}".removeprefix("0") if end < 0.995 else "1.0" for end in ends)
    return f"{f'{value:.3f}'.removeprefix('0') if value < 0.9995 else '1.00'} [{low} {high}]"


def _draw_calibration(screen: Screen, found: "Calibration") -> None:
    screen.say(
        f"Link scores of {count(found.members, 'member')} as probabilities: Brier score {found.brier:.3f},"
        f" calibration error {found.ece:.3f}.",
        "",
    )
    rows = ((f"{one.low:.1f} to {one.high:.1f}", one.members, one.mean_score, one.right_share) for one in found.bins)
    screen.say(add_rows(table("score", "#members", "#mean score", "#right"), rows), "")


EVALUATE = Command("evaluate", evaluate, "Detect", ("ringwatch evaluate --labels labels.csv",))
