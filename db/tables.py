"""The schema. Facts about claims are written by the claim's own workflow, catalogue data by the API.

Only features of PostgreSQL 15 and later, so that any server serves. Money is numeric(18,3) beside the claim's currency.
"""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    Interval,
    LargeBinary,
    MetaData,
    Numeric,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects import postgresql

metadata = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pk",
        "fk": "%(table_name)s_%(column_0_name)s_fk",
        "ix": "%(table_name)s_%(column_0_N_name)s_ix",
        "uq": "%(table_name)s_%(column_0_N_name)s_uq",
    }
)
JSONB = postgresql.JSONB(none_as_null=True)  # no value is NULL, never the JSON null
INSTANT = DateTime(timezone=True)
MONEY = Numeric(18, 3)
EMPTY_LIST = text("'[]'::jsonb")
EMPTY = text("'{}'::jsonb")
NO_TEXTS = text("'{}'::text[]")

catalogue = Table(
    "catalogue",
    metadata,
    Column(
        "kind", Text, primary_key=True
    ),  # statuses, action-types, scenarios, fees, rates, calendars, agents, creditors
    Column("code", Text, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("body", JSONB, nullable=False),  # as in the HTTP contract, without code and version
    Column("active", Boolean, nullable=False, server_default=text("true")),
    Column("current", Boolean, nullable=False, server_default=text("true")),
    Column("author", Text, nullable=False, server_default=""),
    Column("written_at", INSTANT, nullable=False, server_default=text("now()")),
)
Index("catalogue_current_uq", catalogue.c.kind, catalogue.c.code, unique=True, postgresql_where=catalogue.c.current)

debtor = Table(
    "debtor",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("creditor", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("kind", Text, nullable=False, server_default="company"),
    Column("name", Text, nullable=False),
    Column("legal_form", Text, nullable=False, server_default=""),
    Column("legal_situation", Text, nullable=False, server_default="active"),
    Column("language", Text, nullable=False),
    Column("country", Text, nullable=False, server_default=""),
    Column("time_zone", Text, nullable=False, server_default=""),
    Column("identifiers", JSONB, nullable=False, server_default=EMPTY),
    Column("addresses", JSONB, nullable=False, server_default=EMPTY_LIST),
    Column("contacts", JSONB, nullable=False, server_default=EMPTY_LIST),
    Column("bank_accounts", JSONB, nullable=False, server_default=EMPTY_LIST),
    Column("preferred_channel", Text, nullable=False, server_default=""),
    Column("updated_at", INSTANT, nullable=False, server_default=text("now()")),
    UniqueConstraint("creditor", "reference"),
)

debtor_change = Table(
    "debtor_change",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("debtor_id", Uuid, ForeignKey("debtor.id"), nullable=False, index=True),
    Column("author", Text, nullable=False),
    Column("changed_at", INSTANT, nullable=False, server_default=text("now()")),
    Column("before", JSONB, nullable=False),
    Column("after", JSONB, nullable=False),
)

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
    Column("sequence", Integer, nullable=False, server_default="0"),
    Column("waiting_for", Text, nullable=False, server_default="date"),
    Column("waiting_since", INSTANT),
    Column("clock_ahead", Interval, nullable=False, server_default=text("'0'::interval")),  # training: its server time
    Column("import_id", Uuid),
    Column("preferred_channel", Text, nullable=False, server_default=""),  # of this claim; else the debtor's
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

entry = Table(  # the inbox of every claim: append-only, applied by its workflow alone, in order of n
    "entry",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("n", BigInteger, Identity(), nullable=False, unique=True),
    Column("claim_id", Uuid, ForeignKey("claim.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("payload", JSONB, nullable=False, server_default=EMPTY),
    Column("author", Text, nullable=False),
    Column("key", Text),  # idempotency: payment/<external_id>, or the Idempotency-Key header
    Column("fingerprint", Text, nullable=False, server_default=""),  # of the body, to tell a repeat from another
    Column("received_at", INSTANT, nullable=False, server_default=text("now()")),
    Column("state", Text, nullable=False, server_default="received"),  # received | applied | refused
    Column("applied_at", INSTANT),  # in the claim's time
    Column("outcome", JSONB),
    Column("reason", Text, nullable=False, server_default=""),
    UniqueConstraint("claim_id", "key"),
)
Index("entry_unapplied_ix", entry.c.claim_id, entry.c.n, postgresql_where=entry.c.state == "received")
Index("entry_claim_ix", entry.c.claim_id, entry.c.n)

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
    UniqueConstraint("claim_id", "reference"),
)

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

document = Table(
    "document",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("claim_id", Uuid, ForeignKey("claim.id"), nullable=False, index=True),
    Column("action_id", Uuid, index=True),
    Column("kind", Text, nullable=False),  # letter | registered_letter | email | file
    Column("template", Text, nullable=False, server_default=""),
    Column("version", Text, nullable=False, server_default=""),
    Column("key", Text),  # claim/<number>/<sequence> of what left
    Column("media_type", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("posts_at", INSTANT),
    Column("created_at", INSTANT, nullable=False),  # in the claim's time
    Column("author", Text, nullable=False, server_default=""),
    UniqueConstraint("claim_id", "key", "kind"),
)

document_content = Table(
    "document_content",
    metadata,
    Column("document_id", Uuid, ForeignKey("document.id"), primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

timeline = Table(  # all that happened to a claim, kept longer than Temporal keeps histories
    "timeline",
    metadata,
    Column("n", BigInteger, Identity(), primary_key=True),
    Column("claim_id", Uuid, ForeignKey("claim.id"), nullable=False),
    Column("at", INSTANT, nullable=False),  # in the claim's time
    Column("kind", Text, nullable=False),  # a code: payment_received, action_sent, task_opened, ...
    Column("author", Text, nullable=False),  # a person's code, "system", or "api:<key name>"
    Column("facts", JSONB, nullable=False, server_default=EMPTY),
    Column("action_id", Uuid),
    Column("entry_id", Uuid),
)
Index("timeline_claim_ix", timeline.c.claim_id, timeline.c.n.desc())

person = Table(
    "person",
    metadata,
    Column("code", Text, primary_key=True),
    Column("email", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("language", Text, nullable=False, server_default="fr"),
    Column("password_hash", Text, nullable=False),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    Column("creditors", ARRAY(Text), nullable=False, server_default=NO_TEXTS),  # of role creditor: what is theirs
)

session = Table(
    "session",
    metadata,
    Column("token_sha256", Text, primary_key=True),
    Column("person", Text, ForeignKey("person.code"), nullable=False, index=True),
    Column("created_at", INSTANT, nullable=False, server_default=text("now()")),
    Column("seen_at", INSTANT, nullable=False, server_default=text("now()")),
    Column("expires_at", INSTANT, nullable=False),
)

api_key = Table(
    "api_key",
    metadata,
    Column("name", Text, primary_key=True),
    Column("key_sha256", Text, nullable=False, unique=True),
    Column("role", Text, nullable=False),
    Column("creditors", ARRAY(Text), nullable=False, server_default=NO_TEXTS),
    Column("active", Boolean, nullable=False, server_default=text("true")),
)

login_attempt = Table(
    "login_attempt",
    metadata,
    Column("n", BigInteger, Identity(), primary_key=True),
    Column("subject_sha256", Text, nullable=False, index=True),  # of the e-mail address, and of the network address
    Column("at", INSTANT, nullable=False, server_default=text("now()")),
)

answered = (
    Table(  # the first answer to a request with an Idempotency-Key that is no claim's entry (intake, files, catalogue)
        "answered",
        metadata,
        Column("author", Text, primary_key=True),
        Column("key", Text, primary_key=True),
        Column("fingerprint", Text, nullable=False),
        Column("status", Integer, nullable=False),
        Column("body", JSONB, nullable=False),
        Column("at", INSTANT, nullable=False, server_default=text("now()")),
    )
)

portfolio_import = Table(
    "portfolio_import",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("file_name", Text, nullable=False),
    Column("content", LargeBinary),
    Column("mapping", JSONB, nullable=False),
    Column("state", Text, nullable=False, server_default="queued"),
    Column("rows", Integer, nullable=False, server_default="0"),
    Column("accepted", Integer, nullable=False, server_default="0"),
    Column("unchanged", Integer, nullable=False, server_default="0"),
    Column("rejected", Integer, nullable=False, server_default="0"),
    Column("claims_started", Integer, nullable=False, server_default="0"),
    Column("claims_total", Integer, nullable=False, server_default="0"),
    Column("taken", Integer),  # groups of rows (a claim each) that are taken; NULL before the file was read
    Column("told", Text, nullable=False, server_default=""),  # the number of the last claim whose workflow was started
    Column("detail", Text, nullable=False, server_default=""),
    Column("author", Text, nullable=False),
    Column("created_at", INSTANT, nullable=False, server_default=text("now()")),
)

import_error = Table(
    "import_error",
    metadata,
    Column("import_id", Uuid, ForeignKey("portfolio_import.id"), primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("line", Integer, nullable=False),
    Column("column", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("reason", Text, nullable=False),
)

import_mapping = Table(
    "import_mapping",
    metadata,
    Column("name", Text, primary_key=True),
    Column("mapping", JSONB, nullable=False),
)

journey = Table(  # a fast-forward of the training mode
    "journey",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("state", Text, nullable=False, server_default="queued"),  # queued | running | done | failed
    Column("request", JSONB, nullable=False),
    Column("author", Text, nullable=False),
    Column("created_at", INSTANT, nullable=False, server_default=text("now()")),
)

journey_claim = Table(
    "journey_claim",
    metadata,
    Column("journey_id", Uuid, ForeignKey("journey.id"), primary_key=True),
    Column("claim_id", Uuid, ForeignKey("claim.id"), primary_key=True),
    Column("state", Text, nullable=False, server_default="queued"),  # queued | arrived | stopped | failed
    Column("target_at", INSTANT),  # where it is going, in the claim's time; fixed when it leaves
    Column("detail", Text, nullable=False, server_default=""),
)
Index("journey_claim_queue_ix", journey_claim.c.claim_id, postgresql_where=journey_claim.c.state == "queued")
