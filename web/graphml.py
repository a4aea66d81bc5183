"""Rings as GraphML: a bipartite graph of sellers and the values that link them, as Gephi and networkx read it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from xml.sax.saxutils import escape, quoteattr

from ringwatch.db.view import MemberRow, View
from ringwatch.model.rings import Evidence
from ringwatch.model.visibility import Visibility

NODE_KEYS = (
    ("kind", "string"),  # seller or value
    ("label", "string"),
    ("ring_id", "string"),  # of a value in several rings: all of them, a blank between
    ("name", "string"),
    ("tier", "string"),
    ("role", "string"),
    ("link_score", "double"),
    ("value_kind", "string"),
    ("family", "string"),
    ("n_holders", "long"),
)
EDGE_KEYS = (("score", "double"),)

Attributes = Mapping[str, str | float | int]


@dataclass(frozen=True, slots=True)
class Node:
    """A seller or a value; attributes are those of ``NODE_KEYS``."""

    node_id: str
    attributes: Attributes


@dataclass(frozen=True, slots=True)
class Edge:
    """A seller that uses a value, and what that says for its membership, in log-odds."""

    seller: str
    value: str
    score: float


def graph_of(view: View, who: Visibility, members: Sequence[MemberRow]) -> tuple[list[Node], list[Edge]]:
    """Return sellers in the order of the CSV export, then values by kind and text, and what links them."""
    seller_names = view.sellers(who, [member.seller_id for member in members])
    sellers = [_seller_node(member, seller_names[member.seller_id].name) for member in members]
    rings_of: dict[tuple[str, str], list[str]] = defaultdict(list)
    parts: dict[tuple[str, str], Evidence] = {}
    edges = []
    for member, part in _shared_values(view, who, members):
        key = part.kind, part.value
        parts[key] = part
        if member.ring_id not in rings_of[key]:
            rings_of[key].append(member.ring_id)
        edges.append(Edge(f"seller:{member.seller_id}", f"value:{part.kind}:{part.value}", part.score))
    values = [_value_node(parts[key], rings_of[key]) for key in sorted(parts)]
    return sellers + values, edges


def _shared_values(view: View, who: Visibility, members: Sequence[MemberRow]) -> Iterator[tuple[MemberRow, Evidence]]:
    """Yield every member with each value that it shares, by ring, seller, kind and value."""
    for ring_id, of_ring in groupby(members, key=lambda member: member.ring_id):
        evidence = view.evidence(who, ring_id)
        for member in of_ring:
            shared = [part for part in evidence.get(member.seller_id, ()) if part.value]
            yield from ((member, part) for part in sorted(shared, key=lambda part: (part.kind, part.value)))


def _seller_node(member: MemberRow, name: str | None) -> Node:
    attributes: dict[str, str | float | int] = {
        "kind": "seller",
        "label": member.seller_id,
        "name": name or "",
        "ring_id": member.ring_id,
        "tier": member.tier.value,
        "role": member.role.value,
        "link_score": member.link_score,
    }
    return Node(f"seller:{member.seller_id}", attributes)


def _value_node(part: Evidence, ring_ids: Sequence[str]) -> Node:
    attributes: dict[str, str | float | int] = {
        "kind": "value",
        "label": part.value,
        "ring_id": " ".join(ring_ids),
        "value_kind": part.kind,
        "family": part.family,
        "n_holders": part.n_holders,
    }
    return Node(f"value:{part.kind}:{part.value}", attributes)


def render_graphml(nodes: Iterable[Node], edges: Iterable[Edge]) -> str:
    """Return the graph as text, in the order given.

    >>> print(render_graphml([Node("seller:a", {"kind": "seller"})], []).splitlines()[-3])
    <node id="seller:a"><data key="kind">seller</data></node>
    """
    return "".join(_lines(nodes, edges))


def _lines(nodes: Iterable[Node], edges: Iterable[Edge]) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
    for element, keys in (("node", NODE_KEYS), ("edge", EDGE_KEYS)):
        for name, kind in keys:
            yield f'<key id="{name}" for="{element}" attr.name="{name}" attr.type="{kind}"/>\n'
    yield '<graph edgedefault="undirected">\n'
    for node in nodes:
        yield f"<node id={_quoted(node.node_id)}>{_data(node.attributes)}</node>\n"
    for edge in edges:
        ends = f"source={_quoted(edge.seller)} target={_quoted(edge.value)}"
        yield f"<edge {ends}>{_data({'score': edge.score})}</edge>\n"
    yield "</graph>\n</graphml>\n"


def _data(attributes: Attributes) -> str:
    return "".join(f'<data key="{name}">{_text(str(value))}</data>' for name, value in attributes.items())


def _text(text: str) -> str:
    return escape(allowed(text), {"\r": "&#13;"})  # a reader takes a bare one for a line end


def _quoted(text: str) -> str:
    return quoteattr(allowed(text))


def allowed(text: str) -> str:
    """Replace the characters that XML 1.0 cannot hold in any writing."""
    return "".join(c if (c >= " " and c not in "\ufffe\uffff") or c in "\t\n\r" else "\ufffd" for c in text)
