"""A minimal Textual app with an input, a list and a footer: the reference for startup time."""

from __future__ import annotations

from textual.app import App
from textual.widgets import Footer, Input, OptionList


class MinimalApp(App):
    BINDINGS = [("q", "quit", "Quit")]  # noqa: RUF012 - as Textual declares it

    def compose(self):
        yield Input(placeholder="search")
        yield OptionList(*(f"item {number}" for number in range(100)))
        yield Footer()


if __name__ == "__main__":
    MinimalApp().run()
