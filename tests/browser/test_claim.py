"""A claim's page: found, read, and worked on in place."""

import pytest
from playwright.sync_api import expect

from tests.browser.desk import Workbench

pytestmark = [pytest.mark.timeout(180)]


def test_a_claim_is_found_by_a_name_that_no_address_shows(workbench: Workbench) -> None:
    claim = workbench.claim(days_late=2, name="Hôtel Méditerranée SA")
    with workbench.at_the_desk() as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.get_by_role("searchbox").fill("mediterranee")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Search: “mediterranee”")).to_be_visible()
        page.get_by_role("link", name="Hôtel Méditerranée SA").first.click()
        expect(page).to_have_url(f"{workbench.url}/claims/{claim['number']}")
        page.go_back()
        expect(page.get_by_text("Search: “mediterranee”")).to_be_visible()
        page.get_by_role("searchbox").fill(claim["reference"])
        page.keyboard.press("Enter")
        expect(page).to_have_url(f"{workbench.url}/claims/{claim['number']}")
    assert [url for url in asked if "diterran" in url.lower()] == []


def test_the_page_shows_what_stands_and_what_comes_and_why(workbench: Workbench) -> None:
    claim = workbench.claim(days_late=2, amount="1234.50")
    with workbench.at_the_desk(language="fr") as page:
        page.goto(f"/claims/{claim['number']}")
        expect(page.get_by_role("heading", level=1)).to_have_text("Menuiserie Lefèvre & Fils")
        expect(page.locator(".kpi").first).to_contain_text("1 234,50 €")
        expect(page.locator(".steps-line li.now")).to_contain_text("Première relance")
        page.get_by_role("link", name="Plan", exact=True).click()
        expect(page).to_have_url(f"{workbench.url}/claims/{claim['number']}?tab=plan")
        expect(page.locator("#plan li").first).to_contain_text("Première relance")
        workflow = page.get_by_role("link", name="dans l’interface de Temporal").get_attribute("href")
        assert f"/workflows/claim%2F{claim['number']}" in str(workflow)


def test_a_payment_recorded_in_place_settles_the_claim(workbench: Workbench) -> None:
    claim = workbench.claim(days_late=2, amount="1234.50")
    with workbench.at_the_desk(language="fr") as page:
        page.goto(f"/claims/{claim['number']}?tab=payments")
        page.locator("#claim-acts summary", has_text="Versement").click()
        page.fill("#amount", "12,345")
        page.get_by_role("button", name="Enregistrer", exact=True).click()
        expect(page.get_by_role("alert").filter(has_text="2 décimales")).to_be_visible()
        expect(page.locator("#amount")).to_have_value("12,345")
        page.fill("#amount", "1 234,50")
        page.get_by_role("button", name="Enregistrer", exact=True).click()
        expect(page.locator("#payments")).to_contain_text("1 234,50 €")
        expect(page.locator("#claim .chip").first).to_contain_text("Payée", timeout=20_000)
        expect(page).to_have_url(f"{workbench.url}/claims/{claim['number']}?tab=payments")


def test_a_note_is_kept_and_a_suspension_holds_until_it_is_resumed(workbench: Workbench) -> None:
    claim = workbench.claim(days_late=2)
    with workbench.at_the_desk() as page:
        page.goto(f"/claims/{claim['number']}")
        page.locator("#claim-acts summary", has_text="Note").click()
        page.fill("#note-text", "Promised to call back.")
        page.get_by_role("button", name="Add", exact=True).click()
        expect(page.locator("#timeline")).to_contain_text("Promised to call back.", timeout=20_000)
        page.locator("#claim-acts summary", has_text="Suspend").click()
        page.fill("#suspend-reason", "Waiting for the bank")
        page.locator("form[action$='/suspension'] button").click()
        expect(page.locator("#claim .ttl")).to_contain_text("Suspended")
        assert workbench.whole(claim["number"])["suspended"]["reason"] == "Waiting for the bank"
        page.get_by_role("button", name="Resume").click()
        expect(page.locator("#claim .ttl")).not_to_contain_text("Suspended")


def test_a_claim_is_moved_ahead_from_its_page(workbench: Workbench) -> None:
    claim = workbench.claim(days_late=1)
    with workbench.at_the_desk() as page:
        page.goto(f"/claims/{claim['number']}?tab=actions")
        page.locator("#claim-acts summary", has_text="Ahead").click()
        page.fill("#days", "8")
        page.get_by_role("button", name="Go", exact=True).click()
        expect(page.locator("#actions tbody tr")).to_contain_text("First reminder", timeout=60_000)
        expect(page.locator("#claim")).to_contain_text("8 days ahead", timeout=60_000)


def test_the_portfolio_is_filtered_and_sorted(workbench: Workbench) -> None:
    small = workbench.claim(days_late=1, amount="11.00", name="Zinc et Fils")
    big = workbench.claim(days_late=1, amount="98765.00", name="Abeille SARL")
    with workbench.at_the_desk() as page:
        page.goto("/claims?min_balance=98,765&stage=amicable")
        expect(page.locator("#claims tbody tr")).to_have_count(1)
        expect(page.locator("#claims tbody")).to_contain_text(big["number"])
        page.goto("/claims?sort=-debtor")
        expect(page.locator("#claims tbody tr").first).to_contain_text(small["number"])
        page.get_by_role("link", name="Debtor").click()
        expect(page.locator("#claims tbody tr").first).to_contain_text(big["number"])
        page.locator("select[name=stage]").select_option("closed")
        expect(page).to_have_url(
            f"{workbench.url}/claims?sort=debtor&creditor=&stage=closed&status=&alert=&min_balance=&max_balance=&due_from=&due_to="
        )
