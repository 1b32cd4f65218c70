"""The schema. Facts about claims are written by the claim's own workflow; the tables beside them are in desk_tables.py.

Only features of PostgreSQL 15 and later, so that any server serves. Everything is imported from here.
"""

from sqlalchemy import (
    ARRAY,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    Interval,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    text,
)

from db.agreement_tables import (
    arrangement,
    correction,
    dispute,
    guarantee,
    legal_event,
    offer,
    procedure,
    promise,
    returned_mail,
)
from db.desk_tables import (
    answered,
    api_key,
    catalogue,
    debtor,
    debtor_change,
    document,
    document_content,
    import_error,
    import_mapping,
    journey,
    journey_claim,
    login_attempt,
    person,
    portfolio_import,
    session,
)
from db.metadata import EMPTY, EMPTY_LIST, INSTANT, JSONB, MONEY, NO_TEXTS, metadata
from db.story_tables import entry, timeline

__all__ = [
    "action",
    "answered",
    "api_key",
    "arrangement",
    "catalogue",
    "claim",
    "correction",
    "cost",
    "debtor",
    "debtor_change",
    "dispute",
    "document",
    "document_content",
    "entry",
    "guarantee",
    "import_error",
    "import_mapping",
    "item",
    "journey",
    "journey_claim",
    "legal_event",
    "login_attempt",
    "metadata",
    "offer",
    "payment",
    "person",
    "portfolio_import",
    "procedure",
    "promise",
    "returned_mail",
    "session",
    "task",
    "timeline",
]

claim = Table(
    "claim",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("number", Text, nullable=False, unique=True),
    Column("reference", Text, nullable=False, unique=True),
    Column("creditor", Text, nullable=False),
    Column("debtor_id", Uuid, ForeignKey("debtor.id"), nullable=False, index=True),
    Column("currency", Text, nullable=False),
    Column("values", Text, nullable=False),
    Column("global_amounts", JSONB, nullable=False, server_default=EMPTY),
    Column("time_zone", Text, nullable=False),
    Column("country", Text, nullable=False, server_default=""),
    Column("opened_at", INSTANT, nullable=False),
    Column("opened_on", Date, nullable=False),
    Column("stage", Text, nullable=False),
    Column("sub_stage", Text, nullable=False, server_default=""),
    Column("stage_since", Date, nullable=False),
    Column("scenario", Text, nullable=False),
    Column("scenario_version", Integer, nullable=False),
    Column("collector", Text, nullable=False, server_default=""),
    Column("takeover", JSONB),
    Column("suspended", JSONB),
    Column("ending", Text),
    Column("closed_on", Date),
    Column("closing", Text),
    Column("closed_from", Text),  # the stage it goes back to when it is reopened
    Column("closed_from_sub_stage", Text, nullable=False, server_default=""),
    Column("written_off", JSONB),
    Column("hold", JSONB),  # the debtor's legal situation, as the claim last heard of it
    Column("sequence", Integer, nullable=False, server_default="0"),
    Column("waiting_for", Text, nullable=False, server_default="date"),
    Column("waiting_since", INSTANT),
    Column("clock_ahead", Interval, nullable=False, server_default=text("'0'::interval")),  # training: its server time
    Column("import_id", Uuid),
    Column("preferred_channel", Text, nullable=False, server_default=""),  # of this claim; else the debtor's
    Column(
        "kept", ARRAY(Text), nullable=False, server_default=NO_TEXTS
    ),  # tables of agreement_tables.py with rows of it
    Column("clock_marks", JSONB, nullable=False, server_default=EMPTY_LIST),  # warnings of legal clocks already given
    # what lists show, written by the plan in the transaction that changes it
    Column("debtor_norm", Text, nullable=False, server_default=""),  # lower, unaccented: search and order
    Column("search_norm", Text, nullable=False, server_default=""),  # number, reference and debtor, the same way
    Column("balance_due", MONEY, nullable=False, server_default="0"),
    Column("principal_due", MONEY, nullable=False, server_default="0"),
    Column("oldest_due_on", Date),
    Column("statuses", ARRAY(Text), nullable=False, server_default=NO_TEXTS),  # codes and categories of its items
    Column("next_action", Text, nullable=False, server_default=""),
    Column("next_action_at", INSTANT),
    Column("next_action_on", Date),
    Column("priority", Integer, nullable=False, server_default="0"),
    Column("alerts", JSONB, nullable=False, server_default=EMPTY_LIST),
    Column("planned_at", INSTANT),  # the as_of of the last plan
)
Index("claim_list_ix", claim.c.creditor, claim.c.stage, claim.c.priority.desc(), claim.c.id.desc())
Index("claim_priority_ix", claim.c.priority.desc(), claim.c.id.desc())
Index("claim_open_ix", claim.c.priority.desc(), claim.c.id.desc(), postgresql_where=claim.c.stage != "closed")
Index("claim_collector_ix", claim.c.collector, claim.c.stage, claim.c.next_action_at)
Index("claim_debtor_norm_ix", claim.c.debtor_norm.collate("C"), claim.c.id)
Index(
    "claim_debtor_trgm_ix", claim.c.debtor_norm, postgresql_using="gin", postgresql_ops={"debtor_norm": "gin_trgm_ops"}
)
Index(
    "claim_search_trgm_ix", claim.c.search_norm, postgresql_using="gin", postgresql_ops={"search_norm": "gin_trgm_ops"}
)
Index("claim_statuses_ix", claim.c.statuses, postgresql_using="gin")
Index("claim_balance_ix", claim.c.balance_due, claim.c.id)
Index("claim_next_action_ix", func.coalesce(claim.c.next_action_on, text("'9999-12-31'::date")), claim.c.id)
Index("claim_oldest_due_ix", func.coalesce(claim.c.oldest_due_on, text("'9999-12-31'::date")), claim.c.id)
Index("claim_opened_ix", claim.c.opened_on, claim.c.id)
Index("claim_import_ix", claim.c.import_id, claim.c.number, postgresql_where=claim.c.import_id.is_not(None))

item = Table(
    "item",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("claim_id", Uuid, ForeignKey("claim.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("reference", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("issued_on", Date),
    Column("due_on", Date),
    Column("amount", MONEY, nullable=False),
    Column("terms", JSONB, nullable=False, server_default=EMPTY),
    Column("status", Text),
    Column("status_category", Text),
    Column("comment", Text, nullable=False, server_default=""),
    Column("follow_up_on", Date),
    Column("promised_on", Date),
    Column("excluded", Boolean, nullable=False, server_default=text("false")),
    Column("specific_action", Uuid),
    Column("outstanding", MONEY),  # what reports show, written by the plan; NULL: not planned yet
    UniqueConstraint("claim_id", "reference"),
)
Index(
    "item_overdue_ix",
    item.c.claim_id,
    item.c.due_on,
    postgresql_where=item.c.outstanding.is_(None) | (item.c.outstanding > 0),
)
Index("item_reference_ix", item.c.reference)

payment = Table(
    "payment",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("claim_id", Uuid, ForeignKey("claim.id"), nullable=False),
    Column("external_id", Text, nullable=False),
    Column("amount", MONEY, nullable=False),
    Column("value_date", Date, nullable=False),
    Column("received_at", INSTANT, nullable=False),
    Column("method", Text, nullable=False, server_default=""),
    Column("payer", Text, nullable=False, server_default=""),
    Column("directed", JSONB, nullable=False, server_default=EMPTY_LIST),  # [[item reference, amount], ...]
    Column("reversed_on", Date),
    Column("reversal_reason", Text, nullable=False, server_default=""),
    UniqueConstraint("claim_id", "external_id"),
)

cost = Table(
    "cost",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("claim_id", Uuid, ForeignKey("claim.id"), nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("amount", MONEY, nullable=False),
    Column("incurred_on", Date, nullable=False),
    Column("chargeable_to_debtor", Boolean, nullable=False),
    Column("billed_to_creditor", Boolean, nullable=False),
    Column("advance", Boolean, nullable=False),
    Column("agent", Text, nullable=False, server_default=""),
    Column("action_id", Uuid),
    Column("document_id", Uuid),
)

action = Table(
    "action",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("claim_id", Uuid, ForeignKey("claim.id"), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("action_type", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("mode", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("step", Integer),
    Column("scenario_version", Integer),
    Column("starts_on", Date),
    Column("planned_end_on", Date),
    Column("reminder_on", Date),
    Column("planned_on", Date),
    Column("planned_at", INSTANT),
    Column("done_at", INSTANT),
    Column("outcome", Text),
    Column("reason", Text, nullable=False, server_default=""),
    Column("fee", MONEY),
    Column("agent", Text, nullable=False, server_default=""),
    Column("object", Text, nullable=False, server_default=""),
    Column("observations", Text, nullable=False, server_default=""),
    Column("decided_by", Text, nullable=False, server_default=""),
    Column("replaces", Uuid),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("notes", JSONB, nullable=False, server_default=EMPTY_LIST),
    Column("draft", JSONB),
    Column("items", ARRAY(Text), nullable=False, server_default=NO_TEXTS),
    Column("due_on", Date),
    Column("scenario", Text, nullable=False, server_default=""),
    Column("subject", Text, nullable=False, server_default=""),
    Column("reminded_on", Date),
    Column("proposes", JSONB),
    Column("returned_on", Date),
    Column("overdue_on", Date),
    Column("caught_on", Date),
    UniqueConstraint("claim_id", "sequence"),
)

task = Table(
    "task",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("claim_id", Uuid, ForeignKey("claim.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("action_id", Uuid),
    Column("action_type", Text, nullable=False, server_default=""),
    Column("step", Integer),
    Column("role", Text, nullable=False),
    Column("assignee", Text, nullable=False, server_default=""),
    Column("opened_at", INSTANT, nullable=False),
    Column("due_at", INSTANT),
    Column("reminds_at", INSTANT),
    Column("escalates_at", INSTANT),
    Column("expires_at", INSTANT),
    Column("on_expiry", Text, nullable=False),
    Column("allowed", JSONB, nullable=False),
    Column("proposed", JSONB, nullable=False),
    Column("why", JSONB, nullable=False),
    Column("reminded_at", INSTANT),
    Column("escalated_at", INSTANT),
    Column("closed_at", INSTANT),
    Column("decision", JSONB),
    Column("subject", Text, nullable=False, server_default=""),
    Column("priority", Integer, nullable=False, server_default="0"),
)
Index("task_claim_ix", task.c.claim_id, task.c.state)
Index(
    "task_open_ix",
    task.c.role,
    task.c.assignee,
    task.c.priority.desc(),
    task.c.id.desc(),
    postgresql_where=task.c.state == "open",
)

Index("task_inbox_ix", task.c.priority.desc(), task.c.id.desc(), postgresql_where=task.c.state == "open")
