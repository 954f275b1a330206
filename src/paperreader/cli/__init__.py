"""The command line: arguments, output and exit codes. Import only `main.run`.

A module in `commands` has `add_parser(subparsers)`, which declares its arguments, and `run(arguments)`, which does the
work and returns the exit code. It imports what it needs when it runs, so that `--version` and `--help` stay fast.
"""
