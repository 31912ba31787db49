# Everything starts from nothing: `make run` serves the site, `make test` proves it. `make help` lists the rest.

PYTHON ?= python3
PORT ?= 8000
WORKERS ?= 2
TESTS ?= tests
BIN := .venv/bin
BASEMAP := static/generated/basemap/.made
PYTEST := $(BIN)/python -m pytest -n $(WORKERS)
CATALOGUES := $(wildcard app/translations/*/LC_MESSAGES/messages.po)

export PIP_DISABLE_PIP_VERSION_CHECK = 1
export PYTHONUTF8 = 1

.DEFAULT_GOAL := help
.PHONY: help run setup setup-run setup-tests vendor translations messages test test-some test-long test-all \
	check format lint bench bench-large lock screenshots

help: ## show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' Makefile | while IFS='|' read -r name text; do \
		printf '  %-14s %s\n' "$$name" "$$text"; done

run: setup-run ## serve the site with demo data on http://127.0.0.1:8000 (PORT=… overrides)
	@$(MAKE) --silent --no-print-directory $(BASEMAP)
	@APP_ENV=demo $(BIN)/python tools/demo.py
	@echo "Wirkreis is on http://127.0.0.1:$(PORT) (Ctrl-C ends it)"
	@exec env APP_ENV=demo PORT=$(PORT) $(BIN)/gunicorn wsgi:app

setup: ## make the environment: .venv/ and static/vendor/
	@$(PYTHON) tools/environment.py development
	@$(MAKE) --no-print-directory vendor translations

setup-run: # the same with what the server needs only
	@$(PYTHON) tools/environment.py runtime
	@$(MAKE) --no-print-directory vendor translations

setup-tests: setup # and what the tests need of the machine
	@$(MAKE) --silent --no-print-directory $(BASEMAP)
	@$(BIN)/python tools/chromium.py
	@$(BIN)/python tools/khal.py

$(BASEMAP): app/places/basemap.py $(wildcard app/places/data/*)
	@APP_ENV=demo $(BIN)/flask --app wsgi places basemap
	@touch $@

vendor: # front-end packages, quick when nothing has changed
	@$(BIN)/python tools/vendor.py

translations: $(CATALOGUES:.po=.mo) ## compile the catalogues of the languages
	@true

%.mo: %.po
	@$(BIN)/pybabel --quiet compile --use-fuzzy -i $< -o $@

messages: ## bring the catalogues up to date with the messages in code and templates
	@mkdir -p instance
	@$(BIN)/pybabel --quiet extract -F babel.cfg -k _l -k lazy_gettext -k lazy_ngettext:1,2 -k lazy_pgettext:1c,2 \
		--no-location --sort-output --omit-header -o instance/messages.pot .
	@for language in de nl; do $(BIN)/pybabel --quiet update --init-missing --ignore-obsolete --omit-header \
		-N -i instance/messages.pot -d app/translations -l $$language; done

test: setup-tests ## the tests: SQLite, PostgreSQL and Chromium
	@$(PYTEST) -m "not long" $(TESTS)

test-some: ## some tests, in this process: make test-some TESTS=tests/rules
	@$(BIN)/python -m pytest $(TESTS)

test-long: setup-tests # the long ones alone
	@$(PYTEST) -m long $(TESTS) || test $$? -eq 5

test-all: test test-long ## make test, then the long ones

check: lint test ## format, lint, types, import contracts, templates, then make test

lint: setup # everything of make check that needs no test
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint app --lint --quiet

format: setup ## put code into the one format and mend what can be mended
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

bench: setup ## the benchmarks
	@$(BIN)/python -m bench

bench-large: setup ## the benchmarks with a million groups
	@$(BIN)/python -m bench --large

lock: setup ## resolve the Python dependencies anew, with hashes and without addresses
	@set -e; for name in requirements requirements-node; do \
		$(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --python-version 3.11 --no-header \
		--no-emit-index-url --no-emit-find-links -o $$name.txt $$name.in; done
	@$(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --python-version 3.11 --no-header \
		--no-emit-index-url --no-emit-find-links -o requirements-dev.txt requirements.in requirements-dev.in

screenshots: setup-tests ## pictures of the README, from a demo that runs (make run)
	@$(BIN)/python tools/screenshots.py http://127.0.0.1:$(PORT)
