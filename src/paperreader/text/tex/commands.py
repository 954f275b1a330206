"""Convert commands that mean the same in prose and in formulas."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping

from paperreader.lazy_pattern import lazy_pattern
from paperreader.text.tex import symbols
from paperreader.text.tex.formula_line import to_script
from paperreader.text.tex.scanner import brace_pairs

Conversion = tuple[str, int] | None
"""The text of a command and the offset after its arguments; None if it cannot be converted."""

_OPTION = lazy_pattern(r"\s{0,2}\[[^\[\]{}]{0,200}\]")
_CODE_POINT = lazy_pattern(r"\{\s*(?:x([0-9A-Fa-f]{1,5})|([0-9]{1,6}))\s*\}")
_DIMENSION = lazy_pattern(
    r"\s{0,3}(?:-?\s?[0-9.]{1,12}\s?(?:pt|em|ex|mu|mm|cm|in|bp|sp|pc)|\{[^{}\\]{0,30}\})(?:\s(?:plus|minus)\s[0-9.a-z]{1,9})?\s?"
)
_CHAR_CODE = lazy_pattern(r"\"([0-9A-F]{2,5}) ?|([0-9]{2,5}) ?")
_CITATIONS = (
    "cite",
    "citep",
    "citet",
    "citealp",
    "citealt",
    "citeauthor",
    "parencite",
    "textcite",
    "autocite",
)
_LISTS = frozenset(
    ("itemize", "enumerate", "description", "abstract", "center", "quote", "quotation", "small")
)


class CommandConverter(ABC):
    """Converts single commands of a text. A subclass converts the prose in their arguments."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.pairs = brace_pairs(text) if "{" in text else {}

    @abstractmethod
    def convert_prose(self, start: int, end: int, depth: int) -> str:
        """Return the text outside mathematics from `start` to `end`, converted."""

    def closing_brace(self, offset: int, end: int) -> int:
        """Return the offset of the brace that closes the one at `offset`, before `end`; 0 if there is none."""
        close = self.pairs.get(offset, 0)
        return close if close < end else 0

    def is_shared_command(self, name: str) -> bool:
        """Whether this is a command of prose and formulas alike."""
        return name in _HANDLERS

    def convert_shared(self, name: str, after: int, end: int, depth: int) -> Conversion:
        """Convert the command `name`, which ends at `after`, if it is one of prose and formulas alike."""
        handler = _HANDLERS.get(name)
        return handler(self, name, after, end, depth) if handler else None

    def optional_argument(self, after: int, end: int) -> tuple[str, int]:
        """Return the optional argument in square brackets at `after`, and the offset after it."""
        found = _OPTION.match(self.text, after, end)
        return (found[0].strip()[1:-1], found.end()) if found else ("", after)

    def skip_name_end(self, after: int, end: int) -> int:
        """Return the offset after the blanks, or the empty group, that end the name of a command."""
        if (stop := self.skip_empty_group(after, end)) > after:
            return stop
        while after < end and self.text[after] in " \n":
            after += 1
        return after

    def skip_empty_group(self, after: int, end: int) -> int:
        """Return the offset after an empty group."""
        return after + 2 if self.text.startswith("{}", after) and after + 2 <= end else after

    def _skip_blanks(self, after: int, end: int) -> int:
        while after < end and self.text[after] in " \n":
            after += 1
        return after

    def _letter(self, name: str, after: int, end: int, depth: int) -> Conversion:
        return symbols.LETTERS[name], self.skip_name_end(after, end)

    def _symbol(self, name: str, after: int, end: int, depth: int) -> Conversion:
        shown, stop = symbols.TEXT_SYMBOLS[name], self.skip_empty_group(after, end)
        doubled = shown.endswith(".") and self.text.startswith(".", stop)
        return shown, stop + 1 if doubled and stop < end else stop

    def _space(self, name: str, after: int, end: int, depth: int) -> Conversion:
        return symbols.SPACES[name], after

    def _switch(self, name: str, after: int, end: int, depth: int) -> Conversion:
        stop = self.skip_name_end(after, end)
        close = self.closing_brace(stop, end)
        # `\small{text}`: the braces delimit what is small, and are not part of the text.
        return (self.convert_prose(stop + 1, close, depth + 1), close + 1) if close else ("", stop)

    def _plain(self, name: str, after: int, end: int, depth: int) -> Conversion:
        after = self._skip_blanks(self.optional_argument(after, end)[1], end)
        close = self.closing_brace(after, end)
        return (self.convert_prose(after + 1, close, depth + 1), close + 1) if close else None

    def _last_argument(self, name: str, after: int, end: int, depth: int) -> Conversion:
        groups = self._groups(after, end, symbols.LAST_ARGUMENT_COMMANDS[name])
        if not groups:
            return None
        stop = groups[-1][1] + 1
        # A URL without a text, or with an empty one, is its own text.
        shown = (self.convert_prose(start, close, depth + 1) for start, close in reversed(groups))
        return next((text for text in shown if text.strip()), ""), stop

    def _dropped(self, name: str, after: int, end: int, depth: int) -> Conversion:
        wanted = symbols.HIDDEN_COMMANDS[name]
        groups = self._groups(after, end, wanted)
        if len(groups) < wanted:
            return None
        return "", groups[-1][1] + 1 if groups else after

    def _dimension(self, name: str, after: int, end: int, depth: int) -> Conversion:
        """Convert a space of a given width: one blank, or none if it is negative or part of a unit."""
        found = _DIMENSION.match(self.text, after, end)
        if found is None:
            return "", after
        wide = not found[0].strip(" {").startswith(("-", "0pt", "0em", "0mu"))
        return " " if wide and name not in ("vskip", "vspace", "rule") else "", found.end()

    def _groups(self, after: int, end: int, most: int) -> list[tuple[int, int]]:
        """Return start and end of the braced arguments, at most this many."""
        found: list[tuple[int, int]] = []
        after = self.optional_argument(after, end)[1]
        while len(found) < most:
            offset = self._skip_blanks(after, end)
            close = self.closing_brace(offset, end)
            if not close:
                break
            found.append((offset + 1, close))
            after = close + 1
        return found

    def _script(self, name: str, after: int, end: int, depth: int) -> Conversion:
        done = self._plain(name, after, end, depth)
        return done and (to_script("^" if name == "textsuperscript" else "_", done[0]), done[1])

    def _note(self, name: str, after: int, end: int, depth: int) -> Conversion:
        done = self._plain(name, after, end, depth)
        if done is None:
            return None
        shown = done[0].strip()
        return {"footnote": f" ({shown})", "enquote": f'"{shown}"'}.get(name, f"[{shown}]"), done[1]

    def _code_point(self, name: str, after: int, end: int, depth: int) -> Conversion:
        found = (_CHAR_CODE if name == "char" else _CODE_POINT).match(self.text, after, end)
        if not found:
            return None
        code = int(found[1], 16) if found[1] else int(found[2])
        char = chr(code) if code < 0x110000 else ""
        return (char, found.end()) if char and char.isprintable() else None

    def _dingbat(self, name: str, after: int, end: int, depth: int) -> Conversion:
        close = self.closing_brace(after, end)
        shown = symbols.DINGBATS.get(self.text[after + 1 : close].strip()) if close else None
        return (shown, close + 1) if shown else None

    def _environment(self, name: str, after: int, end: int, depth: int) -> Conversion:
        close = self.closing_brace(after, end)
        return ("", close + 1) if close and self.text[after + 1 : close] in _LISTS else None

    def _item(self, name: str, after: int, end: int, depth: int) -> Conversion:
        return "• ", self.skip_name_end(after, end)


Handler = Callable[[CommandConverter, str, int, int, int], Conversion]

_HANDLERS: Mapping[str, Handler] = {
    **dict.fromkeys(symbols.LETTERS, CommandConverter._letter),
    **dict.fromkeys(symbols.TEXT_SYMBOLS, CommandConverter._symbol),
    **dict.fromkeys(symbols.SPACES, CommandConverter._space),
    **dict.fromkeys(symbols.STYLE_SWITCHES, CommandConverter._switch),
    **dict.fromkeys(symbols.PROSE_WRAPPERS, CommandConverter._plain),
    **dict.fromkeys(symbols.LAST_ARGUMENT_COMMANDS, CommandConverter._last_argument),
    **dict.fromkeys(symbols.HIDDEN_COMMANDS, CommandConverter._dropped),
    **dict.fromkeys(symbols.DIMENSION_COMMANDS, CommandConverter._dimension),
    **dict.fromkeys(("textsuperscript", "textsubscript"), CommandConverter._script),
    **dict.fromkeys((*_CITATIONS, "footnote", "enquote"), CommandConverter._note),
    **dict.fromkeys(("unicode", "char"), CommandConverter._code_point),
    **dict.fromkeys(("begin", "end"), CommandConverter._environment),
    "ding": CommandConverter._dingbat,
    "item": CommandConverter._item,
}
