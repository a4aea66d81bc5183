"""Rings as GraphML: a bipartite graph of sellers and the values that link them, as Gephi and networkx read it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

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
    return "".join(f'<data key="{name}">{escape(_allowed(str(value)))}</data>' for name, value in attributes.items())


def _quoted(text: str) -> str:
    return quoteattr(_allowed(text))


def _allowed(text: str) -> str:
    """Replace the characters that XML 1.0 cannot hold in any writing."""
    return "".join(c if (c >= " " and c not in "\ufffe\uffff") or c in "\t\n\r" else "\ufffd" for c in text)
