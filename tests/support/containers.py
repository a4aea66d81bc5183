"""What the Dockerfile, docker-compose.yml and .env.example say, read without an engine."""

import json
import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
_VARIABLE = re.compile(r"\$\$|\$\{(\w+)(?:(:[-?+])([^}]*))?\}")


@dataclass(frozen=True)
class Image:
    """Instructions of the Dockerfile in their order, and those of its last stage."""

    instructions: Sequence[tuple[str, str]]

    @property
    def last_stage(self) -> Sequence[tuple[str, str]]:
        """Return what the image itself is made by; the stages before it only build."""
        begin = max(place for place, (name, _) in enumerate(self.instructions) if name == "FROM")
        return self.instructions[begin:]

    def value(self, name: str) -> str:
        """Return what the last instruction of a name says, of those of the last stage."""
        return [said for found, said in self.last_stage if found == name][-1]

    def command(self, name: str) -> list[str]:
        """Return a command that is written as a list, so that no shell stands between it and a signal."""
        found = json.loads(self.value(name).partition("CMD ")[2] or self.value(name))
        assert isinstance(found, list)
        return found

    @property
    def environment(self) -> Mapping[str, str]:
        """Return the environment that the image sets."""
        pairs = [pair for name, said in self.last_stage if name == "ENV" for pair in shlex.split(said)]
        return dict(pair.split("=", 1) for pair in pairs)


def read_image() -> Image:
    """Return the Dockerfile."""
    text = (ROOT / "Dockerfile").read_text("utf-8")
    lines = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    whole = re.sub(r"\\\n\s*", "", lines)
    split = [line.partition(" ") for line in whole.splitlines() if line.strip()]
    return Image([(name, said.strip()) for name, _, said in split])


def read_compose(environment: Mapping[str, str]) -> dict[str, Any]:
    """Return docker-compose.yml as an engine reads it: variables filled in, merges done.

    Raises KeyError for a variable that has to be set and is not.
    """

    def filled(found: re.Match[str]) -> str:
        name, rule, said = found.groups()
        if name is None:
            return "$"
        value = environment.get(name, "")
        if rule == ":?" and not value:
            raise KeyError(f"{name}: {said}")
        return {":-": value or said, ":+": said if value else ""}.get(rule, value)

    def fill(node: Any) -> Any:
        if isinstance(node, dict):
            return {name: fill(value) for name, value in node.items()}
        if isinstance(node, list):
            return [fill(value) for value in node]
        return _VARIABLE.sub(filled, node) if isinstance(node, str) else node

    found = fill(yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8")))
    assert isinstance(found, dict)
    return found


def named_variables() -> set[str]:
    """Return the names that docker-compose.yml takes from the .env file."""
    lines = (ROOT / "docker-compose.yml").read_text("utf-8").splitlines()
    return {found[1] for line in lines if not line.startswith("#") for found in _VARIABLE.finditer(line) if found[1]}


def example_environment() -> dict[str, str]:
    """Return what .env.example sets."""
    lines = (ROOT / ".env.example").read_text("utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line.strip() and not line.startswith("#"))


def setting_of(variable: str) -> str:
    """Return the setting that a variable of Neo4j's image stands for.

    >>> setting_of("NEO4J_db_tx__log_rotation_retention__policy")
    'db.tx_log.rotation.retention_policy'
    """
    return variable.removeprefix("NEO4J_").replace("__", "\0").replace("_", ".").replace("\0", "_")
