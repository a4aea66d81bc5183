"""Laws of notices: no acts lead out of the table of states, the ledger tells all of them, reliability is a share."""

import json
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.partner_world import AT, batch

from ringwatch.db.open import open_docket, open_view, open_writer
from ringwatch.enforcement.failures import NoticeStateError
from ringwatch.enforcement.notices import NoticeDecision, decide_notice, file_notices
from ringwatch.model.enforcement import Hand
from ringwatch.model.notices import TRANSITIONS, NoticeAct, NoticeDraft, NoticeKind, NoticeQuery, NoticeState
from ringwatch.model.reporters import PRIOR, ReportedRow, rate_reporters
from ringwatch.model.visibility import FULL

STEPS = st.lists(st.tuples(st.sampled_from(["file", *NoticeAct]), st.integers(0, 3), st.integers(0, 20)), max_size=12)


class Market:
    """One database over all examples: each takes listings of its own, at later moments."""

    def __init__(self, url: str) -> None:
        self.url, self.at, self.n = url, AT, 0
        rows = {
            "brands": [{"brand_id": "B", "name": "Nordfell"}],
            "sellers": [{"seller_id": "s"}],
            "stores": [{"store_id": "st", "seller_id": "s"}],
            "listings": [{"listing_id": f"l{n}", "store_id": "st"} for n in range(400)],
        }
        with open_writer(url, create=True) as writer:
            load = writer.begin_load("shop", AT, full=False)
            for table in ("brands", "sellers", "stores", "listings"):
                writer.write(load, table, batch(table, rows[table]))
            writer.finish_load(load, AT)


@pytest.fixture(scope="module")
def market(tmp_path_factory):
    return Market(f"sqlite:///{tmp_path_factory.mktemp('laws') / 'notices.db'}")


def replayed(record) -> dict[str, str]:
    """The states of all notices as the ledger alone tells them."""
    states = {}
    for sealed in record.entries():
        body = json.loads(sealed.entry.body)
        if sealed.entry.action == "file notice":
            states[body["notice_id"]] = "filed"
        elif sealed.entry.action.endswith(" notice"):
            states[body["notice_id"]] = body["state"]
    return states


@settings(max_examples=30, deadline=None)
@given(steps=STEPS)
def test_no_sequence_leaves_the_table_and_the_ledger_tells_every_state(market, steps):
    """After any acts each notice stands where the table leads, refused acts change nothing; a replay gives the same.

    An example has one listing: whatever is filed while its notice is open is a duplicate and goes where that goes.
    """
    market.n += 1
    states: dict[str, NoticeState] = {}
    due, first_of = {}, {}
    with open_docket(market.url) as docket:
        for act, which, days in [("file", 0, 0), *steps]:
            market.at += timedelta(days=days)
            hand = Hand("ann", market.at)
            if act == "file":
                (name,) = file_notices(docket, "B", [NoticeDraft("B", f"l{market.n}", "st")], hand)
                opened = [i for i, state in states.items() if state is NoticeState.FILED and first_of[i] is None]
                first_of[name], states[name] = (opened[0] if opened else None), NoticeState.FILED
                continue
            name = list(states)[which % len(states)]
            was = states[name]
            is_late = was is NoticeState.COUNTERED and act is NoticeAct.UPHOLD and market.at >= due[name]
            decision = NoticeDecision(name, act, "because")
            if act not in TRANSITIONS[was] or is_late:
                with pytest.raises(NoticeStateError):
                    decide_notice(docket, decision, hand)
                continue
            decide_notice(docket, decision, hand)
            for own in (i for i in states if i == name or (first_of[i] == name and states[i] is was)):
                states[own] = TRANSITIONS[was][act]
                due[own] = market.at + timedelta(days=15) if act is NoticeAct.COUNTER else due.get(own, market.at)
        with docket.reading() as record:
            told = replayed(record)
    with open_view(market.url) as view:
        rows = view.notices(FULL, NoticeQuery()).rows
    assert {row.notice_id: row.state.value for row in rows} == told
    assert {name: state.value for name, state in states.items()}.items() <= told.items()
    assert {row.notice_id: row.duplicate_of for row in rows}.items() >= first_of.items()


ROWS = st.lists(
    st.builds(
        ReportedRow,
        brand_id=st.sampled_from(["A", "B"]),
        seller_id=st.sampled_from(["s1", "s2", None]),
        kind=st.sampled_from([*NoticeKind, "counter_notice"]),
        state=st.sampled_from([state.value for state in NoticeState]),
        day=st.none() | st.integers(18_000, 20_000),
        due_day=st.none() | st.integers(18_000, 20_100),
        n=st.integers(1, 20),
    ),
    max_size=12,
)


@given(rows=ROWS, more=ROWS, seed=st.randoms(use_true_random=False))
def test_a_reliability_is_a_share_of_its_own_brand_alone(rows, more, seed):
    """Between 0 and 1, whatever the order; another upheld notice never lowers it; other brands never move it."""
    today = 20_000
    own = [row for row in rows if row.brand_id == "A"]
    rated = rate_reporters(rows, today)
    assert all(0 < one.reliability < 1 for one in rated.values())
    shuffled = list(rows)
    seed.shuffle(shuffled)
    again = rate_reporters(shuffled, today)
    assert {k: (v.filed, v.upheld, v.rejected, v.target_id) for k, v in again.items()} == {
        k: (v.filed, v.upheld, v.rejected, v.target_id) for k, v in rated.items()
    }
    others = [row for row in more if row.brand_id == "B"]
    assert rate_reporters([*own, *others], today).get("A") == rate_reporters(own, today).get("A")
    if own and "A" in rated:
        better = rate_reporters([*own, ReportedRow("A", "s1", "notice", "upheld", today, None, 1)], today)["A"]
        assert better.reliability > rated["A"].reliability


@given(n=st.integers(0, 50), upheld=st.integers(0, 50), age=st.integers(0, 4000))
def test_a_reliability_is_shrunk_and_falls_back_with_age(n, upheld, age):
    """Few decisions move it little from the prior, and the same decisions move it less the older they are."""
    today = 20_000
    prior = PRIOR[0] / sum(PRIOR)

    def distance(days: int) -> float:
        rows = [
            ReportedRow("A", "s1", "test_buy", state, today - days, None, max(count, 1))
            for state, count in (("upheld", upheld), ("rejected", n))
        ]
        return rate_reporters(rows, today)["A"].reliability - prior

    near, far = distance(age), distance(age + 365)
    assert abs(far) <= abs(near) + 1e-12
    assert near == 0 or far == 0 or (near > 0) == (far > 0)
