"""The registry of kinds and families, as data.

A *kind* says what a shared value is (phone, address, account); a *family* is the group of kinds that counts as one
independent source of evidence. A marketplace adds kinds of its own in its mapping file; they live in the database
and are handed around as part of a ``Registry``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType


class Family(StrEnum):
    """A group of kinds that speak as one independent source of evidence."""

    PAYOUT = "payout"
    CONTACT = "contact"
    PLACE = "place"
    ACCESS = "access"
    CONTENT = "content"
    LOGISTICS = "logistics"
    WEB = "web"
    REGISTRATION = "registration"
    IDENTITY = "identity"
    NAME = "name"
    TRADE = "trade"
    OTHER = "other"


COUNTING_FAMILIES = frozenset(
    {
        Family.PAYOUT,
        Family.CONTACT,
        Family.PLACE,
        Family.ACCESS,
        Family.CONTENT,
        Family.LOGISTICS,
        Family.WEB,
    }
)
"""Families that count towards the two that a closure needs; the rest speak in the score only."""


class Exclusivity(StrEnum):
    """How surely a value belongs to one party when nothing innocent is at work."""

    EXCLUSIVE = "exclusive"  # issued to one party: a bank account, a device, a tax id
    PERSONAL = "personal"  # usually one party or household: a phone, a mailbox, a flat
    SHARED = "shared"  # often many strangers: an IP, a photo, a phrase


@dataclass(frozen=True, slots=True)
class Kind:
    """What a shared value is, how it is normalised and what innocent reasons strangers have to share it."""

    name: str
    family: Family
    normaliser: str
    exclusivity: Exclusivity
    innocent_reasons: tuple[str, ...] = ()
    is_personal: bool = False  # hashed under --secret-key-file, masked for roles that may not see it

    @property
    def counts(self) -> bool:
        """Whether the family counts towards the two that a closure needs."""
        return self.family in COUNTING_FAMILIES


WRITTEN = frozenset({"address", "name"})
"""Normalisers of what people write in more ways than normalising makes equal."""

LIKENESS = "likeness"
"""Normaliser of kinds whose values are never loaded: several writings of one thing, taken together by detection."""
WRITINGS_MARK = " ~ "
"""Between the writings that a value of such a kind takes together."""
_LIKE = "_like"


def likeness_of(kind: Kind) -> Kind:
    """Return the kind of values of a kind that are alike but for their writing; it belongs to the same family.

    >>> likeness_of(REGISTRY["address"]).name
    'address_like'
    """
    return replace(kind, name=kind.name + _LIKE, normaliser=LIKENESS, exclusivity=Exclusivity.SHARED)


EXEMPTION_REASONS = (
    "warehouse",
    "forwarder",
    "payment_provider",
    "agency",
    "office",
    "dormitory",
    "family",
    "supplier_photo",
    "placeholder",
)
"""Typed reasons for which a person may call a value innocent."""

_P, _C, _S = Exclusivity.EXCLUSIVE, Exclusivity.PERSONAL, Exclusivity.SHARED
_HANDLE_REASONS = ("agency", "family")

BUILTIN_KINDS: tuple[Kind, ...] = (
    Kind("address", Family.PLACE, "address", _C, ("warehouse", "forwarder", "office", "dormitory", "family", "agency")),
    Kind("account", Family.PAYOUT, "account", _P, ("payment_provider", "family", "agency"), is_personal=True),
    Kind("payee_name", Family.NAME, "name", _S, ("payment_provider", "family")),
    Kind("phone", Family.CONTACT, "phone", _C, ("agency", "family", "office"), is_personal=True),
    Kind("fax", Family.CONTACT, "phone", _C, ("agency", "office"), is_personal=True),
    Kind("email", Family.CONTACT, "email", _C, ("agency", "family", "office"), is_personal=True),
    *(
        Kind(name, Family.CONTACT, "handle", _C, _HANDLE_REASONS, is_personal=True)
        for name in ("wechat", "qq", "whatsapp", "telegram", "line", "skype", "viber", "signal")
    ),
    Kind("device", Family.ACCESS, "token", _P, ("office", "dormitory", "family", "agency"), is_personal=True),
    Kind("browser_print", Family.ACCESS, "token", _S, ("office", "agency"), is_personal=True),
    Kind("cookie", Family.ACCESS, "token", _P, ("office", "family", "agency"), is_personal=True),
    Kind("ip", Family.ACCESS, "ip", _S, ("office", "dormitory", "family", "agency")),
    Kind("tax_id", Family.IDENTITY, "tax_id", _P, ("agency", "family"), is_personal=True),
    Kind("company_number", Family.IDENTITY, "company_number", _P, ("agency",)),
    Kind("id_document", Family.IDENTITY, "token", _P, ("family",), is_personal=True),
    Kind("legal_representative", Family.IDENTITY, "name", _S, ("agency", "family"), is_personal=True),
    Kind("website", Family.WEB, "url", _C, ("agency", "payment_provider")),
    Kind("domain", Family.WEB, "domain", _C, ("agency",)),
    Kind("name_server", Family.WEB, "domain", _S, ("agency",)),
    Kind("tracking_id", Family.WEB, "token", _P, ("agency",)),
    Kind("image_hash", Family.CONTENT, "image_hash", _S, ("supplier_photo",)),
    Kind("text_shingle", Family.CONTENT, "token", _S, ("supplier_photo", "agency")),
    Kind("waybill_sender", Family.LOGISTICS, "name", _C, ("warehouse", "forwarder")),
    Kind("carrier_account", Family.LOGISTICS, "token", _P, ("warehouse", "forwarder")),
)


@dataclass(frozen=True, slots=True)
class Registry:
    """The kinds in force: the built-in ones and those that a marketplace declared or that loading met."""

    kinds: Mapping[str, Kind]

    def __getitem__(self, name: str) -> Kind:
        """Return the kind of that name; a kind nobody declared is of family ``other``."""
        written = self.kinds.get(name.removesuffix(_LIKE))
        if name not in self.kinds and written is not None and written.normaliser in WRITTEN:
            return likeness_of(written)
        return self.kinds.get(name) or unknown_kind(name)

    def __contains__(self, name: str) -> bool:
        """Say whether the kind was declared."""
        return name in self.kinds

    def with_kinds(self, kinds: Iterable[Kind]) -> "Registry":
        """Return a registry in which ``kinds`` replace or join the present ones."""
        return Registry(MappingProxyType({**self.kinds, **{kind.name: kind for kind in kinds}}))


def unknown_kind(name: str) -> Kind:
    """Return the kind under which values of an undeclared kind are kept: ``other:NAME``, family ``other``.

    >>> unknown_kind("horoscope").name
    'other:horoscope'
    """
    full = name if name.startswith("other:") else f"other:{name}"
    return Kind(full, Family.OTHER, "token", Exclusivity.SHARED)


REGISTRY = Registry(MappingProxyType({kind.name: kind for kind in BUILTIN_KINDS}))
"""The built-in kinds."""
