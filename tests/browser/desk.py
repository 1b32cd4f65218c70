"""What the stories in the browser share: people at their desks, claims posted as a program would, the pages that exist."""

import asyncio
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from httpx2 import Client
from playwright.sync_api import Browser, BrowserContext, Page, Playwright

from api.signing_in import hash_password
from db.engine import engine_for
from db.people import write_person
from tests.faults.installation import Installation

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LOCALES = {"fr": "fr-FR", "en": "en-GB"}
PASSWORD = "correct horse battery staple"
PEOPLE = {
    "leila": ("Leïla Trabelsi", "supervisor"),
    "marc": ("Marc Dubois", "supervisor"),
    "rita": ("Rita Lopes", "reader"),
}
WITHIN = 40.0  # seconds: a proposal is there, a letter has left
DESK, PHONE = (1366, 768), (390, 844)
_numbers = count(1)


def chromium(playwright: Playwright) -> Browser:
    """The machine's Chromium, else the one Playwright brought (tests/bring_chromium.sh sees to one of them)."""
    here = next((path for name in NAMES if (path := shutil.which(name))), None)
    return playwright.chromium.launch(executable_path=here, args=FLAGS)


def hire(up: Installation) -> None:
    """Write the people of the stories into the installation."""

    async def write() -> None:
        engine = engine_for(up.addresses["database_url"])
        kept = hash_password(PASSWORD)
        async with engine.begin() as connection:
            for code, (name, role) in PEOPLE.items():
                email = f"{code}@recouvra.example"
                await write_person(connection, code=code, email=email, name=name, role=role, password_hash=kept)
        await engine.dispose()

    asyncio.run(write())


def send_at_any_hour(api: Client) -> None:
    """The stories are told at night and on Sundays too: the standard scenarios then wait for their sending hours."""
    days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    for code in ("standard", "consumer", "tunisia"):
        body = api.get(f"/api/catalogue/scenarios/{code}").raise_for_status().json()
        hours = {"sending_days": days, "sending_hours": ["00:00", "23:59"], "public_holidays": False}
        written = {key: value for key, value in body.items() if key not in ("code", "version", "active")} | hours
        api.put(f"/api/catalogue/scenarios/{code}", json=written).raise_for_status()


@dataclass
class Workbench:
    """The running product with a browser before it."""

    up: Installation
    browser: Browser
    api: Client

    @property
    def url(self) -> str:
        return str(self.up.addresses["workbench"]).rstrip("/")

    @contextmanager
    def context(
        self, *, language: str = "en", size: tuple[int, int] = DESK, javascript: bool = True
    ) -> Iterator[BrowserContext]:
        """A browser of one's own: cookies and language are not shared. What the page throws fails the story."""
        opened = self.browser.new_context(
            base_url=self.url,
            locale=LOCALES[language],
            viewport={"width": size[0], "height": size[1]},
            java_script_enabled=javascript,
        )
        opened.set_default_timeout(15_000)
        thrown: list[str] = []
        opened.on("weberror", lambda error: thrown.append(str(error.error)))
        opened.on("console", lambda said: thrown.append(said.text) if "Content Security Policy" in said.text else None)
        try:
            yield opened
        finally:
            opened.close()
        assert thrown == []

    @contextmanager
    def at_the_desk(self, person: str = "leila", **how: Any) -> Iterator[Page]:
        """A page of somebody who is signed in."""
        with self.context(**how) as context:
            page = context.new_page()
            sign_in(page, f"{person}@recouvra.example", PASSWORD)
            page.wait_for_url("**/inbox")
            yield page

    def claim(
        self, *, days_late: int, amount: str = "1200.00", name: str = "Menuiserie Lefèvre & Fils", **debtor: Any
    ) -> dict[str, Any]:
        """A claim of one invoice that fell due some days ago, posted to the API; its workflow starts by itself."""
        number = next(_numbers)
        due_on = datetime.now(UTC).date() - timedelta(days=days_late)
        body = {
            "creditor": "ATELIER",
            "reference": f"ATL-{number:04d}",
            "currency": "EUR",
            "debtor": {
                "reference": f"D-{number:04d}",
                "kind": "company",
                "name": name,
                "language": "fr",
                "country": "FR",
                "email": f"compta{number}@debiteur.example",
                "address": "12 rue des Lilas",
                "postal_code": "69003",
                "city": "Lyon",
                **debtor,
            },
            "items": [
                {
                    "reference": f"F-{number:04d}",
                    "kind": "invoice",
                    "due_on": due_on.isoformat(),
                    "amount": amount,
                    "terms": {"interest": "none", "indemnity": "none"},  # the stories are about other things
                }
            ],
        }
        answer = self.api.post("/api/claims", json=body)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def proposal(self, **claim: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """A claim old enough for its formal notice, and the open task that asks a person to confirm it."""
        opened = self.claim(days_late=35, **claim)
        task = self.eventually(lambda: self.open_task(opened["number"]))
        assert task["kind"] == "confirm_action"
        return opened, task

    def open_task(self, number: str) -> dict[str, Any] | None:
        items = self.api.get("/api/tasks", params={"claim": number, "state": "open"}).json()["items"]
        return items[0] if items else None

    def whole(self, number: str) -> dict[str, Any]:
        return dict(self.api.get(f"/api/claims/{number}").json())

    def eventually(self, look: Callable[[], Any]) -> Any:
        """What `look` sees as soon as it is something."""
        began = time.monotonic()
        while not (seen := look()):
            assert time.monotonic() - began < WITHIN, "it never came"
            time.sleep(0.2)
        return seen


def sign_in(page: Page, email: str, password: str) -> None:
    page.goto("/login")
    page.fill("#email", email)
    page.fill("#password", password)
    page.click("form[action='/login'] button")


def sideways(page: Page) -> int:
    """How many pixels the page is wider than the screen."""
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))
