# Everything a newcomer needs: `make run`, `make test`. A Debian with Python 3.11 and pip is enough.
# README.md spells the same commands out for a machine without make.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/installed
TEST_PROCESSES ?= 2

.DEFAULT_GOAL := help
.PHONY: help run lock test check format clean

help: ## Show this list
	@grep -hE '^[a-z.-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z.-]+):.*## (.*)/  make \1\t\2/' | expand -t 26

run: $(INSTALLED) ## Start everything and say where it is (Ctrl-C stops it)
	@$(BIN)/recouvra up --with-parent

test: $(INSTALLED) ## Run every test, on real servers and in a real browser (SKIP_BROWSER=1 leaves the browser out)
	@PATH="$(CURDIR)/$(BIN):$$PATH" sh tests/bring_chromium.sh
	@$(BIN)/pytest -n $(TEST_PROCESSES)

check: $(INSTALLED) ## Style, types, import rules, architecture
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -q tests/architecture

format: $(INSTALLED) ## Put the code into its form
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

lock: $(BIN)/uv ## Pin every dependency again (after a change in pyproject.toml)

	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --all-extras --generate-hashes --no-emit-index-url \
	  --custom-compile-command "make lock" pyproject.toml --output-file requirements.lock

clean: ## Remove the virtual environment and caches (var/ stays)
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

# A virtual environment without python3-venv's ensurepip: the machine's own pip puts uv in it.
$(BIN)/uv:
	@echo "Making a virtual environment in $(VENV) ..."
	@$(PYTHON) -m venv --without-pip $(VENV)
	@$(PYTHON) -m pip --quiet --python $(BIN)/python install uv

# Only when the lock changed. uv takes seconds; where only pip can reach the packages, pip does it.
$(INSTALLED): requirements.lock | $(BIN)/uv
	@echo "Installing what requirements.lock pins ..."
	@VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --quiet --require-hashes -r requirements.lock \
	  || $(PYTHON) -m pip --quiet --python $(BIN)/python install --require-hashes -r requirements.lock
	@VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --quiet --no-deps --no-build-isolation --offline --editable .
	@touch $(INSTALLED)
