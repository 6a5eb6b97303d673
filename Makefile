# `make run` and `make test` work in a fresh clone; they need Python 3.11 or later, with venv, and nothing else.

PYTHON ?= python3
BIN = .venv/bin
INSTALL = $(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt
STAMPS = .venv/stamps

.PHONY: help run index test check format soak clean
.DEFAULT_GOAL := help

help: ## Say what can be made.
	@awk -F ': .*## ' '/^[a-z]+: .*## / {printf "  make %-8s%s\n", $$1, $$2}' Makefile

run: index ## Install what is needed, index the seeds, and serve page and API on 127.0.0.1:8000.
	$(BIN)/dubhashi serve --host 127.0.0.1 --port 8000

index: $(STAMPS)/run ## Index the seeds, if anything changed.
	$(BIN)/dubhashi rebuild seeds

test: $(STAMPS)/test ## Install what the tests need, torch and OpenVINO included, and run them all.
	$(BIN)/python -m pytest $(PYTEST)

check: $(STAMPS)/test ## Types, style and layers alone.
	$(BIN)/python -m pytest tests/test_architecture.py

format: $(STAMPS)/test ## Put the code into its one format.
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

soak: $(STAMPS)/test ## Fuzz, kill and load for long; the result is bench/results/soak.json.
	$(BIN)/python bench/soak.py

clean: ## Remove the environment, the index of the seeds and all caches.
	rm -rf .venv dubhashi-index .mypy_cache .ruff_cache .hypothesis .import_linter_cache

$(STAMPS)/venv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed: make PYTHON=python3.12")'
	$(PYTHON) -m venv .venv
	$(INSTALL) pip
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/run: $(STAMPS)/venv pyproject.toml constraints.txt
	$(INSTALL) -e .
	@touch $@

# torch comes first, in the version of constraints.txt, so that nothing else picks a build of it.
$(STAMPS)/test: $(STAMPS)/run Makefile
	$(INSTALL) torch
	$(INSTALL) -e '.[labse,openvino,slim]' --group dev --group train
	@touch $@
