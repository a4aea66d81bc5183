"""Reading a table of labels; it never enters the graph."""

from pathlib import Path
from typing import TYPE_CHECKING

from ringwatch.model.errors import InputError

if TYPE_CHECKING:
    import pyarrow as pa

    from ringwatch.algorithms.evaluation import Labels

COLUMNS = ("seller_id", "ring")


def read_labels(path: Path) -> "Labels":
    """Return the labels of a CSV, JSON Lines or Parquet file, each seller once.

    Raises:
        InputError: there is no such file, it cannot be read, lacks a column or labels a seller twice.
    """
    from ringwatch.algorithms.evaluation import Labels

    table = _read(path)
    wrong = [name for name in COLUMNS if table.column_names.count(name) != 1]
    if wrong:
        n_found = table.column_names.count(wrong[0])
        raise InputError(
            f"{path}: the column {wrong[0]} {'is missing' if n_found == 0 else 'is there twice'},"
            f" expected seller_id and ring, each once;"
            f" the file has {', '.join(table.column_names) or 'none'}; nothing was compared"
        )
    return Labels(*_rows_of_sellers(path, table.select(COLUMNS)))


def _read(path: Path) -> "pa.Table":
    """Return the table of a file, both columns as text."""
    import pyarrow as pa

    if not path.is_file():
        found = "this is no file" if path.exists() else "there is no such file"
        raise InputError(f"{path}: {found}, expected a table with the columns seller_id and ring")
    what = {".parquet": "Parquet", ".jsonl": "JSON Lines in UTF-8"}
    kind = next((suffix for suffix in what if suffix in path.suffixes), ".csv")
    try:
        return _read_as(kind, path)
    except (pa.ArrowException, OSError) as failure:
        reason = " ".join(str(failure).split())
        message = f"{path}: cannot be read as {what.get(kind, 'CSV in UTF-8')} ({reason})"
        raise InputError(f"{message}; nothing was compared") from failure


def _read_as(kind: str, path: Path) -> "pa.Table":
    import pyarrow as pa
    from pyarrow import csv, json, parquet

    as_text = dict.fromkeys(COLUMNS, pa.string())  # ids such as 007 and rings such as 1.0 are text
    if kind == ".parquet":
        table = parquet.read_table(path)
        fields = [field.with_type(as_text.get(field.name, field.type)) for field in table.schema]
        return table.cast(pa.schema(fields))
    if kind == ".jsonl":
        return json.read_json(path, parse_options=json.ParseOptions(explicit_schema=pa.schema(as_text)))
    convert = csv.ConvertOptions(column_types=as_text, strings_can_be_null=False)
    one_thread = csv.ReadOptions(use_threads=False)  # or its errors name no row
    return csv.read_csv(path, read_options=one_thread, convert_options=convert)


def _rows_of_sellers(path: Path, table: "pa.Table") -> tuple["pa.Array", "pa.Array"]:
    """Return sellers and rings without blanks around; the same row twice counts once."""
    import pyarrow as pa
    import pyarrow.compute as pc

    trimmed = [pc.utf8_trim_whitespace(pc.fill_null(column, "")) for column in table.columns]
    once = pa.table(trimmed, names=COLUMNS).group_by(list(COLUMNS), use_threads=False).aggregate([])
    once = once.filter(pc.not_equal(once["seller_id"], ""))
    counts = pc.value_counts(once["seller_id"])
    twice = counts.filter(pc.greater(counts.field("counts"), 1))
    if len(twice):
        seller_id = twice.field("values")[0].as_py()
        raise InputError(
            f"{path}: seller {seller_id} stands in two rings, expected one row a seller; nothing was compared"
        )
    return once["seller_id"].combine_chunks(), once["ring"].combine_chunks()
