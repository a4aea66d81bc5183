"""The command that says which rings rest on one value."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ringwatch.jobs.clock import now
from ringwatch.jobs.command import Call, Command, KeyFileOption
from ringwatch.jobs.detect_again import kept_trace
from ringwatch.jobs.exemptions import KindArgument, ValueArgument
from ringwatch.jobs.reading import open_run
from ringwatch.jobs.screen import Screen, add_rows, count, table
from ringwatch.jobs.secrecy import check_key
from ringwatch.model.sentences import kind_words, names
from ringwatch.model.visibility import FULL

if TYPE_CHECKING:
    from ringwatch.algorithms.what_if import Fate
    from ringwatch.values.pivots import Pivot


def what_if(call: Call, kind: KindArgument, value: ValueArgument, secret_key_file: KeyFileOption = None) -> None:
    """Say what becomes of rings if a value did not count; nothing is changed."""
    from ringwatch.algorithms.what_if import find_fates
    from ringwatch.api.grounds import read_current_run
    from ringwatch.values.pivots import find_pivot

    with open_run(call) as (view, _), call.screen.steps("what if") as tell:
        pivot = find_pivot(view.registry(FULL), kind, value, check_key(view, secret_key_file))
        at = now(view)
        asked = (pivot.kind.name, pivot.text)
        run = read_current_run(view, kept_trace(view))
        fates = find_fates(view.snapshot(FULL, at), run, asked, at, tell)
    lines = [
        {"ring_id": f.ring_id, "tier_before": f.tier_before, "tier_after": f.tier_after, "fallen": list(f.fallen)}
        for f in fates
    ]
    answer = {"kind": pivot.kind.name, "value": pivot.text, "rings": lines}
    call.screen.answer(answer, lambda screen: _draw(screen, call, pivot, fates))


def _draw(screen: Screen, call: Call, pivot: "Pivot", fates: Sequence["Fate"]) -> None:
    shown = f"{kind_words(pivot.kind.name)} {pivot.display}"
    if not fates:
        screen.say(f"No ring rests on the {shown}: no two sellers share it, or none of them is in a ring.")
        return
    screen.say(f"Without the {shown}:", "")
    screen.say(add_rows(table("ring", "tier now", "tier then", "sellers that fall out"), map(_row, fates)))
    n_fallen = sum(len(fate.fallen) for fate in fates)
    exempt = call.line(f'exempt {pivot.kind.name} "{pivot.display}" --reason REASON')
    screen.suggest(f"{count(n_fallen, 'seller')} would be in no ring. Nothing was changed. If it is innocent", exempt)


def _row(fate: "Fate") -> tuple[Any, ...]:
    after = fate.tier_after.value if fate.tier_after else "no ring"
    return fate.ring_id, fate.tier_before.value, after, names(fate.fallen) if fate.fallen else "none"


WHAT_IF = Command("what-if", what_if, "Read what was found", ("ringwatch what-if phone +8613800138000",))
