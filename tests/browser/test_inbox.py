"""A collector's inbox: read what would leave, decide, and never on stale ground."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.desk import Workbench

pytestmark = [pytest.mark.timeout(180)]


def row(page: Page, number: str) -> Locator:
    return page.locator("#tasks tbody tr", has_text=number)


def confirm(page: Page) -> None:
    page.get_by_role("button", name="Confirm: it leaves as you see it").click()


def test_a_proposal_is_read_confirmed_and_its_letter_is_a_pdf(workbench: Workbench) -> None:
    claim, _ = workbench.proposal()
    with workbench.at_the_desk() as page:
        row(page, claim["number"]).locator("a.open").click()
        task = page.locator("#task")
        expect(task).to_contain_text("Menuiserie Lefèvre & Fils")
        expect(task.get_by_role("article")).to_contain_text("1 200,00 €")
        expect(task.locator(".why li").first).to_be_visible()
        confirm(page)
        expect(page.get_by_role("status").filter(has_text="Confirmed: it leaves now.")).to_be_visible()
        expect(row(page, claim["number"])).to_have_count(0)
        workbench.eventually(lambda: workbench.whole(claim["number"])["documents"])
        page.goto(f"/claims/{claim['number']}?tab=documents")
        link = page.locator("#documents a").first
        letter = page.request.get(str(link.get_attribute("href")))
        assert letter.headers["content-type"] == "application/pdf"
        assert letter.body().startswith(b"%PDF")


def test_two_people_decide_at_once_one_wins_the_other_is_told_who(workbench: Workbench) -> None:
    _, task = workbench.proposal()
    with workbench.at_the_desk("leila") as first, workbench.at_the_desk("marc") as second:
        for page in (first, second):
            page.goto(f"/inbox/{task['id']}")
        confirm(first)
        expect(first.get_by_role("status").filter(has_text="Confirmed")).to_be_visible()
        confirm(second)
        expect(second.locator("#task")).to_contain_text("Leïla Trabelsi")
        expect(second.locator("#decision")).to_have_count(0)
        expect(second).to_have_url(f"{workbench.url}/inbox/{task['id']}")


def test_a_stale_preview_is_refused_and_what_changed_is_shown(workbench: Workbench) -> None:
    claim, task = workbench.proposal()
    with workbench.at_the_desk() as page:
        page.goto(f"/inbox/{task['id']}")
        paid = {
            "external_id": "VIR-77",
            "amount": "200.00",
            "currency": "EUR",
            "value_date": workbench.whole(claim["number"])["today"],
        }
        assert workbench.api.post(f"/api/claims/{claim['number']}/payments", json=paid).status_code == 202
        workbench.eventually(lambda: workbench.open_task(claim["number"])["version"] > task["version"])
        confirm(page)
        alert = page.locator("#task").get_by_role("alert")
        expect(alert).to_contain_text("nothing was sent")
        expect(alert).to_contain_text("€1,200.00")
        expect(alert).to_contain_text("€1,000.00")
        assert workbench.whole(claim["number"])["documents"] == []
        confirm(page)
        expect(page.get_by_role("status").filter(has_text="Confirmed")).to_be_visible()


def test_another_text_is_sent_instead(workbench: Workbench) -> None:
    claim, task = workbench.proposal()
    with workbench.at_the_desk() as page:
        page.goto(f"/inbox/{task['id']}")
        page.locator("#decision summary", has_text="Something else").click()
        page.fill("#other-text", "Madame, Monsieur,\n\nMerci de nous appeler au plus vite.")
        page.get_by_role("button", name="Do this instead").click()
        expect(page.get_by_role("status").filter(has_text="Overridden")).to_be_visible()
    actions = workbench.whole(claim["number"])["actions"]
    assert [action["outcome"] for action in actions if action["task"] == task["id"]] == ["overridden"]


def test_it_is_postponed_to_a_day(workbench: Workbench) -> None:
    claim, task = workbench.proposal()
    with workbench.at_the_desk() as page:
        page.goto(f"/inbox/{task['id']}")
        page.locator("#decision summary", has_text="Postpone").click()
        expect(page.locator("#postpone-to")).to_be_focused()
        page.get_by_role("button", name="Postpone", exact=True).click()
        expect(page.get_by_role("status").filter(has_text="Postponed.")).to_be_visible()
    assert workbench.open_task(claim["number"]) is None


def test_many_are_confirmed_with_one_outcome_each(workbench: Workbench) -> None:
    claims = [workbench.proposal()[0] for _ in range(2)]
    with workbench.at_the_desk() as page:
        for claim in claims:
            row(page, claim["number"]).get_by_role("checkbox").check()
        expect(page.locator("[data-ticked]")).to_have_text("(2)")
        page.get_by_role("button", name="Confirm the ticked ones").click()
        outcomes = page.locator("#outcomes li")
        expect(outcomes).to_have_count(2)
        for claim in claims:
            expect(outcomes.filter(has_text=claim["number"])).to_contain_text("Confirmed")


def test_the_count_follows_without_a_reload(workbench: Workbench) -> None:
    with workbench.at_the_desk() as page:
        page.goto("/claims")
        count = page.locator("#inbox-count")
        before = int((count.text_content() or "0").split()[0] or 0) if count.text_content() else 0
        workbench.proposal()
        expect(count).to_contain_text(str(before + 1), timeout=20_000)


def test_the_list_is_walked_by_keyboard_and_the_back_button_goes_back(workbench: Workbench) -> None:
    for _ in range(2):
        workbench.proposal()
    with workbench.at_the_desk() as page:
        links = page.locator("#tasks a.open")
        numbers = [str(links.nth(n).text_content()) for n in range(2)]
        links.first.focus()
        page.keyboard.press("ArrowDown")
        expect(links.nth(1)).to_be_focused()
        page.wait_for_url("**/inbox/*")
        number = next(word for word in numbers[1].split() if word.startswith("R2"))
        expect(page.locator("#task")).to_contain_text(number)
        page.locator("#task dd a").first.click()
        expect(page).to_have_url(f"{workbench.url}/claims/{number}")
        page.go_back()
        expect(page.locator("#task")).to_contain_text(number)
        page.go_back()
        expect(page).to_have_url(f"{workbench.url}/inbox")
        expect(page.get_by_role("heading", level=1)).to_have_text("To do")


def test_without_javascript_one_reads_and_decides(workbench: Workbench) -> None:
    claim, _ = workbench.proposal()
    with workbench.at_the_desk(javascript=False, language="fr") as page:
        row(page, claim["number"]).locator("a.open").click()
        expect(page.locator("#task")).to_contain_text("Menuiserie Lefèvre & Fils")
        page.locator("#decision summary", has_text="Ignorer").click()
        page.get_by_role("button", name="Ignorer : rien ne part, le scénario continue").click()
        expect(page.get_by_role("status").filter(has_text="Ignorée")).to_be_visible()
        expect(row(page, claim["number"])).to_have_count(0)
