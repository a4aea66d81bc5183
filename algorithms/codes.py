"""One number for everything that a pair of sellers can show: the *code*; and what each code belongs to.

A pair shows one code for each family (the class of the rarest value it shares, or that it shares none), one for its
brands, one for its days of registration and one for its countries. ``MISSING`` says
nothing: one side has no such thing.
A *class* is kind x variant x holder bin x at once or apart; judged down, it stands at one of ``DEMOTIONS`` levels.
"""

from collections.abc import Sequence

import numpy as np

from ringwatch.algorithms.priors import FAMILIES, N_BINS, N_VARIANTS, REGISTERED_DAYS
from ringwatch.model.kinds import Kind
from ringwatch.model.snapshot import Ints

N_FAMILIES = len(FAMILIES)
MISSING = 0
NONE = 1  # + family
BRANDS = NONE + N_FAMILIES  # + 3 * (a photo or a text is shared) + brands in common (0, 1, 2 or more)
REGISTERED_GAP = BRANDS + 6  # + bin of the gap
COUNTRY = REGISTERED_GAP + len(REGISTERED_DAYS) + 1  # + (same)
CLASSES = COUNTRY + 2  # + class * N_LEVELS + level

DEMOTIONS = (0.0, 1.0, 2.0, 4.0, 6.0, 99.0)
"""How much less a value's being shared tells, by level: its holders have nothing else in common.

The last leaves nothing; it is for values whose pairs are not listed.
"""
HUB_LEVEL = 3  # from here on a value joins nothing
N_LEVELS = len(DEMOTIONS)

BRAND_FEATURE = N_FAMILIES  # and the next, for pairs that share content
GAP_FEATURE = N_FAMILIES + 2
COUNTRY_FEATURE = N_FAMILIES + 3
N_FEATURES = N_FAMILIES + 4
"""Features by number: families first, then the trade."""

N_CLASS_BINS = N_BINS * 2


def class_code(kind_variant: Ints, holder_bin: Ints, is_apart: Ints, level: Ints) -> Ints:
    """Return the code of a class at a level; ``kind_variant`` = kind * N_VARIANTS + variant."""
    number = (kind_variant * N_BINS + holder_bin) * 2 + is_apart
    codes: Ints = (CLASSES + number * N_LEVELS + level).astype(np.int32)
    return codes


def variant_of(code: Ints) -> Ints:
    """Return the variant of each code of a class."""
    variant: Ints = (code - CLASSES) // N_LEVELS // N_CLASS_BINS % N_VARIANTS
    return variant


def n_codes(n_kinds: int) -> int:
    """Return how many codes there are."""
    return CLASSES + n_kinds * N_VARIANTS * N_CLASS_BINS * N_LEVELS


def features_of(kind_voice: Ints) -> Ints:
    """Return the feature of each code, -1 for MISSING."""
    of_class = np.repeat(kind_voice, N_VARIANTS * N_CLASS_BINS * N_LEVELS)
    head = [-1, *range(N_FAMILIES), *[BRAND_FEATURE] * 3, *[BRAND_FEATURE + 1] * 3]
    head += [GAP_FEATURE] * (len(REGISTERED_DAYS) + 1) + [COUNTRY_FEATURE] * 2
    return np.concatenate((head, of_class)).astype(np.int32)


def code_names(kinds: Sequence[Kind]) -> list[str]:
    """Return a name for each undemoted code, "" for the demoted ones: how a fit is kept whatever kinds come later."""
    names = ["missing", *(f"none {family}" for family in FAMILIES)]
    names += [f"brands {content} {n}" for content in ("alone", "with content") for n in range(3)]
    names += [f"registered {i}" for i in range(len(REGISTERED_DAYS) + 1)] + ["country other", "country same"]
    for kind in kinds:
        for number in range(N_VARIANTS * N_CLASS_BINS):
            variant, rest = divmod(number, N_CLASS_BINS)
            names += [f"{kind.name} {variant} {rest // 2} {rest % 2}", *[""] * (N_LEVELS - 1)]
    return names


def level_of(codes: Ints) -> Ints:
    """Return the level of each code, 0 for codes that are no class."""
    levels: Ints = np.where(codes >= CLASSES, (codes - CLASSES) % N_LEVELS, 0)
    return levels
