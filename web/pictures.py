"""The picture of a ring as a file: drawn in the light colours, with its title, date, legend and address."""

from dataclasses import dataclass
from datetime import datetime

from ringwatch.web.drawing import Drawing
from ringwatch.web.graphml import allowed
from ringwatch.web.pages import Pages
from ringwatch.web.veil import CLASS

HEAD, FOOT = 66.0, 52.0  # pixels for the title and for the legend
CIRCLE = "M-15 0a15 15 0 1 0 30 0a15 15 0 1 0-30 0"
SQUARE = "M-13-13H13V13H-13z"
FAMILIES = {
    "payout": "#06553a",
    "place": "#ca8400",
    "contact": "#7a3fb0",
    "access": "#0c7384",
    "content": "#a5337c",
    "logistics": "#7a5230",
    "web": "#4d6b00",
}
COLOURS = {
    "canvas": "#fbfcfd",
    "text": "#17202c",
    "muted": "#566273",
    "line": "#dfe4eb",
    "rule": "#c9d0da",
    "risk": "#b8301a",
    "seller": "#3543c4",
    "store": "#1c98db",
    "other": "#5d6672",
    "families": FAMILIES,
}
"""The light half of the style sheet's colours: a file has no theme, and few programs know its functions."""


@dataclass(frozen=True, slots=True)
class Caption:
    """What stands above a picture."""

    ring_id: str
    tier: str
    n_sellers: int
    run_id: str
    at: datetime
    address: str


def picture_file(pages: Pages, drawing: Drawing, caption: Caption) -> str:
    """Return a picture as the text of an SVG file."""
    left, top, width, height = drawing.box
    families = sorted({mark.family for mark in drawing.marks if mark.family})
    shape_of = pages.macros("marks.html").shape_of
    legend = [("Seller", CIRCLE, COLOURS["seller"]), ("Store", SQUARE, COLOURS["store"])]
    legend += [(name.capitalize(), shape_of(name), FAMILIES.get(name, COLOURS["other"])) for name in families]
    width = max(width, 118.0 * len(legend) + 56, 560.0)
    told = (
        f"{caption.tier}, {caption.n_sellers} sellers · run {caption.run_id}, {caption.at:%d %b %Y} · {caption.address}"
    )
    text = pages.draw(
        "picture.svg",
        drawing=drawing,
        is_masked=any(CLASS in mark.classes.split() for mark in drawing.marks),
        title=f"Ring {caption.ring_id}",
        told=told,
        colours=COLOURS,
        legend=legend,
        left=round(left, 2),
        top=round(top - HEAD, 2),
        width=round(width, 2),
        height=round(height + HEAD + FOOT, 2),
    )
    return allowed(text.lstrip())
