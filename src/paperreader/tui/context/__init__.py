"""What every controller of the reader is given: library, settings, widgets, user interface, tasks and signals.

Controllers and the reader screen import `ReaderContext`; everything else is reached through it.
"""
