"""`recouvra mailbox`: the mail sink of the embedded default."""

import asyncio

from commands import logs
from embedded import mailbox as sink
from settings import Settings


def mailbox() -> None:
    """Keep every e-mail in a Maildir instead of sending it on."""
    settings = Settings()
    logs.log_to_stderr(settings)
    asyncio.run(sink.serve(settings.smtp_host, settings.smtp_port, settings.mailbox or settings.var / "mailbox"))
