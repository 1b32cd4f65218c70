"""The training mode and the import, as a newcomer uses them."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.desk import Workbench

pytestmark = [pytest.mark.timeout(180)]

HEADERS = "creditor;debtor_reference;debtor_name;item_reference;due_on;amount;currency"


def test_chosen_claims_move_ahead_and_stop_where_a_person_is_asked(workbench: Workbench) -> None:
    claim = workbench.claim(days_late=2)
    with workbench.at_the_desk() as page:
        page.goto("/training")
        page.fill("#days", "60")
        page.fill("#numbers", claim["number"])
        page.get_by_role("button", name="Move ahead").click()
        line = page.locator("#journeys tbody tr").first
        expect(line).to_contain_text("60 days")
        expect(line).to_contain_text("1 / 1", timeout=60_000)
        expect(line).to_contain_text("Done", timeout=60_000)
    assert workbench.open_task(claim["number"]) is not None
    assert [action["outcome"] for action in workbench.whole(claim["number"])["actions"][:2]] == ["sent", "sent"]


def test_an_unknown_claim_is_named_and_what_was_typed_stays(workbench: Workbench) -> None:
    with workbench.at_the_desk(language="fr") as page:
        page.goto("/training")
        page.fill("#numbers", "R99-9999999")
        page.get_by_role("button", name="Avancer", exact=True).click()
        expect(page.get_by_role("alert").filter(has_text="R99-9999999")).to_be_visible()
        expect(page.locator("#numbers")).to_have_value("R99-9999999")


def test_a_file_becomes_claims_and_bad_rows_come_back(workbench: Workbench, tmp_path: Path) -> None:
    file = tmp_path / "factures.csv"
    file.write_text(
        f"{HEADERS}\nATELIER;D-IMP-1;Import Un;F-IMP-1;2026-11-20;100.00;EUR\nATELIER;D-IMP-2;Import Deux;F-IMP-2;demain;100.00;EUR\n"
    )
    with workbench.at_the_desk() as page:
        page.goto("/imports")
        page.set_input_files("#file", file)
        page.get_by_role("button", name="Import", exact=True).click()
        line = page.locator("#imports tbody tr").first
        expect(line).to_contain_text("factures.csv")
        expect(line).to_contain_text("Done", timeout=60_000)
        rejected = line.get_by_role("link", name="Download the rejected rows")
        answer = page.request.get(str(rejected.get_attribute("href")))
        assert "demain" in answer.text()


def test_a_file_that_is_no_table_is_refused_in_words(workbench: Workbench, tmp_path: Path) -> None:
    file = tmp_path / "image.xlsx"
    file.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    with workbench.at_the_desk() as page:
        page.goto("/imports")
        page.set_input_files("#file", file)
        page.get_by_role("button", name="Import", exact=True).click()
        expect(page.get_by_role("alert").filter(has_text="XLSX")).to_be_visible()
