"""By which channel an action goes, and whether it leaves, is proposed to a person or is done by one."""

from __future__ import annotations

from collections.abc import Sequence

from domain.claim import Channel, Debtor, Mode, TaskKind
from domain.steps import Reason, StepKind

SENDS = {
    Channel.EMAIL: StepKind.SEND_EMAIL,
    Channel.INTERNAL_EMAIL: StepKind.SEND_EMAIL,
    Channel.LETTER: StepKind.SEND_LETTER,
    Channel.REGISTERED_LETTER: StepKind.SEND_LETTER,
}


def is_usable(channel: Channel, debtor: Debtor) -> bool:
    """Whether the debtor can be reached that way, and has not opted out of it; acts and internal mail need nothing of his."""
    match channel:
        case Channel.EMAIL:
            return bool(debtor.email())
        case Channel.LETTER | Channel.REGISTERED_LETTER:
            return debtor.postal_address() is not None
        case Channel.SMS | Channel.CALL:
            return bool(telephone(debtor, channel))
        case Channel.VISIT:
            return debtor.postal_address() is not None and not _opted_out(debtor, channel)
        case _:
            return True


def telephone(debtor: Debtor, channel: Channel) -> str:
    """The first valid number whose owner has not opted out of that channel; "" when there is none."""
    return next((c.phone for c in debtor.contacts if c.phone and c.valid and channel not in c.opted_out), "")


def opted_out_of_all(debtor: Debtor, allowed: Sequence[Channel]) -> bool:
    """Whether the debtor has opted out of every channel that an action could take: no address that is found changes it."""
    if not any(contact.opted_out for contact in debtor.contacts):
        return False
    return all(_opted_out(debtor, channel) for channel in allowed)


def _opted_out(debtor: Debtor, channel: Channel) -> bool:
    """Somebody of the debtor's opted out of the channel, and nobody is left who could be reached by it."""
    contacts = [contact for contact in debtor.contacts if contact.valid]
    if not any(channel in contact.opted_out for contact in contacts):
        return False
    match channel:
        case Channel.EMAIL:
            return not debtor.email()
        case Channel.SMS | Channel.CALL:
            return not telephone(debtor, channel)
        case Channel.VISIT:
            return all(channel in contact.opted_out for contact in contacts)
        case _:
            return False  # a letter needs no consent


def choose_channel(debtor: Debtor, allowed: Sequence[Channel]) -> tuple[Channel | None, Reason]:
    """The debtor's preference, else the first usable one in order; None when an address is missing for all."""
    preferred = next((channel for channel in allowed if channel.value == debtor.preferred_channel), None)
    wanted = preferred or allowed[0]
    if is_usable(wanted, debtor):
        code = "preferred_channel" if preferred else "usual_channel"
        return wanted, Reason(code, {"channel": wanted.value})
    for channel in allowed:
        if is_usable(channel, debtor):
            return channel, Reason("fallback_channel", {"channel": channel.value, "instead_of": wanted.value})
    return None, Reason("no_usable_address", {"channels": [channel.value for channel in allowed]})


def way_out(mode: Mode, channel: Channel) -> tuple[StepKind, str]:
    """The kind of step and, when a person is asked, the kind of task."""
    sends = SENDS.get(channel)
    if sends is None or mode is Mode.MANUAL:
        return StepKind.ASK, TaskKind.DO_ACTION.value
    if mode is Mode.TO_CONFIRM:
        return StepKind.ASK, TaskKind.CONFIRM_ACTION.value
    return sends, ""
