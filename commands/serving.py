"""`recouvra api`: the HTTP API and the workbench."""

import logging
from functools import partial

import uvicorn

from api.app import create_app
from api.surroundings import ApiSettings
from commands import connections, logs
from settings import Settings, is_loopback

GRACE = 5  # seconds for requests under way when asked to stop


class WithoutQuery(logging.Filter):
    """Takes the query out of the access log: what was searched for may name a person."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple) and len(record.args) == 5:
            client, method, path, version, status = record.args
            record.args = (client, method, str(path).partition("?")[0], version, status)
        return True


def api() -> None:
    """Serve the HTTP API and the workbench (DATABASE_URL and TEMPORAL_ADDRESS are needed)."""
    settings = Settings()
    logs.log_to_stderr(settings)
    public_url = settings.public_url or f"http://{settings.http_host}:{settings.http_port}"
    told = ApiSettings(
        temporal_ui_url=settings.temporal_ui_url or "",
        temporal_namespace=settings.temporal_namespace,
        public_url=public_url,
        training=settings.training_mode,
        mailbox=settings.mailbox,
        secure_cookies=public_url.startswith("https://"),
    )
    app = create_app(told, connections.database(settings), connect=partial(connections.temporal_client, settings))
    logging.getLogger("uvicorn.access").addFilter(WithoutQuery())
    uvicorn.run(
        app,
        host=settings.http_host,
        port=settings.http_port,
        log_config=None,
        server_header=False,
        proxy_headers=not is_loopback(settings.http_host),
        timeout_graceful_shutdown=GRACE,
    )
