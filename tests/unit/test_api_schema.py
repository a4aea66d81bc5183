"""The schema: what clients were told of, all of it described, nothing taken away."""

import pytest
from graphql import GraphQLEnumType, GraphQLInputObjectType, GraphQLInterfaceType, GraphQLObjectType, build_schema
from graphql.utilities import BreakingChangeType

from ringwatch.api.limits import Limits
from ringwatch.api.schema import breaking_changes, committed_text, make_schema, schema_text

CORE = make_schema(Limits(), may_introspect=True).core
OURS = {name: kind for name, kind in CORE.type_map.items() if not name.startswith("__")}
BUILT_IN = {"ID", "Int", "Float", "String", "Boolean"}

FIRST_VERSION = """
interface Node { id: ID! }
type Query {
  node(id: ID!): Node
  rings(first: Int = 20, after: String, filter: RingFilter, orderBy: RingOrder): RingConnection!
  ring(ringId: String!): Ring
  seller(sellerId: String!): Seller
  search(text: String!, first: Int = 20, after: String): SearchConnection!
}
type Ring implements Node { id: ID!  ringId: String!  tier: Tier!  sellerCount: Int!  linkScore: Float!
  infringementScore: Float  members(first: Int = 20, after: String): RingMemberConnection!  evidence: [Evidence!]! }
type RingConnection { edges: [RingEdge!]! nodes: [Ring!]! pageInfo: PageInfo! }
type RingEdge { cursor: String! node: Ring! }
type RingMemberConnection { edges: [RingMemberEdge!]! nodes: [Seller!]! pageInfo: PageInfo! }
type RingMemberEdge {
  cursor: String!  node: Seller!  tier: Tier!  role: MemberRole!  linkScore: Float!  evidence: [Evidence!]! }
type Evidence { kind: String!  family: String!  value: String!  holderCount: Int!  score: Float! }
type Seller implements Node { id: ID!  sellerId: String!  name: String  ring: Ring }
type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }
type SearchConnection { pageInfo: PageInfo! }
input RingFilter { tiers: [Tier!]  minSellers: Int }
input RingOrder { field: RingOrderField! }
enum RingOrderField { TIER LINK_SCORE INFRINGEMENT_SCORE SELLER_COUNT }
enum Tier { CLOSE REVIEW LEAD }
enum MemberRole { CORE EXTENDED SPARE OVERLAP }
"""


def test_exported_text_is_the_schema() -> None:
    """The exported schema is the one that is served: `make schema` was run after the last change."""
    assert committed_text() == schema_text()


def test_the_names_that_clients_rely_on_stay() -> None:
    """Nothing of the first version's interface was taken away or changed its type."""
    assert [str(change.description) for change in breaking_changes(FIRST_VERSION, schema_text())] == []


def test_a_taken_field_is_found() -> None:
    """A field that goes away is a breaking change."""
    before = "type Query { a: Int b: Int }"
    found = breaking_changes(before, "type Query { a: Int }")
    assert [change.type for change in found] == [BreakingChangeType.FIELD_REMOVED]


@pytest.mark.parametrize("name", sorted(OURS.keys() - BUILT_IN))
def test_everything_is_described(name: str) -> None:
    """Every type, field, argument, input field and enum value has a description that ends as a sentence does."""
    kind = OURS[name]
    described = {name: kind.description}
    if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
        for field_name, field in kind.fields.items():
            described[field_name] = field.description
            described |= {f"{field_name}({a})": argument.description for a, argument in field.args.items()}
    if isinstance(kind, GraphQLInputObjectType):
        described |= {n: field.description for n, field in kind.fields.items()}
    if isinstance(kind, GraphQLEnumType):
        described |= {n: value.description for n, value in kind.values.items()}
    assert [n for n, text in described.items() if not (text or "").endswith((".", "?"))] == []


def test_text_can_be_read_by_tools() -> None:
    """The exported text builds a schema whose connections all look alike."""
    schema = build_schema(committed_text())
    connections = [kind for name, kind in schema.type_map.items() if name.endswith("Connection")]
    assert len(connections) == 9
    for kind in connections:
        assert {"edges", "nodes", "pageInfo"} == set(kind.fields)
