"""Commands of closing are killed in the middle of their work: nothing is lost, nothing is done twice."""

import os
from pathlib import Path

import pytest
from tests.support.chaos import chaos_on
from tests.support.closing_world import Size
from tests.support.commands import forking
from tests.support.neo4j_server import Server

SEED = 20
SMALL = Size(n_stores=48, ring_size=8, n_listings=1)


def play(url: str, folder: Path, n_rounds: int, *, is_new: bool = True) -> None:
    """Play short rounds; a law that breaks is an error, after the log of what was done."""
    with chaos_on(url, SEED, folder, is_new=is_new, size=SMALL) as chaos:
        chaos.market.share, chaos.begin = 0.1, forking()
        for _ in range(n_rounds):
            try:
                chaos.play()
            finally:
                print("\n".join(chaos.log))  # noqa: T201 (pytest shows it with a failure)
        landed = {where for _, where in chaos.kills}
    assert "amid its work" in landed or n_rounds == 1, chaos.kills


def test_rounds_of_kills_on_the_embedded_database(tmp_path: Path):
    """Plan, approve, close, undo and outbox, each killed by chance and started again; `make chaos` plays a hundred."""
    play(f"sqlite:///{tmp_path / 'chaos.db'}", tmp_path, 2)


@pytest.mark.skipif(not os.environ.get("RINGWATCH_TEST_NEO4J_LONG"), reason="takes a minute: run by `make test-neo4j`")
def test_rounds_of_kills_on_neo4j(neo4j: Server, tmp_path: Path):
    """The same on a server."""
    neo4j.empty()
    play(neo4j.url, tmp_path, 2)
