"""The tag picker: all tags with their counts, filtered while typing. Typing a new name creates a tag."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar, Literal

from msgspec import Struct
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.reactive import reactive
from textual.screen import ModalScreen
from textual.suggester import Suggester
from textual.widgets import Input

from paperreader.text.sanitize import fold_for_search, single_line
from paperreader.tui.commands.command import bindings_with_inherited
from paperreader.tui.commands.dialogs import TAG_KEYS
from paperreader.tui.terminal.glyphs import UNICODE, Glyphs
from paperreader.tui.widgets.key_footer import KeyFooter
from paperreader.tui.widgets.text_input import TextInput
from paperreader.tui.widgets.text_line import TextLine, TextSpan

MAX_LINES = 10
"""Visible tags."""

TagCoverage = Literal["all", "some", "none"]
"""How many of the papers being tagged have a tag."""


class TagCount(Struct, frozen=True):
    """One line of the picker."""

    name: str
    count: int
    """Papers in the library with this tag."""
    coverage: TagCoverage


class TagState(Struct, frozen=True):
    """The tags of the library and of the papers being tagged."""

    library_counts: Mapping[str, int]
    """Number of papers in the library by tag."""
    paper_counts: Mapping[str, int]
    """Number of papers being tagged by tag."""
    paper_count: int
    """Number of papers being tagged."""

    def matching(self, typed: str) -> list[TagCount]:
        """Return the tags that start with `typed`, then those that contain it; tags of the papers first, then by count.

        A new tag comes first when no tag starts with `typed`, else last.
        """
        folded_text = fold_for_search(typed)
        folded = {name: fold_for_search(name) for name in self.library_counts}
        found = [name for name, plain in folded.items() if folded_text in plain]
        found.sort(
            key=lambda name: (
                folded[name] != folded_text,
                not folded[name].startswith(folded_text),
                not self.paper_counts.get(name),
                -self.library_counts[name],
                folded[name],
            )
        )
        tags = [TagCount(name, self.library_counts[name], self._coverage(name)) for name in found]
        if typed and folded_text not in folded.values():
            starts_with = bool(found) and folded[found[0]].startswith(folded_text)
            tags.insert(len(tags) if starts_with else 0, TagCount(typed, 0, "none"))
        return tags

    def _coverage(self, name: str) -> TagCoverage:
        own = self.paper_counts.get(name, 0)
        return "all" if own and own == self.paper_count else "some" if own else "none"


class TagList(TextLine):
    """The tags, one a line, as many as fit around the highlighted one."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"text-line--yours"}

    tags: reactive[tuple[TagCount, ...]] = reactive[tuple[TagCount, ...]](())
    selected_index: reactive[int] = reactive(0)

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__(id="tag-lines")
        self.glyphs = glyphs

    def watch_tags(self) -> None:
        self.styles.height = max(1, min(MAX_LINES, len(self.tags)))

    def spans_at(self, y: int) -> Sequence[TextSpan]:
        if not self.tags:
            return [TextSpan("  No tags yet. Type a name to create one", "muted")]
        first = max(0, min(self.selected_index - MAX_LINES // 2, len(self.tags) - MAX_LINES))
        index = first + y
        return self._line(self.tags[index], index == self.selected_index) if index < len(self.tags) else ()

    def _line(self, tag: TagCount, is_highlighted: bool) -> list[TextSpan]:
        tick = {"all": self.glyphs.selected, "some": self.glyphs.partial, "none": " "}[tag.coverage]
        return [
            TextSpan(f"{self.glyphs.cursor if is_highlighted else ' '} ", "key"),
            TextSpan("[", "muted"),
            TextSpan(tick, "yours"),
            TextSpan("] ", "muted"),
            TextSpan(single_line(tag.name), "strong" if is_highlighted else "text"),
            TextSpan(f"  {tag.count:,}" if tag.count else "  new tag", "muted"),
        ]


class TagSuggester(Suggester):
    """Suggests the first tag that starts with the typed text."""

    def __init__(self, matching: Callable[[str], Sequence[TagCount]]) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._matching = matching

    async def get_suggestion(self, value: str) -> str | None:
        names = (tag.name for tag in self._matching(value))
        return next((name for name in names if value and name.startswith(value) and name != value), None)


class TagInput(TextInput):
    """The input of the tag picker."""

    BINDINGS = bindings_with_inherited(Input.BINDINGS, TAG_KEYS)

    def action_pick(self, delta: int) -> None:
        self._picker.move_highlight(delta)

    def action_toggle_tag(self) -> None:
        """Toggle the highlighted tag. While typing, insert a space, which tags may contain."""
        if self.value.strip():
            self.insert_text_at_cursor(" ")
        else:
            self._picker.toggle_highlighted()

    def action_accept(self) -> None:
        """Toggle the highlighted tag; close the picker when nothing is typed."""
        if self.value.strip():
            self._picker.toggle_highlighted()
        else:
            self._picker.dismiss()

    def action_complete(self) -> None:
        """Complete the name of the highlighted tag."""
        if best := self._picker.highlighted_tag:
            self.value = best
            self.cursor_position = len(best)

    def action_close(self) -> None:
        self._picker.dismiss()

    @property
    def _picker(self) -> TagPicker:
        assert isinstance(self.screen, TagPicker)
        return self.screen


class TagPicker(ModalScreen[None]):
    """Each toggle is a separate change that can be undone; closing changes nothing."""

    AUTO_FOCUS = "TagInput"
    CSS_PATH = "../styles/dialogs.tcss"

    def __init__(
        self,
        subject: str,
        load_state: Callable[[], TagState],
        set_tag: Callable[[str, bool], None],
        glyphs: Glyphs = UNICODE,
    ) -> None:
        """
        Args:
            subject: the papers being tagged, for the title.
            load_state: returns the current tags.
            set_tag: adds a tag to all papers being tagged, or removes it.
            glyphs: the symbols to paint with.
        """
        super().__init__()
        self._subject, self._load_state, self._set_tag, self._glyphs = subject, load_state, set_tag, glyphs
        self._tag_list = TagList(glyphs)
        self._tag_state = load_state()

    def compose(self) -> ComposeResult:
        with Vertical(id="tag-picker"):
            yield TagTitle(self._subject)
            yield TagInput(
                placeholder="find or create a tag",
                compact=True,
                suggester=TagSuggester(self._matching_tags),
            )
            yield self._tag_list
            footer = KeyFooter(classes="footer")
            footer.mode = "tags"
            yield footer

    def on_mount(self) -> None:
        self.reload()

    @property
    def highlighted_tag(self) -> str:
        """The name of the highlighted tag, or ""."""
        return self._tag_list.tags[self._tag_list.selected_index].name if self._tag_list.tags else ""

    def reload(self) -> None:
        """Show the current tags."""
        self._tag_state = self._load_state()
        self._update_list(highlight=self.highlighted_tag)

    def move_highlight(self, delta: int) -> None:
        """Move the highlight by `delta` tags."""
        self._tag_list.selected_index = max(
            0, min(self._tag_list.selected_index + delta, len(self._tag_list.tags) - 1)
        )

    def toggle_highlighted(self) -> None:
        """Toggle the highlighted tag. If only some papers have it, all get it."""
        if not self._tag_list.tags:
            return
        tag = self._tag_list.tags[self._tag_list.selected_index]
        self._set_tag(tag.name, tag.coverage != "all")
        self.query_one(TagInput).value = ""
        self._tag_state = self._load_state()
        self._update_list(highlight=tag.name)

    @on(Input.Changed)
    def _input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._update_list(highlight="" if event.value else self.highlighted_tag)

    def _update_list(self, *, highlight: str) -> None:
        """Show the tags that match the typed text, with the highlight on the tag `highlight`, else on the first."""
        tags = self._matching_tags(self.query_one(TagInput).value)
        names = [tag.name for tag in tags]
        self._tag_list.selected_index = 0
        self._tag_list.tags = tuple(tags)
        self._tag_list.selected_index = names.index(highlight) if highlight in names else 0

    def _matching_tags(self, typed: str) -> list[TagCount]:
        return self._tag_state.matching(typed.strip().removeprefix("#").strip())


class TagTitle(TextLine):
    """The title with the papers being tagged."""

    def __init__(self, subject: str) -> None:
        super().__init__(id="tag-title")
        self._subject = subject

    def spans(self, width: int) -> Sequence[TextSpan]:
        return [TextSpan("Tags of ", "muted"), TextSpan(self._subject, "strong")]
