# `make demo` and `make test` need Python 3.11 or newer and make, nothing else.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help demo test bench fuzz format specimens clean

help: ## say what can be made
	@grep -E '^[a-z]+:.*##' Makefile | sed 's/:.*## /: /'

demo: $(VENV)/.demo ## verify the specimen certificates and show each verdict
	@$(BIN)/python -m fixtures.demo

test: $(VENV)/.dev ## format, lint, types, all tests with coverage
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest --numprocesses auto --dist worksteal --cov --cov-report=term-missing

bench: $(VENV)/.dev ## measure against the goals; REVOKED=10000000 for a long list
	PYTHONPATH=.:tests REVOKED=$(REVOKED) $(BIN)/python -m benchmarks

fuzz: $(VENV)/.dev ## mutate specimens; INPUTS=500000 for a long run
	PYTHONPATH=.:tests $(BIN)/python tests/hostile/fuzz.py --inputs $(or $(INPUTS),50000)

format: $(VENV)/.dev ## bring the sources into form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

specimens: $(VENV)/.dev ## write fixtures/ anew
	$(BIN)/python -m fixtures.make

clean: ## remove what was made here
	rm -rf $(VENV) build dist *.egg-info .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo 'Python 3.11 or newer is needed: make PYTHON=python3.12 ...' >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.demo: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[pictures]'
	@touch $@

$(VENV)/.dev: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@ $(VENV)/.demo
