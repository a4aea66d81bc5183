"""Which addresses and names are one but for their writing: "12 | high leeds" and "12 | hgih leeds".

What must agree is told apart from what may differ: numbers, rooms and sides agree exactly, words but for one. So every
writing is looked up by its words less one, and no two are compared that differ in more (the deletion neighbourhood of
Mor and Fraenkel, 1982, over words in the place of letters).
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz.distance import DamerauLevenshtein
from rapidfuzz.process import cpdist

from ringwatch.algorithms.names import FORMS
from ringwatch.algorithms.segments import Hashes, find_sorted, first_of_group, hash_texts, mix, pairs_within
from ringwatch.model.snapshot import Bools, Ints, Longs
from ringwatch.values.address_words import DIRECTIONS, STREET_TYPES

GROUP_MOST = 100  # writings that differ in one word at the same place and are compared with each other: a limit of cost
SLIP_LEAST = 5  # letters of a word one of which may be wrong
SLIPS_LEAST = 9  # letters of a word two of which may be
NAME_LEAST = 7  # the same of a word in a name: short ones are other people's
HANZI_LEAST = 6  # characters of a place in Chinese one of which may be wrong
LETTERS_LEAST = 10  # letters of writings that are split into words in other places
KEPT_LEAST = 2  # words that two writings of an address have in common where one leaves out a word
NAME_WORDS_LEAST = 3  # words of a name one of which may be mistyped
ZIP_LEAST = 5  # digits of a postcode without a letter
TELLING = "东南西北中上下前后左右内外大小新老一二三四五六七八九十"
"""Characters that tell one place in Chinese from the next: never a slip of the pen."""

_TYPES = pa.array(sorted(STREET_TYPES.keys() | STREET_TYPES.values()))
_SIDES = pa.array(sorted(DIRECTIONS.keys() | DIRECTIONS.values()))
_FORMS = pa.array(sorted(FORMS))


@dataclass(frozen=True, slots=True)
class Alike:
    """Pairs of writings, by their places, that are one but for the writing; each once, ``a`` < ``b``."""

    a: Longs
    b: Longs
    n_left_out: int  # groups of more than GROUP_MOST, which were not compared


@dataclass(frozen=True, slots=True)
class _Writings:
    """Writings taken apart; tokens count in ``vocabulary``."""

    fixed: Hashes  # per writing: of what must agree
    is_read: Bools  # per writing: has what it takes to be compared
    post: Hashes  # per writing: of its postcode, 0 where it names none
    word_of: Longs  # per word: its writing, ascending
    word: Ints
    vocabulary: pa.Array
    is_place: bool  # addresses, not names

    @property
    def n(self) -> int:
        """Number of writings."""
        return len(self.fixed)


def find_alike(texts: pa.Array, *, is_place: bool) -> Alike:
    """Return which of some distinct canonical texts are one but for the writing. O(words log words + pairs).

    >>> found = find_alike(pa.array(["12 | high leeds", "21 | high leeds", "12 | hgih leeds york"]), is_place=True)
    >>> len(found.a)
    0
    >>> find_alike(pa.array(["12 | gartn leeds", "21 | garten leeds", "12 | garten leeds"]), is_place=True).b.tolist()
    [2]
    """
    own = _read(texts, is_place=is_place)
    vocabulary = hash_texts(own.vocabulary)
    of_word = mix(vocabulary)[own.word] if len(own.word) else np.zeros(0, np.uint64)
    whole = own.fixed.copy()
    np.add.at(whole, own.word_of, of_word)
    less_one = whole[own.word_of] - of_word
    slipped, n_left_out = _slipped(own, less_one)
    pairs = [_same(whole, own.is_read), _resplit(own), slipped]
    if is_place:
        pairs.append(_shortened(own, whole, less_one))
    a, b = (np.concatenate(column) for column in zip(*pairs, strict=True))
    key = np.unique(np.minimum(a, b) * max(own.n, 1) + np.maximum(a, b))
    a, b = np.divmod(key, max(own.n, 1))
    agree = (own.post[a] == own.post[b]) | (own.post[a] == 0) | (own.post[b] == 0)
    return Alike(a[agree], b[agree], n_left_out)


def _read(texts: pa.Array, *, is_place: bool) -> _Writings:
    """Take writings apart: numbers and sides, postcode, words."""
    split = pc.split_pattern(texts, " ")
    coded = split.flatten().dictionary_encode()
    token, words = np.asarray(coded.indices, dtype=np.int32), coded.dictionary
    of = np.asarray(pc.list_parent_indices(split), dtype=np.int64)
    has_digit, is_post = _matches(words, "[0-9]"), _matches(words, f"^[0-9]{{{ZIP_LEAST},}}$")
    is_side = _is_in(words, _SIDES)
    n = len(texts)
    if is_place:
        bar = np.flatnonzero(_is_in(words, pa.array(["|"]))[token])
        bar_at = np.full(n, -1, dtype=np.int64)
        bar_at[of[bar]] = bar
        before, is_bar = np.arange(len(token)) < bar_at[of], np.arange(len(token)) == bar_at[of]
        is_post_token = before & is_post[token] & (np.diff(of, prepend=-1) == 0)  # a first number is the house
        is_fixed = (before & ~is_post_token) | (~before & (has_digit | is_side)[token])
        is_idle = is_bar | _is_in(words, _TYPES)[token]
        has_number = np.bincount(of, before & has_digit[token] & ~is_post_token, n) > 0
    else:
        is_post_token, is_fixed = np.zeros(len(token), dtype=np.bool_), has_digit[token]
        is_idle, has_number = _is_in(words, _FORMS)[token], np.ones(n, dtype=np.bool_)
    is_word = ~is_fixed & ~is_post_token & ~is_idle
    hashes = hash_texts(words)
    post = np.zeros(n, dtype=np.uint64)
    np.add.at(post, of[is_post_token], hashes[token[is_post_token]])
    return _Writings(
        fixed=_in_order(of[is_fixed], hashes[token[is_fixed]], n),
        is_read=has_number & (np.bincount(of[is_word], minlength=n) > 0),
        post=post,
        word_of=of[is_word],
        word=token[is_word],
        vocabulary=words,
        is_place=is_place,
    )


def _in_order(of: Longs, hashes: Hashes, n: int) -> Hashes:
    """Return a hash of the tokens of each writing that tells their order: 12 21 is not 21 12."""
    starts = first_of_group(of)
    rank = np.arange(len(of)) - np.repeat(starts, np.diff(np.append(starts, len(of))))
    total = np.zeros(n, dtype=np.uint64)
    np.add.at(total, of, mix(hashes + rank.astype(np.uint64)))
    return total


def _same(whole: Hashes, is_read: Bools) -> tuple[Longs, Longs]:
    """Return the writings that differ in what says nothing only."""
    return _pairs_of(np.flatnonzero(is_read), whole[is_read])[0]


def _resplit(own: _Writings) -> tuple[Longs, Longs]:
    """Return the writings of the same letters, which were split into words in other places."""
    letters, n_letters = np.zeros(own.n, dtype=np.uint64), np.zeros(own.n, dtype=np.int64)
    np.add.at(letters, own.word_of, _letter_sums(own.vocabulary)[own.word])
    np.add.at(n_letters, own.word_of, _lengths(own.vocabulary)[own.word])
    rows = np.flatnonzero(own.is_read & (n_letters >= LETTERS_LEAST))
    return _pairs_of(rows, (own.fixed + mix(letters))[rows])[0]


def _slipped(own: _Writings, less_one: Hashes) -> tuple[tuple[Longs, Longs], int]:
    """Return the writings that differ by a slip in one word, and how many groups were too large to be compared."""
    lengths, is_hanzi = _lengths(own.vocabulary), _matches(own.vocabulary, "[\\x{3400}-\\x{9fff}]")
    n_words = np.bincount(own.word_of, minlength=own.n)[own.word_of]
    least = SLIP_LEAST if own.is_place else NAME_LEAST
    is_long = (lengths >= least) & ~is_hanzi & _matches(own.vocabulary, "^\\pL+$")
    may = is_long[own.word] & (n_words >= (KEPT_LEAST if own.is_place else NAME_WORDS_LEAST))
    if own.is_place:
        may |= (is_hanzi & (lengths >= HANZI_LEAST))[own.word]
    may &= own.is_read[own.word_of]
    begins = hash_texts(pc.utf8_slice_codeunits(own.vocabulary, 0, 1))
    rows = np.flatnonzero(may)
    (a, b), n_left_out = _pairs_of(rows, less_one[rows] + mix(begins[own.word[rows]]))
    one, other = own.word[a], own.word[b]
    near = _is_slip(own.vocabulary, one, other, is_hanzi[one] & is_hanzi[other])
    return (own.word_of[a[near]], own.word_of[b[near]]), n_left_out


def _shortened(own: _Writings, whole: Hashes, less_one: Hashes) -> tuple[Longs, Longs]:
    """Return the writings of which one leaves out a word of the other's."""
    n_words = np.bincount(own.word_of, minlength=own.n)
    short = np.flatnonzero(own.is_read & (n_words >= KEPT_LEAST))
    known, first = np.unique(whole[short].view(np.int64), return_index=True)
    long = np.flatnonzero(own.is_read[own.word_of])
    place = find_sorted(known, less_one[long].view(np.int64))
    found = place >= 0
    return short[first[place[found]]], own.word_of[long[found]]


def _pairs_of(rows: Longs, keys: Hashes) -> tuple[tuple[Longs, Longs], int]:
    """Return every two rows of equal keys, and how many keys have more than GROUP_MOST rows and give none."""
    order = np.argsort(keys, kind="stable")
    starts = first_of_group(keys[order].view(np.int64))
    counts = np.diff(np.append(starts, len(order)))
    listed = (counts > 1) & (counts <= GROUP_MOST)
    one, other = pairs_within(starts[listed], counts[listed])
    return (rows[order[one]], rows[order[other]]), int((counts > GROUP_MOST).sum())


def _is_slip(vocabulary: pa.Array, one: Ints, other: Ints, is_hanzi: Bools) -> Bools:
    """Say of each two words whether they may be one word mistyped."""
    left, right = (vocabulary.take(pa.array(words)).to_pylist() for words in (one, other))
    distance = np.asarray(cpdist(left, right, scorer=DamerauLevenshtein.distance), dtype=np.int64).reshape(-1)
    lengths = _lengths(vocabulary)
    shorter = np.minimum(lengths[one], lengths[other])
    near: Bools = (distance == 1) | ((distance == 2) & (shorter >= SLIPS_LEAST) & ~is_hanzi)
    for row in np.flatnonzero(near & is_hanzi).tolist():
        near[row] = not _tells_apart(left[row], right[row])
    return near


def _tells_apart(one: str, other: str) -> bool:
    """Say whether two Chinese words of distance 1 differ in a character that tells places apart.

    >>> _tells_apart("上海浦东中山北路", "上海浦东中山南路"), _tells_apart("上海浦东新区", "上海浦东新曲")
    (True, False)
    """
    return any(one.count(char) != other.count(char) for char in TELLING)


def _matches(words: pa.Array, pattern: str) -> Bools:
    found: Bools = pc.match_substring_regex(words, pattern).to_numpy(zero_copy_only=False).astype(np.bool_)
    return found


def _is_in(words: pa.Array, known: pa.Array) -> Bools:
    found: Bools = pc.is_in(words, known).to_numpy(zero_copy_only=False).astype(np.bool_)
    return found


def _lengths(words: pa.Array) -> Longs:
    return np.asarray(pc.utf8_length(words), dtype=np.int64)


def _letter_sums(words: pa.Array) -> Hashes:
    """Return a hash of the letters of each word, whatever their order."""
    lengths = np.asarray(pc.binary_length(words), dtype=np.int64)
    n_bytes, ends = int(lengths.sum()), np.cumsum(lengths)
    octets = np.frombuffer(pa.concat_arrays([words]).buffers()[2], np.uint8)[:n_bytes] if n_bytes else np.zeros(0, "u1")
    total = np.concatenate((np.zeros(1, np.uint64), np.cumsum(mix(octets.astype(np.uint64)))))
    sums: Hashes = total[ends] - total[ends - lengths]
    return sums
