"""Tables of what is rarer than items and payments: corrections, promises, arrangements, offers, disputes, law.

Most claims have none of them: `claim.kept` names the tables that hold rows of a claim, the others are not asked.
"""

from sqlalchemy import ARRAY, Column, Date, ForeignKey, Integer, Table, Text, Uuid

from db.metadata import EMPTY, EMPTY_LIST, INSTANT, JSONB, MONEY, NO_TEXTS, metadata


def _of_claim(name: str, *columns: Column[object]) -> Table:
    return Table(
        name,
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("claim_id", Uuid, ForeignKey("claim.id"), nullable=False, index=True),
        *columns,
    )


def _text(name: str) -> Column[object]:
    return Column(name, Text, nullable=False, server_default="")


def _items() -> Column[object]:
    return Column("items", ARRAY(Text), nullable=False, server_default=NO_TEXTS)  # references; none: the claim


correction = _of_claim(
    "correction",
    Column("kind", Text, nullable=False),
    Column("to", Text, nullable=False),
    Column("amount", MONEY, nullable=False),
    Column("on", Date, nullable=False),
    _text("reason"),
    Column("author", Text, nullable=False),
    _text("item"),
    Column("cost_id", Uuid),
    Column("reversed_on", Date),
)

promise = _of_claim(
    "promise",
    Column("made_at", INSTANT, nullable=False),
    Column("made_on", Date, nullable=False),
    Column("promised_on", Date, nullable=False),
    Column("amount", MONEY, nullable=False),
    Column("author", Text, nullable=False),
    _items(),
    Column("tolerance_days", Integer, nullable=False, server_default="0"),
    Column("tolerance_amount", MONEY),
    _text("comment"),
    Column("state", Text, nullable=False),
    Column("received", MONEY),
    Column("settled_on", Date),
    Column("action_id", Uuid),
    Column("payments_before", ARRAY(Text), nullable=False, server_default=NO_TEXTS),
)

arrangement = _of_claim(
    "arrangement",
    Column("agreed_at", INSTANT, nullable=False),
    Column("agreed_on", Date, nullable=False),
    Column("instalments", JSONB, nullable=False, server_default=EMPTY_LIST),
    Column("author", Text, nullable=False),
    _items(),
    Column("waiver", MONEY),
    Column("tolerance_days", Integer, nullable=False, server_default="0"),
    Column("tolerance_amount", MONEY),
    Column("missed_allowed", Integer, nullable=False, server_default="0"),
    Column("remind_days_before", Integer, nullable=False, server_default="0"),
    Column("remind_days_after", Integer, nullable=False, server_default="0"),
    _text("comment"),
    Column("offer_id", Uuid),
    Column("state", Text, nullable=False),
    Column("ended_on", Date),
    Column("payments_before", ARRAY(Text), nullable=False, server_default=NO_TEXTS),
)

offer = _of_claim(
    "offer",
    Column("made_at", INSTANT, nullable=False),
    Column("made_on", Date, nullable=False),
    Column("by", Text, nullable=False),
    Column("amount", MONEY, nullable=False),
    Column("instalments", JSONB, nullable=False, server_default=EMPTY_LIST),
    Column("author", Text, nullable=False),
    _items(),
    Column("answer_by", Date),
    Column("answers", Uuid),
    _text("comment"),
    Column("state", Text, nullable=False),
    Column("answered_on", Date),
)

dispute = _of_claim(
    "dispute",
    Column("opened_at", INSTANT, nullable=False),
    Column("opened_on", Date, nullable=False),
    _items(),
    Column("kind", Text, nullable=False),
    _text("text"),
    Column("author", Text, nullable=False),
    _text("owner"),
    _text("owner_email"),
    Column("answer_due_on", Date),
    Column("state", Text, nullable=False),
    Column("outcome", Text),
    Column("credit", MONEY),
    Column("resolved_on", Date),
    Column("action_id", Uuid),
    Column("chased_on", Date),
)

guarantee = _of_claim(
    "guarantee",
    Column("kind", Text, nullable=False),
    Column("added_on", Date, nullable=False),
    Column("author", Text, nullable=False),
    Column("amount", MONEY),
    Column("rank", Integer),
    Column("valid_from", Date),
    Column("valid_until", Date),
    Column("person", JSONB, nullable=False, server_default=EMPTY),
    _text("description"),
    Column("released_on", Date),
    Column("warned_on", Date),
)

procedure = _of_claim(
    "procedure",
    Column("kind", Text, nullable=False),
    Column("opened_on", Date, nullable=False),
    Column("author", Text, nullable=False),
    _text("court"),
    _text("number"),
    _text("agent"),
    Column("hearings", JSONB, nullable=False, server_default=EMPTY_LIST),
    Column("judged_on", Date),
    _text("judgment"),
    Column("judgment_amount", MONEY),
    Column("title_on", Date),
    _text("title"),
    Column("served_on", Date),
    _text("service_mode"),
    Column("state", Text, nullable=False, server_default="open"),
    _text("outcome"),
    Column("ended_on", Date),
    _text("comment"),
)

legal_event = _of_claim(
    "legal_event",
    Column("kind", Text, nullable=False),
    Column("on", Date, nullable=False),
    Column("recorded_at", INSTANT, nullable=False),
    Column("author", Text, nullable=False),
    _text("item"),
    Column("procedure_id", Uuid),
    _text("comment"),
    Column("retracted_at", INSTANT),
    _text("retracted_by"),
    _text("retraction_reason"),
)

returned_mail = _of_claim(
    "returned_mail",
    Column("document_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("returned_on", Date, nullable=False),
    Column("recorded_at", INSTANT, nullable=False),
    Column("author", Text, nullable=False),
    Column("action_id", Uuid),
    Column("handled_on", Date),
)
