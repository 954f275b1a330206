# For contributors; users need none of it.

.PHONY: check test fix

check:  ## the tests and every check, exactly as they run before a change lands
	bash .ci/run

test:  ## the tests alone, in the environment that `make check` has made
	.venv/bin/python -m pytest

fix:  ## format, and mend what the linter can mend
	.venv/bin/ruff check --fix
	.venv/bin/ruff format
