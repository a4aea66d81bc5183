"""What a plan freezes of a ring so that a seller can be told its reasons years later: own values masked, and counts."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson

from ringwatch.db.view import UpheldRow, View
from ringwatch.enforcement.rules import Case, Grounds
from ringwatch.model.enforcement import StoreRow
from ringwatch.model.kinds import LIKENESS, Registry
from ringwatch.model.rings import Evidence
from ringwatch.model.statements import Facts, SharedKind, UpheldKind
from ringwatch.model.visibility import FULL
from ringwatch.values.hashing import PREFIX as HASH_PREFIX
from ringwatch.values.mask import mask

FEWEST_LETTERS = 4  # of a name that a reason may not hold
N_SHOWN = 3  # values of a kind: enough to know which are meant, whatever their number


@dataclass(frozen=True, slots=True)
class Findings:
    """What the facts of all stores of a plan are made of, read once."""

    registry: Registry
    displays: Mapping[tuple[str, str], str]
    upheld: Mapping[str, list[UpheldRow]]  # by store

    def shown(self, part: Evidence) -> str:
        """Return a value as its own seller knows it, masked; "" for several writings taken together: some are others'.

        What was hashed while loading was masked there; without that display nothing can be shown.
        """
        kind = self.registry[part.kind]
        if kind.normaliser == LIKENESS:
            return ""
        if part.value.startswith(HASH_PREFIX):
            return self.displays.get((part.kind, part.value), "")
        return mask(kind, part.value)


def read_findings(view: View, cases: Iterable[Case]) -> Findings:
    """Read what the facts of the stores of rings are made of."""
    members = [member for case in cases for member in case.members.values()]
    hashed = {value for member in members for value in member.values if value[1].startswith(HASH_PREFIX)}
    upheld: dict[str, list[UpheldRow]] = {}
    for row in view.upheld(FULL, sorted({member.seller_id for member in members})):
        upheld.setdefault(row.store_id, []).append(row)
    return Findings(view.registry(FULL), view.displays(FULL, hashed), upheld)


def facts_of(findings: Findings, case: Case, stores: Iterable[StoreRow]) -> dict[str, Facts]:
    """Return the facts about each of the stores of a ring, by their ids."""
    all_stores = list(stores)
    complaints = {s.store_id: findings.upheld[s.store_id] for s in all_stores if s.store_id in findings.upheld}
    n_upheld = sum(row.n for rows in complaints.values() for row in rows)
    shared = {seller_id: _shared(findings, member) for seller_id, member in case.members.items()}
    return {
        store.store_id: Facts(
            name=store.name or "",
            opened_on=store.opened_at.date() if store.opened_at else None,
            n_sellers=len(case.members),
            n_stores=len(all_stores),
            is_hashed=any(value.startswith(HASH_PREFIX) for _, value in case.members[store.seller_id].values),
            shared=shared[store.seller_id],
            upheld=_upheld(complaints.get(store.store_id, [])),
            n_upheld=n_upheld,
            n_upheld_stores=len(complaints),
        )
        for store in all_stores
    }


def _shared(findings: Findings, member: Grounds) -> tuple[SharedKind, ...]:
    by_kind: dict[str, dict[str, Evidence]] = {}
    for part in member.parts:  # loudest first, and so are the kinds
        by_kind.setdefault(part.kind, {}).setdefault(part.value, part)
    return tuple(_shared_kind(findings, list(parts.values())) for parts in by_kind.values())


def _shared_kind(findings: Findings, parts: list[Evidence]) -> SharedKind:
    holders = [part.n_holders for part in parts]
    shown = tuple(dict.fromkeys(filter(None, map(findings.shown, parts))))[:N_SHOWN]
    return SharedKind(parts[0].kind, parts[0].family, len(parts), min(holders), max(holders), shown)


def _upheld(rows: Iterable[UpheldRow]) -> tuple[UpheldKind, ...]:
    by_target: dict[tuple[str, bool], list[UpheldRow]] = {}
    for row in rows:
        by_target.setdefault((row.kind, row.listing_id is not None), []).append(row)
    return tuple(_upheld_kind(*target, by_target[target]) for target in sorted(by_target))


def _upheld_kind(kind: str, is_listing: bool, rows: Sequence[UpheldRow]) -> UpheldKind:
    listing_ids = sorted({row.listing_id for row in rows if row.listing_id is not None})
    days = [at.date() for row in rows for at in (row.first_at, row.last_at) if at is not None]
    counts = (sum(row.n for row in rows), len(listing_ids), tuple(listing_ids[:N_SHOWN]))
    return UpheldKind(kind, is_listing, *counts, min(days, default=None), max(days, default=None))


def named_in(text: str, names: Iterable[str]) -> list[str]:
    """Return the ids, names and values that a text holds, as whole words where their script has words.

    What is shorter than four characters is not looked for: half of all sentences would hold it.

    >>> named_in("as KIM trading does", ["Kim Trading", "Trad", "S1"])
    ['Kim Trading']
    """
    words = _words(text)
    return [name for name in names if len(name) >= FEWEST_LETTERS and _holds(text, words, name)]


def _holds(text: str, words: str, name: str) -> bool:
    if not name.isascii():
        return name.casefold() in text.casefold()
    wanted = _words(name)
    return bool(wanted.strip()) and wanted in words


def _words(text: str) -> str:
    found = re.findall(r"[^\W_]+", text.casefold())
    return f" {' '.join(found)} "


def frozen(facts: Facts) -> dict[str, Any]:
    """Return facts as plain data, as a plan keeps them."""
    kept: dict[str, Any] = orjson.loads(orjson.dumps(facts))
    return kept


def thawed(kept: Mapping[str, Any]) -> Facts:
    """Return the facts that were frozen.

    >>> upheld = (UpheldKind("test_buy", True, 2, 1, ("L1",), date(2024, 5, 2), None),)
    >>> facts = Facts("Nord", date(2020, 5, 1), 3, 4, False, (), upheld, 2, 1)
    >>> thawed(frozen(facts)) == facts
    True
    """
    shared = tuple(SharedKind(**{**row, "shown": tuple(row["shown"])}) for row in kept["shared"])
    upheld = tuple(
        UpheldKind(**{**_dated(row, "first_on", "last_on"), "listing_ids": tuple(row["listing_ids"])})
        for row in kept["upheld"]
    )
    return Facts(**{**_dated(kept, "opened_on"), "shared": shared, "upheld": upheld})


def _dated(kept: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {**kept, **{name: date.fromisoformat(kept[name]) if kept[name] else None for name in names}}
