"""Pictures of the pages, light and dark, over the made-up marketplace: ``python -m tests.support.screenshots``."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page
from tests.support.api_server import COMMAND, running_server
from tests.support.browser import open_browser, open_page

FOLDER = Path("build/screenshots")
PROPOSE = """mutation {
  proposePlan(input: { tier: CLOSE, dryRun: true }) {
    ... on ProposePlanSuccess {
      digest
      expectedWrongful { mean low high }
      stores(first: 20) { nodes { storeId action listingCount linkScore reasons } }
    }
    ... on UserError { code message }
  }
}
"""


def main() -> None:
    """Write one picture of each view into ``FOLDER``."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        database = f"sqlite:///{folder}/demo.db"
        demo = [COMMAND, "demo", "--no-serve", "--json", "--database", database]
        keys = {a["role"]: a["key"] for a in json.loads(subprocess.check_output(demo))["actors"]}
        with running_server(database, Path(folder) / "log") as server, open_browser() as browser:
            for scheme in ("light", "dark"):
                with open_page(browser, server.url, color_scheme=scheme) as (page, complaints):
                    picture_console(page, scheme)
                    picture_signing_in(page, scheme, keys["investigator"])
                    picture_pages(page, scheme, server.url)
                    picture_partner(page, scheme, server.url, keys["partner"])
                    complaints.found.clear()  # the browser tells of the key that is not good
    sys.stdout.write(f"{FOLDER}: {len(list(FOLDER.glob('*.png')))} pictures\n")


def picture_pages(page: Page, scheme: str, url: str) -> None:
    """Picture the list of rings, a ring, the same with a mark selected, a seller and the way between two."""
    page.goto(f"{url}/rings")
    page.screenshot(path=FOLDER / f"rings-{scheme}.png")
    page.goto(f"{url}/rings?sort=tier&min=10")
    page.locator("tbody a").first.click()
    page.wait_for_selector("html[data-ready]", state="attached")
    page.screenshot(path=FOLDER / f"ring-{scheme}.png")
    page.locator("a.mark.payout").first.click()
    page.screenshot(path=FOLDER / f"ring-selected-{scheme}.png")
    page.goto(f"{url}{page.locator('#members tbody a').first.get_attribute('href')}")
    page.screenshot(path=FOLDER / f"seller-{scheme}.png")


def picture_partner(page: Page, scheme: str, url: str, key: str) -> None:
    """Picture what a partner sees: the rings that list its brand, and the first of them."""
    page.goto(f"{url}/sign-in")
    page.fill("#key", key)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/partner/rings")
    page.screenshot(path=FOLDER / f"partner-rings-{scheme}.png")
    page.locator("tbody a").first.click()
    page.wait_for_selector("html[data-ready]", state="attached")
    page.screenshot(path=FOLDER / f"partner-{scheme}.png")


def picture_console(page: Page, scheme: str) -> None:
    """Picture the console with an answer as JSON, and with one as a table beside a page of the schema."""
    page.screenshot(path=FOLDER / f"console-json-{scheme}.png")
    with page.expect_response("**/graphql"):
        page.locator("#ready").get_by_role("button", name="One ring").click()
    page.get_by_role("button", name="Table").click()
    page.locator("#schema").get_by_role("button", name="Ring", exact=True).click()
    page.screenshot(path=FOLDER / f"console-table-{scheme}.png")


def picture_signing_in(page: Page, scheme: str, key: str) -> None:
    """Picture the console after a key that is not good, and with a plan that an investigator works out."""
    page.fill("#key", "rw_nobody")
    page.keyboard.press("Enter")
    page.locator("#sign-in-note:not(:empty)").wait_for()
    page.screenshot(path=FOLDER / f"console-sign-in-{scheme}.png")
    page.fill("#key", key)
    page.keyboard.press("Enter")
    page.locator("#who:not([hidden])").wait_for()
    page.fill("#variables", "")
    page.fill("#query", PROPOSE)
    with page.expect_response("**/graphql"):
        page.keyboard.press("Control+Enter")
    page.locator("#status[data-state=good]").wait_for()
    page.screenshot(path=FOLDER / f"console-plan-{scheme}.png")


if __name__ == "__main__":
    main()
