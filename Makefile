# Switchboard's commands. Each makes .venv by itself, and again when a lock file or the Python changed.
# Another Python: make demo PYTHON=/path/to/python3.13

SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin

# The first Python that will do: 3.11 to 3.14, with the modules that make an environment. The system's comes
# first: it is compiled with optimisations, which those that version managers compile lack (a quarter slower).
WILL_DO = import ensurepip, sys, venv; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))
PYTHON ?= $(shell for python in /usr/bin/python3 python3 python3.14 python3.13 python3.12 python3.11 python; do \
	"$$python" -c '$(WILL_DO)' 2>/dev/null && echo "$$python" && break; done)

# Stamps: the environment is fresh when it has one for this very lock and this very Python.
PYTHON_IS := $(shell "$(PYTHON)" -c 'import sys; print("%d.%d.%d" % sys.version_info[:3])' 2>/dev/null)
HASH_OF = $(shell cksum < $(1) | cut -d ' ' -f 1)
TO_RUN := $(VENV)/run-$(PYTHON_IS)-$(call HASH_OF,requirements.lock)
TO_TEST := $(VENV)/test-$(PYTHON_IS)-$(call HASH_OF,requirements-test.lock)

# Without a cache of compiled code each worker compiles all of it, every time; the tests of a clean clone, too.
CACHING = env -u PYTHONDONTWRITEBYTECODE $(BIN)/python
PYTEST = $(CACHING) -m pytest -n 6 --dist worksteal

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo run test check lint format bench lock clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

demo: $(TO_RUN) ## the whole of it in a pretend world, in your browser, without any key; PORT=8701 for another port
	$(BIN)/python bot.py demo $(if $(PORT),--port $(PORT))

run: $(TO_RUN) ## the bot, in a real workspace; see README.md
	$(BIN)/python bot.py run

test: $(TO_TEST) ## all tests, on SQLite and PostgreSQL
	@$(CACHING) -m compileall -q -j 0 bot.py adapters domain handlers sandbox storage
	@find tests -name "*-pytest-*.pyc" | grep -q . || $(CACHING) -m pytest -n 0 --collect-only -qq > /dev/null || true
	$(PYTEST)

check: lint test ## everything that must hold before a change goes in

lint: $(TO_TEST) ## format, lint, strict types, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(TO_TEST) ## put the code into shape
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(TO_TEST) ## the figures of docs/performance.md, on this machine
	$(BIN)/python -m tests.bench

# uv lives in an environment of its own that is thrown away. The locks hold for every Python and system, and name no host.
COMPILE = "$$uv/bin/uv" pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-emit-index-url --no-emit-find-links $(UPGRADE)

lock: ## both lock files anew from pyproject.toml; UPGRADE=--upgrade for newer versions
	@$(REQUIRE_PYTHON)
	@set -e; uv=$$(mktemp -d); trap 'rm -rf "$$uv"' EXIT; \
	"$(PYTHON)" -m venv "$$uv"; \
	"$$uv/bin/python" -m pip install --quiet --disable-pip-version-check uv; \
	$(COMPILE) --output-file requirements.lock; \
	$(COMPILE) --group test --constraint requirements.lock --output-file requirements-test.lock

clean: ## remove the environment and all caches; keeps databases and settings
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

define REQUIRE_PYTHON
if [ -z "$(PYTHON_IS)" ]; then \
	echo "No Python 3.11 to 3.14 with its venv module was found."; \
	echo "Install one (Debian: apt-get install python3 python3-venv), or name one: make PYTHON=/path/to/python3.13"; \
	exit 1; \
fi
endef

define INSTALL
@$(REQUIRE_PYTHON)
@$(BIN)/python -c 'import pip, sys; sys.exit("%d.%d.%d" % sys.version_info[:3] != "$(PYTHON_IS)")' 2>/dev/null \
	|| "$(PYTHON)" -m venv --clear $(VENV)
@echo "Installing $(1) into $(VENV); the first time takes a minute or two."
$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(1)
@rm -f $(2)-*
@touch $@
endef

$(TO_RUN):
	$(call INSTALL,requirements.lock,$(VENV)/run)

$(TO_TEST):
	$(call INSTALL,requirements-test.lock,$(VENV)/test)
