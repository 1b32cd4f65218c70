"""One running product for all stories, one browser for each file; SKIP_BROWSER=1 leaves them out, loudly."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.desk import Workbench, chromium, hire, send_at_any_hour
from tests.faults.installation import Installation, running


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    if os.environ.get("SKIP_BROWSER"):
        pytest.skip("*** SKIP_BROWSER is set: the stories in the browser are LEFT OUT ***")
    with running(tmp_path_factory.mktemp("workbench") / "var", RECOUVRA_TRAINING="1") as up:
        hire(up)
        yield up


@pytest.fixture(
    scope="module"
)  # while it is open its event loop runs in this thread: no test with one of its own may come between
def workbench(installation: Installation) -> Iterator[Workbench]:
    with installation.client() as api, sync_playwright() as playwright:
        browser = chromium(playwright)
        send_at_any_hour(api)
        yield Workbench(installation, browser, api)
        browser.close()
