"""Time until our pictures stand, what moving them costs, and what is sent, beside Cytoscape.js and sigma.

Each turn opens every drawer in a profile of its own: ours is the whole page with its tables, written by the server as
it is asked for; a peer is a page with nothing but its picture, of the same marks at the same places, its data ready in
memory. Of the map a peer draws the sellers' dots alone, without discs and names. Then the picture is dragged by a real
mouse. Medians of all turns; the last line is JSON, its ratio how many times as long the faster peer takes to be drawn.

``python -m benchmarks.web [--turns 7]``
"""

import argparse
import gzip
import json
import os
import statistics
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import httpx
from playwright.sync_api import Browser, Page
from tests.support.api_server import running_server
from tests.support.browser import open_browser
from tests.support.ring_database import fill

from benchmarks.web.peers import PEERS, fetch_peers, serve_peers
from ringwatch.web.pages import STATIC

GOAL = 1.0  # faster than both
MOST_DRAWN_MS = 1_000.0
MOST_PAN_MS = {"ring": 20.0, "map": 35.0}
MOST_BYTES = {"js": 40_000, "css": 10_000}
RING_SIZE, MAP_RINGS, MAP_RING_SIZE = 60, 500, 10  # the map has 5,000 sellers
WINDOW = {"width": 1440, "height": 900}
N_MOVES, MOVE_S = 90, 0.016  # a drag of a second and a half

WATCH = """(() => {
  const isDrawn = () => {  // a peer says so; our page is ready, and its element has drawn or taken up the drawing
    const [page, map, ring] = ["html", "ring-map", "ring-graph"].map((name) => document.querySelector(name));
    if (page?.dataset.drawn !== undefined) return true;
    return page?.dataset.ready !== undefined && (map ? map.dataset.drawn !== undefined : Boolean(ring?.whole));
  };
  let left = 3;  // frames: the browser paints a frame before it begins the next but one
  const look = () => {
    if (isDrawn()) left -= 1;
    if (left) return requestAnimationFrame(look);
    window.drawnAt = performance.now();
    document.documentElement.dataset.stood = "";
  };
  requestAnimationFrame(look);
})()"""
COUNT = """() => {
  window.frames_ = [];
  const tick = (at) => { window.frames_.push(at); window.asked = requestAnimationFrame(tick); };
  window.asked = requestAnimationFrame(tick);
}"""
STOP = "() => { cancelAnimationFrame(window.asked); return window.frames_; }"


@dataclass(frozen=True)
class Drawer:
    """Who draws which picture: an address, and the element that is dragged."""

    name: str
    what: str
    url: str
    stage: str


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--turns", type=int, default=7)
    turns = parser.parse_args().turns
    fetch_peers()
    with tempfile.TemporaryDirectory() as folder:
        database = f"sqlite:///{folder}/rings.db"
        fill(database, [RING_SIZE] + [MAP_RING_SIZE] * MAP_RINGS)
        with running_server(database, Path(folder) / "log") as server, open_browser() as browser:
            data = {"ring.json": f"{server.url}/rings/R000/graph.json", "map.json": f"{server.url}/map/rings.json"}
            with serve_peers({name: httpx.get(url).content for name, url in data.items()}) as peers_url:
                drawers = drawers_of(browser, server.url, peers_url)
                measured = measure(browser, drawers, turns)
    report(measured)


def drawers_of(browser: Browser, ours: str, peers: str) -> list[Drawer]:
    """Return all drawers, the peers' stages as large as ours."""
    found = []
    for what, path, stage in (("ring", "/rings/R000", "svg.ring"), ("map", "/map", "ring-map canvas")):
        page = browser.new_page(viewport=WINDOW)  # type: ignore[arg-type]
        page.goto(ours + path)
        box = page.locator(stage).bounding_box() or WINDOW
        page.close()
        found.append(Drawer("ours", what, ours + path, stage))
        size = f"width={box['width']:.0f}&height={box['height']:.0f}"
        found += [
            Drawer(peer, what, f"{peers}/peer.html?peer={peer}&what={what}&data={what}.json&{size}", "#stage")
            for peer in PEERS
        ]
    return found


def measure(browser: Browser, drawers: list[Drawer], turns: int) -> dict[tuple[str, str], dict[str, float]]:
    """Return the medians of every drawer's figures over interleaved turns; the first turn warms up and is left out."""
    figures: dict[tuple[str, str], dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for turn in range(turns + 1):
        for drawer in drawers:
            for name, value in draw(browser, drawer).items():
                if turn:
                    figures[drawer.what, drawer.name][name].append(value)
    return {key: {name: statistics.median(values) for name, values in of.items()} for key, of in figures.items()}


def draw(browser: Browser, drawer: Drawer) -> dict[str, float]:
    """Open a picture and drag it: milliseconds until it stood, of a frame (p95), and of all processes for a frame."""
    context = browser.new_context(viewport=WINDOW)  # type: ignore[arg-type]
    page = context.new_page()
    page.add_init_script(WATCH)
    page.goto(drawer.url)
    page.wait_for_selector("html[data-stood]", state="attached")
    drawn_ms = page.evaluate("window.drawnAt")
    page.wait_for_timeout(300)  # what is left to do after the picture stands is no part of moving it
    begun_s = browser_cpu_s()
    frames = drag(page, drawer.stage)
    cpu_s = browser_cpu_s() - begun_s
    gaps = sorted(after - before for before, after in pairwise(frames))
    context.close()
    p95 = gaps[int(0.95 * len(gaps))]
    return {"drawn_ms": drawn_ms, "pan_p95_ms": p95, "cpu_ms_per_frame": cpu_s * 1000 / len(frames)}


def drag(page: Page, stage: str) -> list[float]:
    """Drag the picture in a circle and return when frames began."""
    box = page.locator(stage).bounding_box()
    assert box is not None  # noqa: S101 (it was drawn)
    left, top = box["x"] + 6, box["y"] + 6  # a corner: no mark lies there
    page.mouse.move(left, top)
    page.mouse.down()
    page.evaluate(COUNT)
    for move in range(1, N_MOVES + 1):
        due = time.perf_counter() + MOVE_S
        away = 160 * abs((2 * move / N_MOVES) - 1)
        page.mouse.move(left + 160 - away + 20, top + move)
        time.sleep(max(0.0, due - time.perf_counter()))
    frames: list[float] = page.evaluate(STOP)
    page.mouse.up()
    return frames


def browser_cpu_s() -> float:
    """Return the processor seconds that all processes of the browser took so far."""
    parents, ticks = {}, {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            name, _, rest = (folder / "stat").read_text().rpartition(")")
        except OSError:
            continue
        fields = rest.split()
        parents[int(folder.name)] = int(fields[1])
        ticks[int(folder.name)] = (int(fields[11]) + int(fields[12])) * ("chrom" in name)
    ours = {os.getpid()}
    for _ in range(12):  # generations: ours, the driver, the browser, its zygotes, their children
        ours |= {pid for pid, parent in parents.items() if parent in ours}
    return sum(ticks[pid] for pid in ours if pid in ticks) / os.sysconf("SC_CLK_TCK")


def report(measured: dict[tuple[str, str], dict[str, float]]) -> None:
    """Print a line for each picture and drawer, then the JSON line."""
    line: dict[str, object] = {}
    ratios, holds = [], []
    for (what, name), of in measured.items():
        print(f"{what:5} {name:10} " + "  ".join(f"{figure} {value:8.1f}" for figure, value in of.items()))
        line |= {f"{what}_{name}_{figure}": round(value, 1) for figure, value in of.items()}
    for what, most in MOST_PAN_MS.items():
        ours = measured[what, "ours"]
        ratios.append(min(measured[what, peer]["drawn_ms"] for peer in PEERS) / ours["drawn_ms"])
        holds += [ours["drawn_ms"] <= MOST_DRAWN_MS, ours["pan_p95_ms"] <= most]
    sizes = sent_bytes()
    holds += [size <= MOST_BYTES[kind] for kind, size in sizes.items()]
    sizes_line = {f"{kind}_gzipped_bytes": size for kind, size in sizes.items()}
    print(
        json.dumps(
            {"benchmark": "web", "ratio": min(ratios), "goal": GOAL, "gates_hold": all(holds), **line, **sizes_line}
        )
    )


def sent_bytes() -> dict[str, int]:
    """Return how large all scripts and all style sheets of the pages are, compressed as they are sent."""
    files = {kind: sorted(STATIC.rglob(f"*.{kind}")) for kind in MOST_BYTES}
    return {kind: sum(len(gzip.compress(path.read_bytes(), 5)) for path in paths) for kind, paths in files.items()}


if __name__ == "__main__":
    main()
