"""The command line: one module per command. It prints; the only place that knows exit codes.

A command module gives `add(commands)`, which declares its arguments, and `run(arguments)`, which does the work and
returns the exit code. What a command needs is imported when it runs, so that `--version` and `--help` load nothing.
"""
