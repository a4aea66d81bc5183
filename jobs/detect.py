"""The command that finds the rings of what was loaded."""

import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from ringwatch.db.rows import RingQuery, RingRow
from ringwatch.db.settings import detect_config
from ringwatch.jobs.clock import now
from ringwatch.jobs.command import Call, Command
from ringwatch.jobs.detect_again import packed, unpacked
from ringwatch.jobs.load import open_load_sentences
from ringwatch.jobs.screen import Screen, cell, count
from ringwatch.model.errors import ConfigError
from ringwatch.model.rings import TIERS, Detection, HubGround, Renewal, Tier
from ringwatch.model.visibility import FULL, Act

if TYPE_CHECKING:
    from ringwatch.algorithms.detect import Progress
    from ringwatch.db.view import View
    from ringwatch.db.writer import Writer
    from ringwatch.model.rings import Fit
    from ringwatch.model.snapshot import Snapshot

REFIT_GROWTH = 2  # a fit is learned anew once there are this many times the sellers that it was learned from

FromScratchOption = Annotated[
    bool, typer.Option("--from-scratch", help="Find every ring anew with the fit that is kept.")
]
FitOption = Annotated[bool, typer.Option("--fit", help="Learn the fit (weights, hubs, calibration) anew.")]


@dataclass(frozen=True, slots=True)
class Outcome:
    """A run that was kept."""

    run_id: str
    n_rings: Mapping[Tier, int]
    n_members: int
    n_hubs: int
    notes: Sequence[str]
    n_sellers: int
    fitted: bool
    incremental: bool
    seconds: float


def detect(call: Call, from_scratch: FromScratchOption = False, fit: FitOption = False) -> None:
    """Find the rings: which sellers are run by one operator."""
    outcome = find_and_keep(call, must_fit=fit, from_scratch=from_scratch)
    call.screen.answer(detect_object(outcome), lambda screen: draw_detect(screen, outcome))
    if any(outcome.n_rings.values()):
        call.screen.suggest("See them", call.line("rings"))


@dataclass(frozen=True, slots=True)
class _Asked:
    """How a run is to judge."""

    fit: "Fit | None"
    at: datetime
    from_scratch: bool


@dataclass(frozen=True, slots=True)
class _Found:
    """What a run found, and what it leaves for the next; ``former_id`` is the run that a renewal is of."""

    rings: Detection | Renewal
    trace: bytes
    former_id: str = ""
    others: Sequence[RingRow] = ()  # the rings that a renewal leaves as they are


def find_and_keep(call: Call, *, must_fit: bool = False, from_scratch: bool = False) -> Outcome:
    """Find the rings of the current graph and make them the current run.

    Where an earlier run is there, only what changed since is worked out anew, unless ``from_scratch`` or a new fit
    asks for all.

    Raises:
        ConfigError: nothing was loaded yet.
    """
    from ringwatch.db.open import open_view, open_writer

    started_s = time.monotonic()
    with open_view(call.url) as view, call.screen.steps("detecting") as tell:
        if not view.counts(FULL)["sellers"]:
            raise ConfigError(f"{call.shown_url}: no seller was loaded yet; load some with: {call.line('load FOLDER')}")
        for sentence in open_load_sentences(view):
            call.screen.warn(f"ringwatch: {sentence}; what is learned now is of that part, so afterwards detect --fit")
        at, run_id = now(view), ""
        while not run_id:
            tell("read the graph")
            reading = view.read_graph(FULL, at, from_kept=not from_scratch)
            snapshot = reading.snapshot
            kept = None if must_fit else _usable_fit(view, snapshot.n_sellers)
            found = _find(view, snapshot, _Asked(kept, at, from_scratch), tell)
            tell("keep the rings")
            with open_writer(call.url, actor=call.doer) as writer:
                run_id = _keep(writer, found, at)  # once more where another detection was quicker
                writer.keep_picture(reading.picture)
    return _outcome(found, run_id, snapshot.n_sellers, kept is None, time.monotonic() - started_s)


def _find(view: "View", snapshot: "Snapshot", asked: _Asked, tell: "Progress") -> _Found:
    from ringwatch.algorithms.detect import Known, detect_and_trace
    from ringwatch.algorithms.renewal import Before, renew

    with view.at_one_moment() as then:
        run, kept = then.run(FULL), b"" if asked.from_scratch or asked.fit is None else then.trace(FULL)
        earlier = {member.seller_id: member.ring_id for member in then.all_members(FULL)}
        rings = then.rings(FULL, RingQuery()).rows if kept else ()
        hubs, closed_rings = then.hubs(FULL), then.closed_rings(FULL)
        judgements = [row.judgement for row in then.judgements(FULL)]
    config, trace = detect_config(view), unpacked(kept)
    known: Known = {"fit": asked.fit, "earlier": earlier, "closed_rings": closed_rings, "judgements": judgements}
    known["progress"] = tell
    if run is not None and trace is not None:
        renewed = renew(snapshot, config, Before(trace, hubs), as_of=asked.at, **known)
        if renewed is not None:
            others = [ring for ring in rings if ring.ring_id not in renewed[0].replaced]
            return _Found(renewed[0], packed(renewed[1]), run.run_id, others)
    detection, left = detect_and_trace(snapshot, config, as_of=asked.at, **known)
    return _Found(detection, packed(left))


def _keep(writer: "Writer", found: _Found, at: datetime) -> str:
    """Return the id of the run that was kept, "" where it changes a run that is not current any more."""
    from ringwatch.db.runs import Change

    run_id = make_run_id(at)
    if isinstance(found.rings, Detection):
        writer.save_run(run_id, found.rings, at, found.trace)
        return run_id
    change = Change(run_id, found.former_id, at, len(found.others) + len(found.rings.rings))
    return run_id if writer.save_renewal(change, found.rings, found.trace) else ""


def _outcome(found: _Found, run_id: str, n_sellers: int, fitted: bool, seconds: float) -> Outcome:
    tiers = [*(ring.tier for ring in found.rings.rings), *(ring.tier for ring in found.others)]
    sizes = [*(len(ring.members) for ring in found.rings.rings), *(ring.n_sellers for ring in found.others)]
    return Outcome(
        run_id=run_id,
        n_rings={tier: tiers.count(tier) for tier in TIERS},
        n_members=sum(sizes),
        n_hubs=sum(hub.ground is not HubGround.SERVICE for hub in found.rings.hubs),  # a service may still support
        notes=found.rings.notes,
        n_sellers=n_sellers,
        fitted=fitted,
        incremental=bool(found.former_id),
        seconds=seconds,
    )


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
    return {
        "run_id": outcome.run_id,
        "rings": sum(outcome.n_rings.values()),
        "rings_by_tier": {tier.value: n for tier, n in outcome.n_rings.items()},
        "sellers_in_rings": outcome.n_members,
        "hubs": outcome.n_hubs,
        "incremental": outcome.incremental,
        "fitted": outcome.fitted,
        "notes": list(outcome.notes),
        "seconds": outcome.seconds,
    }


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
    for note in outcome.notes:
        screen.say(f"Note: {note}")


DETECT = Command(
    "detect",
    detect,
    "Start",
    ("ringwatch detect", "ringwatch detect --fit"),
    interrupted="the run before is still the current one; the same command starts anew",
    act=Act.DETECT,
)
