"""What refers to an entry of the catalogue: one in use can be made inactive, not destroyed."""

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from db.tables import action, catalogue, claim, cost, dispute, item, procedure


async def is_in_use(connection: AsyncConnection, kind: str, code: str) -> bool:
    """Whether a claim, an action, an item or another entry refers to it."""
    by_entries = {
        "action-types": select(catalogue.c.code).where(
            or_(
                and_(
                    catalogue.c.kind == "scenarios",
                    catalogue.c.body["steps"].op("@>")([{"action_type": code}]),
                ),
                and_(catalogue.c.kind == "statuses", catalogue.c.body["specific_action"].as_string() == code),
            )
        ),
        "fees": select(catalogue.c.code).where(
            catalogue.c.kind == "action-types", catalogue.c.body["automatic_fee"].as_string() == code
        ),
        "sub-stages": select(catalogue.c.code).where(
            catalogue.c.kind == "action-types",
            catalogue.c.current,
            catalogue.c.body["proposes"]["sub_stage"].as_string() == code,
        ),
        "agents": select(catalogue.c.code).where(
            catalogue.c.kind == "action-types",
            catalogue.c.current,
            catalogue.c.body["default_agent"].as_string() == code,
        ),
    }
    by_claims = {
        "scenarios": select(claim.c.id).where(claim.c.scenario == code),
        "creditors": select(claim.c.id).where(claim.c.creditor == code),
        "action-types": select(action.c.id).where(action.c.action_type == code),
        "statuses": select(item.c.id)
        .where(item.c.status == code)
        .union_all(select(dispute.c.id).where(dispute.c.kind == code)),
        "countries": select(claim.c.id).where(claim.c.country == code),
        "sub-stages": select(claim.c.id).where(or_(claim.c.sub_stage == code, claim.c.closed_from_sub_stage == code)),
        "agents": select(action.c.id)
        .where(action.c.agent == code)
        .union_all(
            select(procedure.c.id).where(procedure.c.agent == code), select(cost.c.id).where(cost.c.agent == code)
        ),
    }
    for query in (by_claims.get(kind), by_entries.get(kind)):
        if query is not None and (await connection.execute(select(exists(query)))).scalar_one():
            return True
    return False
