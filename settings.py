"""Every variable of the environment, typed; read once, by entry points only (cli.py, worker.py).

The names are those of the HTTP contract. Nothing else in the project reads the environment.
"""

from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

DRIVER = "postgresql+psycopg://"


def with_driver(url: str) -> str:
    """The URL as SQLAlchemy needs it: psycopg 3, whatever of the usual schemes was written."""
    for scheme in ("postgres://", "postgresql://", DRIVER):
        if url.startswith(scheme):
            return DRIVER + url.removeprefix(scheme)
    raise ValueError("a PostgreSQL address begins with postgresql://")


def is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


DatabaseUrl = Annotated[str, AfterValidator(with_driver)]
Port = Annotated[int, Field(ge=0, le=65535)]


class Settings(BaseSettings):
    """What the surroundings say. Absent addresses mean: start an embedded one."""

    model_config = SettingsConfigDict(
        env_prefix="RECOUVRA_", env_ignore_empty=True, extra="ignore", populate_by_name=True
    )

    var: Path = Path("var")
    http_host: str = "127.0.0.1"
    http_port: Port = 8000  # 0 takes a free one
    temporal_port: Port = 7233  # likewise; the Web UI stands beside it
    smtp_host: str = "127.0.0.1"  # where the mail sink listens
    smtp_port: Port = 0
    api_key: SecretStr | None = None
    admin_password: SecretStr | None = None
    training: bool | None = None  # None: on when Temporal is the embedded one
    sample: bool = True
    public_url: str | None = None
    temporal_ui_url: str | None = None
    mailbox: Path | None = None  # the Maildir of the embedded mail sink, shown by the mailbox page
    sender: str = "Recouvra <recouvrement@recouvra.example>"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    language: Literal["fr", "en"] = "fr"  # of what supervisors read in the Temporal UI
    worker_activities: int = Field(default=12, ge=1)  # at once, in each task queue of one worker
    emails_per_second: float = Field(default=20.0, gt=0)  # of the whole e-mail queue, however many workers

    database_url: Annotated[DatabaseUrl | None, NoDecode] = Field(default=None, validation_alias="DATABASE_URL")
    temporal_address: str | None = Field(default=None, validation_alias="TEMPORAL_ADDRESS")
    temporal_namespace: str = Field(default="default", validation_alias="TEMPORAL_NAMESPACE")
    temporal_api_key: SecretStr | None = Field(default=None, validation_alias="TEMPORAL_API_KEY")
    temporal_tls: bool = Field(default=False, validation_alias="TEMPORAL_TLS")
    temporal_tls_server_ca_cert_path: Path | None = Field(
        default=None, validation_alias="TEMPORAL_TLS_SERVER_CA_CERT_PATH"
    )
    temporal_tls_client_cert_path: Path | None = Field(default=None, validation_alias="TEMPORAL_TLS_CLIENT_CERT_PATH")
    temporal_tls_client_key_path: Path | None = Field(default=None, validation_alias="TEMPORAL_TLS_CLIENT_KEY_PATH")
    temporal_tls_server_name: str | None = Field(default=None, validation_alias="TEMPORAL_TLS_SERVER_NAME")
    smtp_url: str | None = Field(default=None, validation_alias="SMTP_URL")

    @property
    def database(self) -> str:
        """The database's address; raises ValueError where none was set."""
        if self.database_url is None:
            raise ValueError("DATABASE_URL is not set; `recouvra up` starts a PostgreSQL of its own and sets it")
        return self.database_url

    @property
    def training_mode(self) -> bool:
        """Virtual time is for training: never by default on a Temporal server that we did not start."""
        return self.temporal_address is None if self.training is None else self.training

    @property
    def mail_server(self) -> str:
        """Where e-mail leaves; raises ValueError where none was set."""
        if self.smtp_url is None:
            raise ValueError("SMTP_URL is not set; `recouvra up` starts a mail sink of its own and sets it")
        return self.smtp_url

    @model_validator(mode="after")
    def _secrets_are_chosen_when_the_network_can_reach_us(self) -> Self:
        absent = [
            name
            for name, secret in (("RECOUVRA_API_KEY", self.api_key), ("RECOUVRA_ADMIN_PASSWORD", self.admin_password))
            if secret is None
        ]
        if absent and not is_loopback(self.http_host):
            raise ValueError(
                f"RECOUVRA_HTTP_HOST={self.http_host} can be reached from the network: set {' and '.join(absent)} yourself"
            )
        return self
