"""Telling the marketplace: each act at least once, under the same key, with what it answered."""

import hashlib
import hmac
import http.client
import ipaddress
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import TypeAlias
from urllib.parse import SplitResult, unquote, urlsplit

from ringwatch.db.docket import Docket
from ringwatch.db.record import Record
from ringwatch.enforcement.entries import make_entry
from ringwatch.model.enforcement import Hand, Message, MessageState
from ringwatch.model.errors import ConfigError

URL_SETTING, SECRET_SETTING = "webhook_url", "webhook_secret_file"
MIN_SECRET_BYTES = 16  # as short as a signature can be guarded by
TIMEOUT_S = 10.0  # a receiver writes down what it is told; that takes less
TRIES_A_RUN = 3
PAUSE_S = 0.2  # before the second try of a run, doubled before the third
MAX_ATTEMPTS = 10  # with the wait doubled from half a minute each time that is four hours
FIRST_WAIT = timedelta(seconds=30)
GIVE_UP_AFTER = 3  # messages in a row that got no answer: the receiver is away, the rest wait untried
_MESSAGES_A_READ = 200
_MAY_SUCCEED_LATER = frozenset({408, 425, 429})


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one try: delivered, refused for good, or neither."""

    is_delivered: bool
    is_refused: bool
    text: str


Send: TypeAlias = Callable[[Message], Answer]


def never() -> bool:
    """Say that there is time: who runs a command waits for its end."""
    return False


@dataclass(slots=True)
class Delivery:
    """Messages of one round by what became of them."""

    delivered: int = 0
    dead: int = 0
    waiting: int = 0


def set_webhook(docket: Docket, url: str, secret_file: Path, hand: Hand) -> None:
    """Keep where the marketplace is told, and the file (not its bytes) with the secret that signs.

    Raises:
        ConfigError: the URL is none of ours, the secret cannot be read or is short, or a drill would tell the world.
    """
    parts = _checked(url)
    read_secret(secret_file)

    def keep(record: Record) -> None:
        entry = make_entry(record, hand, "set webhook", {"url": url})
        if entry.is_drill and parts.scheme != "file" and not _is_loopback(parts.hostname or ""):
            raise ConfigError(f"webhook {url}: this is a drill, expected a loopback address; nothing was changed")
        record.set_setting(URL_SETTING, url)
        record.set_setting(SECRET_SETTING, str(secret_file.absolute()))
        record.append([entry])

    docket.transact(keep)


def _checked(url: str) -> SplitResult:
    parts = urlsplit(url)
    is_place = bool(parts.path) if parts.scheme == "file" else bool(parts.hostname)
    if parts.scheme not in {"http", "https", "file"} or not is_place or parts.username:
        raise ConfigError(f"webhook: expected http://, https:// or file:///path/of.jsonl, without a user; got {url!r}")
    return parts


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def read_secret(path: Path) -> bytes:
    """Return the bytes that sign; ConfigError where the file cannot be read or is short."""
    try:
        secret = path.read_bytes().strip()
    except OSError as failure:
        raise ConfigError(f"{path}: the secret cannot be read ({failure.strerror}); nothing was sent") from failure
    if len(secret) < MIN_SECRET_BYTES:
        raise ConfigError(
            f"{path}: the secret is shorter than {MIN_SECRET_BYTES} bytes; nothing was sent; take a longer"
        )
    return secret


def make_sender(record: Record) -> Send | None:
    """Return what sends messages as this database was set, None where no receiver was set."""
    url, secret_file = record.setting(URL_SETTING), record.setting(SECRET_SETTING)
    if url is None or secret_file is None:
        return None
    parts, secret = _checked(url), read_secret(Path(secret_file))
    if parts.scheme == "file":
        return lambda message: _write_line(Path(unquote(parts.path)), message)
    return lambda message: _post(parts, secret, message)


def signature(secret: bytes, at_s: int, body: bytes) -> str:
    """Return the header by which a receiver checks who sends, and when: HMAC-SHA-256 of ``AT.BODY``.

    >>> signature(b"secret", 1, b"{}")[:16]
    't=1,v1=1122767b1'
    """
    return f"t={at_s},v1={hmac.new(secret, f'{at_s}.'.encode() + body, hashlib.sha256).hexdigest()}"


def _post(parts: SplitResult, secret: bytes, message: Message) -> Answer:
    body = message.body.encode()
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=TIMEOUT_S)
    headers = {
        "Content-Type": "application/json",
        "Idempotency-Key": message.key,
        "Ringwatch-Signature": signature(secret, int(time.time()), body),
    }
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("POST", path, body, headers)
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as failure:
        return Answer(is_delivered=False, is_refused=False, text=f"{type(failure).__name__}: {failure}")
    finally:
        connection.close()
    is_refused = 400 <= status < 500 and status not in _MAY_SUCCEED_LATER
    return Answer(200 <= status < 300, is_refused, f"HTTP {status}")


def _write_line(path: Path, message: Message) -> Answer:
    try:
        with path.open("a", encoding="utf-8") as file:
            file.write(f"{message.body}\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as failure:
        return Answer(is_delivered=False, is_refused=False, text=f"{path}: {failure.strerror}")
    return Answer(is_delivered=True, is_refused=False, text="written")


def deliver(
    docket: Docket, hand: Hand, send: Send, *, is_replay: bool = False, is_over: Callable[[], bool] = never
) -> Delivery:
    """Send what is due, in order, and keep what was answered; a replay sends all that was not delivered.

    A message is sent again where the process dies between sending and keeping, under the same key. Once ``is_over``
    says so nothing more is sent; the rest waits, and is not counted.
    """
    round_, n_silent = Delivery(), 0
    for message in _coming(docket, is_replay=is_replay):
        if is_over():
            break
        if n_silent == GIVE_UP_AFTER or (not is_replay and message.next_at is not None and message.next_at > hand.at):
            round_.waiting += 1
            continue
        told = _try(message, hand, send, is_over)
        docket.transact(lambda record, told=told: record.set_messages([told]))  # type: ignore[misc]
        n_silent = n_silent + 1 if told.state is MessageState.WAITING else 0
        round_.delivered += told.state is MessageState.DELIVERED
        round_.dead += told.state is MessageState.DEAD
        round_.waiting += told.state is MessageState.WAITING
    return round_


def _coming(docket: Docket, *, is_replay: bool) -> Iterator[Message]:
    for state in (MessageState.DEAD, MessageState.WAITING) if is_replay else (MessageState.WAITING,):
        after = 0
        while True:
            with docket.reading() as record:
                found = record.messages(state, after, _MESSAGES_A_READ)
            yield from found
            if not found:
                break
            after = found[-1].n


def _try(message: Message, hand: Hand, send: Send, is_over: Callable[[], bool]) -> Message:
    """Send a message some times and return it with what became of it."""
    answer = send(message)
    for turn in range(TRIES_A_RUN - 1):
        if answer.is_delivered or answer.is_refused or is_over():
            break
        time.sleep(PAUSE_S * 2**turn)
        answer = send(message)
    n_attempts = message.n_attempts + 1
    tried = replace(message, n_attempts=n_attempts, answer=answer.text, next_at=None)
    if answer.is_delivered:
        return replace(tried, state=MessageState.DELIVERED)
    if answer.is_refused or n_attempts >= MAX_ATTEMPTS:
        return replace(tried, state=MessageState.DEAD)
    return replace(tried, state=MessageState.WAITING, next_at=hand.at + FIRST_WAIT * 2 ** (n_attempts - 1))
