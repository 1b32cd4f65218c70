"""docker-compose.yml is what the Compose Specification allows, keeps no secret and listens on this machine only."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from cli import SUB_COMMANDS

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = jsonschema.Draft201909Validator(json.loads((Path(__file__).parent / "compose-spec.json").read_text()))
FILE = ROOT / "docker-compose.yml"
COMPOSE: dict[str, Any] = yaml.safe_load(FILE.read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
SECRET = re.compile(r"PASSWORD|PWD|API_KEY|SECRET|TOKEN")
CHOSEN_OUTSIDE = re.compile(r"^\$\{[A-Z_]+:\?[^}]+\}$")
SECRETS = {"RECOUVRA_DATABASE_PASSWORD": "one", "RECOUVRA_API_KEY": "two", "RECOUVRA_ADMIN_PASSWORD": "three"}


def test_it_is_a_compose_file() -> None:
    SCHEMA.validate(COMPOSE)


def test_the_schema_refuses_what_is_none() -> None:
    with pytest.raises(jsonschema.ValidationError):
        SCHEMA.validate({"services": {"api": {"imagee": "x"}}})


def test_it_has_the_parts_of_production() -> None:
    assert set(SERVICES) == {
        "postgres",
        "temporal-schema",
        "temporal",
        "temporal-ui",
        "migrate",
        "api",
        "worker",
        "mail",
    }


def test_no_secret_stands_in_the_file() -> None:
    values = [
        (name, value)
        for service in SERVICES.values()
        for name, value in service.get("environment", {}).items()
        if SECRET.search(name)
    ]
    assert len(values) >= 5
    assert [name for name, value in values if not CHOSEN_OUTSIDE.match(value)] == []


def test_everything_listens_on_this_machine_only() -> None:
    published = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert published
    assert [port for port in published if not port.startswith("127.0.0.1:")] == []


def test_every_image_is_pinned() -> None:
    assert [name for name, service in SERVICES.items() if not re.search(r":[^:]*\d", service["image"])] == []


def test_what_stays_restarts_and_what_others_wait_for_can_be_asked() -> None:
    assert [name for name, service in SERVICES.items() if not service.get("restart")] == []
    awaited = [
        (name, other, how["condition"])
        for name, service in SERVICES.items()
        for other, how in service.get("depends_on", {}).items()
    ]
    assert all(other in SERVICES for _, other, _ in awaited)
    assert [
        other
        for _, other, condition in awaited
        if condition == "service_healthy" and "healthcheck" not in SERVICES[other]
    ] == []
    once = {other for _, other, condition in awaited if condition == "service_completed_successfully"}
    assert all(SERVICES[name]["restart"].startswith("on-failure") for name in once)


def test_our_own_services_run_sub_commands_that_exist() -> None:
    ours = {
        name: service["command"][0] for name, service in SERVICES.items() if service["image"].startswith("recouvra:")
    }
    assert set(ours.values()) <= set(SUB_COMMANDS)
    assert len(ours) == 4


def test_mounted_files_are_in_the_repository() -> None:
    mounted = [volume.split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])]
    assert all((ROOT / source).exists() for source in mounted if source.startswith("./"))
    assert all(source in COMPOSE["volumes"] for source in mounted if not source.startswith("./"))


def _compose_command() -> list[str]:
    """How compose is called here; empty where it is not installed."""
    for words in (["docker", "compose"], ["docker-compose"]):
        if (
            shutil.which(words[0])
            and not subprocess.run([*words, "version"], capture_output=True, check=False).returncode
        ):
            return words
    return []


def test_docker_itself_takes_it() -> None:
    """Where compose is installed; elsewhere the schema stands alone."""
    command = _compose_command()
    if command:
        asked = [*command, "-f", str(FILE), "config", "--quiet"]
        read = subprocess.run(asked, env={**os.environ, **SECRETS}, capture_output=True, text=True, check=False)
        assert read.returncode == 0, read.stderr
