"""Reading a table of labels; it never enters the graph."""

from pathlib import Path
from typing import TYPE_CHECKING

from ringwatch.model.errors import InputError

if TYPE_CHECKING:
    import pyarrow as pa

    from ringwatch.algorithms.evaluation import Labels

COLUMNS = ("seller_id", "ring")


def read_labels(path: Path) -> "Labels":
    """Return the labels of a CSV or Parquet file, each seller once.

    Raises:
        InputError: there is no such file, it cannot be read, lacks a column or labels a seller twice.
    """
    from ringwatch.algorithms.evaluation import Labels

    table = _read(path)
    missing = [name for name in COLUMNS if name not in table.column_names]
    if missing:
        raise InputError(
            f"{path}: the column {' and '.join(missing)} is missing, expected seller_id and ring;"
            f" the file has {', '.join(table.column_names) or 'none'}; nothing was compared"
        )
    return Labels(*_rows_of_sellers(path, table.select(COLUMNS)))


def _read(path: Path) -> "pa.Table":
    import pyarrow as pa
    from pyarrow import csv, parquet

    if not path.is_file():
        found = "this is no file" if path.exists() else "there is no such file"
        raise InputError(f"{path}: {found}, expected CSV or Parquet with the columns seller_id and ring")
    try:
        if ".parquet" in path.suffixes:
            return parquet.read_table(path)
        # ids such as 007 and rings such as 1.0 are text
        as_text = csv.ConvertOptions(column_types=dict.fromkeys(COLUMNS, pa.string()), strings_can_be_null=False)
        return csv.read_csv(path, convert_options=as_text)
    except (pa.ArrowException, OSError) as failure:
        reason = " ".join(str(failure).split())
        message = f"{path}: cannot be read as {'Parquet' if '.parquet' in path.suffixes else 'CSV'} in UTF-8 ({reason})"
        raise InputError(f"{message}; nothing was compared") from failure


def _rows_of_sellers(path: Path, table: "pa.Table") -> tuple["pa.Array", "pa.Array"]:
    """Return sellers and rings as text without blanks around; the same row twice counts once."""
    import pyarrow as pa
    import pyarrow.compute as pc

    trimmed = [pc.utf8_trim_whitespace(pc.fill_null(column.cast(pa.string()), "")) for column in table.columns]
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
