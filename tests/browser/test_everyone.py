"""Every page, in both languages: no violation of WCAG 2.2 AA, nothing wider than a phone, every form reachable."""

from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.desk import DESK, PHONE, Workbench, sideways

pytestmark = [pytest.mark.timeout(240)]

WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
TABS = ("timeline", "plan", "actions", "items", "agreements", "payments", "statement", "law", "documents")


@dataclass
class Places:
    """Addresses of the pages, with something on them."""

    claim: str
    task: str

    def all(self) -> list[str]:
        return [
            "/inbox",
            f"/inbox/{self.task}",
            "/inbox?kind=anomaly",
            "/claims",
            "/claims?stage=enforcement",
            *(f"/claims/{self.claim}?tab={tab}" for tab in TABS),
            "/imports",
            "/training",
            "/dev/mailbox",
            "/nothing-here",
        ]


@pytest.fixture(scope="module")
def places(workbench: Workbench) -> Places:
    claim, task = workbench.proposal()
    today = workbench.whole(claim["number"])["today"]
    body = {"external_id": "VIR-1", "amount": "10.00", "currency": "EUR", "value_date": today}
    workbench.api.post(f"/api/claims/{claim['number']}/payments", json=body)
    something_of_everything(workbench, claim["number"], today)
    workbench.eventually(lambda: workbench.whole(claim["number"])["payments"][0]["state"] == "applied")
    return Places(claim["number"], task["id"])


def something_of_everything(workbench: Workbench, number: str, today: str) -> None:
    """What the tabs of a claim show, each of its kind at least once."""
    item = workbench.whole(number)["items"][0]["reference"]
    for path, body in (
        ("offers", {"by": "debtor", "amount": "900.00"}),
        ("disputes", {"items": [item], "kind": "disputed_price", "text": "Le prix n’est pas celui du devis."}),
        ("costs", {"kind": "Frais de greffe", "amount": "38.07", "incurred_on": today}),
        ("legal-events", {"kind": "acknowledgement", "on": today}),
        ("procedures", {"kind": "payment_order", "court": "Lyon", "opened_on": today}),
        ("guarantees", {"kind": "surety", "amount": "500.00", "person": {"name": "Marc Lefèvre"}}),
        ("actions", {"action_type": "visit"}),
    ):
        answer = workbench.api.post(f"/api/claims/{number}/{path}", json=body)
        assert answer.status_code in (201, 202), answer.text


def open_all(page: Page) -> None:
    """Show what is folded away: it must be right too."""
    page.evaluate("document.querySelectorAll('details:not(.act)').forEach(each => { each.open = true; })")


def forms_in_place(page: Page) -> list[str]:
    """Each form that opens over the page, one after the other: they would lie on one another."""
    found: list[str] = []
    for n in range(page.locator("details.act").count()):
        page.evaluate("n => document.querySelectorAll('details.act').forEach((each, m) => { each.open = m === n; })", n)
        found += violations(page, within="details.act[open] > form")
    return found


def violations(page: Page, within: str | None = None) -> list[str]:
    found = Axe().run(page, context=within, options=WCAG).response["violations"]
    return [
        f"{page.url} {each['id']}: {each['help']} {[node['html'][:160] for node in each['nodes'][:3]]}"
        for each in found
    ]


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_every_page_can_be_used_by_everyone(
    workbench: Workbench, places: Places, language: str, size: tuple[int, int]
) -> None:
    wrong: list[str] = []
    with workbench.context(language=language, size=size) as context:
        page = context.new_page()
        page.goto("/login")
        wrong += violations(page)
    with workbench.at_the_desk(language=language, size=size) as page:
        for address in places.all():
            page.goto(address)
            wrong += violations(page)
            if sideways(page) > 0:
                wrong.append(f"{address} is {sideways(page)} px too wide")
        opened = [f"/claims/{places.claim}?tab={tab}" for tab in ("timeline", "actions", "items", "agreements", "law")]
        for address in (f"/inbox/{places.task}", *opened, "/imports"):
            page.goto(address)
            open_all(page)
            wrong += violations(page)
            if language == "fr":  # the longer words
                wrong += forms_in_place(page)
    assert wrong == []


def test_the_first_tab_skips_to_the_content(workbench: Workbench) -> None:
    with workbench.at_the_desk() as page:
        page.goto("/claims")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"
