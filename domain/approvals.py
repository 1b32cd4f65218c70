"""Two different people where it matters: which acts need a second one, and how that one is asked.

An act that needs two is not carried out when it is asked for: it becomes a task second_approval, frozen as the first
person asked for it. domain/second_approval.py carries it out when somebody else confirms.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from domain.asking import ask_about, with_task
from domain.catalogue import Catalogue
from domain.claim import Claim, Task, TaskKind
from domain.effects import Changed, today
from domain.endings import withdraw
from domain.events import SYSTEM, Event
from domain.inbox import Outcome
from domain.money import Money
from domain.refusals import Refused
from domain.statement import statement
from domain.steps import Reason

ALWAYS = frozenset({"litigation", "enforcement", "written_off"})  # stages entered, and an ending
ANSWER_DAYS = 6
MACHINE = "api:"  # how the author of an API key begins (api/security.py)
OF_TWO = frozenset({TaskKind.STAGE_CHANGE, TaskKind.SECOND_APPROVAL})


def needs_second_person(claim: Claim, catalogue: Catalogue, act: str, amount: Money | None = None) -> bool:
    """Whether two people must agree to an act.

    `act`: the stage entered (litigation, enforcement), the ending (written_off, withdrawn, irrecoverable), or waiver,
    settlement, correction... `amount` (in the claim's currency) counts against the creditor's `approvals.above`.
    """
    if act in ALWAYS:
        return True
    limit = catalogue.creditor.approvals.above.get(claim.currency)
    return limit is not None and amount is not None and amount.amount > limit


def may_be_second(author: str, first: str) -> bool:
    """A person, and another one than the first: a machine and the system are never the second person."""
    return bool(author) and author not in (first, SYSTEM) and not author.startswith(MACHINE)


def refuse_as_second(author: str, first: str) -> None:
    """Raises Refused: second_person for a machine, same_person for the one who asked."""
    if not author or author == SYSTEM or author.startswith(MACHINE):
        raise Refused("second_person")
    if author == first:
        raise Refused("same_person", asked_by=first)


def ask_second_person(
    claim: Claim,
    act: str,
    as_of: datetime,
    *,
    first: str,
    subject: str,
    reason: str = "",
    facts: Mapping[str, str] | None = None,
    proposed: Mapping[str, Any] | None = None,
) -> Outcome:
    """Freeze the act in a task for a second person; the outcome names the task (the API answers 202).

    `act` names its rule in second_approval.ACTS; `subject` tells this act from others of its kind (one is open at a time);
    `facts` (stage, ending, amount with currency) stand in the timeline; `proposed` is what the rule needs to carry it out.
    Raises Refused approval_open while the same act waits for its second person.
    """
    subject = f"approval/{subject}"
    for task in claim.open_tasks:
        if task.kind is TaskKind.SECOND_APPROVAL and task.subject == subject:
            raise Refused("approval_open", asked_by=str(task.proposed.get("asked_by", "")), task_id=str(task.id))
    told = {"act": act, **(facts or {}), "reason": reason}
    asked = ask_about(
        claim,
        TaskKind.SECOND_APPROVAL,
        subject,
        as_of,
        role="supervisor",
        days=ANSWER_DAYS,
        why=(why(Reason("second_person_needed", {"act": act, **(facts or {}), "asked_by": first})),),
        proposed={**frozen(claim, as_of), **(proposed or {}), "act": act, "asked_by": first, "reason": reason},
    )
    task = asked.claim.tasks[-1]
    outcome = {"outcome": "second_approval", "task": str(task.id), "url": f"/api/tasks/{task.id}"}
    return asked.then(Changed(asked.claim, (Event("approval_asked", as_of, first, told),))), outcome


def frozen(claim: Claim, as_of: datetime) -> dict[str, Any]:
    """Where the claim stands and what is owed, as whoever decides sees it."""
    return {
        "from": {"stage": claim.stage.value, "sub_stage": claim.sub_stage},
        "balance_due": str(statement(claim, today(claim, as_of)).balance_due),
        "ground": _ground(claim, as_of),
    }


def keep_up(claim: Claim, as_of: datetime) -> Changed:
    """News moved the ground: what was asked of another stage is withdrawn, a balance that changed is shown anew."""
    changed = Changed(claim)
    for task in claim.open_tasks:
        if task.kind in OF_TWO and "from" in task.proposed:
            changed = changed.then(_kept_up(changed.claim, task, as_of))
    return changed


def why(reason: Reason) -> dict[str, Any]:
    return {"code": reason.code, "facts": reason.facts}


def _kept_up(claim: Claim, task: Task, as_of: datetime) -> Changed:
    if is_overtaken(claim, task):
        return withdraw(claim, as_of, reason="stage_changed", tasks=[task])
    if task.proposed["ground"] == _ground(claim, as_of):
        return Changed(claim)
    fresh = {**frozen(claim, as_of), "from": task.proposed["from"]}
    version = task.version + 1
    event = Event(
        "task_refreshed", as_of, facts={"task": task.kind.value, "version": version}, action_id=task.action_id
    )
    return Changed(with_task(claim, replace(task, proposed={**task.proposed, **fresh}, version=version)), (event,))


def is_overtaken(claim: Claim, task: Task) -> bool:
    """The claim has left the stage the task was asked in, or stands where it was to go."""
    if task.proposed["from"]["stage"] != claim.stage.value:
        return True
    wanted = task.proposed.get("stage")
    return wanted is not None and wanted == {"stage": claim.stage.value, "sub_stage": claim.sub_stage}


def _ground(claim: Claim, as_of: datetime) -> list[str]:
    """What an approval stands on; interest that runs on by the day is no news."""
    now = statement(claim, today(claim, as_of))
    return [str(now.principal), str(now.paid), str(now.costs_chargeable)]
