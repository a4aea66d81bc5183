"""Who may ask what: every field names the act it needs, and each role gets what the table of roles gives it."""

import pytest
import strawberry
from graphql import GraphQLInterfaceType, GraphQLObjectType

from ringwatch.api.documents import Documents
from ringwatch.api.door import Visitor, check_acts
from ringwatch.api.limits import Limits
from ringwatch.api.roles import OF_TYPES, acts_of_schema
from ringwatch.api.schema import make_schema
from ringwatch.model.enforcement import Actor
from ringwatch.model.errors import RefusedError, UnauthenticatedError
from ringwatch.model.visibility import FULL, ActorRole, Visibility

CORE = make_schema(Limits(), may_introspect=True).core
ACTS = acts_of_schema(CORE)
DOCUMENTS = Documents(CORE, Limits(), may_introspect=True)

INVESTIGATOR, APPROVER, OPERATOR = ActorRole.INVESTIGATOR, ActorRole.APPROVER, ActorRole.OPERATOR
PARTNER = ActorRole.PARTNER
EVERYBODY = set(ActorRole)
READERS = EVERYBODY - {ActorRole.PARTNER}
OF_MUTATIONS = {
    "judge": {INVESTIGATOR},
    "exempt": {INVESTIGATOR},
    "liftExemption": {INVESTIGATOR},
    "addNote": {INVESTIGATOR, APPROVER},
    "assign": {INVESTIGATOR, APPROVER},
    "flag": {ActorRole.PARTNER},
    "answerFlag": {INVESTIGATOR},
    "proposePlan": {INVESTIGATOR},
    "proposeUndo": {INVESTIGATOR},
    "approvePlan": {APPROVER},
    "rejectPlan": {APPROVER},
    "closePlan": {OPERATOR},
    "closeDue": {OPERATOR},
    "undoPlan": {OPERATOR},
    "openAppeal": {INVESTIGATOR},
    "upholdAppeal": {APPROVER},
    "rejectAppeal": {APPROVER},
    "fileNotice": {INVESTIGATOR, PARTNER},
    "upholdNotice": {INVESTIGATOR},
    "rejectNotice": {INVESTIGATOR},
    "withdrawNotice": {INVESTIGATOR, PARTNER},
    "counterNotice": {INVESTIGATOR},
}
"""The roles that the interface gives each mutation; a new one is added here by hand."""
NOTICES = {name for name in OF_MUTATIONS if name.endswith("Notice")}

UNKEYED = {"judge", "exempt", "liftExemption", "addNote", "assign", "answerFlag"}
ROOTS = [(kind.name, name) for kind in (CORE.query_type, CORE.mutation_type) if kind for name in kind.fields]


def visitor(role: ActorRole) -> Visitor:
    """Return an actor of a role who sent a key."""
    brand = "B1" if role is ActorRole.PARTNER else None
    at = strawberry.UNSET  # nobody looks
    return Visitor(Visibility(role, brand), Actor(role.value, role, brand, "", "", "", at), has_actors=True)  # type: ignore[arg-type]


def may(role: ActorRole, name: tuple[str, str]) -> bool:
    try:
        check_acts(visitor(role), [ACTS[name]], None)
    except RefusedError:
        return False
    return True


def test_every_field_names_an_act():
    """All fields of all types, by themselves or by their type; no type is named that is not there."""
    kinds = [kind for name, kind in CORE.type_map.items() if not name.startswith("__")]
    typed = [kind for kind in kinds if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType)]
    assert {(kind.name, field) for kind in typed for field in kind.fields} == ACTS.keys()
    roots = {"Query", "Mutation"}
    assert {kind.name for kind in typed} - roots == OF_TYPES.keys()


def test_a_field_that_names_none_makes_no_schema():
    @strawberry.type
    class Open:
        open: str = "door"

    @strawberry.type
    class Query:
        @strawberry.field
        def other(self) -> Open:
            return Open()

    with pytest.raises(LookupError, match=r"Query\.other"):
        acts_of_schema(strawberry.Schema(Query)._schema)


@pytest.mark.parametrize("name", ROOTS)
def test_each_role_gets_what_the_table_gives_it(name):
    is_shown = name[1] in {"viewer", "node", "rings", "ring", "seller", "search", "notices", "reporters", "flags"}
    expected = OF_MUTATIONS[name[1]] if name[0] == "Mutation" else EVERYBODY if is_shown else READERS
    assert {role for role in ActorRole if may(role, name)} == expected


@pytest.mark.parametrize("name", ROOTS)
def test_the_schema_tells_the_roles(name):
    """The description of each field of a root ends with who may ask it."""
    root = CORE.type_map[name[0]]
    assert isinstance(root, GraphQLObjectType)
    told = (root.fields[name[1]].description or "").rpartition(" For ")[2]
    assert {role for role in ActorRole if f"{role.value}s" in told} == {role for role in ActorRole if may(role, name)}


DOCUMENTS_BY_ACT = {
    "{__typename}": set(),
    "{viewer{name}}": {"sign in"},
    "{rings{nodes{ringId}}}": {"look"},
    "{rings{nodes{ringId lineage{ringId}}}}": {"look", "read"},
    "{__schema{types{name}}}": {"read"},
    "{viewer{...A}} fragment A on Viewer{...B} fragment B on Viewer{name}": {"sign in"},
    "{...A} fragment A on Query{...{viewer{name} plans{nodes{undoes{proposedBy}}}}}": {"sign in", "read"},
    "mutation{closeDue{closed}}": {"carry out a plan", "read"},
    "mutation($i:JudgeInput!){judge(input:$i){...on UserError{code}}}": {"judge", "look"},
}  # fmt: skip


@pytest.mark.parametrize(("text", "acts"), DOCUMENTS_BY_ACT.items())
def test_a_document_needs_what_its_fields_need(text, acts):
    """Through fragments and inline ones, of the operation that is run alone."""
    assert DOCUMENTS.acts(DOCUMENTS.ready(text), None) == acts


def test_of_several_operations_the_named_one_counts():
    document = DOCUMENTS.ready("query A{viewer{name}} mutation B{closeDue{closed}}")
    assert DOCUMENTS.acts(document, "A") == {"sign in"}
    assert DOCUMENTS.acts(document, "B") == {"carry out a plan", "read"}


def test_who_sends_no_key_plans_nothing():
    """An open database shows itself and takes judgements, and no plan."""
    nobody = Visitor(FULL)
    for name in ROOTS:
        if name[0] == "Query" or name[1] in UNKEYED | NOTICES:
            check_acts(nobody, [ACTS[name]], None)
        else:
            with pytest.raises(UnauthenticatedError):
                check_acts(nobody, [ACTS[name]], None)
