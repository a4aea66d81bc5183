"""What a partner reads in the place of what is hidden: pseudonyms, rounded scores, and numbers in steps."""

import base64
import hmac

CODE_CHARACTERS = 10  # 50 bits: of the 100,000 things that a brand's rings may hold no two are taken for each other
SCORE_STEPS = 10  # of link scores: a score to sixteen digits would name a ring as surely as its id does
EVIDENCE_STEPS = 2  # halves of a log-odds, for the same reason
BUCKETS = (3, 10, 30, 100, 300, 1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000)
"""Steps in which hidden things are counted: fewer than the first are not told from none."""


def pseudonym(key: bytes, what: str, *hidden: str) -> str:
    """Return the name of a hidden thing under a key: always the same, and nothing of it can be told from it.

    >>> pseudonym(b"k", "seller", "S1"), pseudonym(b"k", "seller", "S2")
    ('seller-ina7tvrd7o', 'seller-4vuujmli4j')
    """
    digest = hmac.digest(key, "\0".join((what, *hidden)).encode("utf-8", "surrogatepass"), "sha256")
    return f"{hidden[0].replace(':', '-') if len(hidden) > 1 else what}-{_code(digest)}"


def _code(digest: bytes) -> str:
    return base64.b32encode(digest).decode("ascii")[:CODE_CHARACTERS].lower()


def coarse_score(score: float) -> float:
    """Return a score from 0 to 1 in tenths, rounded down: what is not sure does not become so.

    >>> coarse_score(0.9996), coarse_score(0.3)
    (0.9, 0.3)
    """
    return int(score * SCORE_STEPS + 1e-9) / SCORE_STEPS


def coarse_evidence(score: float) -> float:
    """Return log-odds in halves; what speaks at all still does.

    >>> [coarse_evidence(score) for score in (2.71, 0.1, 0.0, -0.1)]
    [2.5, 0.5, 0.0, -0.5]
    """
    halves = round(abs(score) * EVIDENCE_STEPS) / EVIDENCE_STEPS
    return 0.0 if score == 0 else (1 if score > 0 else -1) * max(halves, 1 / EVIDENCE_STEPS)


def bucket(n: int) -> int:
    """Return the greatest step that a count reaches, 0 below the first.

    >>> bucket(2), bucket(3), bucket(29)
    (0, 3, 10)
    """
    return max((step for step in BUCKETS if step <= n), default=0)
