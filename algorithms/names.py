"""Names of records as sets of words, each word as telling as it is rare, and which names agree how far."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein
from scipy.sparse import csr_array

from ringwatch.model.snapshot import Floats, Longs
from ringwatch.values.name import normalise_name
from ringwatch.values.text import Hints

# fmt: off
FORMS = frozenset({
    "&", "ab", "ad", "ag", "aps", "as", "asa", "bhd", "bv", "co", "corp", "cv", "doo", "eurl", "fze", "gmbh", "inc",
    "jsc", "kg", "kk", "llc", "llp", "lp", "ltd", "ltda", "mbh", "nv", "oao", "ood", "ooo", "oy", "plc", "pt",
    "pte", "pty", "pvt", "sa", "sarl", "sas", "sdn", "sl", "sp", "spa", "sprl", "spzoo", "srl", "sro", "the", "zao",
})
# fmt: on
"""Words that say what a company is in law, or nothing; they tell no two of them apart."""

MENDED_LEAST = 5  # letters from which a word is long enough that one wrong letter leaves it recognisable
TWO_WRONG_LEAST = 9  # letters from which it may be two
SHORT_MOST = 6  # letters up to which another word is as likely meant, unless
OFTENER = 4  # ... the word in the vocabulary is so many times as frequent
GLUED_LEAST = 3  # letters of each part of two words written as one
WORD_NAMES_MOST = 150  # names under one word that are compared with each other: a limit of cost
PART_MOST = 2_000  # known words that begin or end alike and are compared with each other: a limit of cost


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """How many names hold each word, of how many names: learned once and kept in the fit."""

    n_names: int
    n_holding: Mapping[str, int]

    def weight(self, word: str) -> float:
        """Return how telling a word is, in nats; single letters say nothing, new words are as rare as the rarest."""
        is_said = len(word) > 1 or not word.isascii()
        return float(np.log((self.n_names + 1) / self.n_holding.get(word, 1))) if is_said else 0.0


@dataclass(frozen=True, slots=True)
class Names:
    """Distinct names and the words that they hold.

    ``words`` has one row a name and one column a word, 1 where the name holds it.
    """

    texts: tuple[str, ...]  # per word
    of_seller: Longs  # row of each seller's name, -1 where it has none
    words: csr_array
    weight: Floats  # per word, in nats
    total: Floats  # per name, in nats
    n_holders: Longs  # sellers per name


@dataclass(frozen=True, slots=True)
class NamePairs:
    """Pairs of distinct names, ``a`` < ``b``, and how far they agree."""

    a: Longs
    b: Longs
    shared: Floats  # nats of the words that both hold
    share: Floats  # ... of the shorter name's
    share_of_longer: Floats


def split_name(name: str) -> tuple[str, ...]:
    """Return the words of a name that tell it from others, each once, ascending; none where nothing is left.

    >>> split_name("Müller & Söhne G.m.b.H.")
    ('muller', 'sohne')
    """
    words = set((normalise_name(name, Hints()).value or "").split())
    return tuple(sorted(words - FORMS or words))


def learn_vocabulary(names: pa.Array) -> Vocabulary:
    """Return how many distinct names hold each word."""
    return count_words({split_name(name) for name in pc.unique(names.drop_null()).to_pylist()})


def count_words(split: Collection[tuple[str, ...]]) -> Vocabulary:
    """Return how many texts hold each word; texts without words do not count."""
    words, counts = np.unique([word for text in split for word in text], return_counts=True)
    return Vocabulary(sum(map(bool, split)), dict(zip(words.tolist(), counts.tolist(), strict=True)))


def read_names(names: pa.Array, vocabulary: Vocabulary) -> Names:
    """Return the distinct names of sellers, misspelt and glued words mended. O(words)."""
    coded = names.dictionary_encode(null_encoding="encode")
    split = [split_name(name or "") for name in coded.dictionary.to_pylist()]
    mended = mend_words({word for name in split for word in name}, vocabulary)
    known = [tuple(sorted({part for word in name for part in mended.get(word, (word,))})) for name in split]
    return number_names([known[code] for code in coded.indices.to_pylist()], vocabulary)


def number_names(known: Sequence[tuple[str, ...]], vocabulary: Vocabulary) -> Names:
    """Return the distinct names among those of sellers, given as their words."""
    distinct = sorted(set(known) - {()})
    number = {name: place for place, name in enumerate(distinct)}
    return _with_words(distinct, np.array([number.get(name, -1) for name in known], dtype=np.int64), vocabulary)


def _with_words(distinct: Sequence[tuple[str, ...]], of_seller: Longs, vocabulary: Vocabulary) -> Names:
    all_words = sorted({word for name in distinct for word in name})
    column = {word: place for place, word in enumerate(all_words)}
    start = np.cumsum([0, *map(len, distinct)])
    held = np.array([column[word] for name in distinct for word in name], dtype=np.int64)
    words = csr_array((np.ones(len(held)), held, start), shape=(len(distinct), len(all_words)))
    weight = np.array([vocabulary.weight(word) for word in all_words])
    n_holders = np.bincount(of_seller[of_seller >= 0], minlength=len(distinct))
    return Names(tuple(all_words), of_seller, words, weight, words @ weight, n_holders)


def mend_words(words: set[str], vocabulary: Vocabulary) -> dict[str, tuple[str, ...]]:
    """Return what misspelt and glued words stand for: more frequent words of the vocabulary.

    >>> mend_words({"shelll", "akzonobel"}, Vocabulary(90, {"shell": 40, "akzo": 5, "nobel": 5}))
    {'akzonobel': ('akzo', 'nobel'), 'shelll': ('shell',)}
    """
    known = vocabulary.n_holding
    glued = {word: parts for word in sorted(words) if (parts := _parts(word, known))}
    rest = sorted(word for word in words - glued.keys() if len(word) >= MENDED_LEAST and word.isalpha())
    to = _similar(rest, vocabulary)
    return glued | {word: (_last(to, word),) for word in to}


def _parts(word: str, known: Mapping[str, int]) -> tuple[str, str] | None:
    """Return the two words that were written as one, of more than one way the one with the most frequent parts."""
    n_own = known.get(word, 0)
    cuts = ((word[:at], word[at:]) for at in range(GLUED_LEAST, len(word) - GLUED_LEAST + 1))
    found = [(min(known.get(one, 0), known.get(other, 0)), one, other) for one, other in cuts]
    best = max(found, default=(0, "", ""))
    return (best[1], best[2]) if best[0] > max(1, n_own) else None


def _similar(words: Sequence[str], vocabulary: Vocabulary) -> dict[str, str]:
    """Return the most frequent word that each may be a misspelling of; begin or end is always right."""
    known, target = vocabulary.n_holding, [word for word in vocabulary.n_holding if len(word) >= MENDED_LEAST - 1]
    found: dict[str, tuple[int, str]] = {}
    for part in (slice(None, 3), slice(-3, None)):
        blocks: dict[str, tuple[list[str], list[str]]] = {}
        for side, group in enumerate((words, target)):
            for word in group:
                blocks.setdefault(word[part], ([], []))[side].append(word)
        for asked, offered in blocks.values():
            if asked and 0 < len(offered) <= PART_MOST:
                _note_similar(asked, offered, known, found)
    return {word: better for word, (_, better) in found.items()}


def _note_similar(
    asked: list[str], offered: list[str], known: Mapping[str, int], found: dict[str, tuple[int, str]]
) -> None:
    distance = process.cdist(asked, offered, scorer=DamerauLevenshtein.distance, score_cutoff=2, dtype=np.int32)
    for row, column in np.argwhere(
        distance <= np.where([len(word) >= TWO_WRONG_LEAST for word in asked], 2, 1)[:, None]
    ):
        word, better = asked[row], offered[column]
        often = known.get(word, 1) * (OFTENER if len(word) <= SHORT_MOST else 1)
        if better.isalpha() and known[better] > often:
            found[word] = max(found.get(word, (0, "")), (known[better], better))


def _last(to: Mapping[str, str], word: str) -> str:
    """Follow a word to what it stands for; each step leads to a more frequent one."""
    while word in to:
        word = to[word]
    return word


def list_name_pairs(names: Names, least_share: float) -> NamePairs:
    """Return the pairs of names that agree in ``least_share`` of the shorter one's words, and share a telling one.

    O(sum over words of names²), words of more than ``WORD_NAMES_MOST`` names left out.
    """
    by_word = names.words.tocsc()
    start: Longs = by_word.indptr.astype(np.int64)
    member, n_names = by_word.indices.astype(np.int64), start[1:] - start[:-1]
    keys = [
        np.unique(pair_keys(member[at : at + n], names.words.shape[0]))
        for at, n in _word_blocks(start, n_names, names.weight)
    ]
    pairs = np.unique(np.concatenate([np.zeros(0, np.int64), *keys]))
    a, b = np.divmod(pairs, max(names.words.shape[0], 1))
    compared = compare_names(names, a, b)
    agree = compared.share >= least_share
    return NamePairs(a[agree], b[agree], compared.shared[agree], compared.share[agree], compared.share_of_longer[agree])


def _word_blocks(start: Longs, n_names: Longs, weight: Floats) -> list[tuple[int, int]]:
    words = np.flatnonzero((n_names > 1) & (n_names <= WORD_NAMES_MOST) & (weight > 0))
    return [(int(start[word]), int(n_names[word])) for word in words]


def pair_keys(members: Longs, width: int) -> Longs:
    """Return a * width + b of all pairs a < b of ascending members."""
    one, other = np.triu_indices(len(members), 1)
    keys: Longs = members[one].astype(np.int64) * width + members[other]
    return keys


def compare_names(names: Names, a: Longs, b: Longs) -> NamePairs:
    """Return how far pairs of names agree. O(words of the names)."""
    weighted = names.words @ _diagonal(names.weight)
    chunks = [
        np.asarray((weighted[a[at : at + 500_000]] * names.words[b[at : at + 500_000]]).sum(axis=1)).ravel()
        for at in range(0, len(a), 500_000)  # rows at a time, so that memory stays small
    ]
    shared = np.concatenate([np.zeros(0), *chunks])
    one, other = names.total[a], names.total[b]
    least, most = np.minimum(one, other), np.maximum(one, other)
    return NamePairs(a, b, shared, _over(shared, least), _over(shared, most))


def _diagonal(weight: Floats) -> csr_array:
    n = len(weight)
    return csr_array((weight, np.arange(n), np.arange(n + 1)), shape=(n, n))


def _over(part: Floats, whole: Floats) -> Floats:
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)
