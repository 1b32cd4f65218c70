"""The tables beside the claims: catalogue, debtors, documents, people, machines' keys, imports, journeys."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)

from db.metadata import EMPTY, EMPTY_LIST, INSTANT, JSONB, NO_TEXTS, metadata

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
    Column("identity_keys", ARRAY(Text), nullable=False, server_default=NO_TEXTS),  # what a duplicate shares with it
    UniqueConstraint("creditor", "reference"),
)
Index(  # read at every plan, written seldom: no list of entries that wait to be sorted in
    "debtor_identity_ix", debtor.c.identity_keys, postgresql_using="gin", postgresql_with={"fastupdate": "off"}
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

document = Table(
    "document",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("claim_id", Uuid, ForeignKey("claim.id"), nullable=False, index=True),
    Column("action_id", Uuid, index=True),
    Column(
        "kind", Text, nullable=False
    ),  # letter | registered_letter | email | file | deed | judgment | title | invoice
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
    Column("address_id", Uuid),  # the debtor's postal address that it went to
    Column("procedure_id", Uuid),
    Column("cost_id", Uuid),
    Column("dated_on", Date),  # the day a deed bears
    Column("items", ARRAY(Text), nullable=False, server_default=NO_TEXTS),  # references of what a letter asks for
    UniqueConstraint("claim_id", "key", "kind"),
)

document_content = Table(
    "document_content",
    metadata,
    Column("document_id", Uuid, ForeignKey("document.id"), primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

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
