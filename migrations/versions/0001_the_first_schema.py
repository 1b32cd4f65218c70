"""The first schema"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.execute("create extension if not exists pg_trgm")  # search by a part of a debtor's name
    op.execute("create extension if not exists unaccent")
    op.execute("create sequence claim_number_seq")  # the figures of R26-0001234
    op.create_table(
        "answered",
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("author", "key", name=op.f("answered_pk")),
    )
    op.create_table(
        "api_key",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("key_sha256", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("creditors", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'::text[]"), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("api_key_pk")),
        sa.UniqueConstraint("key_sha256", name=op.f("api_key_key_sha256_uq")),
    )
    op.create_table(
        "catalogue",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("current", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("author", sa.Text(), server_default="", nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("kind", "code", "version", name=op.f("catalogue_pk")),
    )
    op.create_index(
        "catalogue_current_uq", "catalogue", ["kind", "code"], unique=True, postgresql_where=sa.text("current")
    )
    op.create_table(
        "debtor",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("creditor", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), server_default="company", nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("legal_form", sa.Text(), server_default="", nullable=False),
        sa.Column("legal_situation", sa.Text(), server_default="active", nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), server_default="", nullable=False),
        sa.Column("time_zone", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "identifiers",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column(
            "addresses",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
        sa.Column(
            "contacts",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
        sa.Column(
            "bank_accounts",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
        sa.Column("preferred_channel", sa.Text(), server_default="", nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("debtor_pk")),
        sa.UniqueConstraint("creditor", "reference", name=op.f("debtor_creditor_reference_uq")),
    )
    op.create_table(
        "import_mapping",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("mapping", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("import_mapping_pk")),
    )
    op.create_table(
        "journey",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), server_default="queued", nullable=False),
        sa.Column("request", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("journey_pk")),
    )
    op.create_table(
        "login_attempt",
        sa.Column("n", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("subject_sha256", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("n", name=op.f("login_attempt_pk")),
    )
    op.create_index(op.f("login_attempt_subject_sha256_ix"), "login_attempt", ["subject_sha256"], unique=False)
    op.create_table(
        "person",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), server_default="fr", nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("creditors", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'::text[]"), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("person_pk")),
        sa.UniqueConstraint("email", name=op.f("person_email_uq")),
    )
    op.create_table(
        "portfolio_import",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("mapping", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), server_default="queued", nullable=False),
        sa.Column("rows", sa.Integer(), server_default="0", nullable=False),
        sa.Column("accepted", sa.Integer(), server_default="0", nullable=False),
        sa.Column("unchanged", sa.Integer(), server_default="0", nullable=False),
        sa.Column("rejected", sa.Integer(), server_default="0", nullable=False),
        sa.Column("claims_started", sa.Integer(), server_default="0", nullable=False),
        sa.Column("claims_total", sa.Integer(), server_default="0", nullable=False),
        sa.Column("taken", sa.Integer(), nullable=True),
        sa.Column("told", sa.Text(), server_default="", nullable=False),
        sa.Column("detail", sa.Text(), server_default="", nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("portfolio_import_pk")),
    )
    op.create_table(
        "claim",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("creditor", sa.Text(), nullable=False),
        sa.Column("debtor_id", sa.Uuid(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("values", sa.Text(), nullable=False),
        sa.Column(
            "global_amounts",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), server_default="", nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("sub_stage", sa.Text(), server_default="", nullable=False),
        sa.Column("stage_since", sa.Date(), nullable=False),
        sa.Column("scenario", sa.Text(), nullable=False),
        sa.Column("scenario_version", sa.Integer(), nullable=False),
        sa.Column("collector", sa.Text(), server_default="", nullable=False),
        sa.Column("takeover", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("suspended", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("ending", sa.Text(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closing", sa.Text(), nullable=True),
        sa.Column("closed_from", sa.Text(), nullable=True),
        sa.Column("sequence", sa.Integer(), server_default="0", nullable=False),
        sa.Column("waiting_for", sa.Text(), server_default="date", nullable=False),
        sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("clock_ahead", sa.Interval(), server_default=sa.text("'0'::interval"), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=True),
        sa.Column("preferred_channel", sa.Text(), server_default="", nullable=False),
        sa.Column("debtor_norm", sa.Text(), server_default="", nullable=False),
        sa.Column("search_norm", sa.Text(), server_default="", nullable=False),
        sa.Column("balance_due", sa.Numeric(precision=18, scale=3), server_default="0", nullable=False),
        sa.Column("principal_due", sa.Numeric(precision=18, scale=3), server_default="0", nullable=False),
        sa.Column("oldest_due_on", sa.Date(), nullable=True),
        sa.Column("statuses", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'::text[]"), nullable=False),
        sa.Column("next_action", sa.Text(), server_default="", nullable=False),
        sa.Column("next_action_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_action_on", sa.Date(), nullable=True),
        sa.Column("priority", sa.Integer(), server_default="0", nullable=False),
        sa.Column(
            "alerts",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["debtor_id"], ["debtor.id"], name=op.f("claim_debtor_id_fk")),
        sa.PrimaryKeyConstraint("id", name=op.f("claim_pk")),
        sa.UniqueConstraint("number", name=op.f("claim_number_uq")),
        sa.UniqueConstraint("reference", name=op.f("claim_reference_uq")),
    )
    op.create_index("claim_balance_ix", "claim", ["balance_due", "id"], unique=False)
    op.create_index("claim_collector_ix", "claim", ["collector", "stage", "next_action_at"], unique=False)
    op.create_index(op.f("claim_debtor_id_ix"), "claim", ["debtor_id"], unique=False)
    op.create_index(
        "claim_debtor_norm_ix", "claim", [sa.literal_column('(debtor_norm COLLATE "C")'), "id"], unique=False
    )
    op.create_index(
        "claim_debtor_trgm_ix",
        "claim",
        ["debtor_norm"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"debtor_norm": "gin_trgm_ops"},
    )
    op.create_index(
        "claim_list_ix",
        "claim",
        ["creditor", "stage", sa.literal_column("priority DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index(
        "claim_next_action_ix",
        "claim",
        [sa.literal_column("coalesce(next_action_on, '9999-12-31'::date)"), "id"],
        unique=False,
    )
    op.create_index(
        "claim_oldest_due_ix",
        "claim",
        [sa.literal_column("coalesce(oldest_due_on, '9999-12-31'::date)"), "id"],
        unique=False,
    )
    op.create_index(
        "claim_open_ix",
        "claim",
        [sa.literal_column("priority DESC"), sa.literal_column("id DESC")],
        unique=False,
        postgresql_where=sa.text("stage != 'closed'"),
    )
    op.create_index("claim_opened_ix", "claim", ["opened_on", "id"], unique=False)
    op.create_index(
        "claim_import_ix",
        "claim",
        ["import_id", "number"],
        unique=False,
        postgresql_where=sa.text("import_id IS NOT NULL"),
    )
    op.create_index(
        "claim_priority_ix", "claim", [sa.literal_column("priority DESC"), sa.literal_column("id DESC")], unique=False
    )
    op.create_index(
        "claim_search_trgm_ix",
        "claim",
        ["search_norm"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"search_norm": "gin_trgm_ops"},
    )
    op.create_index("claim_statuses_ix", "claim", ["statuses"], unique=False, postgresql_using="gin")
    op.create_table(
        "debtor_change",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("debtor_id", sa.Uuid(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("before", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("after", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["debtor_id"], ["debtor.id"], name=op.f("debtor_change_debtor_id_fk")),
        sa.PrimaryKeyConstraint("id", name=op.f("debtor_change_pk")),
    )
    op.create_index(op.f("debtor_change_debtor_id_ix"), "debtor_change", ["debtor_id"], unique=False)
    op.create_table(
        "import_error",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("column", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["portfolio_import.id"], name=op.f("import_error_import_id_fk")),
        sa.PrimaryKeyConstraint("import_id", "n", name=op.f("import_error_pk")),
    )
    op.create_table(
        "session",
        sa.Column("token_sha256", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.code"], name=op.f("session_person_fk")),
        sa.PrimaryKeyConstraint("token_sha256", name=op.f("session_pk")),
    )
    op.create_index(op.f("session_person_ix"), "session", ["person"], unique=False)
    op.create_table(
        "action",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("action_type", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=True),
        sa.Column("scenario_version", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("planned_end_on", sa.Date(), nullable=True),
        sa.Column("reminder_on", sa.Date(), nullable=True),
        sa.Column("planned_on", sa.Date(), nullable=True),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("fee", sa.Numeric(precision=18, scale=3), nullable=True),
        sa.Column("agent", sa.Text(), server_default="", nullable=False),
        sa.Column("object", sa.Text(), server_default="", nullable=False),
        sa.Column("observations", sa.Text(), server_default="", nullable=False),
        sa.Column("decided_by", sa.Text(), server_default="", nullable=False),
        sa.Column("replaces", sa.Uuid(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column(
            "notes",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
        sa.Column("draft", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("action_claim_id_fk")),
        sa.PrimaryKeyConstraint("id", name=op.f("action_pk")),
        sa.UniqueConstraint("claim_id", "sequence", name=op.f("action_claim_id_sequence_uq")),
    )
    op.create_table(
        "cost",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=18, scale=3), nullable=False),
        sa.Column("incurred_on", sa.Date(), nullable=False),
        sa.Column("chargeable_to_debtor", sa.Boolean(), nullable=False),
        sa.Column("billed_to_creditor", sa.Boolean(), nullable=False),
        sa.Column("advance", sa.Boolean(), nullable=False),
        sa.Column("agent", sa.Text(), server_default="", nullable=False),
        sa.Column("action_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("cost_claim_id_fk")),
        sa.PrimaryKeyConstraint("id", name=op.f("cost_pk")),
    )
    op.create_index(op.f("cost_claim_id_ix"), "cost", ["claim_id"], unique=False)
    op.create_table(
        "document",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("action_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("template", sa.Text(), server_default="", nullable=False),
        sa.Column("version", sa.Text(), server_default="", nullable=False),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("posts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("document_claim_id_fk")),
        sa.PrimaryKeyConstraint("id", name=op.f("document_pk")),
        sa.UniqueConstraint("claim_id", "key", "kind", name=op.f("document_claim_id_key_kind_uq")),
    )
    op.create_index(op.f("document_action_id_ix"), "document", ["action_id"], unique=False)
    op.create_index(op.f("document_claim_id_ix"), "document", ["claim_id"], unique=False)
    op.create_table(
        "entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("n", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column(
            "payload",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("fingerprint", sa.Text(), server_default="", nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("state", sa.Text(), server_default="received", nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("entry_claim_id_fk")),
        sa.PrimaryKeyConstraint("id", name=op.f("entry_pk")),
        sa.UniqueConstraint("claim_id", "key", name=op.f("entry_claim_id_key_uq")),
        sa.UniqueConstraint("n", name=op.f("entry_n_uq")),
    )
    op.create_index("entry_claim_ix", "entry", ["claim_id", "n"], unique=False)
    op.create_index(
        "entry_unapplied_ix", "entry", ["claim_id", "n"], unique=False, postgresql_where=sa.text("state = 'received'")
    )
    op.create_table(
        "item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("amount", sa.Numeric(precision=18, scale=3), nullable=False),
        sa.Column(
            "terms",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column("status", sa.Text(), nullable=True),
        sa.Column("status_category", sa.Text(), nullable=True),
        sa.Column("comment", sa.Text(), server_default="", nullable=False),
        sa.Column("follow_up_on", sa.Date(), nullable=True),
        sa.Column("promised_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("item_claim_id_fk")),
        sa.PrimaryKeyConstraint("id", name=op.f("item_pk")),
        sa.UniqueConstraint("claim_id", "reference", name=op.f("item_claim_id_reference_uq")),
    )
    op.create_table(
        "journey_claim",
        sa.Column("journey_id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), server_default="queued", nullable=False),
        sa.Column("target_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("detail", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("journey_claim_claim_id_fk")),
        sa.ForeignKeyConstraint(["journey_id"], ["journey.id"], name=op.f("journey_claim_journey_id_fk")),
        sa.PrimaryKeyConstraint("journey_id", "claim_id", name=op.f("journey_claim_pk")),
    )
    op.create_index(
        "journey_claim_queue_ix",
        "journey_claim",
        ["claim_id"],
        unique=False,
        postgresql_where=sa.text("state = 'queued'"),
    )
    op.create_table(
        "payment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=18, scale=3), nullable=False),
        sa.Column("value_date", sa.Date(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("method", sa.Text(), server_default="", nullable=False),
        sa.Column("payer", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "directed",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
        sa.Column("reversed_on", sa.Date(), nullable=True),
        sa.Column("reversal_reason", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("payment_claim_id_fk")),
        sa.PrimaryKeyConstraint("id", name=op.f("payment_pk")),
        sa.UniqueConstraint("claim_id", "external_id", name=op.f("payment_claim_id_external_id_uq")),
    )
    op.create_table(
        "task",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("action_id", sa.Uuid(), nullable=True),
        sa.Column("action_type", sa.Text(), server_default="", nullable=False),
        sa.Column("step", sa.Integer(), nullable=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("assignee", sa.Text(), server_default="", nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminds_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("escalates_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("on_expiry", sa.Text(), nullable=False),
        sa.Column("allowed", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("proposed", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("why", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("priority", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("task_claim_id_fk")),
        sa.PrimaryKeyConstraint("id", name=op.f("task_pk")),
    )
    op.create_index("task_claim_ix", "task", ["claim_id", "state"], unique=False)
    op.create_index(
        "task_inbox_ix",
        "task",
        [sa.literal_column("priority DESC"), sa.literal_column("id DESC")],
        unique=False,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "task_open_ix",
        "task",
        ["role", "assignee", sa.literal_column("priority DESC"), sa.literal_column("id DESC")],
        unique=False,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "timeline",
        sa.Column("n", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column(
            "facts",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column("action_id", sa.Uuid(), nullable=True),
        sa.Column("entry_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("timeline_claim_id_fk")),
        sa.PrimaryKeyConstraint("n", name=op.f("timeline_pk")),
    )
    op.create_index("timeline_claim_ix", "timeline", ["claim_id", sa.literal_column("n DESC")], unique=False)
    op.create_table(
        "document_content",
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("document_content_document_id_fk")),
        sa.PrimaryKeyConstraint("document_id", name=op.f("document_content_pk")),
    )
