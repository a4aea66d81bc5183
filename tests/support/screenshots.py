"""Pictures of the pages, light and dark, over the made-up marketplace: ``python -m tests.support.screenshots``."""

import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page
from tests.support.api_server import COMMAND, running_server
from tests.support.browser import open_browser, open_page

FOLDER = Path("build/screenshots")


def main() -> None:
    """Write one picture of each view into ``FOLDER``."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        database = f"sqlite:///{folder}/demo.db"
        subprocess.run([COMMAND, "demo", "--no-serve", "--database", database], check=True, stdout=subprocess.DEVNULL)
        with running_server(database, Path(folder) / "log") as server, open_browser() as browser:
            for scheme in ("light", "dark"):
                with open_page(browser, server.url, color_scheme=scheme) as (page, _):
                    picture_console(page, scheme)
    sys.stdout.write(f"{FOLDER}: {len(list(FOLDER.glob('*.png')))} pictures\n")


def picture_console(page: Page, scheme: str) -> None:
    """Picture the console with an answer as JSON, and with one as a table beside a page of the schema."""
    page.screenshot(path=FOLDER / f"console-json-{scheme}.png")
    with page.expect_response("**/graphql"):
        page.locator("#ready").get_by_role("button", name="One ring").click()
    page.get_by_role("button", name="Table").click()
    page.locator("#schema").get_by_role("button", name="Ring", exact=True).click()
    page.screenshot(path=FOLDER / f"console-table-{scheme}.png")


if __name__ == "__main__":
    main()
