"""Bulk writes, typed once over both databases. Each call is one transaction (a load batch, a whole run)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa

from ringwatch.model.kinds import Kind
from ringwatch.model.rings import Detection


@dataclass(frozen=True, slots=True)
class ExemptionInput:
    """What `exempt` writes; ``value`` canonical (hashed where the database is)."""

    kind: str
    value: str
    display: str
    reason: str
    owner: str | None = None
    note: str | None = None
    expires_at: datetime | None = None


class Writer:
    """What can be written to one database. Made by ``db.open.open_writer(url)``; a context manager."""

    def set_setting(self, name: str, value: str) -> None:
        """Keep a fact in the database (is_demo, secret_key_digest, ...)."""
        raise NotImplementedError

    def declare_kinds(self, kinds: Iterable[Kind]) -> None:
        """Keep kinds of the marketplace's own; a kind declared again replaces the former."""
        raise NotImplementedError

    def begin_load(self, source: str, at: datetime, full: bool) -> int:
        """Open a load of a source and return its number; an earlier unfinished load of it is taken over."""
        raise NotImplementedError

    def write(self, load: int, table: str, batch: pa.Table) -> int:
        """Upsert one batch (schema: ``BATCH_SCHEMAS[table]``) in one transaction and return how many rows it holds.

        Same key twice within the load: of differing properties the greatest value of each column wins. A later load
        updates properties; ``first_seen_at`` keeps the earliest, ``last_seen_at`` the latest.
        """
        raise NotImplementedError

    def finish_load(self, load: int, at: datetime) -> Mapping[str, int]:
        """Close the load; after a full one retire the source's uses that it did not see. Returns retired counts."""
        raise NotImplementedError

    def save_run(self, run_id: str, detection: Detection, at: datetime) -> None:
        """Keep rings, members, evidence, hubs and the fit, and make the run the current one, in one transaction."""
        raise NotImplementedError

    def exempt(self, exemption: ExemptionInput, at: datetime) -> None:
        """Make or renew an exemption."""
        raise NotImplementedError

    def lift_exemption(self, kind: str, value: str, reason: str, at: datetime) -> bool:
        """Take an exemption back; False where there was none."""
        raise NotImplementedError
