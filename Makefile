# `make` alone lists the targets. Each one does its own set-up in .venv/ and needs Python 3.11+, pip and make only.
.DEFAULT_GOAL := help
SHELL := /bin/sh
.SHELLFLAGS := -eu -c

# The newest Python that is tested here, unless PYTHON names one.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python3.14 python; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 15))' 2>/dev/null \
	&& { echo $$p; break; }; done)
VENV ?= .venv
BIN := $(VENV)/bin
DATA ?= ../shared/data
TESTS ?=
# Processes that share the tests, file by file; a server that RINGWATCH_TEST_NEO4J names takes one at a time.
WORKERS ?= $(if $(RINGWATCH_TEST_NEO4J),0,2)
PYTEST = $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

# uv installs in seconds; where it cannot reach the index that pip is set up for, pip does the same slowly.
define install
	@echo "setting up $(VENV): $(1) (once; a minute where the network is quick)"
	@$(BIN)/uv pip install --quiet --system-certs --python $(BIN)/python --require-hashes -r requirements/$(1).txt 2>/dev/null \
	  || $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/$(1).txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-index --no-deps --no-build-isolation -e .
endef

.PHONY: help demo test check lint types doctor serve bench bench-full results quality fixtures schema lock wheel clean test-versions test-neo4j test-neo4j-latest screenshots chaos

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "make: no Python 3.11 to 3.14 with venv and pip was found; install one (Debian: apt install python3-venv) or say make PYTHON=/path/to/python" >&2; exit 2; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.tools: requirements/tools.txt | $(BIN)/python
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/tools.txt
	@touch $@

$(VENV)/.core: requirements/core.txt pyproject.toml $(VENV)/.tools
	$(call install,core)
	@touch $@

$(VENV)/.dev: requirements/dev.txt pyproject.toml $(VENV)/.tools
	$(call install,dev)
	@touch $@ $(VENV)/.core

$(VENV)/.peers: requirements/peers.txt pyproject.toml $(VENV)/.dev
	$(call install,peers)
	@touch $@

demo: $(VENV)/.core ## The main job on made-up data: load, detect, show the rings and why
	@$(BIN)/ringwatch demo --no-serve

serve: $(VENV)/.core ## The same data, served: GraphQL console on the loopback address
	@$(BIN)/ringwatch demo

doctor: $(VENV)/.core ## What is installed, reachable, and what to do
	@$(BIN)/ringwatch doctor

test: $(VENV)/.dev ## All tests (TESTS="tests/unit -k phone" for some)
	@$(PYTEST) $(TESTS)

lint: $(VENV)/.dev ## ruff, import contracts
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports

types: $(VENV)/.dev ## mypy, strict
	@$(BIN)/mypy

check: lint types test ## All that a commit must pass

test-versions: ## Unit tests and laws on every Python from 3.11 to 3.14 found here
	@for v in 3.11 3.12 3.13 3.14; do \
	  if python$$v -c 'import venv, ensurepip' 2>/dev/null; then \
	    $(MAKE) --no-print-directory test VENV=.venv-$$v PYTHON=python$$v TESTS="tests/unit tests/property tests/cases src/ringwatch -q"; \
	  else echo "python$$v: not found here, left out"; fi; done

NEO4J_TESTS = RINGWATCH_TEST_NEO4J_LONG=1 $(PYTEST) tests/cases tests/integration tests/property -k neo4j
test-neo4j: $(VENV)/.dev ## All Neo4j tests, with killed servers, copies and plans (ten minutes)
	@$(NEO4J_TESTS)

test-neo4j-latest: $(VENV)/.dev ## The same on the newest Neo4j (needs Java 21 or 25)
	@RINGWATCH_TEST_NEO4J_VERSION=latest $(NEO4J_TESTS)

ROUNDS ?= 100
chaos: $(VENV)/.dev ## Kill commands that close stores, 100 rounds on each database (an hour; ROUNDS=3 for a few)
	@$(BIN)/python -m tests.support.chaos --rounds $(ROUNDS)

bench: $(VENV)/.peers ## Benchmarks at small sizes, each beside its floor or peer (ten minutes)
	@$(BIN)/python -m benchmarks.run

bench-full: $(VENV)/.peers ## Benchmarks at the stated sizes
	@$(BIN)/python -m benchmarks.run --full

results: $(VENV)/.dev ## Load, detect and evaluate real sets: make results DATA=folder
	@$(BIN)/python -m benchmarks.results $(DATA)

quality: $(VENV)/.peers ## What each idea of detection carries, what breaks it, what others find (half an hour)
	@$(BIN)/python -m benchmarks.quality.report --write docs/results.md

fixtures: $(VENV)/.core ## Make the committed marketplace anew
	@$(BIN)/python -m ringwatch.fixtures.marketplace

schema: $(VENV)/.core ## Write api/schema.graphql from the code
	@$(BIN)/python -m ringwatch.api.schema > api/schema.graphql

screenshots: $(VENV)/.dev ## Pictures of the pages into build/screenshots, those of the README into docs/images
	@$(BIN)/python -m tests.support.screenshots
	@mkdir -p docs/images && cp build/screenshots/ring-light.png build/screenshots/ring-dark.png build/screenshots/partner-light.png build/screenshots/partner-dark.png docs/images/

wheel: $(VENV)/.dev ## Build the wheel into dist/
	@$(BIN)/python -m build --wheel --no-isolation

LOCK = uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	--no-emit-index-url --no-emit-find-links --upgrade
lock: $(BIN)/python ## Renew requirements/*.txt from pyproject.toml
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@$(BIN)/$(LOCK) requirements/tools.in -o requirements/tools.txt
	@$(BIN)/$(LOCK) pyproject.toml -o requirements/core.txt
	@$(BIN)/$(LOCK) pyproject.toml --group dev -c requirements/core.txt -o requirements/dev.txt
	@$(BIN)/$(LOCK) pyproject.toml --group dev --extra peers -c requirements/dev.txt -o requirements/peers.txt

clean: ## Remove what the targets made
	@rm -rf $(VENV) .venv-3.* build dist *.egg-info src/*.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
