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
    """Whether the debtor can be reached that way; what a person does needs no address of ours."""
    match channel:
        case Channel.EMAIL:
            return bool(debtor.email())
        case Channel.LETTER | Channel.REGISTERED_LETTER:
            return debtor.postal_address() is not None
        case _:
            return True


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
