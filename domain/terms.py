"""The field's own terms that a fact can take: stages, endings, kinds, modes, outcomes."""

from enum import StrEnum


class Stage(StrEnum):
    AMICABLE = "amicable"
    LITIGATION = "litigation"
    ENFORCEMENT = "enforcement"
    CLOSED = "closed"


class Ending(StrEnum):
    PAID = "paid"
    WRITTEN_OFF = "written_off"
    WITHDRAWN = "withdrawn"
    IRRECOVERABLE = "irrecoverable"


class Values(StrEnum):
    DETAILED = "detailed"
    GLOBAL = "global"


class ItemKind(StrEnum):
    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    LOAN_INSTALMENT = "loan_instalment"
    OVERDRAFT = "overdraft"
    BILL = "bill"
    CHEQUE = "cheque"
    OTHER = "other"


class StatusCategory(StrEnum):
    IN_PROGRESS = "in_progress"
    PROMISE = "promise"
    DISPUTE = "dispute"
    DISPUTE_RESOLVED = "dispute_resolved"
    LITIGATION = "litigation"


class Channel(StrEnum):
    EMAIL = "email"
    LETTER = "letter"
    REGISTERED_LETTER = "registered_letter"
    SMS = "sms"
    CALL = "call"
    VISIT = "visit"
    INTERNAL_EMAIL = "internal_email"
    LEGAL_ACT = "legal_act"


class Mode(StrEnum):
    AUTOMATIC = "automatic"
    TO_CONFIRM = "to_confirm"
    MANUAL = "manual"


class Origin(StrEnum):
    SCENARIO = "scenario"
    STATUS = "status"
    PROMISE = "promise"
    MANUAL = "manual"
    CLOCK = "clock"


class ActionState(StrEnum):
    """Where an action stands on its way out; `outcome` says how it ended."""

    PLANNED = "planned"  # waits for its date (postponed, or planned by a person)
    PROPOSED = "proposed"  # a task is open: a person decides
    WITH_AGENT = "with_agent"  # given to a bailiff, a lawyer...: it waits for them
    CONFIRMED = "confirmed"  # leaves now
    SENDING = "sending"  # recorded before it leaves: after a crash nobody knows
    FINISHED = "finished"


class Outcome(StrEnum):
    SENT = "sent"
    DONE = "done"
    OVERRIDDEN = "overridden"
    SKIPPED = "skipped"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    FAILED = "failed"


class TaskKind(StrEnum):
    CONFIRM_ACTION = "confirm_action"
    DO_ACTION = "do_action"
    STAGE_CHANGE = "stage_change"
    SECOND_APPROVAL = "second_approval"
    BROKEN_PROMISE = "broken_promise"
    FIND_ADDRESS = "find_address"
    REPLY = "reply"
    AGENT_OVERDUE = "agent_overdue"
    CLOCK = "clock"
    ANOMALY = "anomaly"


class TaskState(StrEnum):
    OPEN = "open"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class Decision(StrEnum):
    CONFIRM = "confirm"
    OVERRIDE = "override"
    POSTPONE = "postpone"
    SKIP = "skip"
    DONE = "done"
    REFUSE = "refuse"


class OnExpiry(StrEnum):
    WITHDRAW = "withdraw"
    SEND = "send"
    WAIT = "wait"


class DocumentState(StrEnum):
    RENDERED = "rendered"
    SENT = "sent"
    PRINTED = "printed"
    POSTED = "posted"
    RETURNED = "returned"
    BOUNCED = "bounced"
    WITHDRAWN = "withdrawn"


class PromiseState(StrEnum):
    OPEN = "open"
    KEPT = "kept"
    PARTIAL = "partial"
    BROKEN = "broken"
    CANCELLED = "cancelled"


class ArrangementState(StrEnum):
    ACTIVE = "active"
    COMPLETED = "completed"
    BREACHED = "breached"
    CANCELLED = "cancelled"


class OfferSide(StrEnum):
    DEBTOR = "debtor"
    CREDITOR = "creditor"


class OfferState(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    COUNTERED = "countered"
    EXPIRED = "expired"


class DisputeState(StrEnum):
    OPEN = "open"
    RESOLVED = "resolved"


class DisputeOutcome(StrEnum):
    REJECTED = "rejected"
    ACCEPTED = "accepted"
    PARTLY = "partly"
