"""What the pages of documentation show is what happens: the lines of shell, their output, queries and files."""

import asyncio
import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from ringwatch.api.app import make_app
from ringwatch.api.config import ServeConfig
from ringwatch.fixtures import market_folder

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def blocks(page: Path, language: str) -> list[str]:
    """Return the blocks of a language on a page, dedented."""
    return re.findall(rf"^```{language}\n(.*?)^```", page.read_text("utf-8"), re.DOTALL | re.MULTILINE)


def test_the_readme_shows_what_the_demo_prints(here):
    """Line by line, as a terminal of 80 columns folds it."""
    (shown,) = blocks(ROOT / "README.md", "text")
    printed = "\n".join(line.rstrip() for line in here("demo", "--no-serve", COLUMNS="80").out.splitlines())
    assert shown.rstrip() in printed


@pytest.mark.parametrize("page", ["README.md", "docs/command-line.md"])
def test_lines_of_shell_do_what_they_say(here, tmp_path, page):
    """In their order, on the made-up marketplace in the folder that they name; a server is left out."""
    lines = [
        shlex.split(line[1], comments=True)
        for block in blocks(ROOT / page, "sh")
        for line in re.finditer(r"^ringwatch (.*)$", block, re.MULTILINE)
    ]
    names: dict[str, str] = {}
    assert len(lines) >= 5
    assert here("demo", "--no-serve", "--json").status == 0
    for line in (line for line in lines if line != ["serve"]):
        if line[0] == "load":
            shutil.copytree(market_folder(), tmp_path / line[1])
        done = here(*(names.get(word, word) for word in line))
        assert done.status == 0, (line, done.err)
        if line[0] == "rings":
            ring = here("rings", "--json").json["rings"][0]["ring_id"]
            member = here("ring", ring, "--json").json["members"][0]["seller_id"]
            names |= {"RING_ID": ring, "SELLER_ID": member}


def queries() -> Iterator[tuple[str, str]]:
    """Yield page and query of each block of GraphQL, and of each request by curl; what needs variables is left out."""
    for page in PAGES:
        yield from ((page.name, block) for block in blocks(page, "graphql") if "$" not in block)
        yield from ((page.name, text) for text in re.findall(r"-d '(\{.*?\})'$", page.read_text("utf-8"), re.MULTILINE))


@pytest.mark.parametrize(("page", "query"), list(queries()))
def test_queries_are_answered(market, page, query):
    """Without an error, and with something in it."""

    async def post() -> Any:
        transport = httpx.ASGITransport(make_app(ServeConfig(market)))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            body = {"content": query} if query.startswith('{"query"') else {"json": {"query": query}}
            answer = await client.post("/graphql", headers={"content-type": "application/json"}, **body)  # type: ignore[arg-type]  # (either)
            return answer.json()

    answer = asyncio.run(post())
    assert "errors" not in answer, page
    assert answer["data"]["rings"]["nodes"]


def test_the_mapping_file_loads_an_export(here, tmp_path):
    """The one on the page of input tables fits the export that it speaks of: every part of it is used."""
    (mapping,) = blocks(ROOT / "docs" / "input-tables.md", "toml")
    folder = tmp_path / "export"
    folder.mkdir()
    (folder / "mapping.toml").write_text(mapping, encoding="utf-8")
    header, row = "Verkäufer;phone1;phone2;mail", "V1;+49 30 1234567;+49 40 7654321;a@example.org"
    (folder / "export_sellers_1.csv").write_text(f"{header}\n{row}\n", encoding="utf-8")
    (folder / "identifiers.csv").write_text("holder_id,kind,value\nV1,line_id,anna_line\n", encoding="utf-8")
    done = here("load", "export", "--json")
    assert done.status == 0, done.err
    read = {name: table["read"] - table["rejected"] for name, table in done.json["tables"].items()}
    assert read == {"sellers": 1, "identifiers": 4}
    assert done.json["warnings"] == []
