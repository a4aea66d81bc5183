"""The command that says which rings rest on one value."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ringwatch.jobs.clock import now
from ringwatch.jobs.command import Call, Command, KeyFileOption
from ringwatch.jobs.exemptions import KindArgument, ValueArgument
from ringwatch.jobs.pivots import Pivot, find_pivot
from ringwatch.jobs.reading import open_run
from ringwatch.jobs.screen import Screen, add_rows, count, table
from ringwatch.jobs.secrecy import check_key
from ringwatch.jobs.sentences import kind_words, names
from ringwatch.jobs.settings import detect_config
from ringwatch.model.rings import Detection, Tier
from ringwatch.model.visibility import FULL

if TYPE_CHECKING:
    from ringwatch.db.view import RingRow, View
    from ringwatch.model.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of a ring without a value; ``tier_after`` is None where the ring is no more."""

    ring_id: str
    tier_before: Tier
    tier_after: Tier | None
    fallen: tuple[str, ...]  # sellers of it that would be in no ring, ascending


def what_if(call: Call, kind: KindArgument, value: ValueArgument, secret_key_file: KeyFileOption = None) -> None:
    """Say what becomes of rings if a value did not count; nothing is changed."""
    with open_run(call) as (view, _):
        pivot = find_pivot(view, kind, value, check_key(view, secret_key_file))
        fates = find_fates(call, view, pivot)
    lines = [
        {"ring_id": f.ring_id, "tier_before": f.tier_before, "tier_after": f.tier_after, "fallen": list(f.fallen)}
        for f in fates
    ]
    answer = {"kind": pivot.kind.name, "value": pivot.text, "rings": lines}
    call.screen.answer(answer, lambda screen: _draw(screen, call, pivot, fates))


def find_fates(call: Call, view: "View", pivot: Pivot) -> list[Fate]:
    """Return the fate of every ring with a member that uses the value, in the order in which rings are listed."""
    from ringwatch.algorithms.detect import detect
    from ringwatch.db.view import RingQuery

    at = now(view)
    with call.screen.steps("what if") as tell:
        snapshot = view.snapshot(FULL, at)
        place = place_of(snapshot, pivot)
        if place is None:
            return []
        ring_of = {member.seller_id: member.ring_id for member in view.all_members(FULL)}
        concerned = {ring_of.get(seller_id) for seller_id in _holders(snapshot, place)}
        without = detect(
            _leave_out(snapshot, place),
            detect_config(view),
            fit=view.fit(FULL),
            earlier=ring_of,
            as_of=at,
            progress=tell,
        )
    rings = [ring for ring in view.rings(FULL, RingQuery()).rows if ring.ring_id in concerned]
    return compare(rings, ring_of, without)


def place_of(snapshot: "Snapshot", pivot: Pivot) -> int | None:
    """Return the number of a value, None where no two sellers share it."""
    import numpy as np
    import pyarrow.compute as pc

    kinds = [kind.name for kind in snapshot.kinds]
    if pivot.kind.name not in kinds:
        return None
    of_kind = snapshot.value_kind == kinds.index(pivot.kind.name)
    has_text = pc.equal(snapshot.value_text, pivot.text).to_numpy(zero_copy_only=False)
    found = np.flatnonzero(of_kind & has_text)
    return int(found[0]) if len(found) else None


def _holders(snapshot: "Snapshot", place: int) -> list[str]:
    start, end = snapshot.value_start[place : place + 2]
    holders: list[str] = snapshot.seller_ids.take(snapshot.link_seller[start:end]).to_pylist()
    return holders


def _leave_out(snapshot: "Snapshot", place: int) -> "Snapshot":
    """Return the graph in which the value is exempt."""
    exempt = snapshot.value_is_exempt.copy()
    exempt[place] = True
    return replace(snapshot, value_is_exempt=exempt)


def compare(rings: Sequence["RingRow"], ring_of: Mapping[str, str], without: Detection) -> list[Fate]:
    """Return what became of some rings of the run that gave ``ring_of`` (seller_id -> ring_id)."""
    tier_after = {ring.ring_id: ring.tier for ring in without.rings}
    still = {member.seller_id for ring in without.rings for member in ring.members}
    fallen: dict[str, list[str]] = {ring.ring_id: [] for ring in rings}
    for seller_id, ring_id in sorted(ring_of.items()):
        if ring_id in fallen and seller_id not in still:
            fallen[ring_id].append(seller_id)
    return [Fate(r.ring_id, r.tier, tier_after.get(r.ring_id), tuple(fallen[r.ring_id])) for r in rings]


def _draw(screen: Screen, call: Call, pivot: Pivot, fates: Sequence[Fate]) -> None:
    shown = f"{kind_words(pivot.kind.name)} {pivot.display}"
    if not fates:
        screen.say(f"No ring rests on the {shown}: no two sellers share it, or none of them is in a ring.")
        return
    screen.say(f"Without the {shown}:", "")
    screen.say(add_rows(table("ring", "tier now", "tier then", "sellers that fall out"), map(_row, fates)))
    n_fallen = sum(len(fate.fallen) for fate in fates)
    exempt = call.line(f'exempt {pivot.kind.name} "{pivot.display}" --reason REASON')
    screen.suggest(f"{count(n_fallen, 'seller')} would be in no ring. Nothing was changed. If it is innocent", exempt)


def _row(fate: Fate) -> tuple[Any, ...]:
    after = fate.tier_after.value if fate.tier_after else "no ring"
    return fate.ring_id, fate.tier_before.value, after, names(fate.fallen) if fate.fallen else "none"


WHAT_IF = Command("what-if", what_if, "Read what was found", ("ringwatch what-if phone +8613800138000",))
