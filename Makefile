# Lendcraft: the commands of the project. `make` alone lists them.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
PORT ?= 8000
ARGS ?=

VENV := .venv
PY := $(VENV)/bin/python
MEDIA_PY := .venv-media/bin/python
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help demo install test test-sqlite test-postgres journeys check bench media media-check screens locks messages clean

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/.base $(if $(MEDIA),$(VENV)/.media) ## Run the whole site here (PORT=8000, MEDIA=1 to make films); Ctrl-C stops it, the data stays in var/
	@exec $(PY) manage.py run_demo --port $(PORT)

install: $(VENV)/.dev ## Install what tests and checks need into .venv

test: $(VENV)/.dev ## Run all tests: on SQLite, then on PostgreSQL and Redis where they answer
	@$(PY) scripts/run_tests.py sqlite postgres $(ARGS)

test-sqlite: $(VENV)/.dev
	@$(PY) scripts/run_tests.py sqlite $(ARGS)

test-postgres: $(VENV)/.dev
	@$(PY) scripts/run_tests.py postgres $(ARGS)

journeys: $(VENV)/.dev ## Run the tests that drive a real browser, with every combination of type, behaviour, hand and width
	@JOURNEYS_ALL=1 $(PY) scripts/run_tests.py sqlite -m journey $(ARGS)

check: $(VENV)/.dev ## Lint, format, types, import contract, migrations, deployment, templates, contrast, compose file
	@$(PY) scripts/check.py $(ARGS)

bench: $(VENV)/.dev ## Measure against a bare Django view on the same server
	@PYTHON=$(PY) bash bench/run.sh $(ARGS)

media: .venv-media/.media ## Render the narrated videos whose sources changed
	@$(MEDIA_PY) manage.py make_media media/courses/ill-borrowing-101 $(ARGS)

media-check: .venv-media/.media ## Hear the narration back: cue times and word error rate
	@$(MEDIA_PY) manage.py make_media media/courses/ill-borrowing-101 --check $(ARGS)

screens: $(VENV)/.dev ## Photograph the main pages into docs/screens/
	@SCREENS=1 $(PY) -m pytest tests/journeys/site/test_pages.py -m journey -k screens -q $(ARGS)

messages: $(VENV)/.dev ## Collect and compile the translatable texts (needs gettext)
	@$(PY) manage.py makemessages --all --no-location --no-obsolete
	@$(PY) manage.py compilemessages

locks: ## Resolve the dependencies of pyproject.toml into requirements/*.lock
	@$(PYTHON) scripts/make_locks.py

clean: ## Remove environments and caches (not var/, which holds the data)
	rm -rf .venv .venv-media .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

# Environments. A stamp is newer than the lock it was made from, so a second start installs nothing. uv is ten times
# quicker than pip and is itself installed by hash; where it does not run, pip takes the same lock. Nothing is compiled.
define install
@$(1)/bin/python -m pip install --quiet --require-hashes --only-binary :all: -r requirements/uv.lock
@$(1)/bin/python -m uv pip install --quiet --python $(1)/bin/python --require-hashes --only-binary :all: -r $(2) \
	|| $(1)/bin/python -m pip install --quiet --require-hashes --only-binary :all: -r $(2)
endef

%/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' \
		|| { echo "Lendcraft needs Python 3.11. Name it: make PYTHON=/path/to/python3.11 ..."; exit 1; }
	@$(PYTHON) -m venv $* || { echo "Python's venv module is missing (Debian: apt install python3.11-venv)."; exit 1; }

$(VENV)/.base: requirements/uv.lock requirements/base.lock | $(VENV)/bin/python
	@echo "Installing what the site needs into $(VENV) ..."
	$(call install,$(VENV),requirements/base.lock)
	@touch $@

$(VENV)/.media: $(VENV)/.base requirements/media.lock
	@echo "Installing what making films and captions needs into $(VENV) (about 500 MB) ..."
	$(call install,$(VENV),requirements/media.lock)
	@touch $@

$(VENV)/.dev: $(VENV)/.base requirements/dev.lock requirements/media.lock
	@echo "Installing what tests and checks need into $(VENV) ..."
	$(call install,$(VENV),requirements/dev.lock)
	$(call install,$(VENV),requirements/media.lock)
	@touch $@

.venv-media/.media: requirements/uv.lock requirements/media.lock | .venv-media/bin/python
	@echo "Installing what rendering needs into .venv-media (about 500 MB) ..."
	$(call install,.venv-media,requirements/media.lock)
	@touch $@
