"""What is believed of records before any list is seen: how often two of them agree, by why they are alike.

Two records may be alike because they are one party, because they are *sisters* (sites of one agency, companies of one
group, namesakes), because they are *neighbours* (a household, an office, relatives), or by chance. The figures are
round ones, tuned to no single list; data move them, and the shipped ones weigh as ``PRIOR_PAIRS`` pairs.
"""

from types import MappingProxyType

import numpy as np

from ringwatch.model.kinds import Exclusivity, Family

SAME, SISTERS, NEIGHBOURS, STRANGERS = range(4)
"""Explanations of a pair of records."""
N_LINKED = 3  # explanations but chance

BIN_EDGES = (3, 4, 6, 11, 26, 101, 1001)
N_BINS = len(BIN_EDGES) + 1
"""Holders 2, 3, 4-5, 6-10, 11-25, 26-100, 101-1000, and more."""
BIN_SHARE = (0.3, 0.2, 0.2, 0.12, 0.08, 0.05, 0.03, 0.02)
"""Of linked pairs that share a value, by its number of holders."""
BIN_INNOCENT = (0.5, 0.6, 0.8, 1.0, 1.5, 2.0, 2.0, 2.0)  # the more hold a value, the likelier sisters and neighbours do
STARTED_SHARE = np.array([0.9, 0.9, 0.8, 0.6, 0.4, 0.2, 0.05, 0.01])
"""Of pairs that share a value of so many holders, linked ones, to start from."""

PRIOR_PAIRS = 30.0  # what the shipped rates weigh as
PAIRS_A_RECORD = (0.5, 0.2, 0.1)  # to start from: every other record has a second one

LINKED_LEAST = np.array([0.0, 0.3, 0.1])
LINKED_MOST = np.array([np.inf, 1.0, 1.0])
"""Pairs of each explanation for one of one party: counting cannot tell how many sisters there are, only how alike."""

NONE_SHARE = MappingProxyType(
    {
        Family.NAME: (0.1, 0.2, 0.55),
        Family.PLACE: (0.1, 0.92, 0.25),
        Family.CONTACT: (0.25, 0.6, 0.3),
        Family.IDENTITY: (0.08, 0.97, 0.97),
        Family.PAYOUT: (0.3, 0.9, 0.7),
        Family.TRADE: (0.6, 0.6, 0.6),
        Family.OTHER: (0.5, 0.5, 0.5),
    }
)
"""Share of linked pairs that share nothing of a family which both have."""
OTHER_NONE_SHARE = (0.5, 0.7, 0.7)
AGREE_SHARE = ((0.07, 0.1, 0.2, 0.53), (0.4, 0.15, 0.2, 0.05), (0.35, 0.08, 0.01, 0.01))
"""... whose names agree in some words, in most, in all of the shorter, in all."""
LIKE_SHARE = ((0.03, 0.03, 0.08), (0.03, 0.01, 0.01), (0.02, 0.02, 0.05))
"""... whose addresses are a digit off, alike in some words, alike in most."""
ALIKE_SHARE = 0.1  # of linked pairs that have an address in common: it is written otherwise
NONE_LEAST = MappingProxyType({Family.NAME: 0.02, Family.PLACE: 0.03, Family.IDENTITY: 0.03, Family.CONTACT: 0.12})
OTHER_NONE_LEAST = 0.35
"""Share of one party's pairs that share nothing, at least: what bounds how much that speaks against."""
NONE_MOST = MappingProxyType({Family.NAME: 0.25, Family.PLACE: 0.4, Family.IDENTITY: 0.4, Family.CONTACT: 0.6})
"""... and at most: who shares less is another."""

CHANCE_PAIRS = 0.002  # pairs of strangers a record that are believed to show a code besides those counted
PART_MOST = 12.0  # no code says more against chance
KIND_WORTH = MappingProxyType({Exclusivity.EXCLUSIVE: 3.0, Exclusivity.PERSONAL: 2.0, Exclusivity.SHARED: 1.0})
