"""What speaks to an agent goes to the agent, never to the debtor, and asks nobody to pay."""

from dataclasses import replace

import pytest

from correspondence import Draft, draft, email_message
from correspondence.recipients import NoUsableAddress
from domain.claim import Action, ActionState, Channel, Claim, Outcome
from tests.builders import an_action
from tests.procedure_builders import NOW, TODAY, a_library, an_agent, an_enforced_claim

SENDER = "Recouvra <recouvrement@recouvra.example>"


def a_chased_claim() -> tuple[Claim, Action]:
    """The bailiff was given the service of the title; the reminder is about to leave."""
    service = an_action(
        1,
        action_type="service",
        state=ActionState.WITH_AGENT,
        channel=Channel.LEGAL_ACT,
        agent="bailiff",
        starts_on=TODAY,
        planned_end_on=TODAY.replace(month=3),
        object="jugement du 2 février",
    )
    reminder = an_action(
        2,
        action_type="agent_reminder",
        state=ActionState.CONFIRMED,
        channel=Channel.INTERNAL_EMAIL,
        agent="bailiff",
        subject=f"agent/{service.id}",
    )
    return an_enforced_claim(actions=(service, reminder)), reminder


def written(claim: Claim, action: Action, channel: Channel = Channel.INTERNAL_EMAIL) -> Draft:
    return draft(claim, a_library(), action.action_type, channel, TODAY, action=action)


def test_a_reminder_names_the_act_the_day_it_was_given_and_what_it_is_about() -> None:
    claim, reminder = a_chased_claim()
    made = written(claim, reminder)
    assert (made.recipient, made.template) == ("etude@bailiff.example", "agent_reminder")
    assert "Signification du titre" in made.subject
    for said in (
        claim.number,
        "signification du titre",
        "16\xa0février 2026",
        "16\xa0mars 2026",
        "jugement du 2 février",
    ):
        assert said.replace("\xa0", " ") in made.text.replace("\xa0", " ")


def test_it_carries_no_request_to_pay() -> None:
    claim, reminder = a_chased_claim()
    message = email_message(written(claim, reminder), claim, a_library(), claim.key(2), NOW, SENDER)
    assert str(message["To"]) == "etude@bailiff.example"
    text = message.get_body(("plain",))
    assert text is not None
    assert "IBAN" not in text.get_content()


def test_a_handover_goes_to_the_agent_by_mail_or_by_post_and_fails_without_an_address() -> None:
    claim = an_enforced_claim()
    action = an_action(1, action_type="handover_bailiff", agent="bailiff", state=ActionState.CONFIRMED)
    by_mail = draft(claim, a_library(), "handover_bailiff", Channel.EMAIL, TODAY, action=action)
    assert (by_mail.recipient, by_mail.template) == ("etude@bailiff.example", "instruction")
    address = {"lines": "2 rue du Palais", "postal_code": "69005", "city": "Lyon", "country": "FR"}
    library = a_library(an_agent(address=address))
    by_post = draft(claim, library, "handover_bailiff", Channel.LETTER, TODAY, action=action)
    assert by_post.recipient == "Étude Martin\n2 rue du Palais\n69005 LYON"
    for catalogue in (a_library(), a_library(an_agent("other"))):
        with pytest.raises(NoUsableAddress):
            draft(claim, catalogue, "handover_bailiff", Channel.LETTER, TODAY, action=action)


def test_what_went_to_the_bailiff_is_not_named_to_the_debtor_as_a_letter() -> None:
    sent = an_action(1, action_type="handover_bailiff", outcome=Outcome.SENT, agent="bailiff", done_at=NOW)
    claim = an_enforced_claim(actions=(sent,))
    quiet = draft(claim, a_library(), "reminder_2", Channel.EMAIL, TODAY)
    loud = draft(
        replace(claim, actions=(replace(sent, action_type="reminder_1"),)),
        a_library(),
        "reminder_2",
        Channel.EMAIL,
        TODAY,
    )
    assert "16\xa0février" not in quiet.text.replace(" février", "\xa0février")
    assert "16\xa0février" in loud.text.replace(" février", "\xa0février")
