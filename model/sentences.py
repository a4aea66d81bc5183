"""Evidence in plain words, for people who know sellers and not statistics."""

from collections.abc import Sequence

from ringwatch.model.kinds import WRITINGS_MARK
from ringwatch.model.rings import Evidence

N_NAMED = 3  # sellers named in a sentence before "and N others"

KIND_WORDS = {
    "account": "bank or payment account",
    "payee_name": "name of the payee",
    "phone": "phone number",
    "fax": "fax number",
    "email": "e-mail address",
    "wechat": "WeChat account",
    "qq": "QQ account",
    "whatsapp": "WhatsApp account",
    "telegram": "Telegram account",
    "browser_print": "browser fingerprint",
    "ip": "IP address",
    "tax_id": "tax number",
    "company_number": "company number",
    "id_document": "identity document",
    "legal_representative": "legal representative",
    "name_server": "name server",
    "tracking_id": "web tracking id",
    "image_hash": "product photo",
    "text_shingle": "product text",
    "waybill_sender": "sender on waybills",
    "carrier_account": "carrier account",
}

# What a part says that rests on no shared value: where it speaks for one operator, and where against.
PLAIN_PARTS = {
    "prior": (
        "The starting point: how common rings are here, and what both could share and do not.",
        "The starting point: few sellers are one operator, and what both could share and do not.",
    ),
    "brands": ("Lists the same brands as the ring.", "Lists other brands than the ring."),
    "registered": ("Registered close in time to the ring.", "Registered at another time than the ring."),
    "country": ("Registered in the country of the ring.", "Registered in another country than the ring."),
    "name": ("Its name resembles names in the ring.", "Its name resembles none in the ring."),
    "judgement": ("A person judged that it belongs here.", "A person judged that it does not belong here."),
    "size": ("The size of the ring speaks for it.", "A larger ring asks for more evidence."),
}


def kind_words(kind: str) -> str:
    """Return what people call a kind.

    >>> kind_words("ip"), kind_words("other:loyalty_card")
    ('IP address', 'loyalty card')
    """
    written = kind.removesuffix("_like")
    if written != kind:
        return f"{kind_words(written)}, written alike"
    return KIND_WORDS.get(kind) or kind.removeprefix("other:").replace("_", " ")


def describe(evidence: Evidence) -> str:
    """Return one part of a score as a sentence.

    >>> describe(Evidence("phone", "contact", "+15550100", 3, ("s2", "s3"), 2.5))
    'Same phone number as s2 and s3: +15550100. 3 sellers use it.'
    >>> describe(Evidence("address_like", "place", "12 | garten ~ 12 | gartn", 2, ("s2",), 1.5))
    'The same address as s2 but for the writing: 12 | garten or 12 | gartn. 2 sellers use it.'
    """
    if not evidence.value:
        speaks_for, against = PLAIN_PARTS.get(
            evidence.kind, (f"{evidence.kind} speaks for it.", f"{evidence.kind} speaks against it.")
        )
        return speaks_for if evidence.score > 0 else against
    fellows = f" as {names(evidence.sellers)}" if evidence.sellers else " as others"
    if WRITINGS_MARK in evidence.value:
        kind = kind_words(evidence.kind.removesuffix("_like"))
        shown = evidence.value.replace(WRITINGS_MARK, " or ")
        return f"The same {kind}{fellows} but for the writing: {shown}. {evidence.n_holders:,} sellers use it."
    return f"Same {kind_words(evidence.kind)}{fellows}: {evidence.value}. {evidence.n_holders:,} sellers use it."


def names(seller_ids: Sequence[str]) -> str:
    """Return sellers in a row, the first ones by id and the rest counted.

    >>> names(["a"]), names(["a", "b"]), names(["a", "b", "c", "d", "e"])
    ('a', 'a and b', 'a, b, c and 2 others')
    """
    shown = list(seller_ids[:N_NAMED])
    n_more = len(seller_ids) - len(shown)
    last = f"{n_more:,} other{'s' if n_more > 1 else ''}" if n_more else shown.pop()
    return f"{', '.join(shown)} and {last}" if shown else last
