"""The servers that every other test stands on."""

from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client

from embedded.temporal import SEARCH_ATTRIBUTES


async def test_a_test_has_a_database_of_its_own(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        assert (await connection.execute(text("select count(*) from claim"))).scalar_one() == 0


async def test_the_temporal_server_is_ready_for_claims(temporal_client: Client) -> None:
    known = await temporal_client.operator_service.list_search_attributes(
        ListSearchAttributesRequest(namespace="default")
    )
    assert set(SEARCH_ATTRIBUTES) <= set(known.custom_attributes)
    told = await temporal_client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace="default"))
    assert told.config.workflow_execution_retention_ttl.ToTimedelta() >= timedelta(days=90)
