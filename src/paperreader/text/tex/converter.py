"""Convert prose with TeX to Unicode, in one pass."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from paperreader.lazy_pattern import lazy_pattern
from paperreader.text.tex import symbols
from paperreader.text.tex.accents import accented_letter
from paperreader.text.tex.commands import Conversion
from paperreader.text.tex.dollars import find_closing_dollar
from paperreader.text.tex.formula_line import to_script
from paperreader.text.tex.math import MathConverter
from paperreader.text.tex.relations import space_relations
from paperreader.text.tex.scanner import MAX_DEPTH, command_name

MAX_DISPLAY_LENGTH = 3000
"""Characters of displayed mathematics within which a delimiter has to be closed."""

_SIGN = r"[\\$~`'{}_^-](?:(?<=[\\~{}])|(?<=\$)\$*|(?<=`)`*|(?<=')'|(?<=-)-+|(?<=[_^])(?=[{\\]))"
_STOP = lazy_pattern(_SIGN)
"""Where plain text ends. It begins with a set of characters, for which `re` searches several times as fast."""
_STOP_OR_URL = lazy_pattern(
    _SIGN
    + r"|(?:https?://|www\.|(?<![\w.@/-])(?:github\.com|gitlab\.com|huggingface\.co)/)(?:[^\s{}\\$<>\"]|\\[_%#&~])*",
    re.IGNORECASE,
)
"""Where plain text with URLs ends. A URL is one piece."""
_PARTS_OF_URLS = ("://", "www.", ".co")
"""Every URL contains one of these, in lower case."""

_SINGLE_QUOTED = lazy_pattern(r"`(?=[^\s`'])([^`'\n]{0,120}(?:'\w[^`'\n]{0,120}){0,3})'(?!\w)")
_ESCAPED_IN_URL = lazy_pattern(r"\\([_%#&~])")
_NUMBER_BEFORE = lazy_pattern(r"(?:^|[\s(\[$~–-])[+-]?[0-9][0-9.,]*[KMBGTkx%]?$")
_EMPTY_BEFORE_TEX = lazy_pattern(r"(?:\{\}){1,9}(?:\\[A-Za-z%&#_${}'`^\"~=.]|\{\\|\$\\)")
_MATH_ENVIRONMENT = lazy_pattern(r"\{(equation|align|displaymath|math|gather|multline)(\*?)\}")


_SIGNS_IN_PROSE = (symbols.GREEK_AND_SIGNS, symbols.OPERATORS, symbols.UNITS)


class Converter(MathConverter):
    """Converts one text. Every character is read once for each group it is in, up to a fixed depth: linear time."""

    def __init__(self, text: str, *, has_spaced_relations: bool = False) -> None:
        """`has_spaced_relations`: whether the relations of formulas in the text have blanks, as TeX sets them."""
        super().__init__(text)
        self._has_spaced_relations = has_spaced_relations
        lower_case = text.lower()
        self._stop = _STOP_OR_URL if any(part in lower_case for part in _PARTS_OF_URLS) else _STOP

    def convert(self) -> str:
        """Return the whole text in Unicode."""
        return self.convert_prose(0, len(self.text), 0)

    def convert_prose(self, start: int, end: int, depth: int) -> str:
        """Return the text outside mathematics from `start` to `end`, converted."""
        if depth > MAX_DEPTH:
            return self.text[start:end]
        out: list[str] = []
        offset = start
        while offset < end:
            found = self._stop.search(self.text, offset, end)
            if found is None:
                out.append(self.text[offset:end])
                break
            out.append(self.text[offset : found.start()])
            handler = _AT_STOP.get(found[0][0], Converter._url)
            shown, offset = handler(self, found.start(), found.end(), end, depth)
            out.append(shown)
        return "".join(out)

    def _url(self, offset: int, stop: int, end: int, depth: int) -> tuple[str, int]:
        return _ESCAPED_IN_URL.sub(r"\1", self.text[offset:stop]), stop

    def _unchanged(self, offset: int, stop: int, end: int, depth: int) -> tuple[str, int]:
        return self.text[offset:stop], stop

    def _closing_quotes(self, offset: int, stop: int, end: int, depth: int) -> tuple[str, int]:
        return '"', stop

    def _dollar(self, offset: int, stop: int, end: int, depth: int) -> tuple[str, int]:
        if stop - offset > 2:
            return self.text[offset:stop], stop
        close = find_closing_dollar(self.text, offset, stop, end, MAX_DISPLAY_LENGTH)
        if not close:
            return self.text[offset:stop], stop
        return self._formula_between(stop, close, depth), close + stop - offset

    def _group(self, offset: int, stop: int, end: int, depth: int) -> tuple[str, int]:
        """Remove braces around TeX, and empty ones before a command; others are part of the text."""
        if _EMPTY_BEFORE_TEX.match(self.text, offset, end):
            return "", offset + 2
        close = self.closing_brace(offset, end)
        name = command_name(self.text, stop) if close else ""
        if name == "deg" and close == stop + 4:
            return "°", close + 1
        inner = self.text[stop:close]
        if len(inner) == 1 and not (inner.isascii() and (inner.isalnum() or inner in "*_")):
            # "43{,}756", "Moussa{ï}d"
            return inner, close + 1
        if name and (
            self.is_math_command(name) or self.is_shared_command(name) or name in symbols.TEXT_ACCENTS
        ):
            return self.convert_prose(stop, close, depth + 1), close + 1
        return "{", stop

    def _bare_script(self, offset: int, stop: int, end: int, depth: int) -> tuple[str, int]:
        """Convert a script outside mathematics, if it has braces and follows a letter, a digit, a bracket or a sign."""
        sign = self.text[offset]
        before = self.text[offset - 1] if offset else " "
        alone = not (offset > 1 and (self.text[offset - 2].isalnum() or self.text[offset - 2] in "_\\"))
        fits = before.isdigit() or before in ")]|}" or (before.isalpha() and (alone or sign == "^"))
        shown, after = self.convert_argument(stop, end, depth) if fits else (None, stop)
        if shown is None:
            return sign, stop
        small = to_script(sign, shown)
        if small[:1] == sign and self.text[stop] == "{":
            # No Unicode form: keep the source.
            return self.text[offset:after], after
        return small, after

    def _tie(self, offset: int, stop: int, end: int, depth: int) -> tuple[str, int]:
        """Convert a tie to a blank; "~5", "10~20" and "~/bin" stay."""
        before = self.text[offset - 1 : offset]
        after = self.text[stop : stop + 1] if stop < end else ""
        if not before or before.isspace() or before in "(=<>[~/":
            return "~", stop
        if after.isspace():
            return "", stop
        if stop == end and self.text[end : end + 1] == "}":  # `\text{if~}x`
            return " ", stop
        if not (after.isalnum() or (after and after in "([\\$\"'`")):
            return "~", stop
        if after.isdigit() and _NUMBER_BEFORE.search(self.text, max(offset - 12, 0), offset):
            return "~", stop
        return " ", stop

    def _backticks(self, offset: int, stop: int, end: int, depth: int) -> tuple[str, int]:
        if stop - offset == 2:
            return '"', stop
        before = self.text[offset - 1 : offset]
        quoted = (
            _SINGLE_QUOTED.match(self.text, offset, end)
            if stop - offset == 1 and not before.isalnum()
            else None
        )
        if quoted is None:
            return self.text[offset:stop], stop
        return f"'{self.convert_prose(quoted.start(1), quoted.end(1), depth + 1)}'", quoted.end()

    def _dashes(self, offset: int, stop: int, end: int, depth: int) -> tuple[str, int]:
        before = self.text[offset - 1 : offset]
        after = self.text[stop : stop + 1]
        dash = {2: "–", 3: "—"}.get(stop - offset)
        # Not in a rule of dashes, an arrow, or the option of a program ("--flag"); a wrapped line may begin with one.
        ruled = before == "\n" and after in ("", "\n")
        uneven = dash == "–" and (before in " \n") != (after in " \n")
        if dash is None or not before or not after or after == ">" or before == "<" or ruled or uneven:
            return self.text[offset:stop], stop
        return dash, stop

    def _command(self, offset: int, stop: int, end: int, depth: int) -> tuple[str, int]:
        name = command_name(self.text, offset)
        after = offset + 1 + len(name)
        if not name or after > end:
            return "\\", stop
        done = (
            accented_letter(self, name, after, end, depth)
            or self._display(name, offset, after, end, depth)
            or self._sign_in_prose(name, after, end, depth)
            or (None if name in symbols.DELIMITER_SIZES else self.convert_shared(name, after, end, depth))
            or self._formula_in_prose(name, offset, end, depth)
        )
        return done or ("\\" + name, after)

    def _sign_in_prose(self, name: str, after: int, end: int, depth: int) -> Conversion:
        """Convert an escape or a single mathematical sign; the blank after it belongs to the prose."""
        if name in symbols.ESCAPABLE:
            return name, after
        if name == "\\":
            return " ", after
        sign = next(filter(None, (table.get(name) for table in _SIGNS_IN_PROSE)), None)
        if name == "deg" and self.text[after - 5 : after - 4].isdigit():
            sign = "°"
        return self._with_scripts(sign, self.skip_empty_group(after, end), end, depth) if sign else None

    def _formula_in_prose(self, name: str, offset: int, end: int, depth: int) -> Conversion:
        """Convert a mathematical command in prose, with its arguments and scripts."""
        if not self.is_math_command(name) or not name[0].isalpha():
            return None
        shown, after = self.convert_command(offset, end, depth)
        return None if shown is None else self._with_scripts(shown, after, end, depth)

    def _with_scripts(self, shown: str, after: int, end: int, depth: int) -> Conversion:
        while after < end and self.text[after] in "_^":
            small, further = self.convert_argument(after + 1, end, depth)
            if small is None:
                break
            shown, after = shown + to_script(self.text[after], small), further
        return shown, after

    def _display(self, name: str, offset: int, after: int, end: int, depth: int) -> Conversion:
        r"""Convert mathematics between `\(` and `\)`, `\[` and `\]`, or in an environment of its own."""
        if name in ("(", "["):
            closing = "\\)" if name == "(" else "\\]"
        elif name == "begin" and (found := _MATH_ENVIRONMENT.match(self.text, after, end)):
            closing, after = f"\\end{found[0]}", found.end()
        else:
            return None
        close = self.text.find(closing, after, min(end, offset + MAX_DISPLAY_LENGTH))
        if close < 0 or "\n\n" in self.text[offset:close]:
            return None
        return self._formula_between(after, close, depth), close + len(closing)

    def _formula_between(self, start: int, end: int, depth: int) -> str:
        shown = self.convert_formula(start, end, depth + 1)
        return space_relations(shown) if self._has_spaced_relations else shown


_AT_STOP: Mapping[str, Callable[[Converter, int, int, int, int], tuple[str, int]]] = {
    "\\": Converter._command,
    "$": Converter._dollar,
    "{": Converter._group,
    "}": Converter._unchanged,
    "_": Converter._bare_script,
    "^": Converter._bare_script,
    "~": Converter._tie,
    "`": Converter._backticks,
    "'": Converter._closing_quotes,
    "-": Converter._dashes,
}
"""Handlers of what ends plain text, by its first character; a URL begins with a letter."""
