"""Which steps a run takes: whether the data are a market, or a list of records that nobody trades in."""

import numpy as np

from ringwatch.algorithms.names import compare_names, learn_vocabulary, read_names
from ringwatch.algorithms.record_pairs import LISTED_SHARE, pairs_under
from ringwatch.model.kinds import Family
from ringwatch.model.snapshot import Bools, Snapshot

MARKET_FAMILIES = frozenset({Family.PAYOUT, Family.ACCESS, Family.CONTENT, Family.LOGISTICS})
"""What an account on a marketplace leaves behind, and an entry in a list seldom."""
MARKET_SHARE = 0.2  # of sellers that hold such a value, from which the data look like a market's
PERSONAL_FAMILIES = MARKET_FAMILIES | {Family.CONTACT, Family.PLACE, Family.IDENTITY, Family.REGISTRATION}
FEW_HOLDERS = 3  # of a value that hardly strangers share
PAIRS_LEAST = 20  # under such values whose names are compared; fewer say nothing
AGREEING_LEAST = (0.05, 0.1)  # share of them whose names agree, from which names tell parties: in what looks like a
# list, like a market. In lists it was .16 to .99, in made markets 0: operators give each of their sellers another name.


def trades(snapshot: Snapshot) -> bool:
    """Say whether anybody trades: has a store, a listing or a notice."""
    columns = (snapshot.n_stores, snapshot.n_listings, snapshot.n_upheld, snapshot.n_rejected, snapshot.n_pending)
    return any(bool(column.any()) for column in columns)


def is_list_of_records(snapshot: Snapshot) -> bool:
    """Say whether nobody trades, some have names, and names tell who is one party, as far as can be seen.

    A market of which no store was loaded is still a market: those who share a phone or an account there have names of
    their own. O(names + links).
    """
    if trades(snapshot) or snapshot.names.null_count == snapshot.n_sellers:
        return False
    looks_like_market = _market_share(snapshot) >= MARKET_SHARE
    agree = _names_agree(snapshot)
    if len(agree) < PAIRS_LEAST:
        return not looks_like_market
    return bool(agree.mean() >= AGREEING_LEAST[looks_like_market])


def _market_share(snapshot: Snapshot) -> float:
    is_market = np.array([kind.family in MARKET_FAMILIES for kind in snapshot.kinds], dtype=np.bool_)
    link_value = np.repeat(np.arange(snapshot.n_values), np.diff(snapshot.value_start))
    holding = snapshot.link_seller[is_market[snapshot.value_kind[link_value]]]
    n_held = snapshot.n_own[:, is_market].sum(axis=1) + np.bincount(holding, minlength=snapshot.n_sellers)
    return float((n_held > 0).mean())


def _names_agree(snapshot: Snapshot) -> Bools:
    """Say of each pair of named sellers under a personal value of few holders whether their names agree."""
    is_personal = np.array([kind.family in PERSONAL_FAMILIES for kind in snapshot.kinds], dtype=np.bool_)
    few = (np.diff(snapshot.value_start) <= FEW_HOLDERS) & ~snapshot.value_is_exempt
    values = np.flatnonzero(few & is_personal[snapshot.value_kind]) if len(is_personal) else np.zeros(0, np.int64)
    key, _ = pairs_under(snapshot.value_start, snapshot.link_seller, values, snapshot.n_sellers)
    names = read_names(snapshot.names, learn_vocabulary(snapshot.names))
    one, other = (names.of_seller[side] for side in np.divmod(np.unique(key), snapshot.n_sellers))
    is_named = (one >= 0) & (other >= 0)
    agree: Bools = compare_names(names, one[is_named], other[is_named]).share >= LISTED_SHARE
    return agree
