"""A real browser for tests of pages, and what a page must never do."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


@dataclass
class Complaints:
    """What a browser complained of: errors on its console, broken scripts, requests to other servers."""

    found: list[str] = field(default_factory=list)


def chromium_path() -> str:
    """Return the Chromium to use: ``$PLAYWRIGHT_CHROMIUM``, else the system's.

    Where there is none the test is skipped with one loud line, or fails where ``$RINGWATCH_REQUIRE_ALL`` is set.
    """
    found = os.environ.get("PLAYWRIGHT_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if found is not None and Path(found).exists():
        return found
    told = f"NO BROWSER ({found}): pages are NOT tested; install Chromium or set PLAYWRIGHT_CHROMIUM to its path"
    if os.environ.get("RINGWATCH_REQUIRE_ALL"):
        pytest.fail(told, pytrace=False)
    pytest.skip(told)


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Start a browser without a window."""
    path = chromium_path()
    with sync_playwright() as playwright:
        options = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        browser = playwright.chromium.launch(executable_path=path, args=options)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def open_page(
    browser: Browser, url: str, path: str = "/graphql", **options: object
) -> Iterator[tuple[Page, Complaints]]:
    """Open a page in a fresh profile; after the block nothing may have been complained of."""
    complaints = Complaints()
    context = browser.new_context(**{"viewport": {"width": 1440, "height": 900}, **options})  # type: ignore[arg-type]
    page = context.new_page()
    page.on("console", lambda said: complaints.found.append(said.text) if said.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: complaints.found.append(str(error)))
    page.on("request", lambda sent: _check_request(sent.url, url, complaints))
    page.add_init_script(
        "document.addEventListener('securitypolicyviolation', e => console.error('CSP ' + e.violatedDirective))"
    )
    try:
        page.goto(f"{url}{path}")
        page.wait_for_selector("html[data-ready]", state="attached")
        yield page, complaints
    except Error:
        print(complaints.found)  # noqa: T201 (shown with the failure)
        raise
    finally:
        context.close()
    assert complaints.found == []


def _check_request(sent: str, ours: str, complaints: Complaints) -> None:
    if not sent.startswith((ours, "data:", "blob:")):
        complaints.found.append(f"a request left for {sent}")
