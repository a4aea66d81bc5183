"""What is said of each member: how surely it belongs, by which families, how firmly, and how surely it infringes."""

from dataclasses import dataclass

import numpy as np

from ringwatch.algorithms.clusters import Clusters
from ringwatch.algorithms.facts import Facts
from ringwatch.algorithms.features import CONTENT
from ringwatch.algorithms.firmness import FRAGILE_BELOW, find_services, least_without, remove_each
from ringwatch.algorithms.hits import Candidates
from ringwatch.algorithms.infringement import log_bayes_factor, member_score, ring_score
from ringwatch.algorithms.judgements import judged_parts
from ringwatch.algorithms.learn import Model
from ringwatch.algorithms.membership import Standing, stand, yardstick
from ringwatch.algorithms.reach import (
    Ties,
    count_families,
    count_upheld_near,
    counting_ties,
    find_next_to,
    independent,
    reach_infringing,
)
from ringwatch.algorithms.tiers import CLOSE_LEAST, COPIED_LEAST, REVIEW_LEAST, Grounds, give_tiers, ring_tiers
from ringwatch.model.snapshot import Bools, Floats, Ints, Longs

OWN_SHARE = 0.75  # share of its holders in the ring from which even a service is the ring's own


@dataclass(frozen=True, slots=True)
class Verdicts:
    """One row a membership, by ring then seller."""

    standing: Standing  # by the evidence alone
    log_odds: Floats  # with what people's judgements add
    judged: Floats  # what they add
    tier: Ints
    why_not_closer: list[str]
    is_fragile: Bools
    leans_on: Longs  # the hit whose value it leans on most, -1 where none
    is_service: Bools  # per hit
    reaches: Bools  # two families lead to the infringing part of its ring
    infringement: Floats
    ring_tier: Longs  # per ring
    ring_infringement: Floats  # per ring


def judge_members(facts: Facts, clusters: Clusters, levels: Ints, model: Model) -> Verdicts:
    """Return what is said of every member of every ring."""
    groups, snapshot = clusters.groups, facts.snapshot
    seller = groups.member
    ring = groups.ring_of[seller]
    standing = stand(yardstick(facts, groups, levels, model.weights), Candidates(seller, ring))
    judged = judged_parts(clusters.is_bound[seller], standing.log_odds)
    log_odds = standing.log_odds + judged
    least, leans_on = least_without(standing, remove_each(facts, model.weights, standing))
    is_service = find_services(facts, groups, levels, standing)
    ties = independent(facts, levels, counting_ties(facts, levels, standing, is_service))
    serves_strangers = is_service & (
        groups.uses.n_members[standing.hits.use] < OWN_SHARE * facts.n_holders[standing.hits.value]
    )
    own_ties = counting_ties(facts, levels, standing, serves_strangers)
    is_upheld = snapshot.n_upheld[seller] > 0
    n_upheld = np.bincount(ring, is_upheld, groups.n).astype(np.int64)
    grounds = Grounds(
        log_odds=log_odds,
        is_weak=clusters.is_weak[seller],
        n_families=count_families(ties, len(seller)),
        is_served=_is_served(own_ties, log_odds),
        is_fragile=least < FRAGILE_BELOW,
        n_likely=np.bincount(ring, log_odds >= REVIEW_LEAST, groups.n).astype(np.int64)[ring],
        n_members=groups.size[ring],
        ring_has_notice=n_upheld[ring] > 0,
    )
    tier, why = give_tiers(grounds)
    next_to = find_next_to(groups, standing, ties)
    factor = log_bayes_factor(n_upheld, groups.size, model.upheld_rate)
    near_factor = log_bayes_factor(*count_upheld_near(next_to, is_upheld), model.upheld_rate)
    reaches = reach_infringing(groups, standing, ties, next_to, is_upheld)
    return Verdicts(
        standing=standing,
        log_odds=log_odds,
        judged=judged,
        tier=tier,
        why_not_closer=why,
        is_fragile=grounds.is_fragile,
        leans_on=leans_on,
        is_service=is_service,
        reaches=reaches,
        infringement=member_score(snapshot, seller, np.minimum(factor[ring], near_factor), reaches),
        ring_tier=ring_tiers(tier, ring, groups.n, groups.size),
        ring_infringement=ring_score(factor),
    )


def _is_served(ties: Ties, log_odds: Floats) -> Bools:
    """Say who is tied by services alone, or by photos and texts alone, and not surely enough: strangers share them."""
    n_ties = np.bincount(ties.row, minlength=len(log_odds))
    n_content = np.bincount(ties.row, ties.voice == CONTENT, len(log_odds))
    served: Bools = (log_odds < np.where(n_ties == 0, CLOSE_LEAST, COPIED_LEAST)) & (n_ties == n_content)
    return served
