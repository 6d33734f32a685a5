# Everything a person types. Needs Python 3.11 or newer and git, nothing else.

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' && echo $$p && break; done)
BOOT = $(or $(PYTHON),$(error Python 3.11 or newer is needed)) dealer_crm/embedded/bootstrap.py
RUN = .venv/bin/python
# Commands that need the servers of this clone start them and leave them as they were.
WITH_SERVERS = $(RUN) -m dealer_crm.embedded with

STORES ?= 2
ORDERS ?= 10000
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help setup demo test check fix migrate seed bench map messages lock schema mutation

help:  ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## */\1|/' | awk -F'|' '{printf "  make %-10s %s\n", $$1, $$2}'

demo:  ## a living store: servers, web, worker and clock in this terminal (PORT=8000), Ctrl-C stops all
	@$(BOOT) demo
	@STOP_WITH=$$PPID DEMO=1 exec $(RUN) manage.py demo

test:  ## every test (ARGS="-k word" for some)
	@$(BOOT) development
	@$(RUN) -m pytest -n auto --dist worksteal $(ARGS)

setup:  ## everything for working on the program: packages, front end, translations
	@$(BOOT) development

check: setup  ## what must hold before a change goes in
	@$(RUN) -m ruff format --check .
	@$(RUN) -m ruff check .
	@.venv/bin/lint-imports
	@$(RUN) -m dealer_crm.catalogues --check
	@$(WITH_SERVERS) $(RUN) manage.py makemigrations --check --dry-run
	@$(RUN) manage.py check_deployment
	@$(RUN) manage.py schema --check
	@$(RUN) -m pytest -q tests/architecture

fix: setup  ## format, repair what can be repaired, collect texts, rewrite the API's description
	@$(RUN) -m ruff check --fix -q . || true
	@$(RUN) -m ruff format .
	@$(RUN) -m dealer_crm.catalogues
	@$(RUN) manage.py schema

migrate: setup  ## bring the database of this clone up to date
	@$(WITH_SERVERS) $(RUN) manage.py migrate

seed: setup  ## realistic data: STORES=2 ORDERS=10000
	@$(WITH_SERVERS) $(RUN) manage.py seed --stores $(STORES) --orders $(ORDERS) $(ARGS)

bench: setup  ## measure against peers and physical limits
	@$(RUN) -m benchmarks $(ARGS)

mutation: setup  ## every small change of the committed pay formulas: does a test notice? Hours (ARGS="commission.formulas.pools*")
	@$(RUN) -m venv var/mutation
	@var/mutation/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r locks/mutation.txt
	@rm -rf var/mutants && git clone -q . var/mutants
	@cd var/mutants && ../mutation/bin/mutmut run $(ARGS) && ../mutation/bin/mutmut results | sed '/not checked/d'

map: setup  ## the house: apps, rooms, lines
	@$(RUN) manage.py map

messages: setup  ## collect the texts to translate into the catalogues
	@$(RUN) -m dealer_crm.catalogues

lock:  ## resolve the locked packages anew (ARGS=--upgrade for newer ones)
	@$(BOOT) development
	@$(RUN) -m dealer_crm.embedded.relock $(ARGS)
