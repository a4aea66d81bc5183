"""The command by which a person decides about a ring or one of its members."""

from collections.abc import Sequence
from typing import Annotated

import typer

from ringwatch.jobs.answers import RingArgument
from ringwatch.jobs.clock import now
from ringwatch.jobs.command import Call, Command
from ringwatch.jobs.reading import find_ring, open_run
from ringwatch.model.errors import ConfigError
from ringwatch.model.judgements import OF_MEMBERS, OF_RINGS, Judgement, Verdict
from ringwatch.model.visibility import FULL, Act

VerdictArgument = Annotated[
    list[str],
    typer.Argument(
        metavar="[SELLER_ID] VERDICT",
        help="Of the ring: confirmed, dismissed. Of a seller and the ring: same, different, unsure.",
        show_default=False,
    ),
]
TextOption = Annotated[
    str, typer.Option("--reason", metavar="TEXT", help="Why, in your own words.", show_default=False)
]

EFFECTS = {
    Verdict.SAME: "{seller} is held with {ring} from the next run on",
    Verdict.DIFFERENT: "{seller} is kept out of {ring} from the next run on",
    Verdict.UNSURE: "what was judged of {seller} and {ring} before does not count any more",
    Verdict.CONFIRMED: "the sellers of {ring} are kept together from the next run on",
    Verdict.DISMISSED: "{ring} is not shown from the next run on, unless it changes by more than half",
}


def judge(
    call: Call,
    ring_id: RingArgument,
    words: VerdictArgument,
    reason: TextOption,
    owner: Annotated[str | None, typer.Option("--owner", metavar="NAME", help="Who decided.")] = None,
) -> None:
    """Decide about a ring, or about a seller and a ring; it binds every later run until it is judged anew."""
    from ringwatch.api.decisions import complete_judgement
    from ringwatch.db.open import open_writer

    seller_id, verdict = _parse(words)
    with open_run(call) as (view, _):
        find_ring(call, view, ring_id)
        draft = Judgement(ring_id, seller_id, verdict, (), reason, owner or call.actor)
        judgement = complete_judgement(view, FULL, draft)
        at = now(view)
    with open_writer(call.url, actor=call.doer) as writer:
        judgement_id = writer.judge(judgement, at)
    answer = {
        "judgement_ids": [judgement_id],
        "ring_id": ring_id,
        "seller_id": seller_id or None,
        "verdict": verdict,
        "reason": reason,
        "owner": judgement.owner,
    }
    said = EFFECTS[verdict].format(seller=f"seller {seller_id}", ring=f"ring {ring_id}")
    call.screen.answer(answer, lambda screen: screen.suggest(f"{judgement_id}: {said}. Run it", call.line("detect")))


def _parse(words: Sequence[str]) -> tuple[str, Verdict]:
    """Return the seller ("" where the ring is judged) and the verdict."""
    *sellers, said = words
    known = OF_MEMBERS if sellers else OF_RINGS
    if len(sellers) > 1 or said not in known:
        subject = "a seller and a ring" if sellers else "a ring"
        raise ConfigError(
            f"judge: {' '.join(words)!r} is no verdict on {subject}, expected"
            f" {'SELLER_ID ' if sellers else ''}{', '.join(known)}; nothing was changed"
        )
    return "".join(sellers), Verdict(said)


JUDGE = Command(
    "judge",
    judge,
    "Decide",
    (
        'ringwatch judge RING_ID confirmed --reason "test buys from all three"',
        'ringwatch judge RING_ID SELLER_ID different --reason "another family"',
    ),
    act=Act.JUDGE,
)
