"""What is believed of sharing before any data is seen: shipped figures that small markets lean on.

They say how often two sellers of one operator, or two neighbours (household, office, agency), share some value of a
family, and how that chance is spread over kinds, numbers of holders and times of use. They come from made markets of
several kinds and were tuned to no single one.
"""

from types import MappingProxyType

from ringwatch.model.kinds import Exclusivity, Family

FAMILIES = tuple(Family)
"""Families by code."""

N_BINS = 6
BIN_EDGES = (3, 4, 6, 11, 26)
"""Holders 2, 3, 4-5, 6-10, 11-25, 26 and more."""

BIN_WEIGHT = (1.0, 1.0, 1.0, 0.5, 0.2, 0.1)  # values of many holders are rarely one operator's
APART_WEIGHT = 0.05  # a value used by both, but more than APART_DAYS days apart: a recycled phone, a later tenant
APART_DAYS = 150

UNSAID, REGISTERED, WORKED = 0, 1, 2
"""What a use is for: not said, a registered address, an address that goods or returns pass through."""
N_VARIANTS = 3
WORKED_PURPOSES = frozenset({"return", "ship_from", "warehouse", "pick_up"})

FAMILY_SHARE = MappingProxyType(
    {
        # share of pairs that share some value of the family: neighbours, one operator
        Family.PAYOUT: (0.06, 0.30),
        Family.CONTACT: (0.30, 0.35),
        Family.PLACE: (0.80, 0.25),
        Family.ACCESS: (0.60, 0.35),
        Family.CONTENT: (0.02, 0.40),
        Family.LOGISTICS: (0.02, 0.12),
        Family.WEB: (0.04, 0.10),
        Family.REGISTRATION: (0.05, 0.08),
        Family.IDENTITY: (0.02, 0.05),
        Family.NAME: (0.05, 0.05),
        Family.TRADE: (0.02, 0.05),
        Family.OTHER: (0.05, 0.05),
    }
)

SPEAKS_WITH = MappingProxyType({Family.LOGISTICS: Family.PLACE, Family.NAME: Family.PAYOUT})
"""Families that say the same thing twice: a warehouse has its waybills, an account its payee's name. Only the stronger
value of both counts for a pair."""

KIND_WEIGHT = MappingProxyType(
    {"ip": (0.6, 0.3), "device": (0.4, 0.7), "browser_print": (0.5, 0.3), "text_shingle": (3.0, 1.0)}
)
"""Neighbours share the line more often than the machine, and an agency's texts more often than photos.

For neighbours, for one operator."""

LIKENESS_WEIGHT = (0.1, 0.1)
"""One in ten who share an address or a name write it in ways that normalising does not make equal."""

VARIANT_WEIGHT = ((0.5, 0.5), (1.0, 0.1), (0.3, 1.0))
"""Neighbours share a registered address, operators one that returns go to."""

CHANCE_SHARE = MappingProxyType({Exclusivity.EXCLUSIVE: 2e-6, Exclusivity.PERSONAL: 5e-6, Exclusivity.SHARED: 3e-5})
"""Share of all pairs of a market of VIRTUAL_SELLERS that share a value of two holders of one kind by chance."""
CHANCE_BIN = (1.0, 1.0, 1.5, 3.0, 8.0, 30.0)  # many holders make many chance pairs

VIRTUAL_SELLERS = 2000
"""Every market is judged together with a virtual one of this size that behaves as the priors say."""
NEIGHBOUR_PAIRS = 0.03  # pairs of neighbours for each seller
OPERATOR_PAIRS = 0.05  # pairs of one operator for each seller
PRIOR_PAIRS = 30.0  # how many pairs the prior shares weigh as

BRAND_SHARES = (0.15, 0.20, 0.05)  # operators: 0, 1, 2 or more brands in common where both list brands
REGISTERED_DAYS = (1, 3, 60, 400)  # registered at most so many days apart
REGISTERED_SHARES = (0.03, 0.03, 0.20, 0.50, 0.24)
SAME_COUNTRY = 0.8
NEIGHBOUR_SAME_COUNTRY = 0.9
AGAINST_FLOOR = -1.2  # other brand, late opening or other country speak against, but spare stores look just so
FOR_CEILING = 4.0  # the same day or the same brand speaks for one operator only so far: campaigns and fashions exist

UPHELD_RING = (1.2, 4.0)  # Beta prior of the share of members with an upheld notice in an infringing ring
