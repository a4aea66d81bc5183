"""Who may ask what: every field of the schema names the act that a role must allow, or there is no schema.

The fields of the roots name theirs where they are declared (``fields.resolved``), all others by their type, here. What
a document asks for is gathered from its text before anything runs.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    get_named_type,
    is_interface_type,
    is_object_type,
)

from ringwatch.api.user_errors import ERRORS
from ringwatch.model.visibility import Act

LOOK_TYPES = (
    *("Node", "PageInfo", "Evidence", "Seller"),
    *("Ring", "RingConnection", "RingEdge", "RingMemberConnection", "RingMemberEdge"),
    *("SearchConnection", "SearchEdge", "Value"),
    *("Notice", "NoticeConnection", "NoticeEdge", "Reporter", "FileNoticeSuccess", "NoticeSuccess"),
    *("Flag", "FlagSuccess"),
    *("UserError", *(told.__name__ for told in ERRORS.values())),
)
READ_TYPES = (
    *("RingEvent", "RingLineage", "RingVersion", "RingVersionMember"),
    *("Why", "WhyEvidence", "Path", "PathStep", "WhatIf", "WhatIfRing"),
    *("Plan", "PlanConnection", "PlanEdge", "PlanStore", "PlanStoreConnection", "PlanStoreEdge", "PlanValue"),
    *("ExpectedWrongful", "Store", "StoreDecision", "StoreLeft", "Proposal", "Carried"),
    *("Appeal", "AppealConnection", "AppealEdge", "Replay", "Statement"),
    *("OpenAppealSuccess", "UpholdAppealSuccess", "RejectAppealSuccess"),
    *("LedgerEntry", "LedgerEntryConnection", "LedgerEntryEdge", "LedgerFault", "LedgerVerification"),
    *("Outbox", "OutboxMessage", "OutboxMessageConnection", "OutboxMessageEdge"),
    *("JudgeSuccess", "ExemptSuccess", "LiftExemptionSuccess"),
    *("Casework", "CaseEntry", "CaseSuccess"),
    *("ProposePlanSuccess", "ProposeUndoSuccess", "ApprovePlanSuccess", "RejectPlanSuccess"),
    *("ClosePlanSuccess", "CloseDueSuccess", "UndoPlanSuccess"),
)

OF_TYPES: Mapping[str, Act] = MappingProxyType(
    dict.fromkeys(LOOK_TYPES, Act.LOOK)
    | dict.fromkeys(READ_TYPES, Act.READ)
    | {"Viewer": Act.SIGN_IN, "ScreenedApplicant": Act.SCREEN, "ScreenMatch": Act.SCREEN}
)
"""The act that each type's fields are read by: who may do an act reads what it answers with."""

OF_FIELDS: Mapping[tuple[str, str], Act] = MappingProxyType(
    {("Ring", "lineage"): Act.READ, ("Ring", "casework"): Act.READ}
)
"""The fields of which that is not so: what a ring was tells of sellers that its partners do not see."""

Acts = Mapping[tuple[str, str], Act]


def acts_of_schema(schema: GraphQLSchema) -> Acts:
    """Return the act that each field of a schema needs, by type and name. LookupError where one names none."""
    found: dict[tuple[str, str], Act] = {}
    for name, kind in schema.type_map.items():
        if name.startswith("__") or not (is_object_type(kind) or is_interface_type(kind)):
            continue
        is_root = kind in {schema.query_type, schema.mutation_type}
        for field_name, field in kind.fields.items():
            own = field.extensions["strawberry-definition"].metadata.get("act") if is_root else OF_TYPES.get(name)
            declared = OF_FIELDS.get((name, field_name), own)
            if declared is None:
                raise LookupError(f"{name}.{field_name}: names no act, so nobody knows which role may ask it")
            found[name, field_name] = declared
    return found


class Gathering:
    """Gathers the acts of one document; each fragment once, so O(nodes of the document)."""

    def __init__(self, schema: GraphQLSchema, acts: Acts, document: DocumentNode) -> None:
        self._schema = schema
        self._acts = acts
        self._fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
        self._known: dict[str, frozenset[Act]] = {}

    def operation(self, node: OperationDefinitionNode) -> frozenset[Act]:
        """Return the acts that an operation of a valid document needs."""
        root = self._schema.get_root_type(node.operation)
        return self._all(node.selection_set.selections, root) if root else frozenset()

    def _all(self, nodes: Iterable[SelectionNode], parent: GraphQLNamedType) -> frozenset[Act]:
        return frozenset().union(*(self._one(node, parent) for node in nodes))

    def _one(self, node: SelectionNode, parent: GraphQLNamedType) -> frozenset[Act]:
        if isinstance(node, FragmentSpreadNode):
            return self._fragment(node.name.value)
        if isinstance(node, InlineFragmentNode):
            condition = node.type_condition
            return self._all(
                node.selection_set.selections, self._schema.type_map[condition.name.value] if condition else parent
            )
        return self._field(node, parent)

    def _fragment(self, name: str) -> frozenset[Act]:
        if name not in self._known:
            node = self._fragments[name]
            self._known[name] = self._all(
                node.selection_set.selections, self._schema.type_map[node.type_condition.name.value]
            )
        return self._known[name]

    def _field(self, node: SelectionNode, parent: GraphQLNamedType) -> frozenset[Act]:
        name = node.name.value  # type: ignore[attr-defined]  # (a field: the third and last kind of selection)
        if name == "__typename":
            return frozenset()
        if name.startswith("__"):
            return frozenset({Act.READ})  # the schema tells what there is to read
        own = frozenset({self._acts[parent.name, name]})
        selections = node.selection_set.selections if node.selection_set else ()  # type: ignore[attr-defined]  # (as above)
        assert isinstance(parent, GraphQLObjectType) or is_interface_type(parent)  # noqa: S101 (else it has no field)
        return own | self._all(selections, get_named_type(parent.fields[name].type))
