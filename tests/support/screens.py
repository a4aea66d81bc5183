"""Every route of the pages, and what tests open of it: a route that stands nowhere here fails a test."""

from collections.abc import Iterator, Mapping

SCREENS: Mapping[str, tuple[str, ...]] = {
    "/": (),  # leads to the rings
    "/rings": ("/rings", "/rings?tier=lead&min=500", "/rings?flagged=1&state=done&assignee=:nobody"),
    "/rings/{ring_id}": (
        "/rings/{ring}",
        "/rings/{ring}#members",
        "/rings/{ring}#judgements",
        "/rings/{ring}#notes",
        "/rings/{ring}?innocent={value}",
    ),
    "/rings/{ring_id}/compare": ("/rings/{ring}/compare",),
    "/sellers/{seller_id:path}": ("/sellers/{member}",),
    "/map": ("/map", "/map?tier=lead&min=500"),
    "/plans": ("/plans", "/plans?state=rejected"),
    "/plans/new": ("/plans/new?ring={ring}",),
    "/plans/{plan_id}": ("/plans/{plan}",),
    "/search": ("/search?q=shangpin", "/search?q=zzzzzz"),
    "/paths": ("/paths", "/paths?from={member}&to={other}", "/paths?from={member}&to=nobody"),
    "/sign-in": ("/sign-in?next=/rings",),
}
"""What a person looks at, by route: full, and empty where it can be."""

FILES: Mapping[str, str] = {
    "/rings/{ring_id}/graph.json": "/rings/{ring}/graph.json",
    "/rings/{ring_id}/picture.svg": "/rings/{ring}/picture.svg",
    "/rings/{ring_id}/graph.graphml": "/rings/{ring}/graph.graphml",
    "/rings/{ring_id}/members.csv": "/rings/{ring}/members.csv",
    "/map/rings.json": "/map/rings.json",
}
"""What programs read."""

PARTNER_SCREENS: Mapping[str, tuple[str, ...]] = {
    "/partner/rings": ("/partner/rings",),
    "/partner/rings/{ring_id}": ("/partner/rings/{ring}",),
}
"""What a partner looks at."""

PARTNER_FILES: Mapping[str, str] = {
    f"/partner/rings/{{ring_id}}/{name}": f"/partner/rings/{{ring}}/{name}"
    for name in ("graph.json", "picture.svg", "graph.graphml", "members.csv", "listings.csv")
}
"""What a partner's programs read."""

FORMS: Mapping[str, str] = {
    "/rings/{ring_id}/judge": "/rings/{ring}/judge",
    "/rings/{ring_id}/exempt": "/rings/{ring}/exempt",
    "/rings/{ring_id}/note": "/rings/{ring}/note",
    "/rings/{ring_id}/assign": "/rings/{ring}/assign",
    "/sellers/{seller_id:path}/note": "/sellers/{member}/note",
    "/flags/{flag_id}/answer": "/flags/F-1/answer",
    "/plans": "/plans",
    "/plans/{plan_id}/approve": "/plans/{plan}/approve",
    "/plans/{plan_id}/reject": "/plans/{plan}/reject",
    "/plans/{plan_id}/undo": "/plans/{plan}/undo",
    "/sign-in": "/sign-in",
    "/sign-out": "/sign-out",
}
"""What forms are sent to."""

PARTNER_FORMS: Mapping[str, str] = {"/partner/rings/{ring_id}/flag": "/partner/rings/{ring}/flag"}
"""What forms of partners are sent to."""

STREAMS: Mapping[str, str] = {"/events": "/events?ring={ring}&seen=0&since=0"}
"""What goes on for as long as somebody listens."""

PROBLEM = "/rings/R-NONE"
"""An address at which nothing is."""


def addresses(named: Mapping[str, str], role: str = "investigator") -> Iterator[str]:
    """Yield the address of every screen of a role, and of the page that says that there is none."""
    for screens in (PARTNER_SCREENS if role == "partner" else SCREENS).values():
        yield from (screen.format_map(named) for screen in screens)
    yield PROBLEM
