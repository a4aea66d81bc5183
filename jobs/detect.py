"""The command that finds the rings of what was loaded."""

import secrets
import time
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from ringwatch.db.settings import detect_config
from ringwatch.jobs.clock import now
from ringwatch.jobs.command import Call, Command
from ringwatch.jobs.screen import Screen, cell, count
from ringwatch.model.errors import ConfigError
from ringwatch.model.rings import TIERS, Detection
from ringwatch.model.visibility import FULL

if TYPE_CHECKING:
    from ringwatch.db.view import View
    from ringwatch.model.rings import Fit

REFIT_GROWTH = 2  # a fit is learned anew once there are this many times the sellers that it was learned from

FromScratchOption = Annotated[
    bool, typer.Option("--from-scratch", help="Find every ring anew with the fit that is kept.")
]
FitOption = Annotated[bool, typer.Option("--fit", help="Learn the fit (weights, hubs, calibration) anew.")]


@dataclass(frozen=True, slots=True)
class Outcome:
    """A run that was kept."""

    run_id: str
    detection: Detection
    n_sellers: int
    fitted: bool
    seconds: float


def detect(call: Call, from_scratch: FromScratchOption = False, fit: FitOption = False) -> None:  # noqa: ARG001 (see below)
    """Find the rings: which sellers are run by one operator."""
    # Every run finds every ring anew, so --from-scratch asks for what happens anyway.
    outcome = find_and_keep(call, must_fit=fit)
    call.screen.answer(detect_object(outcome), lambda screen: draw_detect(screen, outcome))
    if outcome.detection.rings:
        call.screen.suggest("See them", call.line("rings"))


def find_and_keep(call: Call, *, must_fit: bool = False) -> Outcome:
    """Find the rings of the current graph and make them the current run.

    Raises:
        ConfigError: nothing was loaded yet.
    """
    from ringwatch.algorithms.detect import Known
    from ringwatch.algorithms.detect import detect as find_rings
    from ringwatch.db.open import open_view, open_writer

    started_s = time.monotonic()
    with open_view(call.url) as view, call.screen.steps("detecting") as tell:
        if not view.counts(FULL)["sellers"]:
            raise ConfigError(f"{call.shown_url}: no seller was loaded yet; load some with: {call.line('load FOLDER')}")
        at, config = now(view), detect_config(view)
        tell("read the graph")
        snapshot = view.snapshot(FULL, at)
        kept = None if must_fit else _usable_fit(view, snapshot.n_sellers)
        earlier = {member.seller_id: member.ring_id for member in view.all_members(FULL)}
        known: Known = {
            "fit": kept,
            "earlier": earlier,
            "closed_rings": view.closed_rings(FULL),
            "judgements": [row.judgement for row in view.judgements(FULL)],
            "progress": tell,
        }
        detection = find_rings(snapshot, config, as_of=at, **known)
        tell("keep the rings")
        run_id = make_run_id(at)
        with open_writer(call.url) as writer:
            writer.save_run(run_id, detection, at)
    return Outcome(run_id, detection, snapshot.n_sellers, kept is None, time.monotonic() - started_s)


def _usable_fit(view: "View", n_sellers: int) -> "Fit | None":
    """Return the fit that is kept, None where there is none or the sellers have doubled since."""
    kept = view.fit(FULL)
    return kept if kept is not None and n_sellers < REFIT_GROWTH * kept.n_sellers else None


def make_run_id(at: datetime) -> str:
    """Return an id that sorts by time; the last digits tell apart runs of one moment.

    >>> from datetime import UTC
    >>> make_run_id(datetime(2026, 7, 1, 12, tzinfo=UTC))[:-4]
    'run-20260701T120000Z-'
    """
    return f"run-{at:%Y%m%dT%H%M%SZ}-{secrets.token_hex(2)}"


def detect_object(outcome: Outcome) -> dict[str, Any]:
    """Return what a run found, as `detect` answers with ``--json``."""
    rings = outcome.detection.rings
    return {
        "run_id": outcome.run_id,
        "rings": len(rings),
        "rings_by_tier": {tier.value: sum(ring.tier is tier for ring in rings) for tier in TIERS},
        "sellers_in_rings": _n_members(outcome),
        "hubs": len(outcome.detection.hubs),
        "incremental": False,
        "fitted": outcome.fitted,
        "notes": list(outcome.detection.notes),
        "seconds": outcome.seconds,
    }


def _n_members(outcome: Outcome) -> int:
    return len({member.seller_id for ring in outcome.detection.rings for member in ring.members})


def draw_detect(screen: Screen, outcome: Outcome) -> None:
    """Draw what a run found."""
    found = detect_object(outcome)
    n_hubs = found["hubs"]
    tiers = [Text(f"{n:,} ").append_text(cell(tier)) for tier, n in found["rings_by_tier"].items()]
    screen.say(Text.assemble((count(found["rings"], "ring"), "bold"), ": ", Text(", ").join(tiers), "."))
    screen.say(f"{found['sellers_in_rings']:,} of {count(outcome.n_sellers, 'seller')} are in a ring.")
    if n_hubs:
        screen.say(f"{count(n_hubs, 'value')} with many unrelated holders link nobody (hubs).")
    learned = "learned from these sellers" if outcome.fitted else "kept from an earlier run"
    screen.say(f"Weights were {learned}. Run {outcome.run_id}, {outcome.seconds:,.1f} s.")
    for note in outcome.detection.notes:
        screen.say(f"Note: {note}")


DETECT = Command(
    "detect",
    detect,
    "Start",
    ("ringwatch detect", "ringwatch detect --fit"),
    interrupted="the run before is still the current one; the same command starts anew",
)
