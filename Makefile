# make demo   the vendors' own SDKs against the mock, in a fresh environment
# make test   lint, types and the whole suite, in a fresh environment
# make bench  the benchmark, written to benchmarks/RESULTS.md
# make proof  the strategies with 10,000 draws of every operation: hours, and the figures in docs/strategies.md
# make mutation  every constraint of the contracts changed in turn: some fixture must notice

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
OLD_JDCLOUD := $(VENV)/jdcloud-1.6.51
SCHEMATHESIS := $(VENV)/schemathesis
NODE_SDKS := $(if $(shell command -v npm),$(VENV)/node)

.PHONY: demo test lint bench proof mutation clean

demo: $(VENV)/.demo
	$(BIN)/mockcloud demo

test: $(VENV)/.dev $(OLD_JDCLOUD) $(SCHEMATHESIS) $(NODE_SDKS) lint
	$(BIN)/python -m pytest -n 2 --dist worksteal --cov --cov-report=term $(ARGS)
	$(BIN)/python -m coverage report --include='$(CORE)' --fail-under=100

# The core, of which every branch is tested.
CORE := mockcloud/cloud.py,mockcloud/messages.py,mockcloud/errors.py,mockcloud/validation.py,mockcloud/codecs/*,mockcloud/contracts/*,mockcloud/outbound/*,mockcloud/pipeline/*,mockcloud/state/*,mockcloud/traffic/*

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(VENV)/.dev
	$(BIN)/python -m benchmarks

proof: $(VENV)/.dev
	$(BIN)/python -m tests.proof $(ARGS)

mutation: $(VENV)/.dev
	$(BIN)/python -m tests.mutation $(ARGS)

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("mockcloud needs Python 3.11 or newer, this is %d.%d; say make PYTHON=python3.12" % sys.version_info[:2] if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.demo: $(VENV)/bin/python pyproject.toml constraints.txt
	$(PIP) install --constraint constraints.txt --editable '.[all,demo]'
	@touch $@

$(VENV)/.dev: $(VENV)/bin/python pyproject.toml constraints.txt
	$(PIP) install --constraint constraints.txt --editable '.[dev]'
	@touch $@

# The last kind of jdcloud_sdk that signs by generation 2, beside the current one.
$(OLD_JDCLOUD): $(VENV)/.dev
	$(PIP) install --no-deps --target $@ 'jdcloud_sdk==1.6.51'

# Schemathesis, which tests our server by our exports, with what it needs, which is not what we need.
$(SCHEMATHESIS): $(VENV)/bin/python tests/schemathesis_requirements.txt
	$(PYTHON) -m venv $@
	$@/bin/python -m pip --disable-pip-version-check --quiet install --no-deps --requirement tests/schemathesis_requirements.txt
	@touch $@

# The vendors' Node SDKs, where there is an npm to fetch them.
$(VENV)/node: tests/node/package.json $(VENV)/.dev
	mkdir -p $@
	cp tests/node/package.json $@/
	cd $@ && npm install --silent --no-package-lock --no-audit --no-fund || echo 'npm could not fetch the Node SDKs: their tests are skipped'
	@touch $@

clean:
	rm -rf $(VENV) .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache build dist
