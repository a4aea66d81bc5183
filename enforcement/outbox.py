"""Telling the marketplace: each act at least once, under the same key, with what it answered."""

import hashlib
import hmac
import http.client
import ipaddress
import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from threading import Event, Lock
from typing import Self, TypeAlias
from urllib.parse import SplitResult, unquote, urlsplit

from ringwatch.db.docket import Docket
from ringwatch.db.record import Record
from ringwatch.db.settings import WEBHOOK_TIMEOUT_S, kept_value
from ringwatch.enforcement.entries import make_entry
from ringwatch.model.enforcement import Hand, Message, MessageState
from ringwatch.model.errors import ConfigError

URL_SETTING, SECRET_SETTING = "webhook_url", "webhook_secret_file"
MIN_SECRET_BYTES = 16  # as short as a signature can be guarded by
N_SENDERS = 8  # messages at once: of a receiver a tenth of a second away 80 answers a second, not 10
ASK_S = 1.0  # between two questions whether there is time left
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
    failing: int = 0  # of the dead and waiting: what was tried in vain, or not tried since the receiver is away


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
        one_at_a_time = Lock()
        return lambda message: _write_line(Path(unquote(parts.path)), message, one_at_a_time)
    timeout_s = kept_value(record.setting(WEBHOOK_TIMEOUT_S.name), WEBHOOK_TIMEOUT_S)
    return lambda message: _post(parts, secret, message, timeout_s)


def signature(secret: bytes, at_s: int, body: bytes) -> str:
    """Return the header by which a receiver checks who sends, and when: HMAC-SHA-256 of ``AT.BODY``.

    >>> signature(b"secret", 1, b"{}")[:16]
    't=1,v1=1122767b1'
    """
    return f"t={at_s},v1={hmac.new(secret, f'{at_s}.'.encode() + body, hashlib.sha256).hexdigest()}"


def _post(parts: SplitResult, secret: bytes, message: Message, timeout_s: float) -> Answer:
    body = message.body.encode()
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=timeout_s)
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


def _write_line(path: Path, message: Message, one_at_a_time: Lock) -> Answer:
    """Add a line to a file, all of it or nothing: where the disk is full no part of it stays."""
    try:
        with one_at_a_time, path.open("ab", buffering=0) as file:
            n_before = os.fstat(file.fileno()).st_size
            line, is_whole = f"{message.body}\n".encode(), False
            try:
                is_whole = file.write(line) == len(line)
                os.fsync(file.fileno())
            finally:
                file.truncate(n_before + len(line) if is_whole else n_before)
    except OSError as failure:
        return Answer(is_delivered=False, is_refused=False, text=f"{path}: {failure.strerror}")
    text = "written" if is_whole else f"{path}: no space left for the line"
    return Answer(is_delivered=is_whole, is_refused=False, text=text)


def deliver(
    docket: Docket, hand: Hand, send: Send, *, is_replay: bool = False, is_over: Callable[[], bool] = never
) -> Delivery:
    """Send what is due, some at once, and keep what was answered; a replay sends all that was not delivered.

    Of each store in order: what follows a message that waits, waits too. A message is sent again where the process
    dies between sending and keeping, under the same key. Once ``is_over`` says so nothing more is sent; the rest waits,
    and is not counted.
    """
    with ThreadPoolExecutor(N_SENDERS) as pool, _Round(docket, hand, send, is_over) as round_:
        for page in _pages(docket, is_replay=is_replay):
            round_.send_page(pool, page, is_replay=is_replay)
            if round_.is_ended:
                break
    return round_.told


def _pages(docket: Docket, *, is_replay: bool) -> Iterator[list[Message]]:
    for state in (MessageState.DEAD, MessageState.WAITING) if is_replay else (MessageState.WAITING,):
        after = 0
        while True:
            with docket.reading() as record:
                found = record.messages(state, after, _MESSAGES_A_READ)
            if not found:
                break
            yield found
            after = found[-1].n


class _Round:
    """One round of sending: what became of the messages, and which stores' later ones have to wait."""

    def __init__(self, docket: Docket, hand: Hand, send: Send, is_over: Callable[[], bool]) -> None:
        self.told = Delivery()
        self.stop = Event()  # nothing more is sent: the receiver is away, or there is no time left
        self.is_ended = False  # no time left
        self._docket, self._hand, self._send, self._is_over = docket, hand, send, is_over
        self._held: set[str] = set()
        self._n_silent = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Have no message tried once more: whoever interrupts does not wait for it."""
        self.stop.set()

    def send_page(self, pool: ThreadPoolExecutor, page: Sequence[Message], *, is_replay: bool) -> None:
        """Send the messages of a page that may be sent, and keep the answers as they come."""
        chains: dict[str, list[Message]] = {}
        for message in page:
            is_due = is_replay or message.next_at is None or message.next_at <= self._hand.at
            if is_due and message.store_id not in self._held:
                chains.setdefault(message.store_id, []).append(message)
            else:
                self._held.add(message.store_id)
                self.told.waiting += 1
        sending = {
            pool.submit(_try_chain, chain, self._hand, self._send, self.stop): chain for chain in chains.values()
        }
        pending = set(sending)
        while pending:
            done, pending = wait(pending, timeout=ASK_S, return_when=FIRST_COMPLETED)
            self._keep([(sending[future], future.result()) for future in done])
            if not self.is_ended and self._is_over():
                self.is_ended = True
                self.stop.set()

    def _keep(self, chains: Sequence[tuple[Sequence[Message], Sequence[Message]]]) -> None:
        """Keep what became of messages, of chains as (all, those that were tried)."""
        if tried := [message for _, told in chains for message in told]:
            self._docket.transact(lambda record: record.set_messages(tried))
        for asked, told in chains:
            for message in told:
                self._count(message)
            n_untried = len(asked) - len(told)
            if n_untried and not self.is_ended:
                self._held.add(asked[0].store_id)
                self.told.waiting += n_untried
                self.told.failing += n_untried

    def _count(self, message: Message) -> None:
        is_silent = message.state is MessageState.WAITING
        self._n_silent = self._n_silent + 1 if is_silent else 0
        if self._n_silent >= GIVE_UP_AFTER:
            self.stop.set()
        if is_silent:
            self._held.add(message.store_id)
        self.told.delivered += message.state is MessageState.DELIVERED
        self.told.dead += message.state is MessageState.DEAD
        self.told.waiting += is_silent
        self.told.failing += message.state is not MessageState.DELIVERED


def _try_chain(chain: Sequence[Message], hand: Hand, send: Send, stop: Event) -> list[Message]:
    """Send the messages of one store in order up to the first that is not answered; return those that were tried."""
    told: list[Message] = []
    for message in chain:
        if stop.is_set() or (told and told[-1].state is MessageState.WAITING):
            break
        told.append(_try(message, hand, send, stop))
    return told


def _try(message: Message, hand: Hand, send: Send, stop: Event) -> Message:
    """Send a message some times and return it with what became of it."""
    answer = send(message)
    for turn in range(TRIES_A_RUN - 1):
        if answer.is_delivered or answer.is_refused or stop.wait(PAUSE_S * 2**turn):
            break
        answer = send(message)
    n_attempts = message.n_attempts + 1
    tried = replace(message, n_attempts=n_attempts, answer=answer.text, next_at=None)
    if answer.is_delivered:
        return replace(tried, state=MessageState.DELIVERED)
    if answer.is_refused or n_attempts >= MAX_ATTEMPTS:
        return replace(tried, state=MessageState.DEAD)
    return replace(tried, state=MessageState.WAITING, next_at=hand.at + FIRST_WAIT * 2 ** (n_attempts - 1))
