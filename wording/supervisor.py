"""What a supervisor reads of a claim in the Temporal UI: one line per timer and activity, and the current details.

Codes, dates and amounts only: nothing personal enters a history.
"""

from domain.claim import Claim
from domain.money import Money
from domain.steps import Decided, Reason, Step, StepKind
from wording import amount, code_label, day, sentence

SHOWN_REASONS = 3  # every plan puts them in the history; the workbench shows all


def summary_of(step: Step, language: str) -> str:
    """One line: "e-mail reminder_1, sequence 3", "promise check, 12 March 2026"."""
    match step.kind:
        case StepKind.CLOSE:
            return code_label("ending", step.ending, language)
        case StepKind.WAIT:
            if step.due_at is not None and step.why:  # a timer runs: what for
                return _sentence(step.why[0], language)
            return code_label("waiting_for", step.waiting_for, language)
        case StepKind.TASK_CLOCK:
            what = f"{code_label('task_kind', step.task_kind, language)} {step.action_type}".strip()
            return _on_its_day(step, language, what, code_label("task_clock", step.key.rsplit("/", 1)[-1], language))
        case StepKind.CHECK:
            return _on_its_day(step, language, _looked_at(step, language))
        case _:
            what = code_label("channel", step.channel.value, language) if step.channel else ""
            if step.kind is StepKind.ASK:
                what = code_label("task_kind", step.task_kind, language)
            sequence = step.key.rsplit("/", 1)[-1]
            return f"{what} {step.action_type}, {code_label('word', 'sequence', language)} {sequence}".strip()


def _looked_at(step: Step, language: str) -> str:
    """What a day that comes of itself is about: "promise check", "agent reminded, service", "legal deadline: Limitation"."""
    of, _, rest = step.subject.partition("/")
    if of == "clock":
        return f"{code_label('looked_at', of, language)}, {code_label('clock', rest, language)}"
    what = code_label("looked_at", "/".join((of, *rest.split("/")[1:])), language)
    return f"{what}, {step.action_type}" if step.action_type else what


def _on_its_day(step: Step, language: str, *parts: str) -> str:
    return ", ".join((*parts, *((day(step.due_on, language),) if step.due_on else ())))


def details_of(claim: Claim, decided: Decided, balance: Money, language: str) -> str:
    """Markdown: stage, balance due, what it waits for, the next step and why, and why nothing else now."""
    step = decided.step
    stage = code_label("stage", claim.stage.value, language)
    waits = code_label("waiting_for", claim.waiting_for, language)
    lines = [f"**{stage}** · {amount(balance, language)} · {waits}"]
    if step.kind is not StepKind.CLOSE:
        summary, on = summary_of(step, language), day(step.due_on, language) if step.due_on else ""
        lines.append(f"{summary} · {on}" if on and on not in summary else summary)
    reasons = [*step.why, *(reason for held in decided.not_now for reason in held.why)]
    sentences = dict.fromkeys(f"- {_sentence(reason, language)}" for reason in reasons)
    lines.extend(list(sentences)[:SHOWN_REASONS])
    return "\n".join(lines)


def _sentence(reason: Reason, language: str) -> str:
    return sentence(reason.code, reason.facts, language)
