"""The least that a Textual app with a line to type in, a list and a footer can be: the measure of a start."""

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
