"""What the worker and the replayer run: the workflows, the sandbox they run in, the converter of what they exchange."""

from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from workflows.claim import ClaimWorkflow
from workflows.fast_forward import FastForwardWorkflow
from workflows.portfolio_import import PortfolioImportWorkflow
from workflows.schedules import SweepWorkflow

WORKFLOWS = [ClaimWorkflow, PortfolioImportWorkflow, FastForwardWorkflow, SweepWorkflow]
CONVERTER = pydantic_data_converter  # the default one refuses datetimes inside the sandbox

# Our own modules are deterministic where workflows use them, and importing them once instead of once per workflow
# saves milliseconds and megabytes each (design/temporal.md 1.8).
RUNNER = SandboxedWorkflowRunner(
    restrictions=SandboxRestrictions.default.with_passthrough_modules(
        "domain", "workflows", "pydantic", "pydantic_core", "babel"
    )
)
