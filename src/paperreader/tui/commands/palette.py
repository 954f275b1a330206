"""The commands of the main screen without a key, which only the palette lists: one row a command, as in `reader.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from paperreader.tui.commands.command import BROWSING, WELCOME, Command

if TYPE_CHECKING:
    from paperreader.tui.controllers.reader_controllers import ReaderControllers

# fmt: off
PALETTE_COMMANDS: tuple[Command[ReaderControllers], ...] = (
    Command("manage-tags", "", "Rename or delete a tag…",
            "rename or delete a tag on all papers", "Marks",
            lambda reader: reader.tags.manage(), waits_for_results=False),
    Command("delete-summary", "", "Delete a generated summary…",
            "delete what a command generated; u undoes it", "Marks",
            lambda reader: reader.pipes.summaries.choose_deletion(), waits_for_results=False),
    Command("open-text", "", "Read the full text",
            "read the full text of the paper", "Reading", lambda reader: reader.full_texts.open()),
    Command("updated", "", "Show papers with a newer version", "papers with a newer version than you have seen",
            "Search and views", lambda reader: reader.versions.show_updated(), waits_for_results=False),
    Command("more-for-tag", "", "For you: more for a tag…",
            "unread papers that fit the papers with a tag", "Search and views",
            lambda reader: reader.for_you.choose_tag(), waits_for_results=False),
    Command("learned", "", "For you: show or forget what was learned…",
            "words and marks of your personal order", "Search and views",
            lambda reader: reader.for_you.show_learned(), waits_for_results=False),
    Command("online", "", "Search online: Hugging Face, arXiv…",
            "send the query to a service", "Search and views",
            lambda reader: reader.online.open(), modes=BROWSING | WELCOME | {"search", "empty-search"},
            waits_for_results=False),
    Command("similar-to-note", "", "Show papers like your note",
            "papers near to the note in meaning", "Search and views",
            lambda reader: reader.related.show_like_note(), waits_for_results=False),
    Command("watch-list", "", "Watch list: show, add, stop watching…", "authors, words and others that are watched",
            "Search and views", lambda reader: reader.watch_list.manage(), waits_for_results=False),
    Command("rules", "", "Show what the rules keep out of New…",
            "rules of the settings, and how many papers each hides", "Search and views",
            lambda reader: reader.inbox.show_rules(), waits_for_results=False),
    Command("leave-sample", "", "Leave the sample papers: open your own",
            "leave the sample papers, open your own library", "Application",
            lambda reader: reader.application.leave_sample_library(),
            modes=BROWSING | WELCOME, waits_for_results=False, in_sample_only=True),
    Command("undo-import", "", "Undo the last import…",
            "undo the last import, with the marks it added", "Application",
            lambda reader: reader.imports.undo_last(), waits_for_results=False),
    Command("bookmark-texts", "", "Fetch the full texts of my bookmarks",
            "fetch the full texts of all bookmarks", "Application",
            lambda reader: reader.downloads.bookmark_texts.start(), waits_for_results=False),
    Command("citations", "", "Look up citations",
            "look up how often the papers are cited", "Application",
            lambda reader: reader.downloads.citations.look_up()),
    Command("listed-pdfs", "", "Download the PDFs of all listed papers…",
            "download the PDFs of all listed papers", "Application",
            lambda reader: reader.downloads.pdf_batch.choose()),
    Command("arxiv-subscriptions", "", "Subscribe to arXiv, or unsubscribe…",
            "subscribe to a category or a query of arXiv", "Application",
            lambda reader: reader.arxiv_subscriptions.choose(), waits_for_results=False),
    Command("settings-path", "", "Copy the path of the settings file",
            "path of config.toml", "Application",
            lambda reader: reader.copy_open.copy_path("settings"), waits_for_results=False),
    Command("library-path", "", "Copy the path of the library folder",
            "folder of papers and marks", "Application",
            lambda reader: reader.copy_open.copy_path("library"), waits_for_results=False),
)
"""Commands without a key, which only the palette lists."""
# fmt: on
