"""A Temporal namespace ready for claims: search attributes and retention, on the embedded server or any other."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from google.protobuf.duration_pb2 import Duration
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.namespace.v1 import NamespaceConfig
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest, ListSearchAttributesRequest
from temporalio.api.workflowservice.v1 import (
    DescribeNamespaceRequest,
    DescribeNamespaceResponse,
    RegisterNamespaceRequest,
    UpdateNamespaceRequest,
)
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from embedded.temporal import SEARCH_ATTRIBUTES

INDEXED_AS = {
    "Keyword": IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
    "Datetime": IndexedValueType.INDEXED_VALUE_TYPE_DATETIME,
}
RETENTION = timedelta(days=90)


async def prepare(client: Client) -> None:
    """Makes the namespace where it is missing, registers what is missing of the search attributes, keeps closed runs
    at least RETENTION. Safe to repeat. Raises RPCError when the server does not let us.
    """
    told = await _described(client)
    known = await client.operator_service.list_search_attributes(
        ListSearchAttributesRequest(namespace=client.namespace)
    )
    missing = {
        name: INDEXED_AS[kind] for name, kind in SEARCH_ATTRIBUTES.items() if name not in known.custom_attributes
    }
    if missing:
        await client.operator_service.add_search_attributes(
            AddSearchAttributesRequest(namespace=client.namespace, search_attributes=missing)
        )
    if told.config.workflow_execution_retention_ttl.ToTimedelta() < RETENTION:
        await client.workflow_service.update_namespace(
            UpdateNamespaceRequest(
                namespace=client.namespace, config=NamespaceConfig(workflow_execution_retention_ttl=_retention())
            )
        )


async def _described(client: Client) -> DescribeNamespaceResponse:
    asked = DescribeNamespaceRequest(namespace=client.namespace)
    try:
        return await client.workflow_service.describe_namespace(asked)
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
    with suppress_already_there():
        await client.workflow_service.register_namespace(
            RegisterNamespaceRequest(namespace=client.namespace, workflow_execution_retention_period=_retention())
        )
    return await client.workflow_service.describe_namespace(asked)


@contextmanager
def suppress_already_there() -> Iterator[None]:
    """Somebody else may have been quicker: then it is there all the same."""
    try:
        yield
    except RPCError as error:
        if error.status is not RPCStatusCode.ALREADY_EXISTS:
            raise


def _retention() -> Duration:
    retention = Duration()
    retention.FromTimedelta(RETENTION)
    return retention
