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

from paperreader.text.clean import fold, printable
from paperreader.tui.commands import command
from paperreader.tui.terminal.glyphs import UNICODE, Glyphs
from paperreader.tui.widgets.key_footer import KeyFooter
from paperreader.tui.widgets.text_input import LineInput, typed
from paperreader.tui.widgets.text_line import OneLine, Piece

LINES = 10
"""Tags that are shown at once."""

On = Literal["all", "some", "none"]
"""How many of the papers in question have a tag."""


class Tag(Struct, frozen=True):
    """One line of the picker."""

    name: str
    count: int
    """Papers of the library that have it."""
    on: On


class Tagged(Struct, frozen=True):
    """What the picker shows: the tags in use and those of the papers in question."""

    counts: Mapping[str, int]
    """Papers of the library, by tag."""
    own: Mapping[str, int]
    """Papers in question, by tag."""
    papers: int
    """How many papers are in question."""

    def matching(self, typed: str) -> list[Tag]:
        """The tags that begin so, then those that hold it; those of the papers before others, then by use.

        A tag that is not there yet stands first where nothing begins so, else last.
        """
        wanted = fold(typed)
        folded = {name: fold(name) for name in self.counts}
        found = [name for name, plain in folded.items() if wanted in plain]
        found.sort(
            key=lambda name: (
                folded[name] != wanted,
                not folded[name].startswith(wanted),
                not self.own.get(name),
                -self.counts[name],
                folded[name],
            )
        )
        tags = [Tag(name, self.counts[name], self._on(name)) for name in found]
        if typed and wanted not in folded.values():
            begun = bool(found) and folded[found[0]].startswith(wanted)
            tags.insert(len(tags) if begun else 0, Tag(typed, 0, "none"))
        return tags

    def _on(self, name: str) -> On:
        own = self.own.get(name, 0)
        return "all" if own and own == self.papers else "some" if own else "none"


class TagLines(OneLine):
    """The tags, one a line, as many as there is room for around the highlighted one."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"one-line--yours"}

    tags: reactive[tuple[Tag, ...]] = reactive[tuple[Tag, ...]](())
    here: reactive[int] = reactive(0)

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__(id="tag-lines")
        self.glyphs = glyphs

    def watch_tags(self) -> None:
        self.styles.height = max(1, min(LINES, len(self.tags)))

    def pieces_at(self, y: int) -> Sequence[Piece]:
        if not self.tags:
            return [Piece("  No tags yet: type one", "muted")]
        first = max(0, min(self.here - LINES // 2, len(self.tags) - LINES))
        place = first + y
        return self._line(self.tags[place], place == self.here) if place < len(self.tags) else ()

    def _line(self, tag: Tag, here: bool) -> list[Piece]:
        tick = {"all": self.glyphs.selected, "some": self.glyphs.some, "none": " "}[tag.on]
        return [
            Piece(f"{self.glyphs.cursor if here else ' '} ", "key"),
            Piece("[", "muted"),
            Piece(tick, "yours"),
            Piece("] ", "muted"),
            Piece(printable(tag.name), "strong" if here else "text"),
            Piece(f"  {tag.count:,}" if tag.count else "  new tag", "muted"),
        ]


class TagSuggester(Suggester):
    """Completes to the first tag that goes on as was typed."""

    def __init__(self, matching: Callable[[str], Sequence[Tag]]) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._matching = matching

    async def get_suggestion(self, value: str) -> str | None:
        names = (printable(tag.name) for tag in self._matching(value))
        return next((name for name in names if value and name.startswith(value) and name != value), None)


class TagInput(LineInput):
    """The line a tag is typed in."""

    BINDINGS = command.bindings_over(Input.BINDINGS, command.TAGS)

    def replace(self, text: str, start: int, end: int) -> None:
        """Type or paste; what a terminal would act upon is left out."""
        super().replace(typed(text), start, end)

    def action_pick(self, delta: int) -> None:
        self._picker.move(delta)

    def action_tick(self) -> None:
        """Tick the highlighted tag; while one types, type a blank, which tags may hold."""
        if self.value.strip():
            self.insert_text_at_cursor(" ")
        else:
            self._picker.tick()

    def action_take(self) -> None:
        """Tick what is typed; leave where nothing is."""
        if self.value.strip():
            self._picker.tick()
        else:
            self._picker.dismiss()

    def action_complete(self) -> None:
        """Type the rest of the highlighted tag."""
        if best := printable(self._picker.best):
            self.value = best
            self.cursor_position = len(best)

    def action_leave(self) -> None:
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
        about: str,
        look: Callable[[], Tagged],
        put: Callable[[str, bool], None],
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
        self._about, self._look, self._put, self._glyphs = about, look, put, glyphs
        self._lines = TagLines(glyphs)
        self._tagged = look()

    def compose(self) -> ComposeResult:
        with Vertical(id="tag-picker"):
            yield TagTitle(self._about)
            yield TagInput(
                placeholder="type to find or make a tag", compact=True, suggester=TagSuggester(self._matching)
            )
            yield self._lines
            footer = KeyFooter(classes="footer")
            footer.mode = "tags"
            yield footer

    def on_mount(self) -> None:
        self.look_again()

    @property
    def best(self) -> str:
        """The name of the highlighted tag; empty where there is none."""
        return self._lines.tags[self._lines.here].name if self._lines.tags else ""

    def look_again(self) -> None:
        """Show the tags as they are now."""
        self._tagged = self._look()
        self._narrow(at=self.best)

    def move(self, delta: int) -> None:
        """Highlight another one."""
        self._lines.here = max(0, min(self._lines.here + delta, len(self._lines.tags) - 1))

    def tick(self) -> None:
        """Tick the highlighted tag, or take the tick away: where some papers have it, all get it."""
        if not self._lines.tags:
            return
        tag = self._lines.tags[self._lines.here]
        self._put(tag.name, tag.on != "all")
        self.query_one(TagInput).value = ""
        self._tagged = self._look()
        self._narrow(at=tag.name)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._narrow(at="" if event.value else self.best)

    def _narrow(self, *, at: str) -> None:
        """Show the tags that fit what is typed, the highlight on the one called `at`, else on the first."""
        tags = self._matching(self.query_one(TagInput).value)
        names = [tag.name for tag in tags]
        self._lines.here = 0
        self._lines.tags = tuple(tags)
        self._lines.here = names.index(at) if at in names else 0

    def _matching(self, typed: str) -> list[Tag]:
        return self._tagged.matching(typed.strip().removeprefix("#").strip())


class TagTitle(OneLine):
    """Whose tags."""

    def __init__(self, about: str) -> None:
        super().__init__(id="tag-title")
        self._about = about

    def pieces(self, width: int) -> Sequence[Piece]:
        return [Piece("Tags of ", "muted"), Piece(self._about, "strong")]
