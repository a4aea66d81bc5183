"""Who looks at a page: a signed cookie that names an actor, and the token that every form must bring back."""

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass

from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.responses import Response

from ringwatch.api.door import ANYONE, Door, Visitor
from ringwatch.enforcement.access import find_actor
from ringwatch.model.enforcement import Hand
from ringwatch.model.errors import RefusedError, UnauthenticatedError
from ringwatch.model.visibility import ALWAYS_KEYED, FULL, MAY, Act, ActorRole, Visibility
from ringwatch.web.attempts import Attempts

COOKIE = "ringwatch"
VISIT_S = 12 * 60 * 60  # a working day with a late evening; then the key is asked for again
DIGEST_CHARACTERS = 16  # of the key's digest: a key that was rotated ends the visits that began with the former one

Cookie = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Ticket:
    """A secret in a link that signs an actor in, once."""

    secret: str
    actor: str


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of a browser; ``token`` is what its forms must bring back."""

    visitor: Visitor
    token: str
    cookie: str

    @property
    def who(self) -> Visibility:
        """What the visitor may see."""
        return self.visitor.who

    @property
    def name(self) -> str:
        """The name of the actor, "" where nobody signed in."""
        return self.visitor.name

    @property
    def home(self) -> str:
        """The page on which the visitor begins."""
        return "/rings" if self.who.lens is None else "/partner/rings"

    def may(self, act: Act) -> bool:
        """Say whether buttons for an act are shown; whoever does it is asked again."""
        return self.who.role in MAY[act] and (self.visitor.actor is not None or act not in ALWAYS_KEYED)


class Visits:
    """Signs visits with a secret that lives as long as the process: after a restart everybody signs in again."""

    def __init__(self, door: Door | None, ticket: Ticket | None = None) -> None:
        self._door = door
        self._ticket = ticket
        self._signer = URLSafeTimedSerializer(secrets.token_bytes(32), "visit")
        self._attempts = Attempts()
        self._ended: dict[str, float] = {}

    def admit(self, cookie: str | None) -> Visit:
        """Return who looks. UnauthenticatedError where a key is needed and the cookie tells of none that is good."""
        known = self._read(cookie)
        return self._visit(self._visitor_of(known), known.get("nonce"))

    def stranger(self, cookie: str | None) -> Visit:
        """Return a visit of somebody who sees nothing but the page on which to sign in."""
        nobody = Visibility(ActorRole.PARTNER, personal_values=False)
        return self._visit(Visitor(nobody, has_actors=True), self._read(cookie).get("nonce"))

    def sign_in(self, key: str, address: str) -> Visit:
        """Return the visit of whoever holds a key, under a cookie of its own; ``address``: where it came from.

        UnauthenticatedError for a key that nobody has; TooManyKeysError after too many of them.
        """
        self._attempts.check(address)
        if self._door is None:
            raise RefusedError("sign in: this server knows no actors; nothing was done")
        with self._door.docket.reading() as record:
            actors = record.actors()
        at = self._door.clock()
        try:
            actor = find_actor(actors, key.strip() or None, at)
        except UnauthenticatedError as refusal:
            self._attempts.note(address)
            self._door.notes.note(Hand("", at), Act.SIGN_IN, str(refusal))
            raise
        return self._visit(self._door.visitor_of(actor))

    def use_ticket(self, secret: str) -> Visit | None:
        """Return the visit of whom a link signs in, None where it was used before or never given out."""
        ticket, self._ticket = self._ticket, None
        if ticket is None or self._door is None or not secrets.compare_digest(ticket.secret, secret):
            self._ticket = ticket  # a wrong one uses nothing up
            return None
        with self._door.docket.reading() as record:
            found = next((actor for actor in record.actors() if actor.name == ticket.actor), None)
        may_act = found is not None and found.may_act(self._door.clock())
        return self._visit(self._door.visitor_of(found)) if found is not None and may_act else None

    def end(self, cookie: str | None) -> None:
        """End a visit: its cookie is good for nothing from now on, wherever a copy of it lies."""
        now = time.monotonic()
        self._ended = {nonce: at for nonce, at in self._ended.items() if now - at < VISIT_S}
        self._ended[self._read(cookie).get("nonce", "")] = now

    def check_form(self, cookie: str | None, token: str) -> None:
        """Raise RefusedError for a form that did not come from a page of this visit."""
        try:
            said = self._signer.loads(token, VISIT_S, salt="form")
        except BadSignature:
            said = None
        nonce = self._read(cookie).get("nonce")
        if not nonce or not isinstance(said, str) or not secrets.compare_digest(said, nonce):
            raise RefusedError("form: it did not come from a page opened here; nothing was done; open the page again")

    def keep(self, visit: Visit, response: Response, *, is_https: bool) -> None:
        """Give a browser its cookie."""
        response.set_cookie(COOKIE, visit.cookie, VISIT_S, path="/", secure=is_https, httponly=True, samesite="lax")

    def _visit(self, visitor: Visitor, nonce: str | None = None) -> Visit:
        nonce = nonce or secrets.token_urlsafe(16)
        told = {"nonce": nonce}
        if visitor.actor is not None:
            told |= {"actor": visitor.actor.name, "digest": visitor.actor.key_digest[:DIGEST_CHARACTERS]}
        return Visit(visitor, _text(self._signer.dumps(nonce, salt="form")), _text(self._signer.dumps(told)))

    def _read(self, cookie: str | None) -> Cookie:
        try:
            told = self._signer.loads(cookie or "", VISIT_S)
        except BadSignature:
            return {}
        return told if isinstance(told, dict) and told.get("nonce") not in self._ended else {}

    def _visitor_of(self, told: Cookie) -> Visitor:
        """Return the visitor whom a cookie names, or anyone where nobody need sign in."""
        if self._door is None:
            return ANYONE
        with self._door.docket.reading() as record:
            actors = record.actors()
            is_open = not actors or (self._door.is_local and record.setting("is_demo") == "1")
        for actor in actors:
            is_named = (actor.name, actor.key_digest[:DIGEST_CHARACTERS]) == (told.get("actor"), told.get("digest"))
            if is_named and actor.may_act(self._door.clock()):
                return self._door.visitor_of(actor)
        if is_open:
            return Visitor(FULL, has_actors=bool(actors))
        raise UnauthenticatedError("key: this database has actors; sign in with yours")


def _text(signed: str | bytes) -> str:
    return signed if isinstance(signed, str) else signed.decode()
