"""What people decide about rings and their members; binding for every later run."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """What a person says of a member (same, different, unsure) or of a whole ring (confirmed, dismissed)."""

    SAME = "same"
    DIFFERENT = "different"
    UNSURE = "unsure"  # takes an earlier same or different back
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"


OF_MEMBERS = (Verdict.SAME, Verdict.DIFFERENT, Verdict.UNSURE)
OF_RINGS = (Verdict.CONFIRMED, Verdict.DISMISSED)


@dataclass(frozen=True, slots=True)
class Judgement:
    """One verdict. A ring is meant by its members when it was judged, for names move on and members are facts."""

    ring_id: str
    seller_id: str  # "" where the whole ring is judged
    verdict: Verdict
    members: tuple[str, ...]  # seller_ids of the ring when it was judged, ascending
    reason: str
    owner: str | None = None
