"""The lens of a partner: its own brand, and the key of the pseudonyms under which it sees all else.

The database holds one secret of 32 random bytes; a brand's key is a keyed digest of its id under it. So a brand's
pseudonyms stay the same from run to run, and without the secret nobody can tell which of two brands' are one thing.
"""

import hmac
import secrets

from ringwatch.db.docket import Docket
from ringwatch.db.record import Record
from ringwatch.db.settings import PSEUDONYM_KEY
from ringwatch.model.enforcement import Actor
from ringwatch.model.visibility import BrandLens, Visibility

SECRET_BYTES = 32  # as long as the digest that it makes


def visibility_of(actor: Actor, docket: Docket) -> Visibility:
    """Return what an actor may see; for a partner through the lens of its brand."""
    if actor.brand_id is None:
        return Visibility(actor.role)
    lens = BrandLens(actor.brand_id, hmac.digest(_secret_of(docket), actor.brand_id.encode(), "sha256"))
    return Visibility(actor.role, actor.brand_id, personal_values=False, lens=lens)


def _secret_of(docket: Docket) -> bytes:
    """Return the secret of a database, made when its first partner looks."""
    with docket.reading() as record:
        kept = record.setting(PSEUDONYM_KEY)
    return bytes.fromhex(kept or docket.transact(_make_secret))


def _make_secret(record: Record) -> str:
    kept = record.setting(PSEUDONYM_KEY)  # another may have been quicker
    if kept is None:
        kept = secrets.token_hex(SECRET_BYTES)
        record.set_setting(PSEUDONYM_KEY, kept)
    return kept
