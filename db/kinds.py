"""Kinds that a marketplace declared, as they are kept in the database."""

import json
from dataclasses import asdict

from ringwatch.db.database import Session
from ringwatch.model.kinds import REGISTRY, Exclusivity, Family, Kind, Registry, unknown_kind


def registry_of(session: Session) -> Registry:
    """Return the kinds in force: the built-in ones, those declared, and those only met while loading."""
    kinds = []
    for _, name, definition in session.rows("kinds"):
        if definition is not None:
            kinds.append(_kind(definition))
        elif name not in REGISTRY:
            kinds.append(unknown_kind(name))
    return REGISTRY.with_kinds(kinds)


def definition_of(kind: Kind) -> str:
    """Return a kind as the JSON text that is kept.

    >>> _kind(definition_of(REGISTRY["phone"])) == REGISTRY["phone"]
    True
    """
    return json.dumps(asdict(kind), ensure_ascii=False, sort_keys=True)


def _kind(definition: str) -> Kind:
    fields = json.loads(definition)
    return Kind(
        **{
            **fields,
            "family": Family(fields["family"]),
            "exclusivity": Exclusivity(fields["exclusivity"]),
            "innocent_reasons": tuple(fields["innocent_reasons"]),
        }
    )
