"""How fields, arguments and enums of the schema are declared: always with a description."""

import math
from collections.abc import Callable, Mapping
from enum import EnumMeta
from typing import ParamSpec, TypeVar, cast

import strawberry
from strawberry.types.enum import StrawberryEnumDefinition

P = ParamSpec("P")
T = TypeVar("T")


def resolved(description: str) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Return the decorator that makes a method a field (``strawberry.field``, which is not typed as a decorator)."""
    return cast("Callable[[Callable[P, T]], Callable[P, T]]", strawberry.field(description=description))


def finite(score: float) -> float | None:
    """Return the score, None where nothing is known of it (a NaN)."""
    return score if math.isfinite(score) else None


def describe_enum(enum: EnumMeta, name: str, description: str, values: Mapping[str, str]) -> None:
    """Make an enum of the vocabulary an enum of the schema, each value with its description."""
    strawberry.enum(enum, name=name, description=description)
    definition: StrawberryEnumDefinition = enum.__strawberry_definition__  # type: ignore[attr-defined]  # set above
    for value in definition.values:
        value.description = values[value.name]
