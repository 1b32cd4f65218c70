# `make run`, `make test`: a Debian with Python 3.11 and pip is enough (scripts/setup.sh does the same without make).

VENV := .venv
BIN := $(VENV)/bin
TEST_PROCESSES ?= 2

.DEFAULT_GOAL := help
.PHONY: help run test check format lock clean setup

help: ## Show this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 18

run: setup ## Start everything and say where it is (Ctrl-C stops it)
	@$(BIN)/recouvra up --with-parent

test: ## Run every test, on real servers and in a real browser (SKIP_BROWSER=1 leaves the browser out)
	@bash scripts/setup.sh test
	@$(BIN)/pytest -n $(TEST_PROCESSES) --dist loadfile

check: setup ## Style, types, import rules, architecture
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -q tests/architecture

format: setup ## Put the code into its form
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

lock: ## Pin every dependency again, after a change in pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --all-extras --generate-hashes --no-emit-index-url \
	  --custom-compile-command "make lock" pyproject.toml --output-file requirements.lock

clean: ## Remove the virtual environment and caches (var/ stays)
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

setup:
	@bash scripts/setup.sh
