# Everything starts from a machine with python3 (3.11 or newer, with venv) and a network.
# Stamps make each step run once: a second `make run` starts in seconds.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:

PORT ?= 8000
PYTHON ?= python3
# Processes that the tests run on: PostgreSQL, Valkey and the browser want their share too.
WORKERS ?= 2
ARGS ?=

# Tests and tools start many processes: each would compile the whole program for itself.
unexport PYTHONDONTWRITEBYTECODE

VENV := .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/.stamps
FRONT_SOURCES := $(shell find static/src -type f 2>/dev/null) static/build.mjs package.json

.PHONY: help run demo shell psql test pictures bench lint format build architecture translations lock clean

help:
	@echo "make run [PORT=8000]   serve the demo community on this machine"
	@echo "make demo [ARGS=...]   fill an empty installation, ARGS=\"--members 200\" say"
	@echo "make shell             Python inside the installation's application"
	@echo "make psql              the installation's database by hand (sqlite3 or psql)"
	@echo "make test [ARGS=...]   lint and the whole test suite"
	@echo "make pictures          every page at 390 and 1280 px, light and dark; ARGS=\"chat market\""
	@echo "make bench             install what the benchmarks compare with"
	@echo "make lint              ruff, mypy, the import contracts and biome"
	@echo "make format            let ruff and biome put the code in order"
	@echo "make build             environment and front end, nothing more"
	@echo "make architecture      draw the wings into docs/architecture.md"
	@echo "make translations      take texts from the code; ARGS=de begins a language"
	@echo "make lock              make the lock files anew"
	@echo "make clean             remove what the above have made, but no data"

run: $(STAMPS)/run static/dist/.stamp
	@$(BIN)/python tools/run.py --port $(PORT)

# These three open the same installation as `make run`, or the one that KINMARKET_DATA_DIR and its like name.
demo: $(STAMPS)/run
	@$(BIN)/kinmarket demo $(ARGS)

shell: $(STAMPS)/run
	@$(BIN)/python tools/shell.py

psql: $(STAMPS)/dev
	@$(BIN)/python tools/psql.py $(ARGS)

# Benchmarks are run by hand, see tests/bench: what a busy machine measures proves nothing.
test: lint static/dist/.stamp
	tools/npm.sh test --silent
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup --ignore=tests/bench $(ARGS)

# Look at all of them: test-results/pictures/*.png.
pictures: $(STAMPS)/dev static/dist/.stamp
	@$(BIN)/python -m tools.pictures $(ARGS)

bench: $(STAMPS)/bench

lint: $(STAMPS)/dev node_modules/.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	tools/npm.sh run lint --silent

format: $(STAMPS)/dev node_modules/.stamp
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	tools/npm.sh run format --silent

build: $(STAMPS)/run static/dist/.stamp

architecture: $(STAMPS)/run
	$(BIN)/python tools/draw_wings.py
	$(BIN)/python -m tools.draw_orders

translations: $(STAMPS)/run
	$(BIN)/python tools/translations.py $(ARGS)

lock: $(STAMPS)/build
	tools/lock.sh $(ARGS)

clean:
	rm -rf $(VENV) node_modules static/dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
	rm -rf kinmarket.egg-info test-results

# The environment in three steps: what installs, what runs, what tests.
$(STAMPS)/build: requirements-build.lock
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-build.lock
	mkdir -p $(STAMPS) && touch $@

$(STAMPS)/run: requirements.lock pyproject.toml | $(STAMPS)/build
	$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements.lock
	$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --no-build-isolation --no-deps --editable .
	touch $@

$(STAMPS)/bench: requirements-bench.lock $(STAMPS)/dev
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements-bench.lock
	touch $@

$(STAMPS)/dev: requirements-dev.lock $(STAMPS)/run
	$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements-dev.lock
	touch $@

# The front end: the machine's Node when it is recent enough, else the one from the wheel.
node_modules/.stamp: package-lock.json package.json | $(STAMPS)/build
	tools/npm.sh ci --no-audit --no-fund --loglevel=error
	touch $@

static/dist/.stamp: node_modules/.stamp $(FRONT_SOURCES)
	tools/npm.sh run build --silent
	mkdir -p static/dist && touch $@
