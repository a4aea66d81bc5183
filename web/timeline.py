"""When the sellers of a ring registered and its stores opened: bars by month, quarter or year, drawn and as a table."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

MOST_BARS = 48  # more are thinner than the gap between them
WIDTH, HEIGHT, FOOT = 960.0, 74.0, 16.0  # of the drawing; it is stretched to its place
SPANS = (1, 3, 12, 60, 120)  # months in a bar, the first that gives few enough bars
LEAST_LABEL_PX = 64.0  # between two dates below the bars
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Bar:
    """What happened in a span of months: counts, and rectangles from the bottom up."""

    label: str
    n_sellers: int
    n_stores: int
    x: float
    width: float
    sellers_px: float
    stores_px: float
    is_labelled: bool


def draw_bars(registered: Iterable[datetime | None], opened: Iterable[datetime | None]) -> list[Bar]:
    """Return the bars, first ones first, none where no date is known.

    >>> [(bar.label, bar.n_sellers) for bar in draw_bars([datetime(2026, 5, 4), datetime(2026, 7, 1)], [])]
    [('May 2026', 1), ('Jun 2026', 0), ('Jul 2026', 1)]
    """
    sellers, stores = _by_month(registered), _by_month(opened)
    months = sellers.keys() | stores.keys()
    if not months:
        return []
    first, last = min(months), max(months)
    span = next((span for span in SPANS if (last - first) // span < MOST_BARS), SPANS[-1])
    first -= first % span
    starts = range(first, last + 1, span)
    counts = [[sum(of[month] for month in range(start, start + span)) for of in (sellers, stores)] for start in starts]
    most = max(sum(pair) for pair in counts)
    step = WIDTH / len(counts)
    every = max(1, round(LEAST_LABEL_PX / step + 0.5))
    bars = []
    for place, (start, (n_sellers, n_stores)) in enumerate(zip(starts, counts, strict=True)):
        sellers_px, stores_px = (round(n / most * (HEIGHT - FOOT), 2) for n in (n_sellers, n_stores))
        left, width = round(place * step + 1, 2), round(max(min(step - 2, 28.0), 1.0), 2)
        bars.append(
            Bar(_label(start, span), n_sellers, n_stores, left, width, sellers_px, stores_px, place % every == 0)
        )
    return bars


def _by_month(moments: Iterable[datetime | None]) -> Counter[int]:
    return Counter(moment.year * MONTHS + moment.month - 1 for moment in moments if moment is not None)


def _label(start: int, span: int) -> str:
    year, month = divmod(start, MONTHS)
    if span >= MONTHS:
        return str(year) if span == MONTHS else f"{year} to {year + span // MONTHS - 1}"
    begin = f"{datetime(year, month + 1, 1):%b %Y}"  # noqa: DTZ001 (a month, no moment)
    return begin if span == 1 else f"from {begin}"
