"""What a person reads in place of a value that is kept as a hash."""

from ringwatch.model.visibility import FULL, ActorRole, Visibility

HASH = "hmac:" + "0" * 64
MASKED = Visibility(ActorRole.INVESTIGATOR, personal_values=False)


def test_a_hash_has_a_display_and_a_plain_value_has_none(graph):
    """A value nobody holds has none either; the same text under another kind is another value."""
    uses = [
        {"holder_id": "a", "kind": "phone", "value": HASH, "display": "+49 ••• 5678"},
        {"holder_id": "a", "kind": "phone", "value": "+4940123456"},
    ]
    graph.load({"sellers": [{"seller_id": "a"}], "uses": uses})
    asked = [("phone", HASH), ("phone", "+4940123456"), ("email", HASH), ("phone", "+490")]
    for who in (FULL, MASKED):
        with graph.view() as view:
            assert view.displays(who, asked) == {("phone", HASH): "+49 ••• 5678"}
            assert view.displays(who, []) == {}


def test_a_personal_display_that_is_no_mask_is_for_those_who_may_see_it(graph):
    graph.load(
        {
            "sellers": [{"seller_id": "a"}],
            "uses": [{"holder_id": "a", "kind": "phone", "value": "+4940123456", "display": "(040) 123456"}],
        }
    )
    with graph.view() as view:
        assert view.displays(FULL, [("phone", "+4940123456")]) == {("phone", "+4940123456"): "(040) 123456"}
        assert view.displays(MASKED, [("phone", "+4940123456")]) == {}
