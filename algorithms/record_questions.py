"""How a record stands to a ring of a list that it is not in: the same sum that its members have."""

import numpy as np

from ringwatch.algorithms.facts import Facts
from ringwatch.algorithms.groups import group
from ringwatch.algorithms.record_members import RecordEvidence, stand_records
from ringwatch.algorithms.record_profiles import Joined
from ringwatch.algorithms.records import TABLE, RecordGroups, is_current, model_of_records, read_words, words_of
from ringwatch.model.errors import ConfigError
from ringwatch.model.rings import Evidence, Fit
from ringwatch.model.snapshot import Longs


def was_of_records(fit: Fit) -> bool:
    """Say whether a fit was learned from a list of records."""
    return TABLE in fit.tables


def hold_record_against(
    facts: Facts, fit: Fit, ring_of: Longs, seller: int, ring: int
) -> tuple[float, tuple[Evidence, ...]]:
    """Return the log-odds of a record in a ring, and the parts that sum to them. ``ring_of``: -1 where in none.

    Raises:
        ConfigError: the fit is of an earlier version.
    """
    if not is_current(fit):
        raise ConfigError("fit: an earlier version learned it; learn it anew with: ringwatch detect --fit")
    records = read_words(facts, words_of(fit))
    nothing_joined = Joined(ring_of, ring_of, np.full(len(ring_of), -1, dtype=np.int64))
    found = RecordGroups(records, model_of_records(records, fit), group(facts, ring_of), nothing_joined)
    standing = stand_records(found, np.array([seller], dtype=np.int64), np.array([ring], dtype=np.int64))
    return float(standing.log_odds[0]), RecordEvidence(found, standing).evidence(0)
