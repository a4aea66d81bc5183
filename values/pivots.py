"""A value that a person names, in the form in which a database keeps it."""

from dataclasses import dataclass
from difflib import get_close_matches

from ringwatch.model.errors import ConfigError
from ringwatch.model.kinds import Kind, Registry
from ringwatch.values.hashing import PREFIX, hash_value
from ringwatch.values.mask import mask
from ringwatch.values.normalise import normalise


@dataclass(frozen=True, slots=True)
class Pivot:
    """A value: ``text`` is canonical, hashed where the database is; ``display`` is what a person reads."""

    kind: Kind
    text: str
    display: str


def find_pivot(registry: Registry, kind_name: str, text: str, key: bytes | None) -> Pivot:
    """Return the value that a person means by a kind and a text, written in any way that loading understands.

    Raises:
        ConfigError: there is no such kind, or the text is no value of it.
    """
    kind = find_kind(registry, kind_name)
    if text.startswith(PREFIX):
        return Pivot(kind, text, text)
    found = normalise(kind, text)
    if found.value is None:
        raise ConfigError(f"{kind.name} {text!r}: is no value of that kind ({found.junk}); nothing was changed")
    if key is None or not kind.is_personal:
        return Pivot(kind, found.value, found.value)
    return Pivot(kind, hash_value(found.value, key, kind), mask(kind, found.value))


def find_kind(registry: Registry, name: str) -> Kind:
    """Return the kind of that name; ConfigError where nobody declared it and its name does not say so."""
    if name in registry or name.startswith("other:"):
        return registry[name]
    near = [f"other:{name}"] if f"other:{name}" in registry else get_close_matches(name, registry.kinds, n=1)
    hint = f"did you mean {near[0]}?" if near else f"expected one of {', '.join(sorted(registry.kinds))}"
    raise ConfigError(f"kind {name}: this database knows no such kind; {hint}")
