"""What a client is told of errors, and how requests and ids are read."""

import logging

import pytest
from graphql import GraphQLError, GraphQLSyntaxError, Source
from hypothesis import given
from hypothesis import strategies as st

from ringwatch.api.finds import Value, value_of_id
from ringwatch.api.graphql_route import HttpRefusalError, wanted_media_type
from ringwatch.api.ids import global_id, split_global_id
from ringwatch.api.logs import JsonLines, TextLines
from ringwatch.api.metrics import Metrics
from ringwatch.api.refusals import MAX_ERRORS, MAX_MESSAGE, tell_error, tell_errors
from ringwatch.model.errors import ConfigError, InputError, RefusedError, RetryableError, RingwatchError

PLACES = ["rings", 0, "name"]


def raised(error: Exception) -> GraphQLError:
    """Return an error as graphql-core hands on what a resolver raised."""
    return GraphQLError(str(error), path=PLACES, original_error=error)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ConfigError("first: wrong"), "BAD_USER_INPUT"),
        (InputError("first: wrong"), "BAD_USER_INPUT"),
        (RefusedError("role: not yours"), "FORBIDDEN"),
    ],
)
def test_our_errors_keep_their_words(error: RingwatchError, code: str) -> None:
    """An error of ours that is about the request is told as it is, with the code of its class."""
    assert tell_error(raised(error)) == {"message": str(error), "extensions": {"code": code}, "path": PLACES}


def caused(error: RingwatchError) -> RingwatchError:
    """Return an error that was raised because of another one."""
    error.__cause__ = OSError("disk")
    return error


@pytest.mark.parametrize(
    "error", [RetryableError("/srv/secret.db: locked"), caused(ConfigError("/srv/secret.db: damaged"))]
)
def test_errors_of_the_machinery_name_nothing(error: RingwatchError) -> None:
    """What is about a file or a disk is told as UNAVAILABLE, without its words."""
    told = tell_error(raised(error))
    assert told["extensions"] == {"code": "UNAVAILABLE"}
    assert "secret" not in str(told)


@given(st.sampled_from([ValueError, KeyError, RuntimeError, TypeError, RingwatchError, AssertionError]), st.text())
def test_defects_are_never_told(kind: type[Exception], words: str) -> None:
    """Law: whatever else was raised, neither its words nor its class leave."""
    logging.disable()
    secret = f"s3cret{words}"
    told = tell_error(raised(kind(secret)))
    assert told["extensions"] == {"code": "INTERNAL_SERVER_ERROR"}
    assert "s3cret" not in str(told)
    assert kind.__name__ not in str(told)
    logging.disable(logging.NOTSET)


def test_errors_of_graphql_core() -> None:
    """Before a query runs the library speaks of the query; afterwards, without a code, of a defect of ours."""
    assert tell_error(GraphQLSyntaxError(Source("{"), 1, "x"))["extensions"]["code"] == "GRAPHQL_PARSE_FAILED"
    assert tell_error(GraphQLError("no such field"))["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
    coded = GraphQLError("too large", extensions={"code": "QUERY_TOO_LARGE", "secret": 1})
    assert tell_error(coded) == {"message": "too large", "extensions": {"code": "QUERY_TOO_LARGE"}}
    logging.disable()
    inner = GraphQLError("Int cannot represent 'x'")
    assert tell_error(GraphQLError("Int", path=PLACES, original_error=inner))["extensions"]["code"] == (
        "INTERNAL_SERVER_ERROR"
    )
    unknown = GraphQLError("made up", extensions={"code": "MADE_UP"})
    assert tell_error(unknown)["extensions"]["code"] == "INTERNAL_SERVER_ERROR"
    logging.disable(logging.NOTSET)


def test_errors_are_few_and_short() -> None:
    """Five errors of 500 characters at most."""
    told = tell_errors([GraphQLError("x" * 10_000)] * 100)
    assert len(told) == MAX_ERRORS
    assert {len(error["message"]) for error in told} == {MAX_MESSAGE}


@given(st.sampled_from(["Ring", "Seller"]), st.text())
def test_global_ids_lead_back(kind: str, key: str) -> None:
    """Law: splitting a global id gives what it was made of."""
    try:
        made = global_id(kind, key)
    except UnicodeEncodeError:
        return  # half a surrogate pair: no id of a database is such a text
    assert split_global_id(made) == (kind, key)


@given(st.text() | st.binary().map(lambda raw: raw.decode("latin-1")))
def test_any_text_is_an_id_or_none(text: str) -> None:
    """Law: text of any kind is split into a known type and a key, or not at all; it never raises."""
    found = split_global_id(text)
    assert found is None or found[0] in {"Ring", "Seller"}


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [("phone:+49", "phone", "+49"), ("ip:2001:db8::1", "ip", "2001:db8::1"), ("other:x:y:z", "other:x", "y:z")],
)
def test_values_of_hits(text: str, kind: str, value: str) -> None:
    """The kind ends at its first colon, or at the second where nobody declared it."""
    assert value_of_id(text) == Value(kind=kind, value=value)


@given(st.text())
def test_any_accept_header_is_answered_or_refused(accept: str) -> None:
    """Law: an Accept header of any text names a media type of ours or is refused with 406."""
    try:
        found = wanted_media_type(accept)
    except HttpRefusalError as refused:
        found = str(refused.status)
    assert found in {"application/json", "application/graphql-response+json", "406"}


@given(st.text())
def test_a_log_line_is_one_line(text: str) -> None:
    """Law: what a client sends never begins a line of the log, as text or as JSON."""
    record = logging.makeLogRecord({"msg": "request", "levelname": "INFO", "fields": {"path": text}})
    for formatter in (TextLines(), JsonLines()):
        assert len(formatter.format(record).splitlines()) == 1


def test_methods_of_anyones_making_are_counted_as_one() -> None:
    """A client cannot fill the counters with methods of its own."""
    metrics = Metrics()
    for number in range(100):
        metrics.count(f"M{number}", 405, 0.001)
    assert metrics.text().count("ringwatch_http_requests_total{") == 1
