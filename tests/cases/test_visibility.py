"""Who may see what: default deny, masks on every personal value, and no read that forgets to ask."""

import inspect

import pyarrow as pa
import pytest

from ringwatch.db.view import PastRun, RingQuery, View
from ringwatch.db.writer import ExemptionInput
from ringwatch.model.casework import Subject
from ringwatch.model.errors import RefusedError
from ringwatch.model.notices import NoticeQuery
from ringwatch.model.rings import Detection, Evidence, Fit, Hub, Member, Ring, RingValue, Role, Tier
from ringwatch.model.visibility import FULL, ActorRole, BrandLens, Visibility

pytestmark = pytest.mark.usefixtures("filled")

PHONE, ADDRESS = "+4915112345678", "12 high street"
REFUSED = ("snapshot", "read_graph", "trace", "record", "ring_history")  # personal values that no mask could be put on
NOT_FOR_PARTNERS = {
    *("registry", "setting", "known_ids", "snapshot", "fit", "all_members", "exemptions", "as_seen", "lineage"),
    *("changes", "closed_rings", "judgements", "hubs", "open_loads", "lineages", "trace", "record", "read_graph"),
    *("upheld", "case_version", "cases", "case_heads", "seller_entries", "newer_entries", "case_news"),
    *("past_run", "rings_at", "ring_at", "ring_history", "ring_ties", "map_places", "load_mark"),
}
MASKED = Visibility(ActorRole.INVESTIGATOR, personal_values=False)


def reads(graph) -> dict[str, tuple[object, ...]]:
    """Arguments, after the first, with which each public method of a View can be called."""
    return {
        "counts": (), "registry": (), "setting": ("is_demo",), "known_ids": ("sellers", pa.array(["a"])),
        "snapshot": (graph.now,), "run": (), "fit": (), "rings": (RingQuery(),), "ring": ("R1",), "members": ("R1",),
        "all_members": (), "evidence": ("R1",), "ring_values": ("R1",), "sellers": (["a"],), "ring_of": (["a"],),
        "search": (PHONE, 5), "exemptions": (graph.now,), "rings_by_id": (["R1"],), "members_of": (["R1"], 5),
        "displays": ([("phone", PHONE)],), "evidence_of": ([("R1", "a")],), "ring_evidence": (["R1"], 5),
        "as_seen": ([("phone", PHONE)],), "lineage": ("R1",), "changes": ("run",), "closed_rings": (),
        "judgements": (), "hubs": (), "open_loads": (), "load_mark": (), "lineages": (["R1"],), "trace": (),
        "record": (), "read_graph": (graph.now,), "upheld": (["a"],), "stores_of": (["a"],),
        "case_version": (), "cases": (["R1"],),
        "case_heads": (), "seller_entries": ("a",), "newer_entries": (Subject("R1", value=("phone", PHONE)), 0),
        "flags": (), "case_news": (0,),
        "past_run": ("run",), "rings_at": (PastRun(1, "run", graph.now),),
        "ring_at": ("R1", PastRun(1, "run", graph.now)), "ring_history": ("R1", 1, 1),
        "ring_ties": (), "map_places": (PastRun(1, "run", graph.now),),
        "own_listings": ("R1",), "hidden": ("R1",), "behind": ("R1",), "meant_by": ("R1",), "own_brand": (),
        "own_parts": (["R1"],),
        "notices": (NoticeQuery(),), "reporters": (graph.now,), "notice_targets": (["l1"], ["st1"]),
    }  # fmt: skip


@pytest.fixture
def filled(graph):
    uses = [
        {"holder_id": holder_id, "kind": kind, "value": value, "display": value + " as written"}
        for holder_id in "ab"
        for kind, value in (("phone", PHONE), ("address", ADDRESS))
    ]
    graph.load({"sellers": [{"seller_id": "a"}, {"seller_id": "b"}], "uses": uses})
    parts = (Evidence("phone", "contact", PHONE, 2, ("b",), 1.0), Evidence("address", "place", ADDRESS, 2, ("b",), 1.0))
    member = Member("a", Tier.CLOSE, Role.CORE, 0.5, 0.0, 0.0, parts)
    values = (RingValue("phone", "contact", PHONE, 2, False), RingValue("address", "place", ADDRESS, 2, False))
    with graph.writer() as writer:
        rings = (Ring("R1", Tier.CLOSE, 0.5, 0.0, (member,), values),)
        hubs = (Hub("phone", PHONE, 2, "an office"),)
        writer.save_run("run", Detection(rings, hubs, Fit(2), graph.now), graph.now)
        writer.exempt(ExemptionInput("phone", PHONE, PHONE, "family"), graph.now, "R1")
    return graph


def test_every_read_asks_who_asks_first(graph):
    """No public method of a View lacks the Visibility, as its first and required argument."""
    public = {name: value for name, value in vars(View).items() if callable(value) and not name.startswith("_")}
    del public["at_one_moment"]  # reads nothing: it gives a View of one moment, whose reads ask in their turn
    assert set(public) == set(reads(graph)), "a new read: add how it is called to `reads`"
    for name, method in public.items():
        _, first, *_ = inspect.signature(method).parameters.values()
        assert (first.name, first.annotation, first.default) == ("who", Visibility, inspect.Parameter.empty), name


def test_a_partner_without_a_lens_reads_nothing_through_any_door(graph):
    partner = Visibility(ActorRole.PARTNER, brand_id="b")
    with graph.view() as view:
        for name, arguments in reads(graph).items():
            with pytest.raises(RefusedError):
                getattr(view, name)(partner, *arguments)
            with view.at_one_moment() as now, pytest.raises(RefusedError):
                getattr(now, name)(partner, *arguments)


def test_a_partner_is_refused_what_no_partner_is_shown(graph):
    """Whatever it is asked about; a new read is refused until ``db.partner`` answers its query."""
    partner = Visibility(ActorRole.PARTNER, "b", personal_values=False, lens=BrandLens("b", b"k"))
    refused = set()
    with graph.view() as view:
        for name, arguments in reads(graph).items():
            try:
                getattr(view, name)(partner, *arguments)
            except RefusedError:
                refused.add(name)
    assert refused == NOT_FOR_PARTNERS


def test_no_read_shows_a_personal_value_to_those_who_may_not_see_it(graph):
    """Every read, as text, of the one who may not see: no phone in it; and the address, which is not personal, is."""
    with graph.view() as view:
        answers = {
            name: getattr(view, name)(MASKED, *rest) for name, rest in reads(graph).items() if name not in REFUSED
        }
        answers["as_seen"] = tuple(answers["as_seen"].values())  # its keys are what was asked
        assert not [name for name, answer in answers.items() if PHONE in repr(answer)]
        assert ADDRESS in repr(answers["evidence"])
        assert ADDRESS in repr(answers["ring_values"])
        for name in REFUSED:
            with pytest.raises(RefusedError, match="which this role may not see"):
                getattr(view, name)(MASKED, *reads(graph)[name])
        assert PHONE in repr(view.evidence(FULL, "R1"))
