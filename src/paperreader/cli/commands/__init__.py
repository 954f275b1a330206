"""The commands, one module each (see `cli`). `parser.COMMAND_MODULES` imports them by name."""
