"""Widgets of the main screen, and the building blocks of all widgets and dialogs.

Dialogs and controllers may import it; it knows neither.
"""
