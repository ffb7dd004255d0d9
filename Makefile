# Two commands matter: `make serve` and `make test`. Both set up what is missing and need nothing but
# Python 3.11, make and, the first time, the network. Written for GNU make 3.81 (macOS) and POSIX sh.

UV_VERSION := 0.13.9
PYTHON ?= $(shell for p in python3 python3.11 python3.12 python3.13 python3.14 python; do \
	if command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; \
	then command -v $$p; break; fi; done)

TOOLS := .tools
UV := $(TOOLS)/bin/uv
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
DOCS_READY := $(VENV)/.docs-ready

RAPPORT_DATA_DIR ?= $(CURDIR)/var
TEST_PROCESSES ?= 2

# The tools must see this folder, not the environment that somebody has activated.
unexport VIRTUAL_ENV PYTHONPATH PYTHONHOME
export UV_PYTHON_DOWNLOADS := never
# Companies with a certificate of their own install it in the system, where browsers find it.
export UV_SYSTEM_CERTS := 1

.PHONY: serve test check fix bench docs messages setup clean
.DEFAULT_GOAL := serve

serve: $(READY)
ifeq ($(DEMO),1)
	@RAPPORT_DATA_DIR="$(RAPPORT_DATA_DIR)" $(BIN)/rapport demo
endif
	@RAPPORT_DATA_DIR="$(RAPPORT_DATA_DIR)" exec $(BIN)/rapport serve

test: $(READY)
	@sh bin/chromium
	@$(BIN)/python -m pytest -n $(TEST_PROCESSES) $(ARGS)

check: $(READY)
	@sh bin/check

fix: $(READY)
	@$(BIN)/ruff check --fix --quiet .
	@$(BIN)/ruff format --quiet .

bench: $(READY)
	@for each in benchmarks/*/run.py benchmarks/bench_*.py; do \
		if [ -f "$$each" ]; then echo "== $$each"; $(BIN)/python "$$each" || exit 1; fi; done

docs: $(DOCS_READY)
	@$(BIN)/zensical build --clean

messages: $(READY)
	@$(BIN)/python bin/messages

setup: $(READY)

# --- what the above need ---------------------------------------------------------------------------

# Only when the lock or the dependencies changed: afterwards everything works without the network.
$(READY): pyproject.toml uv.lock | $(UV)
	@$(UV) sync --frozen --quiet --python "$(PYTHON)" || { \
		echo "make: the dependencies could not be installed; the first time needs the network" >&2; exit 1; }
	@touch $@

$(DOCS_READY): $(READY)
	@$(UV) sync --frozen --quiet --python "$(PYTHON)" --group docs
	@touch $@

$(UV):
	@PYTHON="$(PYTHON)" UV_VERSION="$(UV_VERSION)" TOOLS="$(TOOLS)" sh bin/uv-setup

# Leaves the data folder alone.
clean:
	rm -rf $(TOOLS) $(VENV) site .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +
