# make run   – a synthetic Leeds, its picture and first projection, then the site (SERVE=0: stop after the summary)
# make test  – every check, the same as continuous integration
# make bench – this package beside what a user would pick instead, as ratios
# make install, make docs – see README

SHELL := /bin/sh
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	if command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then echo $$p; break; fi; done)
BIN := .venv/bin
SERVE ?= 1
PEOPLE ?= 60000
MONTHS ?= 36
SEED ?= 1
ADDRESS ?= 127.0.0.1:8000
export ONEWORKFORCE_HOME ?= $(CURDIR)/oneworkforce-home

.PHONY: install run test lint types contracts security migrations pytest docs bench browser

install:
	@if [ -z "$(PYTHON)" ]; then echo "Python 3.11 or newer is needed and none was found on the PATH. On Debian or Ubuntu: apt-get install python3"; exit 1; fi
	@$(PYTHON) tools/install.py

run: install
	@$(BIN)/oneworkforce city start --people $(PEOPLE) --months $(MONTHS) --seed $(SEED)
	@if [ "$(SERVE)" != "0" ]; then $(BIN)/oneworkforce serve --address $(ADDRESS); fi

test: install browser lint types contracts security migrations pytest docs
	@echo "Every check passed."

lint:
	$(BIN)/ruff check src tests tools benchmarks
	$(BIN)/ruff format --check src tests tools benchmarks

types:
	$(BIN)/mypy

contracts:
	$(BIN)/lint-imports

security:
	$(BIN)/bandit -q -c pyproject.toml -r src
	$(BIN)/python tools/audit_dependencies.py

migrations:
	$(BIN)/python -m django makemigrations --check --dry-run --settings oneworkforce.website.settings

pytest:
	$(BIN)/pytest -q -n auto --dist loadgroup --doctest-modules src tests
	ONEWORKFORCE_TEST_DATABASE=postgresql $(BIN)/pytest -q -n auto --dist loadgroup tests/web

browser:
	@$(BIN)/python tools/browser.py

docs:
	$(BIN)/sphinx-build -q -W --keep-going -b html docs docs/_build/html

bench:
	$(BIN)/python -m benchmarks
