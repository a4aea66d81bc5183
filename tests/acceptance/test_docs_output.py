"""What the pages of documentation show is what happens: the lines of shell, their output, queries and files."""

import asyncio
import json
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
    assert [here(*line).status for line in (("load", market_folder()), ("detect",))] == [0, 0]
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


ONLY_SOMETIMES = {
    "load": {"import", "folder", "nodes", "links", "command"},  # with --import-files
    "exemptions": {"is_suggestion", "ground", "why", "n_holders"},  # with --suggest
    "exempt": {"lifted"},  # with --lift
    "close": {"store_id", "reason"},  # where stores are left
    "undo": {"store_id", "reason"},  # as above
    "reasons": {"incompatible_content_illegal"},  # where complaints were upheld
    "appeal uphold": {"replay"},  # the name of the command that answers alike
    "ledger verify": {"entry", "fault"},  # of a ledger that is not whole
    "why": {"missing"},  # told with why-not, which has it
    "screen": {"error", "why"},  # of an applicant that cannot be read; the name of the command that answers alike
    "notice": {"notices", "read", "rejected", "rejects_file"},  # of many
}


def named_keys() -> dict[str, set[str]]:
    """Return the keys that the page of the command line names for each command."""
    page = (ROOT / "docs" / "command-line.md").read_text("utf-8")
    table = page.partition("## Answers with `--json`")[2].partition("\n\nThe scores of")[0]
    rows = re.findall(r"^\| (`.*?`) \| (.*) \|$", table, re.MULTILINE)
    keys = {name: set(re.findall(r"`([a-z_]+[a-z0-9_]*)`", told)) for names, told in rows for name in names.split(", ")}
    return {name.strip("`"): told - ONLY_SOMETIMES.get(name.strip("`"), set()) for name, told in keys.items()}


def answers_of_closing(here) -> dict[str, Any]:
    """Close the stores of close rings of a copy and undo it; return how each command ended."""
    url = ("--database", "sqlite:///third.db", "--json")
    here("copy", "--from", "sqlite:///ringwatch.db", "--to", "sqlite:///third.db")
    roles = ("investigator", "approver", "operator")
    keys = {role: here("actor", "add", role, "--role", role, *url).json["key"] for role in roles}

    def run(role: str, *line: str) -> Any:
        return here(*line, *url, RINGWATCH_KEY=keys[role])

    def approve(plan: Any) -> Any:
        return run("approver", "approve", plan.json["plan_id"], "--digest", plan.json["digest"])

    found = {"plan": run("investigator", "plan", "--tier", "close", "--immediate", "unsafe")}
    found |= {"approve": approve(found["plan"]), "close": run("operator", "close", "P-1")}
    store_id = next(store["store_id"] for store in found["plan"].json["stores"] if store["action"] == "close")
    found |= {name: run("operator", name, store_id) for name in ("store", "reasons")}
    for _ in range(2):
        undo = run("investigator", "plan", "--undo", "P-1", "--reason", "wrong")
    found["reject"] = run("approver", "reject", "P-2", "--reason", "twice")
    approve(undo)
    found |= answers_of_appeals(run, store_id)
    (Path.cwd() / "secret").write_bytes(b"0123456789abcdef")
    line = ("webhook", "set", f"file://{Path.cwd()}/told.jsonl", "--secret-file", "secret")
    found |= {"outbox": run("operator", "outbox"), "webhook set": run("operator", *line)}
    return found | {"undo": run("operator", "undo", "P-3"), "plans": run("operator", "plans")}


def answers_of_appeals(run: Any, store_id: str) -> dict[str, Any]:
    """Have a closed store appeal twice: in vain, and with success."""
    opening = ("appeal", "open", store_id, "--text", "not ours")
    found = {"appeal open": run("investigator", *opening)}
    found["appeal reject"] = run("approver", "appeal", "reject", "A-1", "--reason", "no proof")
    run("investigator", *opening)
    found["appeal uphold"] = run("approver", "appeal", "uphold", "A-2", "--reason", "another family")
    ring_id = run("operator", "store", store_id).json["decisions"][0]["ring_id"]
    value = run("operator", "ring", ring_id).json["values"][0]
    replay = run("operator", "replay", "--value", f"{value['kind']}:{value['value']}")
    return found | {"appeal list": run("operator", "appeal", "list"), "replay": replay}


def applicant_like(ring: Any) -> str:
    """Return a line of an applicant that uses all that a ring shares under one identifier or another."""
    rows = [{"kind": v["kind"], "value": v["value"]} for v in ring["values"] if v["family"] in {"contact", "access"}]
    return json.dumps({"seller_id": "new", "name": "New", "country": "CN", "identifiers": rows}) + "\n"


@pytest.mark.usefixtures("own_market")
def test_answers_hold_the_keys_that_the_page_names(here, tmp_path):
    """Of every command but those that serve; where a key comes only with an option, `ONLY_SOMETIMES` says so."""
    ring = here("rings", "--json").json["rings"][0]["ring_id"]
    one, other, *_ = [member["seller_id"] for member in here("ring", ring, "--json").json["members"]]
    (tmp_path / "labels.csv").write_text(f"seller_id,ring\n{one},A\n{other},A\n", encoding="utf-8")
    first_run = here("rings", "--json").json["run_id"]
    (tmp_path / "applicants.jsonl").write_text(applicant_like(here("ring", ring, "--json").json), encoding="utf-8")
    lines = {
        "judge": f"judge {ring} {one} same --reason seen",
        "exempt": "exempt phone +4940123456 --reason office",
        "exemptions": "exemptions",
        "load": f"load {market_folder()} --source again",
        "detect": "detect",
        "rings": "rings",
        "ring": f"ring {ring}",
        "why": f"why {one} {ring}",
        "why-not": f"why-not S0000001 {ring}",
        "path": f"path {one} {other}",
        "lineage": f"lineage {ring}",
        "changes": f"changes --since {first_run}",
        "screen": "screen applicants.jsonl",
        "notice": "notice file --listing L00000001 --brand B0000",
        "notices": "notices",
        "reporters": "reporters",
        "evaluate": "evaluate --labels labels.csv",
        "export rings": "export rings --format csv --output rings.csv",
        "settings": "settings",
        "backup": "backup copy.db",
        "copy": "copy --from sqlite:///ringwatch.db --to sqlite:///second.db",
        "ledger verify": "ledger verify",
        "ledger export": "ledger export --output ledger.jsonl",
        "actor add": "actor add ann --role approver --database sqlite:///second.db",
        "actor list": "actor list --database sqlite:///second.db",
        "actor rotate": "actor rotate ann --database sqlite:///second.db",
        "actor revoke": "actor revoke ann --database sqlite:///second.db",
        "doctor": "doctor",
        "demo": "demo --no-serve --database sqlite:///demo.db",
    }
    answers = {name: here(*line.split(), "--json") for name, line in lines.items()}
    value = next(part for part in answers["why"].json["evidence"] if part["value"])
    answers["what-if"] = here("what-if", value["kind"], value["value"], "--json")
    answers |= answers_of_closing(here)
    assert named_keys().keys() == {*answers, "serve"}
    assert {name: answer.err for name, answer in answers.items() if answer.status} == {}
    missing = {
        name: [key for key in sorted(keys) if f'"{key}":' not in answers[name].out]
        for name, keys in named_keys().items()
        if name != "serve"
    }
    assert {name: keys for name, keys in missing.items() if keys} == {}
