"""The container files, held to what they stand for where no engine runs them."""

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from tests.support.api_server import running_server
from tests.support.containers import (
    ROOT,
    example_environment,
    named_variables,
    read_compose,
    read_image,
    setting_of,
)
from tests.support.neo4j_server import LTS, NoServerError, admin, configure, find_java, server_jars, version
from tests.support.ring_database import fill

from ringwatch.db.neo4j_url import parse_neo4j_url
from ringwatch.jobs.cli import build_app

FILLED = {**example_environment(), "RINGWATCH_PASSWORD": "long-enough-1"}
OF_THE_IMAGE = {"NEO4J_AUTH"}  # a variable of Neo4j's image that is no setting
NOT_FOR_CONTAINERS = {"RINGWATCH_CLOCK", "RINGWATCH_KEY"}  # drills are held at a terminal; a key is a person's own
ROOMS = (
    "model",
    "values",
    "sql",
    "cypher",
    "db",
    "graph_loader",
    "algorithms",
    "enforcement",
    "api",
    "jobs",
    "fixtures",
)


def check_schema(path: Path) -> subprocess.CompletedProcess[str]:
    """Hold a file to the schema of compose files."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_compose_file_is_one(tmp_path: Path):
    """It is valid by the specification's schema, and by compose itself where that is installed."""
    done = check_schema(ROOT / "docker-compose.yml")
    assert done.returncode == 0, done.stdout
    wrong = tmp_path / "docker-compose.yml"
    wrong.write_text(
        (ROOT / "docker-compose.yml").read_text("utf-8").replace("healthcheck:", "helthcheck:"), encoding="utf-8"
    )
    assert check_schema(wrong).returncode == 1
    docker = ["docker", "compose", "--file", str(ROOT / "docker-compose.yml"), "--profile", "demo", "config", "--quiet"]
    if shutil.which("docker") and not subprocess.run(docker[:2], capture_output=True, check=False).returncode:
        done = subprocess.run(docker, env={**os.environ, **FILLED}, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


def test_the_example_names_what_the_compose_file_takes():
    """Each variable is explained in .env.example; the password is the one that must be set."""
    assert named_variables() == set(example_environment())
    with pytest.raises(KeyError, match=r"RINGWATCH_PASSWORD: copy \.env\.example"):
        read_compose(example_environment())
    assert read_compose(FILLED)["services"]["api"]["environment"]["RINGWATCH_PASSWORD"] == FILLED["RINGWATCH_PASSWORD"]


def variables_read() -> set[str]:
    """The variables that the code reads: every string that is the name of one."""
    trees = [ast.parse(path.read_text("utf-8")) for room in ROOMS for path in (ROOT / room).glob("*.py")]
    texts = {node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    return {text for text in texts if isinstance(text, str) and re.fullmatch(r"RINGWATCH_[A-Z_]+", text)}


def test_what_containers_are_given_is_what_the_code_reads():
    """No name is misspelt, and nothing that the code can be told is out of reach."""
    services = read_compose(FILLED)["services"]
    ours = {name for service in ("api", "demo") for name in services[service]["environment"]}
    known = variables_read()
    assert ours == known - NOT_FOR_CONTAINERS
    assert known >= NOT_FOR_CONTAINERS
    assert {name for name in {**read_image().environment, **FILLED} if name.startswith("RINGWATCH_")} <= known


def test_containers_reach_the_database_by_the_name_and_account_of_its_service():
    """Host, port and user of the URL are those of the service neo4j, and its password is the one that is set there."""
    services = read_compose(FILLED)["services"]
    for name in ("api", "demo"):
        environment = services[name]["environment"]
        url = parse_neo4j_url(environment["RINGWATCH_DATABASE"].replace("@", f":{environment['RINGWATCH_PASSWORD']}@"))
        assert f"{url.user}/{url.password}" == services[url.host]["environment"]["NEO4J_AUTH"]
        assert f"127.0.0.1:{url.port}:{url.port}" in services[url.host]["ports"]
        assert services[name]["depends_on"] == {url.host: {"condition": "service_healthy"}}


def test_a_secret_key_is_handed_in_where_there_is_one():
    """Without one nothing is mounted and the variable is empty; with one the file lies where the variable says."""
    without, with_key = (
        read_compose({**FILLED, "RINGWATCH_SECRET_KEY_FILE": file})["services"]["api"] for file in ("", "./our.key")
    )
    assert without["environment"]["RINGWATCH_SECRET_KEY_FILE"] == ""
    assert without["volumes"] == ["/dev/null:/run/ringwatch.key:ro"]
    place = with_key["environment"]["RINGWATCH_SECRET_KEY_FILE"]
    assert with_key["volumes"] == [f"./our.key:{place}:ro"]


def test_services_are_pinned_confined_and_looked_after():
    """Images have versions, ports are on the loopback address, ours write nothing and may do nothing."""
    compose, image = read_compose(FILLED), read_image()
    services = compose["services"]
    assert services["neo4j"]["image"] == f"neo4j:{LTS}-community"
    assert set(services["neo4j"]["volumes"]) == {
        f"{name}:/{name.removeprefix('neo4j-')}" for name in compose["volumes"]
    }
    for name, service in services.items():
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", [])), name
        assert "test" in service["healthcheck"] or service["restart"] == "no", name
    for name in ("api", "demo"):
        assert services[name]["read_only"] is True
        assert services[name]["tmpfs"] == [image.value("WORKDIR")]
        assert services[name]["cap_drop"] == ["ALL"]
        assert services[name]["build"] == "."
    assert services["demo"]["restart"] == "no"


def test_the_image_is_slim_pinned_and_nobodys():
    """Both stages start from one version of Python that we support; a number of a user runs it, never root."""
    image = read_image()
    version_named = re.fullmatch(r"PYTHON=(\d+)\.(\d+)\.\d+-slim-\w+", image.instructions[0][1])
    assert version_named
    assert (3, 11) <= (int(version_named[1]), int(version_named[2])) < (3, 15)
    assert {said.split(" AS ")[0] for name, said in image.instructions if name == "FROM"} == {"python:${PYTHON}"}
    users = [int(part) for part in image.value("USER").split(":")]
    assert all(user >= 1000 for user in users)
    assert not [name for name, _ in image.last_stage if name in ("RUN", "ADD")]  # nothing is fetched into it


def test_everything_the_image_is_built_from_is_sent_to_the_engine():
    """.dockerignore lets through each room and each file that the Dockerfile copies or installs from."""
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")}
    rooms = {link.name for link in (ROOT / "src" / "ringwatch").iterdir() if link.is_symlink()}
    assert rooms
    assert rooms <= allowed
    copied = [
        source
        for name, said in read_image().instructions
        if name == "COPY" and not said.startswith("--from")
        for source in said.split()[:-1]
    ]
    for source in set(copied) - {"."}:
        assert (ROOT / source).exists()
        assert {source, re.sub(r"[^/]+(\.\w+)$", r"*\1", source)} & allowed
    assert {"pyproject.toml", "README.md", "LICENSE", "src"} <= allowed


def command_lines() -> list[list[str]]:
    """The arguments with which each container starts the image's entry point."""
    image, services = read_image(), read_compose(FILLED)["services"]
    assert image.command("ENTRYPOINT") == ["ringwatch"]
    return [image.command("CMD"), *(services[name]["command"] for name in ("api", "demo"))]


@pytest.mark.parametrize("arguments", command_lines(), ids=lambda arguments: arguments[0])
def test_containers_start_commands_that_there_are(arguments: list[str]):
    """The real command line takes each word of them."""
    group = typer.main.get_command(build_app())
    context = group.make_context("ringwatch", list(arguments), resilient_parsing=True)
    _, command, rest = group.resolve_command(context, [*context._protected_args, *context.args])  # type: ignore[attr-defined]
    assert not command.make_context(command.name, list(rest), parent=context).args
    with pytest.raises(typer.TyperException):
        command.make_context(command.name, [*rest, "--no-such-option"], parent=context)


def test_the_health_check_of_the_image_tells_a_server_that_answers(tmp_path: Path):
    """Its command is the same in both files, ends with 0 while the server is ready and with another status after."""
    check = read_image().command("HEALTHCHECK")
    api = read_compose(FILLED)["services"]["api"]
    assert api["healthcheck"]["test"] == ["CMD", *check]
    assert f"127.0.0.1:{read_image().value('EXPOSE')}/" in check[-1]
    assert api["ports"] == ["127.0.0.1:8000:8000"]
    assert check[0] == "python"
    url = f"sqlite:///{tmp_path / 'rings.db'}"
    fill(url, [3])
    with running_server(url, tmp_path / "log", *read_image().command("CMD")[1:3], "--anyone") as server:
        code = check[-1].replace(":8000", f":{server.url.rpartition(':')[2]}")
        assert code != check[-1]
        assert subprocess.run([sys.executable, *check[1:-1], code], capture_output=True, check=False).returncode == 0
    assert subprocess.run([sys.executable, *check[1:-1], code], capture_output=True, check=False).returncode != 0


def test_the_settings_of_the_server_are_settings_of_the_server(tmp_path: Path):
    """Neo4j itself finds no fault with them; it would not start with one that it does not know."""
    given = read_compose(FILLED)["services"]["neo4j"]["environment"]
    settings = {
        setting_of(name): value
        for name, value in given.items()
        if name.startswith("NEO4J_") and name not in OF_THE_IMAGE
    }
    assert "server.memory.heap.max_size" in settings
    try:
        jars, java = server_jars(version()), find_java(version())
    except NoServerError as reason:
        pytest.skip(str(reason))
    configure(tmp_path, 7687, settings)
    admin(java, jars, tmp_path, ["dbms", "set-initial-password", FILLED["RINGWATCH_PASSWORD"]])
    configure(tmp_path, 7687, {**settings, "server.memory.heap.maximal_size": "1g"})
    with pytest.raises(NoServerError, match=r"server\.memory\.heap\.maximal_size"):
        admin(java, jars, tmp_path, ["dbms", "set-initial-password", FILLED["RINGWATCH_PASSWORD"]])
