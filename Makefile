# Every target sets up what it needs; python3 and make are enough.

PYTHON ?= python3
BIN := .venv/bin

# Tests start many processes, which would each compile the same modules again.
export PYTHONDONTWRITEBYTECODE =

.PHONY: help demo test test-all lint types unit docs package bench clean

help:
	@echo "make demo      every step on the embedded cloud, once per event source"
	@echo "make test      lint, types, import contracts and all tests"
	@echo "make test-all  every case instead of a sample, and the figures of docs/reliability.md (hours)"
	@echo "make lint      formatting and lint alone"
	@echo "make docs      write the generated parts of the docs"
	@echo "make package   sdist and wheel, in dist/"
	@echo "make bench     times against bare boto3, as ratios (some minutes)"

.venv/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

demo: .venv/installed
	@$(BIN)/sfnctl demo

test: lint types unit

lint: .venv/installed
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports --no-cache

types: .venv/installed
	$(BIN)/mypy

unit: .venv/installed
	$(BIN)/pytest -n auto --dist worksteal

test-all: lint types
	rm -f .figures
	TEST_ALL=1 FIGURES="$(CURDIR)/.figures" $(BIN)/pytest -n auto --dist worksteal
	$(BIN)/python docs/generate.py .figures

docs: .venv/installed
	$(BIN)/python docs/generate.py
	$(BIN)/python tests/sessions.py

package: .venv/installed
	rm -rf dist
	$(BIN)/python -m build --no-isolation
	$(BIN)/twine check --strict dist/*

bench: .venv/installed
	$(BIN)/python tests/bench/run.py

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis build dist
