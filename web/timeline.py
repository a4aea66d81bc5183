"""When the sellers of a ring registered and its stores opened: bars by month, quarter or year, drawn and as a table."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

MOST_BARS = 48  # more are thinner than the gap between them
WIDTH, HEIGHT, FOOT = 960.0, 74.0, 16.0  # of the drawing; it is stretched to its place
SPANS = (1, 3, 12, 60, 120)  # months in a bar, the first that gives few enough bars
LEAST_LABEL_PX = 64.0  # between two dates below the bars
MONTHS = 12
SPARK_WIDTH, SPARK_FOOT = 60.0, 14.0
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


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
    first_month: str  # as 2026-05
    last_month: str


@dataclass(frozen=True, slots=True)
class Brush:
    """The months of a timeline that are chosen, as 2026-05, both included; "" where there is no border."""

    first: str = ""
    last: str = ""

    @property
    def is_set(self) -> bool:
        """Say whether anything is left out."""
        return bool(self.first or self.last)

    def has(self, months: str) -> bool:
        """Say whether one of some months, blanks between, is chosen.

        >>> Brush("2026-02", "2026-04").has("2025-12 2026-03"), Brush("2026-02").has("")
        (True, False)
        """
        if not self.is_set:
            return True
        return any(self.first <= month <= (self.last or "9999-12") for month in months.split())

    def span(self, bars: Sequence[Bar]) -> tuple[float, float]:
        """Return where on the drawing of some bars the chosen ones begin, and how wide they are."""
        step = WIDTH / max(len(bars), 1)
        chosen = [n for n, bar in enumerate(bars) if self._meets(bar)]
        return (chosen[0] * step, (chosen[-1] + 1 - chosen[0]) * step) if chosen else (0.0, 0.0)

    def _meets(self, bar: Bar) -> bool:
        return bar.last_month >= self.first and bar.first_month <= (self.last or "9999-12")


def sparkline(sizes: Sequence[int]) -> str:
    """Return the points of a line of 60 by 16 pixels through sizes, first ones first; "" for fewer than two.

    >>> sparkline([2, 4]), sparkline([5])
    ('0.0,7.5 60.0,1.0', '')
    """
    shown = sizes[-MOST_BARS:]
    if len(shown) < 2:  # one point is no line
        return ""
    step = SPARK_WIDTH / (len(shown) - 1)
    return " ".join(
        f"{n * step:.1f},{SPARK_FOOT - size / max(shown) * (SPARK_FOOT - 1):.1f}" for n, size in enumerate(shown)
    )


def asked_brush(first: str, last: str) -> Brush:
    """Return the months that an address names; what is no month is as if it were not there.

    >>> asked_brush("2026-05", "soon")
    Brush(first='2026-05', last='')
    """
    return Brush(*(text if _MONTH.fullmatch(text) else "" for text in (first, last)))


def months_of(moments: Iterable[datetime | None]) -> str:
    """Return the months of moments, ascending, each once, with a blank between.

    >>> months_of([datetime(2026, 5, 4), None, datetime(2026, 5, 9), datetime(2025, 12, 1)])
    '2025-12 2026-05'
    """
    return " ".join(sorted({f"{moment:%Y-%m}" for moment in moments if moment is not None}))


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
            Bar(
                *(_label(start, span), n_sellers, n_stores, left, width, sellers_px, stores_px, place % every == 0),
                *(_month(start), _month(start + span - 1)),
            )
        )
    return bars


def _by_month(moments: Iterable[datetime | None]) -> Counter[int]:
    return Counter(moment.year * MONTHS + moment.month - 1 for moment in moments if moment is not None)


def _month(number: int) -> str:
    return f"{number // MONTHS:04d}-{number % MONTHS + 1:02d}"


def _label(start: int, span: int) -> str:
    year, month = divmod(start, MONTHS)
    if span >= MONTHS:
        return str(year) if span == MONTHS else f"{year} to {year + span // MONTHS - 1}"
    begin = f"{datetime(year, month + 1, 1):%b %Y}"  # noqa: DTZ001 (a month, no moment)
    return begin if span == 1 else f"from {begin}"
