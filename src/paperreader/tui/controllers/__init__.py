"""Controllers of the main screen: one plain class for each feature, which gets a `ReaderContext` and other controllers.

The screen imports `ReaderControllers`, which creates them all; `tui.commands.reader` calls their public methods.
"""
