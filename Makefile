# Everything a newcomer needs. Python 3.11 or newer and make are enough; uv is used when it is there.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
MAKEFLAGS += --no-print-directory

VENV := .venv
PY := $(VENV)/bin/python
export PYTHON
# Where Python is told to keep nothing it has compiled, each start would take a second longer.
unexport PYTHONDONTWRITEBYTECODE

# Stamps make the second start fast: nothing is looked at again that has not changed.
RUNTIME := $(VENV)/.runtime
DEV := $(VENV)/.dev
ASSETS := static/vendor/.fetched
WORDS := translations/.compiled
CATALOGUES := $(wildcard translations/*/LC_MESSAGES/*.po)

.PHONY: help setup dev run demo test check trust bench pictures messages migration lock assets wheel clean

help: ## This list
	@echo "Nachbarnetz. Start with 'make run'."; echo
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/\1|\2/p' $(MAKEFILE_LIST) \
	  | while IFS='|' read -r name words; do printf '  make %-10s %s\n' "$$name" "$$words"; done

$(RUNTIME): requirements.lock tools/environment.sh
	@sh tools/environment.sh runtime

$(DEV): requirements.lock requirements-dev.lock tools/environment.sh
	@sh tools/environment.sh dev

$(ASSETS): tools/assets.py | $(RUNTIME)
	@mkdir -p $(@D) && $(PY) tools/assets.py && touch $@

$(WORDS): tools/catalogues.py $(CATALOGUES) | $(RUNTIME)
	@mkdir -p $(@D) && $(PY) tools/catalogues.py compile && touch $@

setup: $(RUNTIME) $(ASSETS) $(WORDS) ## Environment, third-party files, compiled translations

dev: $(DEV) $(ASSETS) $(WORDS) ## The same, with what tests and checks need

run: setup ## Start the portal with a demo town on http://127.0.0.1:8000
	@exec $(PY) -m portal serve --demo

demo: setup ## Throw the demo town away and make a fresh one
	@$(PY) -m portal demo --fresh

test: dev ## Run every test (TESTS=tests/web for some, JOBS=1 for one at a time, WHOLE=1 for nights)
	@sh tools/test.sh $(TESTS)

check: dev ## Style, types, floors, templates, translations
	@sh tools/check.sh

trust: dev ## Walk every route as every persona, make every rule wrong, write the figures down
	@$(PY) -m tests.trust

bench: dev ## Measure the speed (QUICK=1 for a rough answer in a minute)
	@$(PY) -m benchmarks $(if $(QUICK),--quick) $(ROWS)

pictures: dev ## Make the pictures of the documents (while `make run` runs in another terminal)
	@$(PY) -m tools.pictures $(ADDRESS)

messages: dev ## Bring the translation catalogues up to the code
	@$(PY) tools/catalogues.py extract

migration: dev ## Write a migration from the models: make migration NAME=add_polls
	@test -n "$(NAME)" || { echo "Say what it does:  make migration NAME=add_polls"; exit 2; }
	@$(PY) -m portal db revision "$(NAME)" && $(VENV)/bin/ruff format -q migrations

lock: ## Renew the locked dependencies (needs uv; UPGRADE=1 takes newer versions)
	@sh tools/lock.sh $(if $(UPGRADE),--upgrade)

assets: $(RUNTIME) ## Fetch the third-party files again
	@rm -f $(ASSETS) && $(MAKE) $(ASSETS)

wheel: dev ## Build dist/*.whl with templates, static files and translations inside
	@$(PY) -m build --wheel --no-isolation . && ls dist/*.whl

clean: ## Remove what was made, but not the data in instance/
	@rm -rf build dist .stamps .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis static/vendor
	@rm -f $(WORDS) && find translations -name '*.mo' -delete
	@find . -name __pycache__ -type d -not -path './$(VENV)/*' -prune -exec rm -rf {} +
	@if [ -L $(VENV) ]; then rm $(VENV); else rm -rf $(VENV); fi
