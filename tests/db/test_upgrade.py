"""An installation of before interest and indemnities: what is open is told of the new rules, what was paid stays paid."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

import migrations
from embedded import postgres
from tests.servers import fresh_database

BEFORE = "0002"


def an_old_claim(connection: Connection, number: str, **given: Any) -> UUID:
    """A claim with one overdue invoice, as the rules before left it."""
    facts = {"stage": "amicable", "ending": None, "balance": "1000.000", "terms": "{}", **given}
    claim_id = uuid4()
    ids = {"claim": claim_id, "debtor": uuid4(), "item": uuid4(), "number": number}
    for statement in (
        "insert into debtor (id, creditor, reference, name, language) values (:debtor, 'ACME', :number, 'A', 'fr')",
        """insert into claim (id, number, reference, creditor, debtor_id, currency, values, time_zone, opened_at, opened_on,
           stage, ending, stage_since, scenario, scenario_version, balance_due)
           values (:claim, :number, :number, 'ACME', :debtor, 'EUR', 'detailed', 'Europe/Paris', now(), current_date,
           :stage, :ending, current_date, 'standard', 1, cast(:balance as numeric))""",
        """insert into item (id, claim_id, position, reference, kind, due_on, amount, terms)
           values (:item, :claim, 0, 'F-1', 'invoice', '2025-01-31', 1000, cast(:terms as jsonb))""",
    ):
        connection.execute(text(statement), {**ids, **facts})
    return claim_id


def test_the_upgrade_tells_open_claims_and_leaves_paid_ones_paid(postgres_server: postgres.Server) -> None:
    with fresh_database(postgres_server, template="template0") as url:
        migrations.upgrade(url, BEFORE)
        engine = create_engine(url, poolclass=NullPool)
        with engine.begin() as connection:
            still_open = an_old_claim(connection, "R26-1")
            paid = an_old_claim(connection, "R26-2", stage="closed", ending="paid", balance="0", terms='{"note": "x"}')
            withdrawn = an_old_claim(connection, "R26-3", stage="closed", ending="withdrawn")
        migrations.upgrade(url)
        migrations.upgrade(url)
        with engine.connect() as connection:
            told = connection.execute(text("select claim_id, kind, payload, state from entry")).all()
            terms = {row.claim_id: row.terms for row in connection.execute(text("select claim_id, terms from item"))}
        assert [tuple(row) for row in told] == [(still_open, "rules_changed", {"owed": "1000.000"}, "received")]
        assert terms[paid] == {"note": "x", "interest": "none", "indemnity": "none"}
        assert terms[still_open] == terms[withdrawn] == {}
