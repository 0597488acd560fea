# The project's verbs. `make report` needs only git, make and Python 3.11 to 3.14; what else they need, they install.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3.14 python3; do \
	$$p -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' 2>/dev/null && { echo $$p; break; }; done)
QUARTER ?= 2023-Q1
FROM ?= $(QUARTER)
PORT ?= 3000
DEEPSIGNAL_HOME ?= $(CURDIR)/.deepsignal
export DEEPSIGNAL_HOME := $(abspath $(DEEPSIGNAL_HOME))
export DAGSTER_DISABLE_TELEMETRY := 1
# dg warns unless the environment it runs in is the project's own
export VIRTUAL_ENV := $(CURDIR)/.venv
BIN := .venv/bin

.PHONY: help report test ui bench bench-identity check format install install-dev lock docs clean

help:
	@echo "make report [QUARTER=2023-Q1] [FROM=2021-Q1]  publish editions from the embedded sample"
	@echo "make ui [PORT=3000]  open the Dagster UI on http://127.0.0.1:3000; Ctrl+C, or kill of make, ends it"
	@echo "make test     run the whole suite (installs chromium where it may)"
	@echo "make check    lint, types, import contracts, definitions, generated docs"
	@echo "make bench [MIRRORS=...]  run the benchmarks, those of reading on these bare repositories"
	@echo "make bench-identity MIRRORS=...  the resolver against the .mailmap of real projects"
	@echo "make docs     write docs/methodology.md anew from contracts and SQL headers"
	@echo "make lock     compile the lock files anew from pyproject.toml"

report: install
	@$(BIN)/deepsignal run --from $(FROM) --quarter $(QUARTER)

# Started in the background by a script, it would inherit that Ctrl+C is ignored, and dg then ignores every kill as well
DG := import signal; signal.signal(signal.SIGINT, signal.default_int_handler); from dagster_dg_cli.cli import main; main()
ui: export DAGSTER_HOME ?= $(DEEPSIGNAL_HOME)/dagster
ui: install
	@mkdir -p "$$DAGSTER_HOME"
	@test -e "$$DAGSTER_HOME/dagster.yaml" || cp dagster.yaml "$$DAGSTER_HOME/"
	@exec $(BIN)/python -c "$(DG)" dev --host 127.0.0.1 --port $(PORT)

test: install-dev
	@sh .ci/system-packages
	$(BIN)/python -m pytest -n 2 --dist loadfile

check: install-dev
	$(BIN)/python -m pip check --disable-pip-version-check
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/deepsignal catalogue validate
	$(BIN)/python -m deepsignal_pipeline.methodology --check docs/methodology.md
	DAGSTER_HOME= $(BIN)/dg check defs

# MIRRORS: bare repositories with 10,000 commits or more and all contents of files, which the peers need; without any, reading is measured on one made of the sample
bench: install-dev .venv-peers/installed
	$(BIN)/python -m benchmarks $(if $(MIRRORS),--mirrors $(MIRRORS))

# MIRRORS: git repositories with a .mailmap, e.g. MIRRORS="$$(echo /mirrors/*/repo)"
bench-identity: install-dev
	$(BIN)/python -m benchmarks.identity $(MIRRORS)

docs: install
	$(BIN)/python -m deepsignal_pipeline.methodology docs/methodology.md

install: .venv/installed
install-dev: .venv/installed-dev

# pip comes last into a new environment, so one that was interrupted is made again
.venv/bin/pip:
	@test -n "$(PYTHON)" || { echo "No Python 3.11 to 3.14 with venv found. Install one (Debian: apt-get install python3 python3-venv), or: make PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv --clear .venv

.venv/installed: .venv/bin/pip requirements.lock pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/installed-dev: .venv/installed requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.lock
	@touch $@

# What the benchmarks are compared with; nothing else uses it
.venv-peers/installed: .venv/bin/pip requirements-peers.lock
	$(BIN)/python -m venv --clear .venv-peers
	.venv-peers/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-peers.lock
	@touch $@

format: install-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Needs uv (pip install uv)
lock:
	uv pip compile --quiet --universal --python-version 3.11 --no-strip-extras --generate-hashes --no-emit-index-url --no-header \
		pyproject.toml requirements-build.in -o requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --no-strip-extras --generate-hashes --no-emit-index-url --no-header \
		--extra dev pyproject.toml -c requirements.lock -o requirements-dev.lock
	uv pip compile --quiet --universal --python-version 3.11 --no-strip-extras --generate-hashes --no-emit-index-url --no-header \
		requirements-peers.in -o requirements-peers.lock

clean:
	rm -rf .venv .venv-peers
