"""Law of the two databases: whatever is done to both, both answer every question alike."""

import os
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from tests.support.neo4j_server import Server
from tests.support.programs import LISTINGS, SELLERS, STORES, Detect, Step, Terminal, programs
from tests.support.view_answers import QUESTIONS, answers, known_of, questions_there_are

from ringwatch.db.copy import TABLES, tally_tables
from ringwatch.db.open import open_view

N_PROGRAMS = 40 if os.environ.get("RINGWATCH_TEST_NEO4J_LONG") else 5  # of about two seconds each
IDS = {
    "sellers": (*SELLERS, "new1"), "stores": STORES, "listings": LISTINGS, "brands": ("acme", "boreal"),
    "notices": ("n1", "n2", "n3"),
}  # fmt: skip


def test_every_question_is_asked():
    """A question that ``View`` learns is one that both databases must answer alike."""
    assert set(QUESTIONS) == questions_there_are()


def look(url: str, terminal: Terminal, runs: tuple[str, ...]) -> dict[str, Any]:
    """All that a database answers: each question by itself, and all of them at one moment."""
    with open_view(url) as view:
        known = known_of(view, terminal.moment, IDS, runs)
        alone = answers(view, known)
        with view.at_one_moment() as moment:
            assert answers(moment, known) == alone
    return alone


@pytest.fixture(scope="module")
def server(neo4j: Server) -> Server:
    return neo4j


@settings(
    max_examples=N_PROGRAMS, deadline=None, suppress_health_check=list(HealthCheck), phases=set(Phase) - {Phase.shrink}
)
@given(program=programs)
def test_both_databases_answer_alike_whatever_is_done_to_them(server: Server, program: tuple[Step, ...]):
    """Each command of a program tells the same on both; then every question has the same answer, every table the
    same rows, and the exported rings are the same bytes."""
    with tempfile.TemporaryDirectory() as folder:
        server.empty()
        urls = (f"sqlite:///{folder}/graph.db", server.url)
        terminals = [Terminal(url, Path(folder) / name) for url, name in zip(urls, ("embedded", "neo4j"), strict=True)]
        runs: tuple[str, ...] = ()
        for step in program:
            told = [terminal.take(step) for terminal in terminals]
            assert told[0] == told[1], step
            if isinstance(step, Detect) and told[0][0].status == 0:
                runs = (*runs, told[0][0].answer["run_id"])
        assert terminals[0].export() == terminals[1].export()
        ours, theirs = (look(url, terminal, runs) for url, terminal in zip(urls, terminals, strict=True))
        for question in ours:
            assert ours[question] == theirs[question], question
        tallies = [tally_tables(url) for url in urls]
        assert [table for table in TABLES if tallies[0][table] != tallies[1][table]] == []
