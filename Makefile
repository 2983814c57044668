# TalentWatch. `make demo` shows the system, `make test` proves it; both set up what they need.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
VENV := .venv
BIN := $(VENV)/bin
# The first interpreter that answers and is new enough; `make PYTHON=/usr/bin/python3.12 …` wins.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	$$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
PIP := $(BIN)/python -m pip --disable-pip-version-check
JOBS ?= 2

.PHONY: help setup demo run test lint types contracts pytest bench quality constraints clean
help: ## What can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(VENV)/.made:
	@test -n "$(PYTHON)" || { echo "TalentWatch needs Python 3.11 or newer with venv (Debian: apt-get install python3-venv)." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --quiet --upgrade pip
	@touch $@

$(VENV)/.core: $(VENV)/.made pyproject.toml constraints.txt
	$(PIP) install --quiet --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.core
	$(PIP) install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $@

$(VENV)/.ocr: $(VENV)/.dev
	$(PIP) install --quiet --constraint constraints.txt --editable '.[dev,ocr]'
	@touch $@

$(VENV)/.bench: $(VENV)/.dev
	$(PIP) install --quiet --constraint constraints.txt --editable '.[dev,bench]'
	@touch $@

setup: $(VENV)/.core ## Make .venv with the pinned dependencies
	@echo "Ready. Try: $(BIN)/talentwatch --help"

demo: $(VENV)/.core ## See the whole system run on replicas of several sites (STAY=1 keeps the search page up)
	$(BIN)/talentwatch demo $(if $(STAY),--stay)

run: $(VENV)/.core ## The live system: scheduler, crawls, alerts, search page
	$(BIN)/talentwatch run

test: $(VENV)/.dev lint types contracts pytest ## Lint, types, import contracts and all tests (REAL=required: a skip is a failure)

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev
	$(BIN)/mypy

contracts: $(VENV)/.dev
	$(BIN)/lint-imports

# Where nothing may be skipped, the reader of pictures and the readers that ours is measured against are there too.
pytest: $(VENV)/.dev $(if $(filter required,$(REAL)),$(VENV)/.ocr $(VENV)/.bench)
	$(BIN)/python -m pytest -n $(JOBS) --dist worksteal -q -rs

bench: $(VENV)/.bench ## Benchmarks: ratios against named alternatives, in one run
	$(BIN)/python -m tests.benchmarks

quality: $(VENV)/.dev ## Measure reading and understanding; writes docs/quality.md
	$(BIN)/python -m tests.quality

constraints: ## Write constraints.txt anew from what the ranges allow today (a fresh venv)
	rm -rf .venv-pin && $(PYTHON) -m venv .venv-pin && .venv-pin/bin/pip install --quiet --upgrade pip
	.venv-pin/bin/pip install --quiet '.[dev,bench,ocr]'
	{ echo "# Made by make constraints: the versions that the tests ran with."; \
	  .venv-pin/bin/pip freeze --exclude talentwatch; } > constraints.txt
	rm -rf .venv-pin build

clean: ## Remove what make made, but not var/
	rm -rf $(VENV) .venv-pin build *.egg-info .mypy_cache .ruff_cache .pytest_cache
