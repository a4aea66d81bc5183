"""How a command finds out who runs it: the key, and the rule of the database's door."""

import getpass
import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ringwatch.jobs.clock import moment
from ringwatch.model.errors import ConfigError
from ringwatch.model.visibility import FULL, Act

if TYPE_CHECKING:
    from datetime import datetime

    from ringwatch.db.docket import Docket
    from ringwatch.jobs.command import Call
    from ringwatch.model.enforcement import Actor, Hand
    from ringwatch.model.visibility import Visibility


def read_actor_key(path: Path | None) -> str | None:
    """Return the key of who runs the command, None where none is named on the command line or in the environment."""
    if path is None:
        return os.environ.get("RINGWATCH_KEY") or None
    try:
        return path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as failure:
        raise ConfigError(f"{path}: the key file cannot be read ({failure}); name another with --key-file") from failure


def admit_to(url: str, key_file: Path | None, act: Act) -> "Actor | None":
    """Return who acts on a database; None where nobody need say so, or where there is no database yet."""
    from ringwatch.db.database import NoDatabaseError
    from ringwatch.db.open import open_docket
    from ringwatch.enforcement.access import admit

    key = read_actor_key(key_file)
    try:
        with open_docket(url, is_read=act in {Act.READ, Act.LOOK}) as docket:
            return admit(docket, key, act, partial(moment_of, docket))
    except NoDatabaseError:
        return None


def moment_of(docket: "Docket") -> "datetime":
    """Return the moment that counts for a database."""
    with docket.reading() as record:
        return moment(record.setting)


def hand_of(call: "Call", docket: "Docket") -> "Hand":
    """Return who runs a command that always takes a key, and when."""
    from ringwatch.model.enforcement import Hand

    return Hand(call.actor or "", moment_of(docket))


def eyes_of(call: "Call", docket: "Docket") -> "Visibility":
    """Return what who runs a command may see: a partner what its lens shows, all others everything."""
    from ringwatch.alliance.lens import visibility_of

    with docket.reading() as record:
        actors = record.actors() if call.actor else []
    return next((visibility_of(actor, docket) for actor in actors if actor.name == call.actor), FULL)


def owner_name() -> str:
    """Return who is at the terminal, as the machine knows it: four eyes do not bind the owner of the database."""
    try:
        return f"owner {getpass.getuser()}"
    except (KeyError, OSError):  # an account without a name, as in a container
        return f"owner {os.getuid()}"
