# Siteward's few commands. Each sets up what it needs; a second run is fast.
# PORT=8000 and PHONE=1 change where `make demo` serves; BENCH=name picks one benchmark.
PYTHON ?= python3
PORT ?= 8000
PY = .venv/bin/python
NODE = PATH="$(CURDIR)/.venv/bin:$$PATH"
JOBS ?= 2

.PHONY: demo test lint bench setup build serve stop clean

demo: ## everything from a bare clone to a running demo
	@$(PYTHON) backend/config/machine.py demo
	@$(PY) manage.py serve --prepare --port $(PORT) $(if $(PHONE),--phone)

setup: ## the virtual environment, node and the field app
	@$(PYTHON) backend/config/machine.py demo

build: setup

test: ## every test and check; ends with pytest's own closing line
	@$(PYTHON) backend/config/machine.py test
	@$(MAKE) --no-print-directory checks
	@$(NODE) npm test --silent
	@$(PY) -m pytest -n $(JOBS) --dist loadgroup $(PYTEST)

lint: ## static checks only
	@$(PYTHON) backend/config/machine.py lint
	@$(MAKE) --no-print-directory checks

.PHONY: checks
checks:
	@$(PY) backend/config/checks_all.py

bench: ## the benchmark table, also as var/bench.json
	@$(PYTHON) backend/config/machine.py lint
	@$(PY) -m tests.bench $(if $(BENCH),--only $(BENCH))

stop: ## stop the embedded database if one was left running
	@$(PYTHON) backend/config/machine.py stop

clean: stop ## forget everything that was set up (not the database)
	rm -rf .venv node_modules fieldapp/dist .mypy_cache .ruff_cache .pytest_cache
