"""Who comes in, and in which language they read."""

import pytest
from playwright.sync_api import expect

from tests.browser.desk import PASSWORD, Workbench, sign_in

pytestmark = [pytest.mark.timeout(180)]


def test_one_signs_in_lands_where_one_wanted_to_go_and_signs_out(workbench: Workbench) -> None:
    with workbench.context() as context:
        page = context.new_page()
        page.goto("/claims")
        expect(page).to_have_url(f"{workbench.url}/login?next=/claims")
        page.fill("#email", "leila@recouvra.example")
        page.fill("#password", "not this one")
        page.click("form[action='/login'] button")
        expect(page.get_by_role("alert").first).to_contain_text("do not go together")
        expect(page.locator("#email")).to_have_value("leila@recouvra.example")
        page.fill("#password", PASSWORD)
        page.click("form[action='/login'] button")
        expect(page).to_have_url(f"{workbench.url}/claims")
        expect(page.get_by_text("Leïla Trabelsi")).to_be_visible()
        page.get_by_role("button", name="Log out").click()
        page.goto("/claims")
        expect(page).to_have_url(f"{workbench.url}/login?next=/claims")


def test_the_browser_s_language_first_then_the_one_that_is_clicked(workbench: Workbench) -> None:
    with workbench.context(language="fr") as context:
        page = context.new_page()
        sign_in(page, "leila@recouvra.example", PASSWORD)
        expect(page.get_by_role("heading", level=1)).to_have_text("À traiter")
        page.goto("/claims?stage=amicable")
        page.get_by_role("button", name="English").click()
        expect(page).to_have_url(f"{workbench.url}/claims?stage=amicable")
        expect(page.get_by_role("heading", level=1)).to_have_text("Portfolio")
        expect(page.locator("html")).to_have_attribute("lang", "en")
        page.goto("/inbox")
        expect(page.get_by_role("heading", level=1)).to_have_text("To do")


def test_what_is_not_there_is_a_page_that_says_so(workbench: Workbench) -> None:
    with workbench.at_the_desk(language="fr") as page:
        answer = page.goto("/claims/R00-0000000")
        assert answer is not None
        assert answer.status == 404
        expect(page.get_by_role("heading", level=1)).to_have_text("Rien ne porte ce nom")
        page.get_by_role("link", name="Vers les tâches").click()
        expect(page).to_have_url(f"{workbench.url}/inbox")


def test_a_reader_reads_and_is_offered_no_act(workbench: Workbench) -> None:
    claim, task = workbench.proposal()
    with workbench.at_the_desk("rita") as page:
        page.goto(f"/inbox/{task['id']}")
        expect(page.locator("#task")).to_contain_text("Your role reads")
        expect(page.locator("#decision")).to_have_count(0)
        page.goto(f"/claims/{claim['number']}")
        expect(page.locator("#claim-acts summary")).to_have_count(0)
        answer = page.goto("/imports")
        assert answer is not None
        assert answer.status == 403
