"""Subscriptions to arXiv, which are in the settings file: adding and removing them."""

from __future__ import annotations

from collections.abc import Callable

from paperreader import config
from paperreader.errors import PaperreaderError, UsageError
from paperreader.tui.context.context import ReaderContext
from paperreader.tui.runtime.threads import run_in_thread
from paperreader.tui.widgets.text_line import TextSpan

_NEW = ""
"""The choice to add one."""


class ArxivSubscriptionsController:
    """The next fetch reads the file, so that a change needs no restart."""

    def __init__(self, ctx: ReaderContext) -> None:
        self._ctx = ctx

    def choose(self) -> None:
        """Show the subscriptions, of which one can be removed, and offer to add one."""
        self._ctx.tasks.start(self._choose(), group="arxiv")

    async def _choose(self) -> None:
        from paperreader.tui.dialogs.choice import Choice, ChoiceDialog

        loaded = await run_in_thread(config.read_settings)
        choices = [
            Choice("subscribe", "to a category or a query…", _NEW, key="s"),
            *(Choice("unsubscribe", name, name) for name in loaded.settings.fetch.arxiv),
        ]
        self._ctx.ui.push_dialog(
            ChoiceDialog("Subscriptions to arXiv", choices, self._ctx.glyphs), self._chosen
        )

    def _chosen(self, name: str | None) -> None:
        if name == _NEW:
            self._ask("Subscribe to arXiv", "a category, or a query")
        elif name is not None:
            self._change(lambda: _remove(name), "Unsubscribed: ", "")

    def _ask(self, title: str, hint: str, text: str = "") -> None:
        from paperreader.tui.dialogs.text_prompt import TextPrompt

        prompt = TextPrompt(title, hint, value=text, placeholder="cs.CL, or cat:cs.LG AND abs:agents")
        self._ctx.ui.push_dialog(prompt, lambda typed: self._add(typed) if typed else None)

    def _add(self, text: str) -> None:
        self._change(
            lambda: _add(text),
            "Subscribed: ",
            " fetches its papers",
            lambda problem: self._ask(problem, "", text),
        )

    def _change(
        self,
        change: Callable[[], str],
        message: str,
        hint: str,
        ask_again: Callable[[str], None] | None = None,
    ) -> None:
        self._ctx.tasks.start(self._write(change, message, hint, ask_again), group="arxiv")

    async def _write(
        self, change: Callable[[], str], message: str, hint: str, ask_again: Callable[[str], None] | None
    ) -> None:
        """Change the settings; `ask_again` gets what is wrong with the text that was typed."""
        try:
            name = await run_in_thread(change)
        except UsageError as error:
            if ask_again is None:
                self._ctx.ui.fail(error)
            else:
                ask_again(str(error))
            return
        except PaperreaderError as error:
            self._ctx.ui.fail(error)
            return
        key = (TextSpan("  r", "key"), hint) if hint else ()
        self._ctx.ui.inform(message, TextSpan(name, "text"), *key)


def _add(text: str) -> str:
    from paperreader.config.edits import add_arxiv_subscription

    return add_arxiv_subscription(text)


def _remove(name: str) -> str:
    from paperreader.config.edits import remove_arxiv_subscription

    remove_arxiv_subscription(name)
    return name
