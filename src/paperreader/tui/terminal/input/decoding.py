"""What escape sequences of a terminal mean: keys, mouse events, reports.

Sources: xterm's "Control Sequences", and the keyboard protocol of kitty
(https://sw.kovidgoyal.net/kitty/keyboard-protocol/). Names of keys are those of Textual.
"""

from __future__ import annotations

from functools import lru_cache

from textual import events, messages
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._keyboard_protocol import FUNCTIONAL_KEYS, MODIFIER_FUNCTIONAL_KEYS
from textual.keys import Keys, _character_to_key
from textual.message import Message

from paperreader.lazy_pattern import lazy_pattern

_KITTY_KEY = lazy_pattern(
    r"\x1b\[(?P<code>\d{0,7})(?::\d{0,7}){0,2}"
    r"(?:;(?P<modifiers>\d{0,3})(?::(?P<event>\d?))?(?:;(?P<text>[\d:]*))?)?(?P<final>[u~ABCDEFHPQS])"
)
_REPORT = lazy_pattern(
    r"\x1b\[(?:"
    r"\?[\d;:]*(?:[cnRStu]|\$y)|>[\d;:]*[cmq]|=[\d;:]*[c|]"  # private: attributes, modes, keyboard flags, color scheme
    r"|\d+n|\d[\d;:]*t|\d+;\d+\$y|\d+;\d+R|[\d;]{7,}x"  # status, window, mode, position of the cursor, parameters
    r"|[IO]"  # focus
    r"|200~|201~"  # an end of a paste without its beginning
    r"|-?\d+;-?\d+;-?\d+M"  # mouse of rxvt
    r")"
)
_SYNCHRONIZED_OUTPUT = lazy_pattern(r"\x1b\[\?2026;[123]\$y")
_MOUSE = lazy_pattern(r"\x1b\[<\d{1,3};-?\d{1,4};-?\d{1,4}[Mm]")

_PRESS_EVENTS = ("", "1", "2")
"""Event types of kitty's protocol: none, press, repeat. 3 is a release, which is no key."""
_MAX_MODIFIERS = 256
_MODIFIERS = ("alt", "ctrl", "super", "hyper", "meta")
"""Names of the modifier bits from the second on. The first is shift; those after meta are locks."""
_MAX_MOUSE_BUTTONS = 128
"""Codes from here on belong to buttons that Textual would take for the left one."""
_CHARACTERS = {"enter": "\r", "tab": "\t", "backspace": "\x7f"}
_CONTROL_KEYS = frozenset({9, 13, 27, 127})


def decode_character(character: str, *, alt: bool = False) -> events.Key:
    """Return the key of one character; `alt`: with the alt key."""
    name = next(iter(_legacy_keys(character)), "") or _character_to_key(character)
    if not alt:
        return events.Key(name, character)
    return events.Key(
        f"alt+shift+{name.lower()}" if len(name) == 1 and name.isupper() else f"alt+{name}", None
    )


def decode_sequence(sequence: str) -> list[Message] | None:
    """Return the keys and messages of a control sequence, none if it is a report, or None if it is unknown.

    Mouse events are not included, see `is_mouse_event`.
    """
    if _SYNCHRONIZED_OUTPUT.fullmatch(sequence):
        return [messages.TerminalSupportsSynchronizedOutput()]
    if _REPORT.fullmatch(sequence):
        return []
    found = _decode_keys(sequence)
    return None if found is None else [events.Key(name, character) for name, character in found]


def is_mouse_event(sequence: str) -> bool:
    """Return whether a sequence is a mouse event (SGR 1006) of one of the first buttons inside a possible screen."""
    if not _MOUSE.fullmatch(sequence):
        return False
    return int(sequence[3 : sequence.index(";")]) < _MAX_MOUSE_BUTTONS


@lru_cache(maxsize=1024)
def _decode_keys(sequence: str) -> tuple[tuple[str, str | None], ...] | None:
    """Return names and characters of the keys of a sequence; None if it is not valid."""
    if match := _KITTY_KEY.fullmatch(sequence):
        keys = _kitty_keys(**match.groupdict(default=""))
        if keys is not None:
            return keys
    found = ANSI_SEQUENCES_KEYS.get(sequence)
    if isinstance(found, tuple):
        return tuple((key.value, None) for key in found if key is not Keys.Ignore)
    if isinstance(found, str):
        return ((_character_to_key(found), found),)
    return None if found is None else ()


def _legacy_keys(sequence: str) -> tuple[str, ...]:
    found = ANSI_SEQUENCES_KEYS.get(sequence)
    return tuple(key.value for key in found) if isinstance(found, tuple) else ()


def _kitty_keys(
    code: str, modifiers: str, event: str, text: str, final: str
) -> tuple[tuple[str, str | None], ...] | None:
    """Return the keys of a sequence of kitty's protocol; none for a release; None if a number is not valid."""
    number, bits = int(code or "1"), int(modifiers or "1") - 1
    characters = _associated_text(text)
    name = FUNCTIONAL_KEYS.get(f"{number}{final}", "")
    if not 0 <= bits < _MAX_MODIFIERS or event not in ("", "1", "2", "3") or characters is None:
        return None
    if not name and (final != "u" or not (_is_key_code(number) or (number == 0 and characters))):
        return None
    if event not in _PRESS_EVENTS:
        return ()
    if characters:
        return tuple(
            (_with_modifiers(name or _character_to_key(char), bits, char), char) for char in characters
        )
    if name:
        return ((_with_modifiers(name, bits, None), None if bits else _CHARACTERS.get(name)),)
    return ((_with_modifiers(_character_to_key(chr(number)), bits, None), None if bits else chr(number)),)


def _associated_text(codes: str) -> str | None:
    """Return the text of a key, which is empty for most; None if it contains something else than text."""
    text = ""
    for code in filter(None, codes.split(":")):
        if len(code) > len("1114111") or not _is_text(int(code)):
            return None
        text += chr(int(code))
    return text


def _is_key_code(number: int) -> bool:
    return number in _CONTROL_KEYS or (_is_text(number) and chr(number).isprintable())


def _is_text(number: int) -> bool:
    """Return whether a number is the code point of a character that is no control character."""
    return 0x20 <= number <= 0x10FFFF and not 0x7F <= number <= 0x9F and not 0xD800 <= number <= 0xDFFF


def _with_modifiers(key: str, bits: int, text: str | None) -> str:
    """Return the name of a key with its modifiers, as Textual spells it."""
    if not bits or key in MODIFIER_FUNCTIONAL_KEYS:
        return key
    names = [name for bit, name in enumerate(_MODIFIERS, 1) if bits & (1 << bit)]
    if text is not None and "alt" in names:
        names.remove("alt")  # the text already says what the alt key did
    if bits & 1 and (text is None or text.isspace()):
        names.append("shift")
    return "+".join((*sorted(names), key))
