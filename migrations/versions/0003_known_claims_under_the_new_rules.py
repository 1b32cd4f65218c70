"""Claims that were there before interest, indemnities and the clocks of the law are told of them

Until 0002 no claim bore interest or an indemnity, whatever its contract or the law said. From here on they are computed
from the facts, so a known claim may owe more than it did a minute ago. What is open hears of it as news: planned anew,
with its clocks, and its timeline says what the debt was and is. What was closed as paid stays paid.
"""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.execute("""
        update item set terms = terms || '{"interest": "none", "indemnity": "none"}'
        from claim where claim.id = item.claim_id and claim.stage = 'closed' and claim.ending = 'paid'
    """)
    op.execute("""
        insert into entry (id, claim_id, kind, payload, author, key)
        select gen_random_uuid(), id, 'rules_changed', jsonb_build_object('owed', balance_due::text), 'system', 'rules/0003'
        from claim where stage <> 'closed' order by number
    """)
