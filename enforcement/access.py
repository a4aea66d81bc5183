"""Who may do what: keys, roles, and the rule at every door. Four eyes bind those who hold keys."""

import hashlib
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from ringwatch.db.docket import Docket
from ringwatch.db.record import Record
from ringwatch.enforcement.entries import make_entry
from ringwatch.model.enforcement import Actor, Hand
from ringwatch.model.errors import ConfigError, RefusedError, UnauthenticatedError
from ringwatch.model.visibility import ALWAYS_KEYED, MAY, Act, ActorRole

KEY_BYTES = 32  # 256 bits: nobody guesses it, so a plain digest of it can be kept
PREFIX_CHARACTERS = 7  # "rw_" and four more: enough to tell keys apart in a list, nothing to guess by


@dataclass(frozen=True, slots=True)
class ActorInput:
    """An actor to be made known."""

    name: str
    role: ActorRole
    brand_id: str | None = None
    expires_at: datetime | None = None


def digest_of(key: str) -> str:
    """Return what is kept of a key."""
    return hashlib.sha256(key.encode()).hexdigest()


def find_actor(actors: Sequence[Actor], key: str | None, at: datetime) -> Actor:
    """Return the actor that holds a key.

    Raises:
        UnauthenticatedError: no key was given, or one that is unknown, expired or revoked.
    """
    if key is None or not actors:
        raise no_key(has_actors=bool(actors))
    for actor in actors:
        if secrets.compare_digest(actor.key_digest, digest_of(key)):
            if actor.may_act(at):
                return actor
            what = "was revoked" if actor.revoked_at else f"expired on {actor.expires_at:%Y-%m-%d}"
            raise UnauthenticatedError(f"key: the key of {actor.name} {what}; nothing was done; ask for another")
    raise UnauthenticatedError(f"key: nobody here has this key; nothing was done; {_HOW}")


_HOW = "give one with --key-file FILE or $RINGWATCH_KEY; over HTTP: Authorization: Bearer KEY"


def no_key(*, has_actors: bool) -> UnauthenticatedError:
    """Return what is raised where a key is needed and none is given, or none can be."""
    if has_actors:
        return UnauthenticatedError(
            f"key: this database has actors, so every act needs a key; nothing was done; {_HOW}"
        )
    add = "ringwatch actor add NAME --role ROLE"
    return UnauthenticatedError(f"key: this act needs a key and the database has no actor; nothing was done; {add}")


def check_role(name: str, role: ActorRole, act: Act) -> None:
    """Raise RefusedError where a role may not do an act; ``name``: who has it."""
    if role not in MAY[act]:
        able = " or ".join(sorted(able.value for able in MAY[act]))
        raise RefusedError(f"{act.value}: {name} is {role.value}, expected the role {able}; nothing was done; ask one")


def admit(docket: Docket, key: str | None, act: Act, clock: Callable[[], datetime]) -> Actor | None:
    """Return who acts, None on a database that no actor was added to; what is refused stands in the ledger.

    Raises:
        UnauthenticatedError: see ``find_actor``.
        RefusedError: the role may not do it.
    """
    with docket.reading() as record:
        actors = record.actors()
        is_made_up = record.setting("is_demo") == "1"
    is_shown = is_made_up and (act is Act.READ or (act is Act.LOOK and key is None))
    if act not in ALWAYS_KEYED and (not actors or is_shown):
        return None
    at = clock()
    try:
        actor = find_actor(actors, key, at)
    except UnauthenticatedError as refusal:
        note_refusal(docket, Hand("", at), act, str(refusal))
        raise
    try:
        check_role(actor.name, actor.role, act)
    except RefusedError as refusal:
        note_refusal(docket, Hand(actor.name, at), act, str(refusal))
        raise
    return actor


@contextmanager
def noting_refusals(docket: Docket, hand: Hand, act: Act) -> Iterator[None]:
    """Let a refusal in the block through, and keep it in the ledger."""
    try:
        yield
    except RefusedError as refusal:
        note_refusal(docket, hand, act, str(refusal))
        raise


def note_refusal(docket: Docket, hand: Hand, act: Act, message: str, n_before: int = 0) -> None:
    """Keep a refusal in the ledger; ``n_before``: refusals of the same hand before it that were counted alone."""
    told = {"act": act.value, "message": message} | ({"n_before": n_before} if n_before else {})
    docket.transact(lambda record: record.append([make_entry(record, hand, "refuse", told)]))


def add_actor(docket: Docket, wanted: ActorInput, hand: Hand) -> tuple[Actor, str]:
    """Make an actor known and return it with its key, which is nowhere else.

    Raises:
        ConfigError: the name is empty or taken, the end is in the past, or a brand is named for who is no partner.
    """
    _check_input(wanted, hand.at)
    key, parts = _new_key()
    actor = Actor(wanted.name, wanted.role, wanted.brand_id, *parts, hand.actor, hand.at, wanted.expires_at)

    def add(record: Record) -> None:
        if any(known.name == actor.name for known in record.actors()):
            raise ConfigError(f"actor {actor.name}: is there already; rotate its key, or take another name")
        record.add_actor(actor)
        told = {"name": actor.name, "role": actor.role.value, "brand_id": actor.brand_id, "key_prefix": parts[1]}
        record.append([make_entry(record, hand, "add actor", told)])

    docket.transact(add)
    return actor, key


def _check_input(wanted: ActorInput, at: datetime) -> None:
    if not wanted.name.strip() or not wanted.name.isprintable():
        raise ConfigError("actor: the name is empty or holds control characters; nothing was done; name it")
    if wanted.expires_at is not None and wanted.expires_at <= at:
        raise ConfigError(
            f"expires {wanted.expires_at:%Y-%m-%d}: is in the past, expected a later date; nothing was done"
        )
    if (wanted.role is ActorRole.PARTNER) != (wanted.brand_id is not None):
        raise ConfigError(
            "--brand: a partner sees through the lens of one brand, and only a partner does; nothing was done"
        )


def rotate_key(docket: Docket, name: str, hand: Hand) -> tuple[Actor, str]:
    """Give an actor another key and return both; the former is good no more. ConfigError for an unknown name."""
    key, (digest, prefix) = _new_key()

    def rotate(record: Record) -> Actor:
        known = _named(record, name)
        expires_at = known.expires_at if known.expires_at is None or known.expires_at > hand.at else None
        if known.expires_at is not None and expires_at is None:
            raise ConfigError(
                f"actor {name}: expired on {known.expires_at:%Y-%m-%d}; nothing was done; add another actor"
            )
        actor = replace(known, key_digest=digest, key_prefix=prefix, revoked_at=None)
        record.set_actor_key(actor)
        record.append([make_entry(record, hand, "rotate key", {"name": name, "key_prefix": prefix})])
        return actor

    return docket.transact(rotate), key


def revoke_key(docket: Docket, name: str, hand: Hand) -> Actor:
    """Take the key of an actor back, harmless twice. ConfigError for an unknown name."""

    def revoke(record: Record) -> Actor:
        actor = _named(record, name)
        if record.revoke_actor(name, hand.at):
            record.append([make_entry(record, hand, "revoke key", {"name": name, "key_prefix": actor.key_prefix})])
        return replace(actor, revoked_at=actor.revoked_at or hand.at)

    return docket.transact(revoke)


def _named(record: Record, name: str) -> Actor:
    for actor in record.actors():
        if actor.name == name:
            return actor
    raise ConfigError(f"actor {name}: there is none of that name; list them with: ringwatch actor list")


def _new_key() -> tuple[str, tuple[str, str]]:
    """Return a key, and what is kept of it: its digest and its first characters."""
    key = "rw_" + secrets.token_urlsafe(KEY_BYTES)
    return key, (digest_of(key), key[:PREFIX_CHARACTERS])
