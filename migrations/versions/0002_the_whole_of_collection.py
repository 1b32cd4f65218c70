"""The whole of collection: corrections, promises, arrangements, offers, disputes, the law"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "arrangement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=False),
        sa.Column(
            "instalments",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("items", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'::text[]"), nullable=False),
        sa.Column("waiver", sa.Numeric(precision=24, scale=3), nullable=True),
        sa.Column("tolerance_days", sa.Integer(), server_default="0", nullable=False),
        sa.Column("tolerance_amount", sa.Numeric(precision=24, scale=3), nullable=True),
        sa.Column("missed_allowed", sa.Integer(), server_default="0", nullable=False),
        sa.Column("remind_days_before", sa.Integer(), server_default="0", nullable=False),
        sa.Column("remind_days_after", sa.Integer(), server_default="0", nullable=False),
        sa.Column("comment", sa.Text(), server_default="", nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("payments_before", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'::text[]"), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("arrangement_claim_id_fk")),
        sa.PrimaryKeyConstraint("id", name=op.f("arrangement_pk")),
    )
    op.create_index(op.f("arrangement_claim_id_ix"), "arrangement", ["claim_id"], unique=False)
    op.create_table(
        "correction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("to", sa.Text(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=24, scale=3), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), server_default="", nullable=False),
        sa.Column("cost_id", sa.Uuid(), nullable=True),
        sa.Column("reversed_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("correction_claim_id_fk")),
        sa.PrimaryKeyConstraint("id", name=op.f("correction_pk")),
    )
    op.create_index(op.f("correction_claim_id_ix"), "correction", ["claim_id"], unique=False)
    op.create_table(
        "dispute",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("items", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'::text[]"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), server_default="", nullable=False),
        sa.Column("owner_email", sa.Text(), server_default="", nullable=False),
        sa.Column("answer_due_on", sa.Date(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("credit", sa.Numeric(precision=24, scale=3), nullable=True),
        sa.Column("resolved_on", sa.Date(), nullable=True),
        sa.Column("action_id", sa.Uuid(), nullable=True),
        sa.Column("chased_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("dispute_claim_id_fk")),
        sa.PrimaryKeyConstraint("id", name=op.f("dispute_pk")),
    )
    op.create_index(op.f("dispute_claim_id_ix"), "dispute", ["claim_id"], unique=False)
    op.create_table(
        "guarantee",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("added_on", sa.Date(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=24, scale=3), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column(
            "person",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("released_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("guarantee_claim_id_fk")),
        sa.PrimaryKeyConstraint("id", name=op.f("guarantee_pk")),
    )
    op.create_index(op.f("guarantee_claim_id_ix"), "guarantee", ["claim_id"], unique=False)
    op.create_table(
        "legal_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), server_default="", nullable=False),
        sa.Column("procedure_id", sa.Uuid(), nullable=True),
        sa.Column("comment", sa.Text(), server_default="", nullable=False),
        sa.Column("retracted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retracted_by", sa.Text(), server_default="", nullable=False),
        sa.Column("retraction_reason", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("legal_event_claim_id_fk")),
        sa.PrimaryKeyConstraint("id", name=op.f("legal_event_pk")),
    )
    op.create_index(op.f("legal_event_claim_id_ix"), "legal_event", ["claim_id"], unique=False)
    op.create_table(
        "offer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=24, scale=3), nullable=False),
        sa.Column(
            "instalments",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("items", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'::text[]"), nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=True),
        sa.Column("answers", sa.Uuid(), nullable=True),
        sa.Column("comment", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("offer_claim_id_fk")),
        sa.PrimaryKeyConstraint("id", name=op.f("offer_pk")),
    )
    op.create_index(op.f("offer_claim_id_ix"), "offer", ["claim_id"], unique=False)
    op.create_table(
        "procedure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("court", sa.Text(), server_default="", nullable=False),
        sa.Column("number", sa.Text(), server_default="", nullable=False),
        sa.Column("agent", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "hearings",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
        sa.Column("judged_on", sa.Date(), nullable=True),
        sa.Column("judgment", sa.Text(), server_default="", nullable=False),
        sa.Column("judgment_amount", sa.Numeric(precision=24, scale=3), nullable=True),
        sa.Column("title_on", sa.Date(), nullable=True),
        sa.Column("title", sa.Text(), server_default="", nullable=False),
        sa.Column("served_on", sa.Date(), nullable=True),
        sa.Column("service_mode", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("outcome", sa.Text(), server_default="", nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("comment", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("procedure_claim_id_fk")),
        sa.PrimaryKeyConstraint("id", name=op.f("procedure_pk")),
    )
    op.create_index(op.f("procedure_claim_id_ix"), "procedure", ["claim_id"], unique=False)
    op.create_table(
        "promise",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("promised_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=24, scale=3), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("items", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'::text[]"), nullable=False),
        sa.Column("tolerance_days", sa.Integer(), server_default="0", nullable=False),
        sa.Column("tolerance_amount", sa.Numeric(precision=24, scale=3), nullable=True),
        sa.Column("comment", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("received", sa.Numeric(precision=24, scale=3), nullable=True),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("action_id", sa.Uuid(), nullable=True),
        sa.Column("payments_before", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'::text[]"), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("promise_claim_id_fk")),
        sa.PrimaryKeyConstraint("id", name=op.f("promise_pk")),
    )
    op.create_index(op.f("promise_claim_id_ix"), "promise", ["claim_id"], unique=False)
    op.add_column(
        "action", sa.Column("items", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'::text[]"), nullable=False)
    )
    op.add_column("action", sa.Column("due_on", sa.Date(), nullable=True))
    op.add_column("action", sa.Column("scenario", sa.Text(), server_default="", nullable=False))
    op.add_column("action", sa.Column("subject", sa.Text(), server_default="", nullable=False))
    op.add_column("action", sa.Column("reminded_on", sa.Date(), nullable=True))
    op.add_column(
        "claim", sa.Column("kept", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'::text[]"), nullable=False)
    )
    op.add_column(
        "claim",
        sa.Column(
            "clock_marks",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
    )
    op.add_column("cost", sa.Column("document_id", sa.Uuid(), nullable=True))
    op.add_column("item", sa.Column("excluded", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column("item", sa.Column("specific_action", sa.Uuid(), nullable=True))
    op.add_column("item", sa.Column("outstanding", sa.Numeric(precision=24, scale=3), nullable=True))
    op.create_index(
        "item_overdue_ix",
        "item",
        ["claim_id", "due_on"],
        unique=False,
        postgresql_where=sa.text("outstanding IS NULL OR outstanding > 0"),
    )
    op.add_column("task", sa.Column("subject", sa.Text(), server_default="", nullable=False))
    op.add_column("action", sa.Column("returned_on", sa.Date(), nullable=True))
    op.add_column("action", sa.Column("overdue_on", sa.Date(), nullable=True))
    op.add_column("guarantee", sa.Column("warned_on", sa.Date(), nullable=True))
    op.add_column("document", sa.Column("procedure_id", sa.Uuid(), nullable=True))
    op.add_column("document", sa.Column("cost_id", sa.Uuid(), nullable=True))
    op.add_column("document", sa.Column("dated_on", sa.Date(), nullable=True))
    op.add_column(
        "action", sa.Column("proposes", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True)
    )
    op.add_column("claim", sa.Column("closed_from_sub_stage", sa.Text(), server_default="", nullable=False))
    op.add_column(
        "claim", sa.Column("written_off", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True)
    )
    op.add_column("claim", sa.Column("hold", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True))
    _what_tells_a_debtor()
    _what_came_back()
    _what_was_caught()
    _amounts_that_sums_fit_in()


def _amounts_that_sums_fit_in() -> None:
    """One amount stays below 10^15; the sum of many, with interest, does not. A wider precision rewrites no table."""
    for table, column in (
        ("claim", "balance_due"),
        ("claim", "principal_due"),
        ("item", "amount"),
        ("payment", "amount"),
        ("cost", "amount"),
        ("action", "fee"),
    ):
        op.alter_column(table, column, type_=sa.Numeric(precision=24, scale=3))


def _what_tells_a_debtor() -> None:
    """Duplicates of a debtor are found by keys; those of debtors who are known already are written here."""
    op.add_column(
        "debtor",
        sa.Column("identity_keys", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'::text[]"), nullable=False),
    )
    op.execute(r"""
        update debtor set identity_keys = array(
            select kind || ':' || case kind when 'mf' then left(number, 8) else number end
            from (select key as kind, upper(regexp_replace(value, '\s', '', 'g')) as number
                  from jsonb_each_text(identifiers)) as identifier where number <> ''
            union
            select 'iban:' || (account ->> 'iban') from jsonb_array_elements(bank_accounts) as account
            where account ->> 'iban' <> ''
            union
            select 'name:' || trim(regexp_replace(lower(unaccent(name)), '[\W_]+', ' ', 'g')) || '@' ||
                   upper(regexp_replace(address ->> 'postal_code', '\s', '', 'g'))
            from jsonb_array_elements(addresses) as address where address ->> 'postal_code' <> ''
            order by 1)
    """)
    op.create_index(
        "debtor_identity_ix",
        "debtor",
        ["identity_keys"],
        unique=False,
        postgresql_using="gin",
        postgresql_with={"fastupdate": "off"},
    )
    op.create_index("item_reference_ix", "item", ["reference"], unique=False)


def _what_came_back() -> None:
    op.add_column("document", sa.Column("address_id", sa.Uuid(), nullable=True))
    op.create_table(
        "returned_mail",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("returned_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("action_id", sa.Uuid(), nullable=True),
        sa.Column("handled_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("returned_mail_claim_id_fk")),
        sa.PrimaryKeyConstraint("id", name=op.f("returned_mail_pk")),
    )
    op.create_index(op.f("returned_mail_claim_id_ix"), "returned_mail", ["claim_id"], unique=False)


def _what_was_caught() -> None:
    op.add_column("action", sa.Column("caught_on", sa.Date(), nullable=True))
    op.add_column(
        "document", sa.Column("items", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'::text[]"), nullable=False)
    )
