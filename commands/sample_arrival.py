"""The sample portfolio arrives in the background after the first start, through intake like any claim."""

from embedded.supervisor import Supervisor


def begin(supervisor: Supervisor) -> None:
    supervisor.start_aside("sample", "sample")
