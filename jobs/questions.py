"""The commands that ask beyond what a run kept: why a seller is not in a ring, and how two sellers are connected."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from ringwatch.jobs.answers import (
    RingArgument,
    SellerArgument,
    chance,
    displays_of,
    draw_parts,
    evidence_line,
    say_masked,
)
from ringwatch.jobs.clock import now
from ringwatch.jobs.command import Call, Command, KeyFileOption
from ringwatch.jobs.detect_again import kept_trace
from ringwatch.jobs.reading import find_ring, find_seller, open_run
from ringwatch.jobs.screen import Screen, count
from ringwatch.jobs.secrecy import check_key
from ringwatch.model.errors import ConfigError
from ringwatch.model.rings import families_for
from ringwatch.model.sentences import kind_words
from ringwatch.model.visibility import FULL

if TYPE_CHECKING:
    from ringwatch.algorithms.paths import Path, Step
    from ringwatch.algorithms.questions import NonMembership
    from ringwatch.jobs.answers import Displays

OtherSellerArgument = Annotated[
    str, typer.Argument(metavar="SELLER_ID", help="The seller to reach.", show_default=False)
]


def why_not(
    call: Call, seller_id: SellerArgument, ring_id: RingArgument, secret_key_file: KeyFileOption = None
) -> None:
    """Say why a seller is not in a ring, and what would be needed."""
    from ringwatch.algorithms.questions import hold_against, judge_graph
    from ringwatch.api.grounds import read_current_run

    with open_run(call) as (view, _), call.screen.steps("why not"):
        check_key(view, secret_key_file)
        find_ring(call, view, ring_id)
        find_seller(view, seller_id)
        run = read_current_run(view, kept_trace(view))
        if run.ring_of.get(seller_id) == ring_id:
            line = call.line(f"why {seller_id} {ring_id}")
            raise ConfigError(f"seller {seller_id}: is a member of ring {ring_id}; ask why: {line}")
        held = hold_against(judge_graph(view.snapshot(FULL, now(view)), run), seller_id, ring_id)
        displays = displays_of(view, held.evidence)
    answer = {
        "seller_id": seller_id,
        "ring_id": ring_id,
        "tier": None,
        "link_score": held.link_score,
        "log_odds": held.log_odds,
        "evidence": [evidence_line(part) for part in held.evidence],
        "families": families_for(held.evidence),
        "missing": list(held.missing),
    }
    call.screen.answer(answer, lambda screen: _draw_why_not(screen, (seller_id, ring_id), held, displays))


def _draw_why_not(screen: Screen, asked: tuple[str, str], held: "NonMembership", displays: "Displays") -> None:
    seller_id, ring_id = asked
    screen.say(Text.assemble("Seller ", (seller_id, "bold"), " is not in ring ", (ring_id, "bold"), "."))
    screen.say(f"Held against it, the probability of one operator is {chance(held.link_score)}.", "")
    draw_parts(screen, held.evidence, held.log_odds, displays)
    screen.say("", "What would be needed:", *(f"  {text}" for text in held.missing))
    say_masked(screen, displays)


def path(
    call: Call, seller_id: SellerArgument, other_seller_id: OtherSellerArgument, secret_key_file: KeyFileOption = None
) -> None:
    """Show how two sellers are connected by values that sellers share, strongest chain first."""
    from ringwatch.algorithms.paths import find_paths
    from ringwatch.algorithms.questions import judge_graph
    from ringwatch.api.grounds import read_current_run

    with open_run(call) as (view, _), call.screen.steps("path"):
        check_key(view, secret_key_file)
        find_seller(view, seller_id)
        find_seller(view, other_seller_id)
        graph = judge_graph(view.snapshot(FULL, now(view)), read_current_run(view, kept_trace(view)))
        found = find_paths(graph, seller_id, other_seller_id)
        displays = view.displays(FULL, [(step.kind, step.value) for chain in found for step in chain.steps])
    lines = [{"score": chain.score, "steps": [_step_line(step) for step in chain.steps]} for chain in found]
    is_one = seller_id == other_seller_id
    call.screen.answer({"paths": lines}, lambda screen: _draw_paths(screen, found, displays, is_one=is_one))


def _step_line(step: "Step") -> dict[str, str]:
    return {
        "seller_id": step.seller_id,
        "kind": step.kind,
        "value": step.value,
        "next_seller_id": step.next_seller_id,
    }


def _draw_paths(screen: Screen, found: Sequence["Path"], displays: "Displays", *, is_one: bool) -> None:
    if not found:
        screen.say("Both are the same seller." if is_one else "No chain of shared values connects the two.")
        return
    for number, chain in enumerate(found, 1):
        steps = count(len(chain.steps), "step")
        screen.say(
            Text(f"{number}. {steps}, one operator all along with a probability of {chance(chain.score)}", "bold")
        )
        for step in chain.steps:
            shown = displays.get((step.kind, step.value), step.value)
            screen.say(f"   {step.seller_id} and {step.next_seller_id}: same {kind_words(step.kind)}, {shown}")
        screen.say("")
    screen.say("No two of these chains have a value or a seller between the ends in common.")
    say_masked(screen, displays)


_PANEL = "Read what was found"
WHY_NOT = Command("why-not", why_not, _PANEL, ("ringwatch why-not SELLER_ID RING_ID",))
PATH = Command("path", path, _PANEL, ("ringwatch path SELLER_ID SELLER_ID",))
