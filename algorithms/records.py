"""Lists of records: sellers who trade nothing here but have names. Which of them are one party, written differently?"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast
from zlib import crc32

import numpy as np

from ringwatch.algorithms.alike import learn_places, read_places
from ringwatch.algorithms.average_link import average_link
from ringwatch.algorithms.facts import Facts, notes_on_cost, prepare
from ringwatch.algorithms.groups import Groups, group, number_groups
from ringwatch.algorithms.merge import Links
from ringwatch.algorithms.names import Vocabulary, learn_vocabulary, read_names
from ringwatch.algorithms.outliers import OUTLIERS, outlier_borders
from ringwatch.algorithms.record_choice import is_list_of_records, trades
from ringwatch.algorithms.record_model import RecordModel, RecordTables, learn_records, model_from_tables, model_tables
from ringwatch.algorithms.record_pairs import (
    VALUE_HOLDERS_MOST,
    RecordPairs,
    Records,
    is_listed,
    list_record_pairs,
    read_records,
)
from ringwatch.algorithms.record_profiles import Joined, count_parties, join_profiles
from ringwatch.algorithms.segments import Hashes, mix
from ringwatch.model.rings import Fit
from ringwatch.model.snapshot import Longs, Snapshot

TABLE = "records"  # what a fit of a list of records is kept under
LEAST = -2.0  # average log-odds from which two groups are one ring; as low as a lead in a market
DOUBT_MOST = 10.0  # no pair is beyond doubt, for or against; pairs that are not listed are so far against

NOTE = "a list of records: nobody in it trades, so sellers are compared as records, by names and values"
TRADES_NOTE = (
    "sellers trade by now, but the fit is of a list of records: run `ringwatch detect --fit` to judge a market"
)


@dataclass(frozen=True, slots=True)
class RecordGroups:
    """Records grouped, and all that the grouping rests on."""

    records: Records
    model: RecordModel
    groups: Groups
    joined: Joined


def is_judged_as_records(snapshot: Snapshot, fit: Fit | None) -> bool:
    """Say whether a run takes the steps for records: as the fit that is kept does, else as the data are."""
    return TABLE in fit.tables if fit else is_list_of_records(snapshot)


def group_records(snapshot: Snapshot, fit: Fit | None, tell: Callable[[str], None]) -> tuple[RecordGroups, Fit]:
    """Return the records grouped by average link, and the fit that was used. O(listed pairs * log).

    A fit of an earlier version, which lacks what is asked of it now, is learned anew.
    """
    tell("list pairs")
    facts, fit = prepare(snapshot), fit if fit is not None and is_current(fit) else None
    words = words_of(fit) if fit else learn_words(facts)
    records = read_words(facts, words)
    pairs = list_record_pairs(records)
    if fit is None:
        tell("learn weights")
        model = learn_records(records, pairs)
        labels = _group(records, pairs, model)
        words = Words(words.names, words.places, count_parties(records, labels))
        fit = _fit(records, words, model)
    else:
        model = model_of_records(records, fit)
        labels = _group(records, pairs, model)
    tell("find rings")
    joined = join_profiles(records, labels, words.parties)
    return RecordGroups(records, model, group(facts, number_groups(joined.whole)), joined), fit


def _group(records: Records, pairs: RecordPairs, model: RecordModel) -> Longs:
    evidence = np.clip(model.log_odds(pairs.codes), -DOUBT_MOST, DOUBT_MOST)
    speaks = evidence > -DOUBT_MOST
    links = Links(
        pairs.a[speaks].astype(np.int32), pairs.b[speaks].astype(np.int32), evidence[speaks], np.zeros(0, np.uint64)
    )
    return average_link(links, record_keys(records), -DOUBT_MOST, LEAST)


def record_keys(records: Records) -> Hashes:
    """Return what tells records apart: their name and the structure around them, never their id."""
    texts = records.facts.snapshot.names.to_pylist()
    names = np.array([crc32(text.encode()) if text is not None else 0 for text in texts], dtype=np.uint64)
    return mix(records.facts.seller_key + mix(names))


def is_current(fit: Fit) -> bool:
    """Say whether a fit of records holds all that this version asks of it."""
    return {*WORDS, "share", "rates"} <= cast("Mapping[str, Any]", fit.tables[TABLE]).keys()


@dataclass(frozen=True, slots=True)
class Words:
    """The words that names and addresses are made of: what a run learns of them and keeps in the fit.

    ``parties`` counts the words of names by groups that were found, not by names: a party written in a hundred ways
    makes its words no commoner.
    """

    names: Vocabulary
    places: Vocabulary
    parties: Vocabulary


WORDS = ("names", "places", "parties")


def learn_words(facts: Facts) -> Words:
    """Return the words of a list, parties yet unknown."""
    places = learn_places(facts.snapshot, facts.link_value)
    return Words(learn_vocabulary(facts.snapshot.names), places, Vocabulary(0, {}))


def read_words(facts: Facts, words: Words) -> Records:
    """Return the records of a list, read with words that are known."""
    names = read_names(facts.snapshot.names, words.names)
    return read_records(facts, names, read_places(facts.snapshot, facts.link_value, words.places))


def _fit(records: Records, words: Words, model: RecordModel) -> Fit:
    known = {name: _word_table(getattr(words, name)) for name in WORDS}
    tables = {TABLE: {**known, **model_tables(records, model)}, OUTLIERS: outlier_borders(records.facts)}
    return Fit(records.facts.snapshot.n_sellers, tables)


def _word_table(vocabulary: Vocabulary) -> dict[str, object]:
    return {"n_texts": vocabulary.n_names, "n_holding": dict(vocabulary.n_holding)}


def words_of(fit: Fit) -> Words:
    """Return the words that a fit knows."""
    tables = cast("Mapping[str, Any]", fit.tables[TABLE])
    known = [Vocabulary(tables[name]["n_texts"], tables[name]["n_holding"]) for name in WORDS]
    return Words(*known)


def model_of_records(records: Records, fit: Fit) -> RecordModel:
    """Return the model that a fit stands for; what it never met says nothing."""
    return model_from_tables(records, cast("RecordTables", fit.tables[TABLE]))


def notes_on(records: Records) -> tuple[str, ...]:
    """Return what a person should know of a run over records."""
    on_steps = (NOTE, TRADES_NOTE) if trades(records.facts.snapshot) else (NOTE,)
    n_left_out = int((~is_listed(records.names)).sum())
    on_names = f"names that very many sellers bear list no pairs (a limit of cost): {n_left_out}"
    return on_steps + notes_on_cost(records.facts, VALUE_HOLDERS_MOST) + ((on_names,) if n_left_out else ())
