# huaxiang: `make run` is all a new user needs. Everything is installed into .venv; models go to the platform's cache folder.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
SHOP ?= .huaxiang/sample
# what `make test` and `make check` need; the tests of fine-tuning are skipped, and say so, unless `finetune` (torch, gigabytes) is added
JOBS ?= 2
EXTRAS ?= app,dev,train,scale

.PHONY: run desk test check format clean install install-dev

run: $(VENV)/.app ## set-up, sample shop, one zh and one en question, then the desk
	@$(BIN)/huaxiang demo --shop $(SHOP)

desk: $(VENV)/.app ## the desk alone, on the shop in SHOP=
	@$(BIN)/huaxiang desk --shop $(SHOP)

install: $(VENV)/.app
install-dev: $(VENV)/.dev

# uv installs in seconds; pip is the fallback where only pip knows the registry (a mirror in pip.conf, an old machine).
define pip_install
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv || true
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --editable '.[$(1)]' \
		|| (echo "uv could not install; trying pip" && $(BIN)/python -m pip install --quiet --editable '.[$(1)]')
endef

$(VENV)/.app: pyproject.toml
	@echo "setting up (once): the packages of the desk and the agent …"
	$(call pip_install,app)
	@touch $@

$(VENV)/.dev: pyproject.toml
	@echo "setting up (once): the packages for tests and checks …"
	$(call pip_install,$(EXTRAS))
	@touch $@ $(VENV)/.app

test: $(VENV)/.dev ## the default tests (no network, no model file needed)
	@$(BIN)/python -m pytest -n $(JOBS)

check: $(VENV)/.dev ## style, types, layers, dependencies
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python tests/sizes.py

format: $(VENV)/.dev
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

clean: ## removes what make created here; models in the cache folder stay
	rm -rf $(VENV) .huaxiang .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
