# Siteward's few commands. Each sets up what it needs; a second run is fast.
# PORT=8000 and PHONE=1 change where `make demo` serves; BENCH=name picks one benchmark.
PYTHON ?= python3
PORT ?= 8000
PY = .venv/bin/python
OWN = SITEWARD_DEMO=false SITEWARD_DATABASE=own SITEWARD_VAR=var/own SITEWARD_SECRET_KEY_FILE=var/own/secret-key \
	SITEWARD_HOSTS=localhost,127.0.0.1 SITEWARD_HTTPS_ONLY=false SITEWARD_SECURE_COOKIES=false
NODE = PATH="$(CURDIR)/.venv/bin:$$PATH"
JOBS ?= 2

.PHONY: demo empty test lint audit bench soak scale setup build serve stop clean

demo: ## everything from a bare clone to a running demo
	@$(PYTHON) backend/config/machine.py demo
	@$(PY) manage.py serve --prepare --port $(PORT) $(if $(PHONE),--phone)

empty: setup ## the same without the demo: an empty Siteward, to set up a trust of your own on this machine
	@mkdir -p var/own
	@test -s var/own/secret-key || (umask 077 && $(PY) -c "import secrets; print(secrets.token_urlsafe(60))" > var/own/secret-key)
	@test -s var/own/signing-key.pem || $(OWN) $(PY) manage.py heads key var/own/signing-key.pem > /dev/null
	@$(OWN) $(PY) manage.py serve --prepare --port $(PORT)

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

audit: ## known weaknesses, lock files, licences; fails too, and says so, when no source of advisories answered
	@$(PYTHON) backend/config/machine.py lint
	@$(PY) backend/config/dependencies.py

bench: ## the benchmark table, also as var/bench.json
	@$(PYTHON) backend/config/machine.py lint
	@$(PY) -m tests.bench $(if $(BENCH),--only $(BENCH))

soak: ## an hour of mixed load with kills at random, then a million records with fifty kills (MINUTES=, RECORDS=)
	@$(PYTHON) backend/config/machine.py lint
	@$(PY) -m tests.abuse soak --minutes $(or $(MINUTES),60)
	@$(PY) -m tests.abuse chaos --records $(or $(RECORDS),1000000) --kills 50

scale: ## two web processes, two workers, PgBouncer, a replica promoted under load, files in an object store
	@$(PYTHON) backend/config/machine.py lint
	@$(PY) -m tests.scale.run

stop: ## stop the embedded database if one was left running
	@$(PYTHON) backend/config/machine.py stop

clean: stop ## forget everything that was set up (not the database)
	rm -rf .venv node_modules fieldapp/dist .mypy_cache .ruff_cache .pytest_cache
