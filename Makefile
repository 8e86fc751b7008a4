# Needs git, make and Python >= 3.11; everything else is set up in .venv by itself.
.DEFAULT_GOAL := help
SHELL := /bin/bash

# `make PYTHON=/path/to/python3.12 test` names an interpreter; otherwise the first one that is new enough is taken.
PYTHON ?=
CANDIDATES := $(or $(PYTHON),python3 python3.14 python3.13 python3.12 python3.11 python)
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
BIN := .venv/bin
READY := .venv/.ready

DEMO ?= demo
DRAWS ?= 1000
WORKERS ?= 2

.PHONY: help demo desk test lint bench bench-peers docs lock clean

help: ## list these verbs
	@grep -hE '^[a-z-]+:.*## ' $(firstword $(MAKEFILE_LIST)) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 16

$(READY): pyproject.toml requirements.lock
	@python=; for name in $(CANDIDATES); do \
	  if $$name -c '$(NEW_ENOUGH)' >/dev/null 2>&1; then python=$$name; break; fi; done; \
	if [ -z "$$python" ]; then \
	  echo "Ytterby needs Python >= 3.11, and none was found (looked for: $(CANDIDATES))." >&2; \
	  echo "Install one, or name it: make PYTHON=/path/to/python3.12 $(MAKECMDGOALS)" >&2; exit 1; fi; \
	if ! $(BIN)/python -c '$(NEW_ENOUGH); import pip' >/dev/null 2>&1; then \
	  $$python -m venv --clear .venv || { \
	    echo "$$python cannot make a virtual environment; on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }; fi
	@echo "Setting up .venv (once; it downloads the dependencies) ..." >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -r requirements.lock -e .
	@touch $@

demo: $(READY) ## from sentence to shortage: reads the sample documents, then April 2025 to a report in demo/
	@[ -f $(DEMO)/ytterby.toml ] || $(BIN)/ytterby init $(DEMO)
	@$(BIN)/ytterby --project $(DEMO) read --sample
	@$(BIN)/ytterby --project $(DEMO) topic rare-earth-dominance
	@$(BIN)/ytterby --project $(DEMO) weigh --contested --parameter "trade:"
	@$(BIN)/ytterby --project $(DEMO) world --check
	@$(BIN)/ytterby --project $(DEMO) run april-2025 --draws $(DRAWS)
	@$(BIN)/ytterby --project $(DEMO) report

desk: $(READY) ## the demo's project in a browser
	@[ -f $(DEMO)/ytterby.toml ] || { $(BIN)/ytterby init $(DEMO) && $(BIN)/ytterby --project $(DEMO) read --sample; }
	@$(BIN)/ytterby --project $(DEMO) serve

test: $(READY) ## every test, network refused
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile

lint: $(READY) ## ruff, mypy --strict, the floors of the house
	@failed=0; \
	for tool in "ruff check --quiet ." "ruff format --check --quiet ." mypy "lint-imports --no-cache"; do \
	  echo "$$tool" >&2; $(BIN)/$$tool || failed=1; done; exit $$failed

bench: $(READY) ## link-steps a second, memory, growth
	@$(BIN)/python -m bench

bench-peers: $(READY) ## the same work by peers, in environments of their own; writes docs/benchmarks.md
	@$(BIN)/python -m bench --only peers --write

docs: $(READY) ## the documentation as a site in site/
	@$(BIN)/mkdocs build --strict && echo "site/index.html"

# All extras but gpu: CUDA is 3 GB that a machine without a GPU can do nothing with, and jax complains of it at every start.
EXTRAS := import tomllib; print(*(f"--extra {name}" for name in \
  tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"] if name != "gpu"))

lock: $(READY) ## pin every dependency again in requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@$(BIN)/uv pip compile pyproject.toml --quiet --upgrade $$($(BIN)/python -c '$(EXTRAS)') --universal --python-version 3.11 \
	  --no-header --no-annotate --no-emit-index-url -o requirements.lock

clean: ## remove what was built; .venv, the demo's runs and the site go too
	@rm -rf .venv site build dist demo .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	@find src tests bench -name __pycache__ -type d -prune -exec rm -rf {} +
