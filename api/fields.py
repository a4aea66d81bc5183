"""How fields, arguments and enums of the schema are declared: always with a description."""

import math
from collections.abc import Callable, Mapping
from enum import EnumMeta
from typing import ParamSpec, TypeVar, cast

import strawberry
from strawberry.types.enum import StrawberryEnumDefinition

from ringwatch.model.visibility import MAY, Act, ActorRole

P = ParamSpec("P")
T = TypeVar("T")


def resolved(description: str, act: Act | None = None) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Return the decorator that makes a method a field (``strawberry.field``, which is not typed as a decorator).

    ``act``: what a role must allow to ask a field of a root, which its description tells.
    """
    if act is not None:
        description += f" For {who_may(act)}."
    made = strawberry.field(description=description, metadata={"act": act})
    return cast("Callable[[Callable[P, T]], Callable[P, T]]", made)


def who_may(act: Act) -> str:
    """Return the roles that may do an act, in words.

    >>> who_may(Act.JUDGE), who_may(Act.READ)
    ('investigators', 'investigators, approvers and operators')
    """
    *names, last = (f"{role.value}s" for role in ActorRole if role in MAY[act])
    return f"{', '.join(names)} and {last}" if names else last


def finite(score: float) -> float | None:
    """Return the score, None where nothing is known of it (a NaN)."""
    return score if math.isfinite(score) else None


def describe_enum(enum: EnumMeta, name: str, description: str, values: Mapping[str, str]) -> None:
    """Make an enum of the vocabulary an enum of the schema, each value with its description."""
    strawberry.enum(enum, name=name, description=description)
    definition: StrawberryEnumDefinition = enum.__strawberry_definition__  # type: ignore[attr-defined]  # set above
    for value in definition.values:
        value.description = values[value.name]
