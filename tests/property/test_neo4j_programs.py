"""Law of the two databases: whatever is done to both, both answer every question alike."""

import os
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from tests.support.neo4j_server import Server
from tests.support.programs import LISTINGS, SELLERS, STORES, Detect, Step, Terminal, programs
from tests.support.view_answers import MASKED, QUESTIONS, answers, known_of, questions_there_are

from ringwatch.db.copy import TABLES, tally_tables
from ringwatch.db.open import open_view
from ringwatch.model.visibility import FULL

N_PROGRAMS = 15 if os.environ.get("RINGWATCH_TEST_NEO4J_LONG") else 3  # of some seconds each
IDS = {
    "sellers": (*SELLERS, "new1"), "stores": STORES, "listings": LISTINGS, "brands": ("acme", "boreal"),
    "notices": ("n1", "n2", "n3"),
}  # fmt: skip


def test_every_question_is_asked():
    """A question that ``View`` learns is one that both databases must answer alike."""
    assert set(QUESTIONS) == questions_there_are()


def look(url: str, terminal: Terminal, runs: tuple[str, ...]) -> dict[str, Any]:
    """All that a database answers: each question by itself, and to one who sees masks all of them at one moment."""
    with open_view(url) as view:
        known = known_of(view, terminal.moment, IDS, runs)
        with view.at_one_moment() as moment:
            masked = answers(moment, MASKED, known)
        return answers(view, FULL, known) | {f"{question}, masked": answer for question, answer in masked.items()}


# A failing program is reported as it was drawn: to make it smaller would take minutes.
@settings(
    max_examples=N_PROGRAMS, deadline=None, suppress_health_check=list(HealthCheck), phases=set(Phase) - {Phase.shrink}
)
@given(program=programs)
def test_both_databases_answer_alike_whatever_is_done_to_them(neo4j: Server, program: tuple[Step, ...]):
    """Commands tell the same on both; then answers, the rows of all tables and the bytes of exported rings agree."""
    with tempfile.TemporaryDirectory() as folder:
        neo4j.empty()
        urls = (f"sqlite:///{folder}/graph.db", neo4j.url)
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
