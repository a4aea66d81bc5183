"""Statements of reasons on the command line, over the made-up marketplace: own facts alone, the same bytes for ever."""

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from tests.support.browser import open_browser

from ringwatch.db.open import open_docket
from ringwatch.enforcement.reasons import render, statement_of
from ringwatch.model.statements import Format, Language

START = "2026-12-01T12:00:00Z"
AFTER_NOTICE = "2027-01-02T12:00:00Z"


class Desk:
    """The command line, with a key of each role, on a drill database."""

    def __init__(self, here: Any, file: Path) -> None:
        with closing(sqlite3.connect(file, isolation_level=None)) as database:
            database.execute("INSERT INTO setting VALUES ('is_drill', '1')")
        self.here = here
        roles = ("investigator", "approver", "operator")
        self.keys = {
            r: here("actor", "add", r, "--role", r, "--json", RINGWATCH_CLOCK=START).json["key"] for r in roles
        }

    def __call__(self, role: str, *line: object, at: str = START, is_json: bool = True) -> Any:
        """Run a command as an actor, at a moment."""
        flags = ("--json",) if is_json else ()
        return self.here(*line, *flags, RINGWATCH_KEY=self.keys[role], RINGWATCH_CLOCK=at)

    def carried(self, *line: object, verb: str = "close", at: str = START) -> Any:
        """Propose a plan, have it approved, carry it out, and return it."""
        plan = self("investigator", "plan", *line, at=at).json
        self("approver", "approve", plan["plan_id"], "--digest", plan["digest"], at=at)
        done = self("operator", verb, plan["plan_id"], at=at)
        assert done.status == 0, done.err
        return plan

    def reasons(self, store_id: str, *line: object) -> str:
        """Return a statement as it is printed."""
        done = self("operator", "reasons", store_id, *line, is_json=False)
        assert done.status == 0, done.err
        return str(done.out)


@pytest.fixture
def desk(here, own_market) -> Desk:
    return Desk(here, own_market.file)


def flat(told: str) -> str:
    """Return a statement without its line ends, which stand where the terminal is full."""
    return " ".join(told.split())


def acting(plan: Any) -> list[str]:
    return [store["store_id"] for store in plan["stores"] if store["action"] != "spare"]


def known_of(file: Path) -> Iterator[tuple[str, str]]:
    """Yield seller and text of all that was loaded of each: ids, names, values, listings; also as a search shows it."""
    of_seller = "JOIN holder AS s ON s.n = coalesce((SELECT seller_n FROM store WHERE n = holder_n), holder_n)"
    asked = (
        "SELECT id, id FROM seller JOIN holder USING (n)",
        "SELECT id, name FROM seller JOIN holder USING (n) WHERE name IS NOT NULL",
        "SELECT s.id, o.id FROM store JOIN holder AS s ON s.n = seller_n JOIN holder AS o ON o.n = store.n",
        "SELECT s.id, store.name FROM store JOIN holder AS s ON s.n = seller_n WHERE store.name IS NOT NULL",
        "SELECT s.id, listing_id FROM listing JOIN store ON store.n = store_n JOIN holder AS s ON s.n = seller_n",
        f"SELECT s.id, text FROM uses JOIN value ON value.n = value_n {of_seller}",
    )
    with closing(sqlite3.connect(file)) as database:
        for query in asked:
            yield from database.execute(query)


def test_no_statement_holds_what_is_of_another_member(desk, own_market):
    """Of every store that a plan closes, in both languages and all forms: no id, name, listing or value of its ring.

    But for the store's own id, name and listings; values of its own seller are not in it either, as they are masked.
    """
    plan = desk.carried("--tier", "close")
    rows = {row["store_id"]: row for row in plan["stores"]}
    members: dict[str, set[str]] = {}
    for row in plan["stores"]:
        members.setdefault(row["ring_id"], set()).add(row["seller_id"])
    known: dict[str, set[str]] = {}
    for seller_id, text in known_of(own_market.file):
        known.setdefault(seller_id, set()).add(text)
    with closing(sqlite3.connect(own_market.file)) as database:
        own_names = dict(database.execute("SELECT id, name FROM store JOIN holder USING (n)"))
        listings: dict[str, list[str]] = {}
        for store_id, listing_id in database.execute(
            "SELECT id, listing_id FROM listing JOIN holder ON holder.n = store_n"
        ):
            listings.setdefault(store_id, []).append(listing_id)
    n_checked = 0
    with open_docket(f"sqlite:///{own_market.file}") as docket, docket.reading() as record:
        for store_id in acting(plan):
            statement = statement_of(record, store_id)
            told = "\n".join(render(statement, form, language) for form in Format for language in Language)
            words = set(re.findall(r"\w[\w.@+-]*", told))
            ring = members[rows[store_id]["ring_id"]]
            own = {store_id, own_names[store_id], *listings.get(store_id, [])}
            foreign = {text for seller_id in ring for text in known[seller_id] if not any(text in one for one in own)}
            starts = {told[at : at + 7] for at in range(len(told))}
            leaked = {
                text for text in foreign if text in words or (text[:7] in starts and len(text) > 6 and text in told)
            }
            assert leaked == set(), store_id
            n_checked += len(foreign)
    assert len(acting(plan)) > 100
    assert n_checked > 10_000


def test_a_statement_follows_what_is_decided_and_earlier_ones_stay(desk):
    """Notice, closing and undoing each have their own; a plan's stays the same whatever was set and decided since."""
    plan = desk.carried("--tier", "close")
    store_id = acting(plan)[0]
    noticed = desk.reasons(store_id)
    page = (Path(__file__).parents[2] / "docs" / "closing.md").read_text("utf-8")
    shown = re.search(r"^ringwatch reasons (\w+)\n.*?^```text\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    assert shown[2] in desk.reasons(shown[1])
    assert "will be closed on 31 December 2026" in noticed
    assert json.loads(desk.reasons(store_id, "--format", "json"))["application_date"] == "2026-12-31"
    assert desk("operator", "close", "--due", at=AFTER_NOTICE).json["closed"] == len(acting(plan))
    closed = {form: desk.reasons(store_id, "--format", form) for form in Format}
    assert "was closed on 2 January 2027" in flat(closed[Format.TEXT])
    assert "Notice of it was given on 1 December 2026" in flat(closed[Format.TEXT])
    assert desk("operator", "reasons", store_id).out == closed[Format.JSON]
    undo = desk.carried("--undo", plan["plan_id"], "--reason", "the phone is Kim's", verb="undo", at=AFTER_NOTICE)
    reopened = flat(desk.reasons(store_id))
    assert "is taken back" in reopened
    assert "Your store is open again" in reopened
    assert "Kim" not in reopened
    ended = json.loads(desk.reasons(store_id, "--format", "json"))
    assert (ended["application_date"], ended["end_date_account_restriction"]) == ("2027-01-02", "2027-01-02")
    assert ended["puid"] != json.loads(closed[Format.JSON])["puid"]
    for line in (("appeal_days", 14), ("notice_days", 0)):
        assert desk("approver", "settings", *line).status == 0
    assert {form: desk.reasons(store_id, "--format", form, "--plan", "P-1") for form in Format} == closed
    assert flat(desk.reasons(store_id, "--plan", undo["plan_id"])) == reopened


def test_a_suspension_and_a_closing_without_notice_say_so(desk):
    suspended = desk.carried("--tier", "close", "--action", "suspend", "--max-stores", "1")
    (store_id,) = acting(suspended)
    told = desk.reasons(store_id)
    assert "was suspended on 1 December 2026" in flat(told)
    assert json.loads(desk.reasons(store_id, "--format", "json"))["decision_account"] == "DECISION_ACCOUNT_SUSPENDED"
    refused = desk("investigator", "plan", "--tier", "close", "--immediate", f"as told of {store_id}, unsafe")
    assert (refused.status, refused.out) == (2, "")
    assert store_id in refused.err
    desk.carried("--tier", "close", "--immediate", "sells unsafe chargers")
    told = flat(desk.reasons(store_id))
    assert "was closed on 1 December 2026" in told
    assert "No notice was given, for this reason: sells unsafe chargers" in told
    assert "未事先通知的理由" in desk.reasons(store_id, "--language", "zh")


def test_an_announcement_that_lapses_is_told(desk):
    """A store that was given notice and then left, as a person judged so; one whose appeal was upheld, at once."""
    plan = desk.carried("--tier", "close")
    appealed = acting(plan)[-1]
    assert desk("investigator", "appeal", "open", appealed, "--text", "not ours").status == 0
    assert "will be closed on 31 December 2026" in desk.reasons(appealed)
    assert desk("approver", "appeal", "uphold", "A-1", "--reason", "another family").status == 0
    upheld = "Your appeal was upheld. The closing of your store that was announced for 31 December 2026 does not"
    assert upheld in flat(desk.reasons(appealed))
    one = next(store for store in plan["stores"] if store["action"] == "close")
    judged = ("judge", one["ring_id"], one["seller_id"], "different", "--reason", "visited")
    assert desk("investigator", *judged).status == 0
    assert desk("operator", "close", "--due", at=AFTER_NOTICE).status == 0
    assert upheld in flat(desk.reasons(appealed))
    told = flat(desk.reasons(one["store_id"]))
    assert "appeal was upheld" not in told
    assert "announced for 31 December 2026 does not take place" in told
    assert "原定于2026年12月31日关闭贵店的决定不再执行" in desk.reasons(one["store_id"], "--language", "zh")


def test_where_there_is_nothing_to_state_one_line_says_so(desk):
    """A store nothing was decided about, a watched one, an unknown one, another plan's: status 2."""
    plan = desk.carried("--tier", "close", "--action", "watch", "--max-stores", "1")
    (watched,) = acting(plan)
    spared = next(store["store_id"] for store in plan["stores"] if store["action"] == "spare")
    for line, told in (
        ((spared,), "nothing was decided"),
        ((watched,), "watched"),
        (("nowhere",), "no store of that id"),
        ((watched, "--plan", "P-9"), "P-9"),
    ):
        done = desk("operator", "reasons", *line)
        assert (done.status, done.out) == (2, ""), line
        assert told in done.err
        assert done.err.count("\n") == 1
    assert desk("operator", "reasons", watched, "--language", "fr").status == 2


def test_a_printed_statement_can_be_read_by_everybody(desk, tmp_path):
    """Nothing that axe finds on the page of either language, which asks for nothing else: no script, no font."""
    store_id = acting(desk.carried("--tier", "close", "--max-stores", "1"))[0]
    with open_browser() as browser:
        page = browser.new_page()
        asked: list[str] = []
        page.on("request", lambda sent: asked.append(sent.url))
        for language, tag in (("en", "en"), ("zh", "zh-Hans")):
            file = tmp_path / f"{language}.html"
            file.write_text(desk.reasons(store_id, "--format", "html", "--language", language), encoding="utf-8")
            asked.clear()
            page.goto(file.as_uri())
            assert asked == [file.as_uri()]
            assert page.locator("html").get_attribute("lang") == tag
            assert Axe().run(page).response["violations"] == []
