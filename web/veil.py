"""The picture of a ring as a partner sees it: what is masked is hatched, what lists its brand is not."""

from dataclasses import replace

from ringwatch.web.drawing import Drawing, Mark, RingFacts

CLASS = "masked"


def veil(drawing: Drawing, facts: RingFacts) -> Drawing:
    """Return a picture whose marks lead to the tables of its page and say what is shown of them."""
    n_own = {f"seller:{name}": row.n_listings for name, row in facts.sellers.items()}
    n_own |= {f"store:{store.store_id}": store.n_listings for store in facts.stores}
    tiers = {f"seller:{member.seller_id}": member.tier.value for member in facts.members}
    marks = tuple(_veiled(mark, n_own.get(mark.key, 0), tiers.get(mark.key, "")) for mark in drawing.marks)
    return replace(drawing, marks=marks)


def _veiled(mark: Mark, n_own: int, tier: str) -> Mark:
    href = f"#{mark.row}"
    mark = replace(mark, months="")
    if mark.what == "value":
        return replace(mark, href=href, classes=f"{mark.classes} {CLASS}".strip(), spoken=f"{mark.spoken}, masked")
    name = mark.key.partition(":")[2]
    listings = f"{n_own} listing{'' if n_own == 1 else 's'} of your brand" if n_own else "none of your brand"
    if mark.what == "store":
        return replace(mark, href=href, label=str(n_own), spoken=f"store {name}, {listings}")
    shown = mark.classes if n_own else f"{mark.classes} {CLASS}"
    spoken = f"seller {name}, {tier}{', fragile' if 'fragile' in mark.classes.split() else ''}, {listings}"
    code = name.rpartition("-")[2]  # its shape says that it is a seller
    return replace(mark, href=href, label=code, classes=shown, spoken=spoken, risk=0.0)
