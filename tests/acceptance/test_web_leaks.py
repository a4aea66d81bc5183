"""The leak matrix whole: each parameter of a list, and each field of GraphQL, those that are refused too."""

from pathlib import Path

from tests.cases.conftest import Graph
from tests.cases.test_leaks import PARAMS, World, ask_everything, walk


def test_no_byte_that_a_partner_is_sent_is_of_another(tmp_path: Path):
    """Whatever it asks; what is refused asks no database, so that one of the two is enough."""
    graph = Graph(f"sqlite:///{tmp_path / 'graph.db'}")
    world = World(graph)
    with world.site() as site:
        assert walk(world, site, PARAMS) == {}
        assert ask_everything(world, graph, site) == {}
