# `make` alone prints what there is. Every target makes ready what it needs, once.

PYTHON ?= python3
BIN := .venv/bin
PORT ?= 8000
PARTNERSHIP ?= suffolk
run preview: export PORT := $(PORT)
run preview: export PARTNERSHIP := $(PARTNERSHIP)

.DEFAULT_GOAL := help
.PHONY: help run preview test unit lint types format bench bench-lists faults package setup lock assets ready-run ready-test

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ready-run ## The whole system on this machine: PORT=8000 PARTNERSHIP=suffolk
	@$(BIN)/python -m infra.local.run

preview: ready-run ## The pages of the working tree, reloaded on change: PORT=8000 PARTNERSHIP=suffolk
	@$(BIN)/python -m infra.local.preview

test: lint types ## Everything that needs no AWS account
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

unit: ready-test ## The tests that need no browser, emulator or Java
	@$(BIN)/python -m pytest -q tests/unit

lint: ready-test ## Style, layout, the rules of the house; forms, partnerships, instances
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports
	@$(BIN)/python -m infra.casereview lint

types: ready-test ## Static types, strictly
	@$(BIN)/mypy

format: ready-test ## Lays the code out and mends what can be mended
	@$(BIN)/ruff check --fix-only .
	@$(BIN)/ruff format .

bench: ready-run ## Time of each page in the process, and of the import
	@$(BIN)/python -m infra.bench

bench-lists: ready-run ## What a page of open cases and a search cost at 100 and at 100,000 cases (some 15 minutes)
	@$(BIN)/python -m infra.bench.lists 100 100000

faults: ready-test ## Faults at every call, kills, double posts, outages: what was lost (some 8 minutes)
	@$(BIN)/python -m tests.faults

package: ready-run ## The artifact for Lambda and its template, checked, in build/package
	@$(BIN)/casereview package

setup: ready-test ## All tools, so that the rest needs no network

assets: ready-run ## CSS and JavaScript, from chalicelib/web/assets

lock: ready-test ## The locks again, from pyproject.toml and package.json
	@$(BIN)/python -m infra.setup.lock

ready-run:
	@$(PYTHON) -m infra.setup run
	@$(BIN)/python -m infra.assets

ready-test:
	@$(PYTHON) -m infra.setup test
	@$(BIN)/python -m infra.assets
