# For contributors. Users do not need it.

.PHONY: check test fix

check:  ## tests and all checks, exactly as required for every change
	bash .ci/run

test:  ## tests only, in the environment created by `make check`
	.venv/bin/python -m pytest

fix:  ## format, and fix what the linter can fix
	.venv/bin/ruff check --fix
	.venv/bin/ruff format
