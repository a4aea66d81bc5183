"""With ``--json`` standard output holds one JSON object and nothing else."""

import json

import pytest

COMMANDS = [
    ("rings",),
    ("exemptions",),
    ("what-if", "phone", "+4940123456"),
    ("settings",),
    ("settings", "theta", "2.5"),
    ("doctor",),
    ("detect",),
    ("backup", "copy.db"),
    ("exempt", "address", "12 Dock Road, Hamburg", "--reason", "forwarder"),
    ("export", "rings", "--format", "csv", "--output", "rings.csv"),
    ("export", "rings", "--format", "json", "--output", "-"),
]


@pytest.mark.usefixtures("own_market")
@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_one_object_on_one_line(here, arguments: tuple[str, ...]):
    done = here(*arguments, "--json")
    assert done.status == 0, done.err
    assert isinstance(json.loads(done.out), dict)
    assert done.out.count("\n") == 1


def test_a_load_with_rejects_and_warnings_keeps_them_apart(here, tmp_path):
    """Warnings go to standard error; the object counts the rejects and names their file."""
    (tmp_path / "data").mkdir()
    sellers = "seller_id,registered_at\n" + "".join(f"s{n},2025-01-01\n" for n in range(40)) + "bad,31/02/2025\n"
    (tmp_path / "data" / "sellers.csv").write_text(sellers, encoding="utf-8")
    (tmp_path / "data" / "identifiers.csv").write_text("holder_id,kind,value\ns1,horoscope,leo\n", encoding="utf-8")
    done = here("load", "data", "--json")
    assert done.json["rejected"] == 1
    assert (tmp_path / done.json["rejects_file"]).read_text(encoding="utf-8").count("\n") == 2
    assert "horoscope" in done.err
