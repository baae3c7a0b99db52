# Every target is one call of fibroblog/run.py, which keeps the virtual environment in .venv.
PYTHON ?= python3

define START
@command -v $(PYTHON) >/dev/null 2>&1 || { \
	echo "Fibroblog needs Python 3.11 or newer, and $(PYTHON) was not found." \
	"On Debian or Ubuntu: apt install python3 python3-venv" >&2; exit 1; }; \
exec $(PYTHON) -m fibroblog.run
endef

.DEFAULT_GOAL := help
.PHONY: help run test check test-postgres bench crowd screenshots

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## start the site with demo content on http://127.0.0.1:8000 (PORT, HOST, DATA_DIR, DEMO=0)
	$(START)

test: ## run the whole test suite on SQLite (ARGS="-k queue" narrows it)
	$(START) test

check: ## format, lint, types, templates, migrations, deployment checks
	$(START) check

test-postgres: ## run the whole test suite on a throw-away PostgreSQL (or TEST_DATABASE_URL)
	$(START) test-postgres

bench: ## measure the site
	$(START) bench

crowd: ## fill the site of `make run` with N comments made of nothing (ARGS=--clear removes them)
	$(START) crowd

screenshots: ## take pictures of the pages
	$(START) screenshots
