# Everything runs in .venv, which the first target to need it makes.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
Q ?= did Kazakhstan say it joins parallel imports?
export Q

.PHONY: ask bot test lint check bench

ask: $(READY)
	@$(BIN)/onrecord ask "$$Q"

bot: $(READY)
	$(BIN)/onrecord bot

test: $(READY)
	$(BIN)/python -m pytest

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

check: lint test

bench: $(READY)
	$(BIN)/python -m benchmarks $(EVAL)

# --group needs pip 25.1
$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet -c constraints.txt -e . --group dev
	@touch $@
