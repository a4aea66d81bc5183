"""The commands about what the marketplace is told: where, what waits, and sending it again."""

from pathlib import Path
from typing import Annotated

import typer

from ringwatch.jobs.access import hand_of
from ringwatch.jobs.command import Call, Command
from ringwatch.jobs.screen import add_rows, table
from ringwatch.model.enforcement import MessageState
from ringwatch.model.errors import ConfigError
from ringwatch.model.visibility import Act

N_SHOWN = 100  # messages of a state; a person looks at the first ones


def outbox(
    call: Call,
    replay: Annotated[
        bool, typer.Option("--replay", help="Send all that was not delivered, the given-up too.")
    ] = False,
) -> None:
    """Show what the marketplace was told, and what it was not told yet."""
    from ringwatch.db.open import open_docket
    from ringwatch.enforcement.outbox import deliver, make_sender

    with open_docket(call.url) as docket:
        if replay:
            hand = hand_of(call.admit(Act.CLOSE), docket)
            with docket.reading() as record:
                send = make_sender(record)
            if send is None:
                line = call.line("webhook set URL --secret-file FILE")
                raise ConfigError(f"outbox: no receiver was set, so nothing was sent; set one: {line}")
            deliver(docket, hand, send, is_replay=True)
        with docket.reading() as record:
            counts = record.message_counts()
            open_ = [m for s in (MessageState.DEAD, MessageState.WAITING) for m in record.messages(s, 0, N_SHOWN)]
    sums = {state.value: sum(n for (_, s), n in counts.items() if s is state) for state in MessageState}
    lines = [
        {
            "key": m.key,
            "state": m.state,
            "action": m.action,
            "plan_id": m.plan_id,
            "store_id": m.store_id,
            "n_attempts": m.n_attempts,
            "answer": m.answer,
        }
        for m in open_
    ]
    rows = ((m.state.value, m.action, m.plan_id, m.store_id, m.n_attempts, m.answer) for m in open_)
    drawn = add_rows(table("state", "action", "plan", "store", "#tries", "last answer"), rows)
    told = ", ".join(f"{n:,} {state}" for state, n in sums.items())
    call.screen.answer({**sums, "messages": lines}, lambda screen: screen.say(drawn, "", f"{told}."))


def set_url(
    call: Call,
    url: Annotated[str, typer.Argument(metavar="URL", help="http(s)://, or file:///path.jsonl", show_default=False)],
    secret_file: Annotated[
        Path, typer.Option("--secret-file", metavar="FILE", help="Its bytes sign each message.", show_default=False)
    ],
) -> None:
    """Say where the marketplace is told of each act, and with which secret it is signed."""
    from ringwatch.db.open import open_docket
    from ringwatch.enforcement.outbox import set_webhook

    with open_docket(call.url) as docket:
        set_webhook(docket, url, secret_file, hand_of(call, docket))
    call.screen.answer({"url": url}, lambda screen: screen.say(f"{url} is told of each act from now on."))


OUTBOX = Command("outbox", outbox, "Close", ("ringwatch outbox", "ringwatch outbox --replay"))
COMMANDS = (
    Command("set", set_url, "", ("ringwatch webhook set https://shop.example/hook --secret-file key",), act=Act.CLOSE),
)
