"""What a collector does all day on a claim's page, in French: a promise, a dispute and its end, the statement of the debt."""

from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import Workbench

pytestmark = [pytest.mark.timeout(60)]


def test_a_promise_is_kept_in_place_a_dispute_ends_and_the_debt_is_stated(workbench: Workbench) -> None:
    claim = workbench.claim(days_late=2, amount="1234.50")
    whole = workbench.eventually(lambda: _planned(workbench, claim["number"]))
    with workbench.at_the_desk(language="fr") as page:
        page.goto(f"/claims/{claim['number']}?tab=agreements")
        _dispute(page)
        _promise(page, date.fromisoformat(whole["today"]) + timedelta(days=5))
        page.get_by_role("link", name="Décompte").click()
        statement = page.locator("#statement")
        expect(statement).to_contain_text("Ce que doit le débiteur au")
        expect(statement.locator("dd.total").first).to_contain_text("€")
        page.fill("#statement-on", "2020-03-02")
        page.get_by_role("button", name="Afficher").click()
        expect(statement).to_contain_text("2 mars 2020")
    after = workbench.whole(claim["number"])
    assert [(each["state"], each["outcome"]) for each in after["disputes"]] == [("resolved", "rejected")]
    assert [(each["state"], each["amount"]) for each in after["promises"]] == [("open", "500.00")]


def _planned(workbench: Workbench, number: str) -> dict[str, object] | None:
    whole = workbench.whole(number)
    return whole if whole["next_step"] else None


def _dispute(page: Page) -> None:
    """Raised for the only item, which stands ticked; then rejected."""
    page.locator("#agreements summary", has_text="Litige").click()
    page.fill("#disputes-text", "Le prix n’est pas celui du devis.")
    page.get_by_role("button", name="Ouvrir le litige").click()
    expect(page.get_by_role("status").filter(has_text="Le litige est ouvert")).to_be_visible()
    page.locator("#agreements summary", has_text="Résoudre").click()
    page.get_by_role("button", name="Résoudre le litige").click()
    expect(page.get_by_role("status").filter(has_text="Le litige est résolu")).to_be_visible()


def _promise(page: Page, on: date) -> None:
    """Refused for more than is owed, with what was typed kept; then recorded."""
    page.locator("#agreements summary", has_text="Promesse").click()
    page.fill("#promises-promised_on", on.isoformat())
    page.fill("#promises-amount", "99 999,00")
    page.get_by_role("button", name="Enregistrer la promesse").click()
    expect(page.get_by_role("alert").filter(has_text="dépasse")).to_be_visible()
    expect(page.locator("#promises-amount")).to_have_value("99 999,00")
    page.fill("#promises-amount", "500")
    page.get_by_role("button", name="Enregistrer la promesse").click()
    expect(page.get_by_role("status").filter(has_text="La promesse est enregistrée")).to_be_visible()
    expect(page.locator("#agreements tbody")).to_contain_text("500,00 €")
