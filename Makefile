# demo: a try-out without network   run: the daemon on config.toml   test: everything that CI runs
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
# -n auto uses every core; `make test PYTEST="-x tests/match"` runs a part.
PYTEST ?= -n auto

.PHONY: demo run test check format bench clean

demo: $(VENV)/installed
	@$(BIN)/monitor demo

run: $(VENV)/installed config.toml
	@$(BIN)/monitor --config config.toml run

test: check
	$(BIN)/python -m pytest $(PYTEST)

check: $(VENV)/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/installed-dev
	$(BIN)/python bench/startup.py

config.toml: | $(VENV)/installed
	$(BIN)/monitor init

$(VENV)/installed: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("feedmonitor needs Python 3.11 or later, this is %s.%s: try make PYTHON=python3.12" % sys.version_info[:2] if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

clean:
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache
