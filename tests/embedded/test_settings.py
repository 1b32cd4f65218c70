"""What the environment says, and what it may not leave out."""

import pytest
from pydantic import ValidationError

from settings import Settings


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "DATABASE_URL",
        "TEMPORAL_ADDRESS",
        "RECOUVRA_API_KEY",
        "RECOUVRA_ADMIN_PASSWORD",
        "RECOUVRA_TRAINING",
        "RECOUVRA_HTTP_HOST",
    ):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("written", ["postgres://u:p@h/d", "postgresql://u:p@h/d", "postgresql+psycopg://u:p@h/d"])
def test_every_usual_way_to_write_a_database_address(written: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", written)
    assert Settings().database == "postgresql+psycopg://u:p@h/d"


def test_another_kind_of_database_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "mysql://u:p@h/d")
    with pytest.raises(ValidationError, match="postgresql://"):
        Settings()


def test_a_variable_that_is_set_to_nothing_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "")
    assert Settings().database_url is None


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.5", "recouvra.example"])
def test_secrets_are_chosen_where_the_network_can_reach_us(host: str) -> None:
    with pytest.raises(ValidationError, match="RECOUVRA_API_KEY"):
        Settings(http_host=host)
    with pytest.raises(ValidationError, match="RECOUVRA_ADMIN_PASSWORD"):
        Settings(http_host=host, api_key="rk_chosen")
    assert Settings(http_host=host, api_key="rk_chosen", admin_password="chosen too").http_host == host


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_on_this_machine_they_may_be_made_up(host: str) -> None:
    assert Settings(http_host=host).api_key is None


def test_virtual_time_is_never_on_by_itself_elsewhere() -> None:
    assert Settings().training_mode
    assert not Settings(temporal_address="temporal.example:7233").training_mode
    assert Settings(temporal_address="temporal.example:7233", training=True).training_mode


def test_secrets_are_not_printed() -> None:
    assert "chosen" not in repr(Settings(api_key="rk_chosen", admin_password="chosen"))
