# What a person types here; `make` alone lists it.

.DEFAULT_GOAL := help
.PHONY: help run test test-search bench format lock clean

# Settings made for other projects, which would send our packages elsewhere or mix theirs in.
unexport PYTHONPATH PYTHONHOME PIP_TARGET PIP_PREFIX PIP_CONSTRAINT NODE_ENV
export PIP_USER := 0

help: ## list these targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | \
	  while read -r target words; do printf '  make %-11s %s\n' "$$target" "$$words"; done

run: ## install what is needed and serve the marketplace (HOST, PORT, DATA_DIR, DATABASE_URL, PYTHON)
	@.ci/prepare run
	@exec .venv/bin/python -m marketplace run

test: ## everything that must hold: style, types, imports, templates, tests on SQLite and PostgreSQL
	@.ci/prepare test
	@.ci/programs
	@.ci/test

test-search: ## what every search engine must answer, on a real Meilisearch server at MEILI_URL too
	@.ci/prepare test
	@.venv/bin/pytest tests/search -n 0

bench: ## how fast, how big, how good: ratios within one run
	@.ci/prepare test
	@.venv/bin/python -m tests.benchmarks

format: ## put the Python files in order
	@.ci/prepare test
	@.venv/bin/ruff check --fix
	@.venv/bin/ruff format

lock: ## make the lock files again (UPGRADE=1: with the newest versions that pyproject.toml allows)
	@.ci/prepare test
	@.ci/lock

clean: ## remove everything installed or cached; the data in var/ stays
	rm -rf .venv node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
