"""Tables of what arrives for a claim (its inbox) and of all that happened to it (its timeline)."""

from sqlalchemy import BigInteger, Column, ForeignKey, Identity, Index, Table, Text, UniqueConstraint, Uuid, text

from db.metadata import EMPTY, INSTANT, JSONB, metadata

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
