"""The bailiff who is chased: a handover, real e-mails, a task when it is late; then a deed comes back and the claim goes on."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client

from db.catalogue import write
from embedded.mailbox import listen, port_of
from tests.activities.story import working
from tests.api.test_on_real_parts import Office, office_of
from workflows.connection import Address, connect

BAILIFF = {"name": "Étude Martin", "kind": "bailiff", "email": "etude@bailiff.example", "phone": "+33411111111"}
IN_ENFORCEMENT = {"takeover": {"stage": "enforcement"}}
DEED = b"%PDF-1.7 proces-verbal de signification"


@pytest.fixture
async def desk(engine: AsyncEngine, temporal_address: str, tmp_path: Path) -> AsyncIterator[Office]:
    temporal: Client = await connect(Address(temporal_address))
    server = await listen("127.0.0.1", 0, tmp_path / "mailbox")
    url = f"smtp://127.0.0.1:{port_of(server)}"
    async with server, office_of(engine, temporal, tmp_path / "mailbox") as office, working(temporal, engine, url):
        async with engine.begin() as connection:
            await write(connection, "agents", "bailiff", BAILIFF, "test")
        yield office


async def posted(office: Office, path: str, status: int, **body: Any) -> dict[str, Any]:
    answer = await office.api.post(path, json=body)
    assert answer.status_code == status, answer.text
    content: dict[str, Any] = answer.json()
    return content


async def test_a_bailiff_is_reminded_reported_and_comes_back_with_a_deed(desk: Office) -> None:
    path, story = await desk.open("CHASED-1", **IN_ENFORCEMENT)
    action = await posted(
        desk, f"{path}/actions", 201, action_type="service", agent="bailiff", object="titre du 2 mars"
    )
    claim = await desk.get(path)
    assert (action["state"], claim["waiting_for"], claim["tasks"]) == ("with_agent", "agent", [])
    assert claim["actions"][0]["outcome"] is None

    await story.forward(16)
    (mail,) = story.mails()
    assert mail["To"] == "etude@bailiff.example"
    assert story.told.number in mail["Subject"]
    claim = await desk.get(path)
    assert [a["action_type"] for a in claim["actions"]] == ["service", "agent_reminder"]
    assert (claim["actions"][1]["outcome"], claim["waiting_for"]) == ("sent", "agent")

    await story.forward(17)
    claim = await desk.until(path, lambda claim: claim["waiting_for"] == "person")
    assert len(story.mails()) == 2  # again after the same delay
    (task,) = [task for task in claim["tasks"] if task["kind"] == "agent_overdue"]
    assert (task["state"], task["role"], task["action"]) == ("open", "collector", action["id"])
    assert "Étude Martin" in task["why"][0]["text"]

    answer = await desk.api.post(
        f"{path}/documents",
        files={"file": ("pv.pdf", DEED)},
        data={"action": action["id"], "kind": "deed", "dated_on": claim["today"]},
    )
    assert answer.status_code == 201, answer.text
    assert (await desk.api.get(answer.json()["url"])).content == DEED
    claim = await desk.until(path, lambda claim: claim["waiting_for"] == "agent")
    assert [t["state"] for t in claim["tasks"] if t["kind"] == "agent_overdue"] == ["withdrawn"]
    assert claim["actions"][0]["documents"] == [answer.json()["id"]]

    done = await posted(desk, f"{path}/actions/{action['id']}/execution", 200, comment="signifié à étude")
    assert done["outcome"] == "done"
    claim = await desk.until(path, lambda claim: claim["waiting_for"] != "agent")
    assert claim["stage"] == "enforcement"
    assert [note["text"] for note in claim["actions"][0]["notes"]] == ["signifié à étude"]
    before = len(story.mails())
    await story.forward(40)
    assert len(story.mails()) == before  # nobody is chased any more
    await story.handle.terminate()


async def test_a_late_bailiff_comes_to_the_supervisor_when_nobody_answers(desk: Office) -> None:
    path, story = await desk.open("CHASED-2", **IN_ENFORCEMENT)
    today = (await desk.get(path))["today"]
    await posted(
        desk, f"{path}/actions", 201, action_type="service", agent="bailiff", planned_end_on=today, reminder_on=today
    )
    await story.forward(6)
    claim = await desk.until(path, lambda claim: any(t["role"] == "supervisor" for t in claim["tasks"]))
    assert [task["kind"] for task in claim["tasks"] if task["role"] == "supervisor"] == ["agent_overdue"]
    await story.until(story.alerts, lambda codes: "task_overdue" in codes)
    await story.handle.terminate()


async def test_a_procedure_goes_from_the_application_to_the_title(desk: Office) -> None:
    path, story = await desk.open("PROCEDURE-1", takeover={"stage": "litigation"})
    today = (await desk.get(path))["today"]
    made = await posted(
        desk, f"{path}/procedures", 201, kind="payment_order", court="TC Lyon", agent="bailiff", opened_on=today
    )
    procedure = f"{path}/procedures/{made['id']}"
    on = (await desk.until(path, lambda claim: claim["procedures"]))["today"]
    hearing_on = (await story.claim()).opened_on + timedelta(days=12)
    hearing = await posted(desk, f"{procedure}/hearings", 201, on=hearing_on.isoformat(), purpose="opposition")
    await story.forward(5)
    claim = await desk.until(path, lambda claim: claim["tasks"])
    assert [(t["kind"], t["state"]) for t in claim["tasks"]] == [("clock", "open")]
    await posted(desk, f"{procedure}/hearings/{hearing['id']}/outcome", 200, outcome="ordonnance rendue")
    await posted(desk, f"{procedure}/judgment", 200, on=on, outcome="granted", amount="1000.00")
    await posted(desk, f"{procedure}/service", 200, on=on, mode="to_person")
    await posted(desk, f"{procedure}/title", 200, on=on, kind="payment_order")
    claim = await desk.get(path)
    (shown,) = claim["procedures"]
    assert shown["judgment"] == {"on": on, "outcome": "granted", "amount": "1000.00"}
    assert (shown["title"]["kind"], shown["service"]["mode"], len(shown["legal_events"])) == (
        "payment_order",
        "to_person",
        3,
    )
    assert [t["state"] for t in claim["tasks"]] == ["withdrawn"]
    await posted(desk, f"{procedure}/end", 200, on=on, outcome="settled")
    refused = await desk.api.post(f"{procedure}/hearings", json={"on": "2030-01-01"})
    assert (refused.status_code, refused.json()["code"]) == (409, "procedure_is_ended")
    await story.handle.terminate()
