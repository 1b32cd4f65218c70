"""What a supervisor reads of a claim in the Temporal UI: one line per timer and activity, and the current details.

Codes, dates and amounts only: nothing personal enters a history.
"""

from domain.claim import Claim
from domain.money import Money
from domain.steps import Decided, Reason, Step, StepKind
from wording import amount, code_label, day, sentence

SHOWN_REASONS = 3  # every plan puts them in the history; the workbench shows all


def summary_of(step: Step, language: str) -> str:
    """One line: "e-mail reminder_1, sequence 3"."""
    match step.kind:
        case StepKind.CLOSE:
            return code_label("ending", step.ending, language)
        case StepKind.WAIT:
            return code_label("waiting_for", step.waiting_for, language)
        case StepKind.TASK_CLOCK:
            return code_label("step_kind", "task_clock", language)
        case StepKind.CHECK:
            on = f", {day(step.due_on, language)}" if step.due_on else ""
            return f"{code_label('plan_kind', step.plan_kind, language)}{on}"
        case _:
            what = code_label("channel", step.channel.value, language) if step.channel else ""
            if step.kind is StepKind.ASK:
                what = code_label("task_kind", step.task_kind, language)
            sequence = step.key.rsplit("/", 1)[-1]
            return f"{what} {step.action_type}, {code_label('word', 'sequence', language)} {sequence}".strip()


def details_of(claim: Claim, decided: Decided, balance: Money, language: str) -> str:
    """Markdown: stage, balance due, what it waits for, the next step and why, and why nothing else now."""
    step = decided.step
    stage = code_label("stage", claim.stage.value, language)
    waits = code_label("waiting_for", claim.waiting_for, language)
    lines = [f"**{stage}** · {amount(balance, language)} · {waits}"]
    if step.kind is not StepKind.CLOSE:
        when = f" · {day(step.due_on, language)}" if step.due_on else ""
        lines.append(f"{summary_of(step, language)}{when}")
    reasons = [*step.why, *(reason for held in decided.not_now for reason in held.why)]
    lines.extend(f"- {_sentence(reason, language)}" for reason in reasons[:SHOWN_REASONS])
    return "\n".join(lines)


def _sentence(reason: Reason, language: str) -> str:
    return sentence(reason.code, reason.facts, language)
