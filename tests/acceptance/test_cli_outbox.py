"""What the marketplace is told: each act at least once, under one key, signed; whatever the receiver does."""

import hashlib
import hmac
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import repeat
from threading import Thread
from typing import Any

import pytest

SECRET = b"0123456789abcdef0123456789abcdef"


@contextmanager
def receiver(answers: Any) -> Iterator[tuple[str, list[tuple[str, str, bytes]]]]:
    """Serve answers in turn: a status, 0 to hang up without one, -1 to take it in and then hang up."""
    heard: list[tuple[str, str, bytes]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = next(answers)
            if status not in {0, 500}:
                heard.append((self.headers["Idempotency-Key"], self.headers["Ringwatch-Signature"], body))
            if status > 0:
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/hook", heard
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def run(here, own_market, tmp_path) -> Any:
    """A drill database with an approved plan of three stores, and a way to run commands as an actor."""
    with closing(sqlite3.connect(own_market.file, isolation_level=None)) as database:
        database.execute("INSERT INTO setting VALUES ('is_drill', '1')")
    (tmp_path / "secret").write_bytes(SECRET)
    roles = ("investigator", "approver", "operator")
    keys = {role: here("actor", "add", role, "--role", role, "--json").json["key"] for role in roles}

    def run(role: str, *line: object) -> Any:
        return here(*line, "--json", RINGWATCH_KEY=keys[role])

    plan = run("investigator", "plan", "--tier", "close", "--immediate", "unsafe", "--max-stores", "5").json
    assert run("approver", "approve", plan["plan_id"], "--digest", plan["digest"]).status == 0
    return run


def test_each_act_is_heard_under_one_key_by_a_receiver_that_fails_and_answers_twice(run):
    """Failing, hanging up, and hanging up after it took the message in: heard once by who honours keys."""
    with receiver(iter([500, 0, 200, -1, 200, *[200] * 20])) as (url, heard):
        assert run("operator", "webhook", "set", url, "--secret-file", "secret").status == 0
        closed = run("operator", "close", "P-1")
        assert (closed.status, closed.json["closed"], closed.json["failed"]) == (0, 5, 0)
    told = run("operator", "outbox").json
    assert (told["delivered"], told["waiting"], told["dead"]) == (5, 0, 0)
    assert len(heard) == 6
    assert len({key for key, _, _ in heard}) == 5
    assert {json.loads(body)["action"] for _, _, body in heard} == {"close"}
    for key, signed, body in heard:
        at, _, sent = signed.removeprefix("t=").partition(",v1=")
        assert hmac.compare_digest(sent, hmac.new(SECRET, f"{at}.".encode() + body, hashlib.sha256).hexdigest())
        assert json.loads(body)["key"] == key


def test_a_receiver_that_refuses_stops_the_run_and_a_replay_tells_it_again(run):
    """Refused for good is a failure; the brake stops; after the receiver is mended all of it arrives."""
    with receiver(repeat(422)) as (url, _):
        assert run("operator", "webhook", "set", url, "--secret-file", "secret").status == 0
        closed = run("operator", "close", "P-1")
        assert (closed.status, closed.json["failed"]) == (1, 5)
        assert "brake" in closed.json["stopped_by"]
        assert {m["answer"] for m in run("operator", "outbox").json["messages"]} == {"HTTP 422"}
    with receiver(repeat(200)) as (url, heard):
        assert run("operator", "webhook", "set", url, "--secret-file", "secret").status == 0
        assert run("operator", "outbox", "--replay").json["delivered"] == 5
        assert run("operator", "outbox", "--replay").json["delivered"] == 5
    assert len(heard) == 5
    assert run("operator", "ledger", "verify").json["ok"]


def test_a_file_takes_the_place_of_a_receiver(run, tmp_path):
    line = ("webhook", "set", f"file://{tmp_path}/told.jsonl", "--secret-file", "secret")
    assert run("operator", *line).status == 0
    assert run("operator", "close", "P-1").json["closed"] == 5
    told = [json.loads(text) for text in (tmp_path / "told.jsonl").read_text().splitlines()]
    assert len({message["key"] for message in told}) == len(told) == 5
    assert all(message["listings"] for message in told)


def test_a_receiver_is_set_by_an_operator_and_a_drill_tells_this_machine_alone(run, tmp_path):
    (tmp_path / "short").write_bytes(b"x")
    for role, url, secret, status in (
        ("investigator", "http://127.0.0.1/", "secret", 5),
        ("operator", "https://shop.example/hook", "secret", 2),
        ("operator", "gopher://127.0.0.1/", "secret", 2),
        ("operator", "http://127.0.0.1/", "short", 2),
        ("operator", "http://127.0.0.1/", "none", 2),
    ):
        assert run(role, "webhook", "set", url, "--secret-file", secret).status == status
    assert run("operator", "outbox", "--replay").status == 2
    assert run("operator", "close", "P-1").json["closed"] == 5
    assert run("operator", "outbox").json["waiting"] == 5
