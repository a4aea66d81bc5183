"""How files of named queries are written, whatever language they hold: a header of ``MARK key: text`` lines."""

import re
from collections.abc import Sequence


def header_of(text: str, mark: str) -> dict[str, str]:
    r"""Return the header of a query by its keys; ``mark`` begins a comment in its language.

    >>> header_of("-- purpose: a ring\n-- params: ring_id\nSELECT 1", "--")
    {'purpose': 'a ring', 'params': 'ring_id'}
    """
    return dict(re.findall(rf"^{re.escape(mark)} (\w+):[ ]?(.*)$", text, re.MULTILINE))


def names_of(text: str) -> tuple[str, ...]:
    """Return the names in a line of a header.

    >>> names_of("ring_id, n"), names_of("")
    (('ring_id', 'n'), ())
    """
    return tuple(name.strip() for name in text.split(",") if name.strip())


def in_steps(place: str, file_names: Sequence[str]) -> list[str]:
    """Return the files of a schema, ``NNN_NAME.*``, in the order of their numbers; others are left out.

    >>> in_steps("schema", ["002_more.sql", "README", "001_graph.sql"])
    ['001_graph.sql', '002_more.sql']

    Raises:
        ValueError: the numbers have a gap or a double.
    """
    found = sorted(name for name in file_names if re.match(r"\d{3}_\w+\.", name))
    numbers = [int(name[:3]) for name in found]
    if numbers != list(range(1, len(found) + 1)):
        raise ValueError(f"{place}: steps are numbered {numbers}, expected 1, 2, 3 ... without gap or double")
    return found
