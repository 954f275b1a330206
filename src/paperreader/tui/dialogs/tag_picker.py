"""The tag picker: every tag with its count, narrowed while one types, and new ones made by typing them."""

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
from paperreader.tui.widgets.text_input import TextInput, sanitize_typed
from paperreader.tui.widgets.text_line import TextLine, TextSpan

MAX_LINES = 10
"""Tags that are shown at once."""

TagCoverage = Literal["all", "some", "none"]
"""How many of the papers in question have a tag."""


class TagCount(Struct, frozen=True):
    """One line of the picker."""

    name: str
    count: int
    """Papers of the library that have it."""
    coverage: TagCoverage


class TagState(Struct, frozen=True):
    """What the picker shows: the tags in use and those of the papers in question."""

    library_counts: Mapping[str, int]
    """Papers of the library, by tag."""
    paper_counts: Mapping[str, int]
    """Papers in question, by tag."""
    paper_count: int
    """How many papers are in question."""

    def matching(self, typed: str) -> list[TagCount]:
        """The tags that begin so, then those that hold it; those of the papers before others, then by use.

        A tag that is not there yet stands first where nothing begins so, else last.
        """
        wanted = fold_for_search(typed)
        folded = {name: fold_for_search(name) for name in self.library_counts}
        found = [name for name, plain in folded.items() if wanted in plain]
        found.sort(
            key=lambda name: (
                folded[name] != wanted,
                not folded[name].startswith(wanted),
                not self.paper_counts.get(name),
                -self.library_counts[name],
                folded[name],
            )
        )
        tags = [TagCount(name, self.library_counts[name], self._coverage(name)) for name in found]
        if typed and wanted not in folded.values():
            begun = bool(found) and folded[found[0]].startswith(wanted)
            tags.insert(len(tags) if begun else 0, TagCount(typed, 0, "none"))
        return tags

    def _coverage(self, name: str) -> TagCoverage:
        own = self.paper_counts.get(name, 0)
        return "all" if own and own == self.paper_count else "some" if own else "none"


class TagList(TextLine):
    """The tags, one a line, as many as there is room for around the highlighted one."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"one-line--yours"}

    tags: reactive[tuple[TagCount, ...]] = reactive[tuple[TagCount, ...]](())
    selected_index: reactive[int] = reactive(0)

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__(id="tag-lines")
        self.glyphs = glyphs

    def watch_tags(self) -> None:
        self.styles.height = max(1, min(MAX_LINES, len(self.tags)))

    def spans_at(self, y: int) -> Sequence[TextSpan]:
        if not self.tags:
            return [TextSpan("  No tags yet: type one", "muted")]
        first = max(0, min(self.selected_index - MAX_LINES // 2, len(self.tags) - MAX_LINES))
        place = first + y
        return self._line(self.tags[place], place == self.selected_index) if place < len(self.tags) else ()

    def _line(self, tag: TagCount, here: bool) -> list[TextSpan]:
        tick = {"all": self.glyphs.selected, "some": self.glyphs.partial, "none": " "}[tag.coverage]
        return [
            TextSpan(f"{self.glyphs.cursor if here else ' '} ", "key"),
            TextSpan("[", "muted"),
            TextSpan(tick, "yours"),
            TextSpan("] ", "muted"),
            TextSpan(single_line(tag.name), "strong" if here else "text"),
            TextSpan(f"  {tag.count:,}" if tag.count else "  new tag", "muted"),
        ]


class TagSuggester(Suggester):
    """Completes to the first tag that goes on as was typed."""

    def __init__(self, matching: Callable[[str], Sequence[TagCount]]) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._matching = matching

    async def get_suggestion(self, value: str) -> str | None:
        names = (single_line(tag.name) for tag in self._matching(value))
        return next((name for name in names if value and name.startswith(value) and name != value), None)


class TagInput(TextInput):
    """The line a tag is typed in."""

    BINDINGS = bindings_with_inherited(Input.BINDINGS, TAG_KEYS)

    def replace(self, text: str, start: int, end: int) -> None:
        """Type or paste; what a terminal would act upon is left out."""
        super().replace(sanitize_typed(text), start, end)

    def action_pick(self, delta: int) -> None:
        self._picker.move_highlight(delta)

    def action_toggle_tag(self) -> None:
        """Tick the highlighted tag; while one types, type a blank, which tags may hold."""
        if self.value.strip():
            self.insert_text_at_cursor(" ")
        else:
            self._picker.toggle_highlighted()

    def action_accept(self) -> None:
        """Tick what is typed; leave where nothing is."""
        if self.value.strip():
            self._picker.toggle_highlighted()
        else:
            self._picker.dismiss()

    def action_complete(self) -> None:
        """Type the rest of the highlighted tag."""
        if best := single_line(self._picker.highlighted_tag):
            self.value = best
            self.cursor_position = len(best)

    def action_close(self) -> None:
        self._picker.dismiss()

    @property
    def _picker(self) -> TagPicker:
        assert isinstance(self.screen, TagPicker)
        return self.screen


class TagPicker(ModalScreen[None]):
    """Every tick is an act of its own, made at once; leaving changes nothing."""

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
            about: whose tags, for the title.
            look: gives the tags as they are now.
            put: sets a tag on all the papers in question, or takes it from them.
            glyphs: the marks to paint with.
        """
        super().__init__()
        self._subject, self._load_state, self._set_tag, self._glyphs = subject, load_state, set_tag, glyphs
        self._tag_list = TagList(glyphs)
        self._tag_state = load_state()

    def compose(self) -> ComposeResult:
        with Vertical(id="tag-picker"):
            yield TagTitle(self._subject)
            yield TagInput(
                placeholder="type to find or make a tag",
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
        """The name of the highlighted tag; empty where there is none."""
        return self._tag_list.tags[self._tag_list.selected_index].name if self._tag_list.tags else ""

    def reload(self) -> None:
        """Show the tags as they are now."""
        self._tag_state = self._load_state()
        self._update_list(at=self.highlighted_tag)

    def move_highlight(self, delta: int) -> None:
        """Highlight another one."""
        self._tag_list.selected_index = max(
            0, min(self._tag_list.selected_index + delta, len(self._tag_list.tags) - 1)
        )

    def toggle_highlighted(self) -> None:
        """Tick the highlighted tag, or take the tick away: where some papers have it, all get it."""
        if not self._tag_list.tags:
            return
        tag = self._tag_list.tags[self._tag_list.selected_index]
        self._set_tag(tag.name, tag.coverage != "all")
        self.query_one(TagInput).value = ""
        self._tag_state = self._load_state()
        self._update_list(at=tag.name)

    @on(Input.Changed)
    def _input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._update_list(at="" if event.value else self.highlighted_tag)

    def _update_list(self, *, at: str) -> None:
        """Show the tags that fit what is typed, the highlight on the one called `at`, else on the first."""
        tags = self._matching_tags(self.query_one(TagInput).value)
        names = [tag.name for tag in tags]
        self._tag_list.selected_index = 0
        self._tag_list.tags = tuple(tags)
        self._tag_list.selected_index = names.index(at) if at in names else 0

    def _matching_tags(self, typed: str) -> list[TagCount]:
        return self._tag_state.matching(typed.strip().removeprefix("#").strip())


class TagTitle(TextLine):
    """Whose tags."""

    def __init__(self, subject: str) -> None:
        super().__init__(id="tag-title")
        self._subject = subject

    def spans(self, width: int) -> Sequence[TextSpan]:
        return [TextSpan("Tags of ", "muted"), TextSpan(self._subject, "strong")]
