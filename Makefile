# What a newcomer needs: Python 3.11 to 3.14, git and make. `make help` lists the targets.
BIN := .venv/bin
JOBS ?= 3
BENCHES := head load_dataframe chat_post stream import_csv up realtime capture profile_export
MAKEFLAGS += --no-print-directory
# Compiled modules make the second time quick.
export PYTHONDONTWRITEBYTECODE =
.DEFAULT_GOAL := help
.PHONY: help start test check bench build lock clean

help: ## lists the targets
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:[^#]*## /\t/' | awk -F'\t' '{printf "  make %-7s %s\n", $$1, $$2}'

.venv/.run: requirements.lock pyproject.toml scripts/setup
	@scripts/setup run

.venv/.dev: .venv/.run requirements-dev.lock
	@scripts/setup dev

start: .venv/.run ## sets up what is missing and runs OryxForge; ORYXFORGE_PORT=… and the like are passed on
	@$(BIN)/python scripts/build_page.py
	@exec $(BIN)/oryxforge up

test: .venv/.dev ## runs every test; ORYXFORGE_TEST_SCALE=… makes them larger, ARGS=… goes to pytest
	@command -v chromium > /dev/null || echo "chromium is not here, so the browser tests are skipped (Debian: apt install chromium)"
	@if [ -n "$(ARGS)" ]; then exec $(BIN)/python -m pytest $(ARGS); fi; \
	$(BIN)/python scripts/build_page.py || echo "so the tests of the page are skipped"; \
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile --ignore=tests/survival && \
	exec $(BIN)/python -m pytest tests/survival # alone: what it kills must end in seconds

check: .venv/.dev ## lint, format, types and import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright
	$(BIN)/lint-imports

bench: .venv/.dev ## prints the figures of speed and memory
	@for b in $(BENCHES); do echo "== $$b"; $(BIN)/python bench/$$b.py || exit 1; done

build: .venv/.dev ## makes the wheel in dist/
	@$(BIN)/python -m pip --disable-pip-version-check wheel --quiet --no-deps -w dist . && ls dist

lock: .venv/.dev ## resolves the dependencies anew
	@$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --upgrade --no-header --no-annotate --quiet -o requirements.lock
	@$(BIN)/uv pip compile --group dev -c requirements.lock --universal --python-version 3.11 --upgrade --no-header --no-annotate --quiet -o requirements-dev.lock

clean: ## removes caches and builds (the virtual environment stays: rm -r .venv)
	rm -rf dist build web/out web/.next web/.stamp .pytest_cache .ruff_cache .hypothesis .import_linter_cache .schemathesis
	find src tests bench -name __pycache__ -type d -prune -exec rm -rf {} +
