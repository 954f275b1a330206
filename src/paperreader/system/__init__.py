"""Interface to the operating system: browser, clipboard, other programs, file locks, priority and memory.

Every layer may import its modules.
"""
