"""Exported rings: the exact bytes of CSV, and a GraphML that graph tools read."""

import io

import networkx as nx

from ringwatch.db.view import MemberRow
from ringwatch.jobs.export import render_csv
from ringwatch.model.rings import Role, Tier
from ringwatch.web.graphml import Edge, Node, render_graphml


def member(ring_id: str, seller_id: str, link_score: float = 0.9) -> MemberRow:
    return MemberRow(
        ring_id, seller_id, Tier.CLOSE, Role.CORE, link_score, 2.0, 0.5, is_fragile=False, why_not_closer=""
    )


def test_csv_bytes():
    text = render_csv([member("R1", "a,b", 0.12345678), member("R1", "店铺", 1.0)])
    assert (
        text.encode()
        == (
            "ring_id,tier,seller_id,role,link_score,infringement_score\n"
            'R1,close,"a,b",core,0.123457,0.500000\n'
            "R1,close,店铺,core,1.000000,0.500000\n"
        ).encode()
    )


def test_graphml_is_read_back_by_networkx():
    """Attributes keep their types and texts, also those that XML must escape or cannot hold."""
    nodes = [
        Node("seller:a", {"kind": "seller", "label": 'A & <B> "c"', "ring_id": "R1", "link_score": 0.25}),
        Node("value:phone:\x01", {"kind": "value", "label": "\x01", "ring_id": "R1 R2", "n_holders": 3}),
    ]
    text = render_graphml(nodes, [Edge("seller:a", "value:phone:\x01", -1.5)])
    graph = nx.read_graphml(io.BytesIO(text.encode()))
    assert graph.nodes["seller:a"] == nodes[0].attributes
    assert graph.nodes["value:phone:\ufffd"] == {**nodes[1].attributes, "label": "\ufffd"}
    assert graph.edges["seller:a", "value:phone:\ufffd"] == {"score": -1.5}
    assert nx.is_bipartite(graph)
