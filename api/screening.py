"""Applicants screened against the current run: read, held against its rings, and answered in JSON's terms."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson

from ringwatch.algorithms.screening import screen
from ringwatch.algorithms.watch import Watch
from ringwatch.api.siblings import Asking
from ringwatch.model.applicants import Match, Screened
from ringwatch.model.errors import InputError
from ringwatch.model.rings import Evidence, families_for
from ringwatch.values.applicants import Application, columns_of, read_application

AT_ONCE = 500  # applicants that are looked up in one go
MOST_LINE_BYTES = 1_000_000  # of one applicant: a thousand values of the longest sort


def _as_it_is(screened: Sequence[Screened]) -> Sequence[Screened]:
    return screened


@dataclass(frozen=True, slots=True)
class Screener:
    """The rings of a run to screen against, and the key of values that are kept as hashes."""

    watch: Watch
    key: bytes | None = None
    seen: Callable[[Sequence[Screened]], Sequence[Screened]] = _as_it_is  # what the asker may see of it

    def lines(self, told: Iterable[object]) -> Iterator[dict[str, Any]]:
        """Yield the answer to each applicant as every answer gives it; see ``screen_all``."""
        for one in self.screen_all(told):
            yield {"error": str(one)} if isinstance(one, InputError) else applicant_line(one)

    def screen_all(self, told: Iterable[object]) -> Iterator[Screened | InputError]:
        """Yield what is said of each applicant of JSON data, in order; a few hundred are in memory at a time.

        An ``InputError`` in place of an applicant, or what comes of reading one, stands in its place.
        """
        batch: list[Application | InputError] = []
        for one in told:
            batch.append(one if isinstance(one, InputError) else _read(one))
            if len(batch) == AT_ONCE:
                yield from self._screened(batch)
                batch = []
        yield from self._screened(batch)

    def _screened(self, batch: Sequence[Application | InputError]) -> Iterator[Screened | InputError]:
        read = [one for one in batch if isinstance(one, Application)]
        screened = iter(self.seen(screen(self.watch, columns_of(read, self.watch.known.registry, self.key))))
        for one in batch:
            yield one if isinstance(one, InputError) else next(screened)


def screener_for(asking: Asking) -> Screener:
    """Return what applicants are held against for a request; values come back as its sender may see them.

    ConfigError where there is no run of a market.
    """

    def seen(found: Sequence[Screened]) -> Sequence[Screened]:
        parts = [part for one in found for match in one.matches for part in match.evidence]
        shown = asking.view.as_seen(asking.who, {(part.kind, part.value) for part in parts})
        return [
            replace(one, matches=tuple(replace(m, evidence=_shown(m.evidence, shown)) for m in one.matches))
            for one in found
        ]

    watch = asking.grounds.watch(asking.view)
    return Screener(watch, asking.secret_key, _as_it_is if asking.who.personal_values else seen)


def _shown(evidence: Sequence[Evidence], shown: Mapping[tuple[str, str], str]) -> tuple[Evidence, ...]:
    return tuple(replace(part, value=shown[part.kind, part.value]) for part in evidence)


def _read(told: object) -> Application | InputError:
    try:
        return read_application(told)
    except InputError as fault:
        return fault


def json_lines(lines: Iterable[bytes], n_before: int = 0) -> Iterator[object]:
    """Yield what each line that is not blank holds, an InputError where it is no JSON; ``n_before`` lines are gone."""
    for number, line in enumerate(lines, start=n_before + 1):
        if not line.strip():
            continue
        if len(line) > MOST_LINE_BYTES:
            yield InputError(
                f"line {number}: is longer than {MOST_LINE_BYTES:,} bytes; it was not screened; send fewer values"
            )
            continue
        try:
            yield orjson.loads(line)
        except orjson.JSONDecodeError as fault:
            yield InputError(f"line {number}: is not JSON in UTF-8 ({fault}); it was not screened; mend it")


def applicant_line(screened: Screened) -> dict[str, Any]:
    """Return what is said of an applicant as every answer gives it."""
    return {
        "seller_id": screened.seller_id,
        "advice": screened.advice,
        "matches": [match_line(match) for match in screened.matches],
    }


def match_line(match: Match) -> dict[str, Any]:
    """Return a match as every answer gives it."""
    return {
        "ring_id": match.ring_id,
        "tier": match.tier,
        "returned": match.is_return,
        "link_score": match.link_score,
        "log_odds": match.log_odds,
        "infringement_score": match.infringement_score,
        "evidence": [
            {
                "kind": part.kind,
                "family": part.family,
                "value": part.value,
                "n_holders": part.n_holders,
                "sellers": list(part.sellers),
                "score": part.score,
            }
            for part in match.evidence
        ],
        "families": families_for(match.evidence),
        "why_not_closer": match.why_not_closer,
    }
