"""Programs of commands, drawn at random and run on a database by the command line: what a person may do to a graph.

A market of a dozen operators with a few sellers each is loaded first; programs then change it: loads that overlap, that
are whole or not, exemptions and their end, judgements, detections. Clock and names of runs are given, so that what a
command answers on one database can be compared with what it answers on another.
"""

import contextlib
import csv
import io
import json
import os
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

from hypothesis import strategies as st

from ringwatch.db.open import without_password
from ringwatch.jobs import detect
from ringwatch.jobs.cli import build_app
from ringwatch.jobs.failures import explain
from ringwatch.model.judgements import OF_MEMBERS, OF_RINGS

BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
N_SELLERS = 36
SELLERS = tuple(f"s{n:02d}" for n in range(N_SELLERS))
STORES = tuple(f"t{n:02d}" for n in range(N_SELLERS))
LISTINGS = tuple(f"l{n:02d}" for n in range(N_SELLERS))
BRANDS = ("acme", "boreal")
NAMES = ("", "Ann's Lamps", "Blue Söhne GmbH", "山东电子", "blue lamps")
SHARED = {
    "phone": tuple(f"+49 30 90210{n:02d}" for n in range(8)),
    "email": tuple(f"desk{n}@post-{n}.example" for n in range(8)),
    "device": tuple(f"d{n}a9f3c2b7e1d4f6{n}" for n in range(4)),
    "wechat": ("blue_lamps_88", "ann_trading"),
    "zodiac": ("rat", "ox"),
}
ACCOUNTS = ("DE89370400440532013000", "GB29NWBK60161331926819", "FR1420041010050500013M02606")
ADDRESSES = ("12 High Street, Leeds, LS1 4AB", "Hafenstr. 7, 20457 Hamburg", "深圳市福田区华强北路1002号")

Row = Mapping[str, str]
Tables = Mapping[str, Sequence[Row]]


@dataclass(frozen=True)
class Load:
    """A folder of files of one source."""

    source: str
    is_full: bool
    tables: Tables


@dataclass(frozen=True)
class Exempt:
    """A value called innocent, for some days or for good; or, with ``is_lift``, called so no longer."""

    kind: str
    value: str
    days: int | None
    is_lift: bool


@dataclass(frozen=True)
class Judge:
    """A verdict on the ``ring``-th ring of the current run, or on its ``member``-th member."""

    ring: int
    member: int | None
    verdict: str


@dataclass(frozen=True)
class Detect:
    """A run of detection."""

    is_fit: bool


Step = Load | Exempt | Judge | Detect


# ---- how programs are drawn ---------------------------------------------------------------------------------------

_days = st.sampled_from(["", "2024-05-01", "2025-01-02T10:00:00+02:00", "2026-02-11 23:59"])


def _rows(least: int, most: int, **columns: st.SearchStrategy[str]) -> st.SearchStrategy[list[dict[str, str]]]:
    return st.lists(st.fixed_dictionaries(columns), min_size=least, max_size=most)


def _of(*texts: str) -> st.SearchStrategy[str]:
    return st.sampled_from(texts)


_pairs = st.sampled_from([(kind, value) for kind, values in SHARED.items() for value in values])
_uses = st.tuples(_of(*SELLERS, *STORES), _pairs, _days, _of("", "crm", "web")).map(
    lambda drawn: {
        "holder_id": drawn[0], "kind": drawn[1][0], "value": drawn[1][1], "first_seen_at": drawn[2], "source": drawn[3]
    }
)  # fmt: skip
_tables = st.fixed_dictionaries(
    {
        "sellers": _rows(
            1, 6, seller_id=_of(*SELLERS, "new1", "new2"), name=_of(*NAMES), country=_of("", "DE", "CN"),
            registered_at=_days, status=_of("", "closed"), tier_colour=_of("", "red"),
        ),
        "stores": _rows(0, 4, store_id=_of(*STORES), seller_id=_of(*SELLERS), name=_of(*NAMES), status=_of("", "open")),
        "listings": _rows(
            0, 4, listing_id=_of(*LISTINGS), store_id=_of(*STORES), brand=_of("", *BRANDS), price=_of("", "9.5"),
            image_hash=_of("", "f0e1d2c3b4a59687"),
        ),
        "identifiers": st.lists(_uses, max_size=12),
        "payment_accounts": _rows(0, 5, holder_id=_of(*SELLERS), account=_of(*ACCOUNTS), scheme=st.just("iban")),
        "addresses": _rows(
            0, 5, holder_id=_of(*SELLERS, *STORES), address=_of(*ADDRESSES), use=_of("", "return", "registered")
        ),
        "authorisations": _rows(0, 2, brand_id=_of(*BRANDS), seller_id=_of(*SELLERS), valid_to=_days),
        "notices": _rows(
            0, 4, notice_id=_of("n1", "n2", "n3"), brand_id=_of(*BRANDS), store_id=_of(*STORES),
            kind=_of("notice", "test_buy"), outcome=_of("pending", "upheld", "rejected"),
        ),
        "exemptions": st.lists(
            _pairs.filter(lambda pair: pair[0] != "zodiac").map(
                lambda pair: {"kind": pair[0], "value": pair[1], "reason": "warehouse"}
            ),
            max_size=1,
        ),
    }
)  # fmt: skip

_steps: st.SearchStrategy[Step] = st.one_of(
    st.builds(Load, _of("market", "crm", "late"), st.booleans(), _tables),
    st.builds(Load, st.just("market"), st.booleans(), _tables),
    st.builds(
        lambda pair, days, is_lift: Exempt(*pair, days, is_lift), _pairs, st.none() | st.integers(1, 4), st.booleans()
    ),
    st.builds(Judge, st.integers(0, 9), st.none(), st.sampled_from([str(verdict) for verdict in OF_RINGS])),
    st.builds(Judge, st.integers(0, 9), st.integers(0, 3), st.sampled_from([str(verdict) for verdict in OF_MEMBERS])),
    st.builds(Detect, st.booleans()),
)
programs = st.lists(_steps, min_size=2, max_size=7).map(lambda steps: (MARKET, Detect(True), *steps, Detect(False)))
"""The market, a first run, what happens then, and a last run that takes it all in."""


def _market() -> Load:
    """Return a market: operators of three sellers, each with values of its own and some of the operator's."""
    tables: dict[str, list[Row]] = {
        "brands": [{"brand_id": brand, "name": brand.title(), "aliases": f"{brand}-tec"} for brand in BRANDS],
        "sellers": [], "stores": [], "listings": [], "identifiers": [], "payment_accounts": [], "addresses": [],
    }  # fmt: skip
    for n, seller in enumerate(SELLERS):
        operator, place = divmod(n, 3)
        store = {"store_id": STORES[n], "seller_id": seller, "name": f"{seller} shop"}
        tables["sellers"].append({"seller_id": seller, "name": f"Seller {seller}", "country": ("DE", "CN")[n % 2]})
        tables["stores"].append(store)
        tables["listings"].append({"listing_id": LISTINGS[n], "store_id": STORES[n], "brand": BRANDS[n % 2]})
        own = [("phone", f"+49 40 55500{n:02d}"), ("email", f"{seller}@own-{seller}.example")]
        if operator < 8:  # the rest are on their own
            own += [("phone", SHARED["phone"][operator]), ("email", SHARED["email"][operator])][: 1 + place % 2]
            own += [("device", SHARED["device"][operator])] if operator < 4 else []
        tables["identifiers"] += [{"holder_id": seller, "kind": kind, "value": value} for kind, value in own]
        if operator < 3:
            tables["payment_accounts"].append({"holder_id": seller, "account": ACCOUNTS[operator], "scheme": "iban"})
        tables["addresses"].append({"holder_id": STORES[n], "address": ADDRESSES[n % 3] if n < 2 else f"{n} Own Road"})
    return Load("market", False, tables)


MARKET = _market()


# ---- how a program is run -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Told:
    """How a command ended: its status, and its JSON object or what it complained of."""

    status: int
    answer: Any


class Terminal:
    """Runs commands on one database at given moments, in this process: only the start of one is left out."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url = url
        self._told_url = shlex.quote(without_password(url))
        self.moment = BEGIN
        self._folder = folder
        self._folder.mkdir()

    def run(self, *arguments: str) -> Told:
        """Run one command, half a day after the one before, and return what it told, without seconds and places."""
        self.moment += timedelta(hours=12)
        out, err = io.StringIO(), io.StringIO()
        with (
            patch.dict(os.environ, {"RINGWATCH_CLOCK": self.moment.isoformat()}),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
            patch.object(detect, "make_run_id", lambda at: f"run-{at:%Y%m%d%H}"),
            contextlib.chdir(self._folder),
        ):
            try:
                status = build_app()(
                    [*arguments, "--database", self.url, "--json"], prog_name="ringwatch", standalone_mode=False
                )
            except Exception as failure:  # noqa: BLE001 (as the command line itself takes them)
                status, message = explain(failure)
                return Told(status, message.replace(self._told_url, "URL"))
        answer = json.loads(out.getvalue())
        return Told(status, {name: value for name, value in answer.items() if name not in ("seconds", "rejects_file")})

    def take(self, step: Step) -> list[Told]:
        """Do one step and return what its commands told."""
        if isinstance(step, Load):
            return [self._load(step)]
        if isinstance(step, Exempt):
            until = (BEGIN + timedelta(days=step.days)).date().isoformat() if step.days is not None else None
            more = ["--lift"] if step.is_lift else ["--expires", until] if until else []
            return [self.run("exempt", step.kind, step.value, "--reason", "family", *more)]
        if isinstance(step, Detect):
            return [self.run("detect", *(["--fit"] if step.is_fit else []))]
        return self._judge(step)

    def _load(self, step: Load) -> Told:
        place = self._folder / step.source
        place.mkdir(exist_ok=True)
        for old in place.iterdir():
            old.unlink()
        for name, rows in step.tables.items():
            if rows:
                with (place / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                    writer = csv.DictWriter(file, list(rows[0]))
                    writer.writeheader()
                    writer.writerows(rows)
        full = ["--full"] if step.is_full else []
        return self.run("load", str(place), "--drill", "--max-rejects", "1", *full)

    def _judge(self, step: Judge) -> list[Told]:
        rings = self.run("rings")
        if not rings.answer["rings"]:
            return [rings]
        ring_id = rings.answer["rings"][step.ring % len(rings.answer["rings"])]["ring_id"]
        ring = self.run("ring", ring_id)
        members = ring.answer["members"]
        subject = [] if step.member is None else [members[step.member % len(members)]["seller_id"]]
        return [rings, ring, self.run("judge", ring_id, *subject, step.verdict, "--reason", "looked at it")]

    def export(self, form: str = "csv") -> bytes:
        """Return what `export rings` writes."""
        file = self._folder / f"rings.{form}"
        told = self.run("export", "rings", "--format", form, "--output", str(file))
        assert told.status == 0, told
        return file.read_bytes()
