"""Generates what terminals send: reports, keys of kitty's protocol, control sequences of ECMA-48, and mutations."""

from __future__ import annotations

import base64
import random
import re
from collections.abc import Callable

from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._keyboard_protocol import FUNCTIONAL_KEYS

ESC = "\x1b"
REPORTS = (
    f"{ESC}]4;1;rgb:cdcd/0000/0000\x07",
    f"{ESC}]10;rgb:dcdc/dcdc/cccc{ESC}\\",
    f"{ESC}]11;rgb:1e1e/1e1e/1e1e\x07",
    f"{ESC}]11;rgb:1e1e/1e1e/1e1e{ESC}\\",
    f"{ESC}]52;c;{base64.b64encode(b'queue a bad fetch').decode()}\x07",
    f"{ESC}]52;p;{base64.b64encode(b'b' * 90).decode()}{ESC}\\",
    f"{ESC}]l title of the window{ESC}\\",
    f"{ESC}P>|XTerm(392){ESC}\\",
    f"{ESC}P1$r0 q{ESC}\\",
    f"{ESC}P1+r544e=787465726d{ESC}\\",
    f"{ESC}P!|00000000{ESC}\\",
    f"{ESC}_Gi=31;OK{ESC}\\",
    f"{ESC}[?62;1;2;6;22c",
    f"{ESC}[>41;392;0c",
    f"{ESC}[=0;1c",
    f"{ESC}[8;24;80t",
    f"{ESC}[4;480;640t",
    f"{ESC}[48;24;80;480;640t",
    f"{ESC}[?997;2n",
    f"{ESC}[0n",
    f"{ESC}[12;40R",
    f"{ESC}[?12;40;1R",
    f"{ESC}[?2026;2$y",
    f"{ESC}[?2048;0$y",
    f"{ESC}[4;2$y",
    f"{ESC}[?25u",
    f"{ESC}[>4;2m",
    f"{ESC}[I",
    f"{ESC}[O",
    "\x9b?62;22c",
    "\x9d11;rgb:ffff/ffff/ffff\x9c",
)
"""Replies and reports that are not keys."""

_CODES = (
    0,
    1,
    3,
    8,
    9,
    13,
    27,
    31,
    32,
    65,
    97,
    98,
    110,
    113,
    127,
    128,
    155,
    229,
    0xD800,
    57344,
    57358,
    57441,
    63743,
)
_HUGE = (0x10FFFF, 0x110000, 2**31, 2**32, 2**63, 10**20)


def report(rng: random.Random) -> str:
    """Return a report."""
    return rng.choice(REPORTS)


def kitty_key(rng: random.Random) -> str:
    """Return a key in the form of kitty's protocol, with odd and huge numbers."""
    code = rng.choice((*_CODES, *_CODES, *_HUGE, rng.randrange(0x110000)))
    alternates = "".join(f":{rng.choice(_CODES)}" for _ in range(rng.choice((0, 0, 1, 2, 3))))
    modifiers = rng.choice(("", "0", "1", "2", "3", "5", "9", "65", "129", "256", "257", "99999"))
    event = rng.choice(("", ":", ":1", ":2", ":3", ":4", ":77"))
    text = rng.choice(("", "", f";{rng.choice(_CODES)}", f";98:{rng.choice(_HUGE)}", ";" + "98:" * 40))
    return f"{ESC}[{rng.choice(('', code, code))}{alternates};{modifiers}{event}{text}{rng.choice('uuuu~ABCDEFHPQRS')}"


def control_sequence(rng: random.Random) -> str:
    """Return a control sequence or a control string of ECMA-48."""
    kind = rng.choice("[[[[O]P_^X")
    if kind == "O":
        return f"{ESC}O{rng.choice(('', '5'))}{chr(rng.randrange(0x40, 0x7F))}"
    if kind != "[":
        payload = "".join(chr(rng.randrange(0x20, 0x7F)) for _ in range(rng.randrange(40)))
        return f"{ESC}{kind}{payload}{rng.choice((chr(7), ESC + chr(92)))}"
    numbers = (str(rng.randrange(10 ** rng.choice((1, 2, 3, 9)))) for _ in range(rng.randrange(5)))
    parameters = rng.choice(("", "?", ">", "=", "<")) + rng.choice(";:").join(numbers)
    intermediates = rng.choice(("", "", "", "$", " ", "!", '"'))
    return f"{ESC}[{parameters}{intermediates}{chr(rng.randrange(0x40, 0x7F))}"


def mutate(rng: random.Random, sequence: str) -> str:
    """Return `sequence` after one or two random changes, beginning with an escape character."""
    characters = list(sequence)
    for _ in range(rng.choice((1, 1, 2))):
        place = rng.randrange(1, len(characters) + 1)
        change = rng.randrange(5)
        if change == 0:
            characters[place:] = []
        elif change == 1:
            del characters[place : place + 1]
        elif change == 2:
            characters.insert(place, rng.choice("0123456789;:?<=>[]ubqnA~\x00\x07\r\x18\x7f\x9c字"))
        elif change == 3:
            characters[place:] = [*characters[place:], *characters[place:]]
        else:
            characters[place : place + 1] = [rng.choice("0;:<?$ uB~")]
    return "".join(characters)


GRAMMARS: tuple[Callable[[random.Random], str], ...] = (report, kitty_key, control_sequence)


def random_sequence(rng: random.Random) -> str:
    """Return a sequence of one of the grammars, in half of the cases mutated."""
    sequence = rng.choice(GRAMMARS)(rng)
    return mutate(rng, sequence) if rng.random() < 0.5 else sequence


_STRING = r"(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x00-\x1f]*(?:\x07|\x1b\\|\x9c)"
_CONTROL = r"(?:\x1b\[|\x9b)"
_COMPLETE = re.compile(
    rf"(?:{_STRING}|{_CONTROL}[0-?]*[ -/]*[cnyRtxIO]|{_CONTROL}[<=>?][^@-~]*[@-~]|\x1b\\"
    rf"|{_CONTROL}[\d:]*(?:;[\d:]*){{0,2}}[u~A-S])[^\x1b]"
)
"""A sequence that may be valid, and a character after it, which may be a key in the same read."""
_KITTY_FORM = re.compile(r"\x1b\[(\d*)[\d:]*(?:;(\d*):?(\d*)(?:;([\d:]*))?)?([u~A-S])")


def may_be_key(sequence: str) -> bool:
    """Return whether a part of `sequence` is a key, judged without the parser: by table and by code points."""
    for c1, introducer in (("\x9b", "\x1b["), ("\x8f", "\x1bO"), ("\x9d", "\x1b]")):
        sequence = sequence.replace(c1, introducer)
    if re.search(r"\x1b[^\[O\]PX^_\x1b\\]", sequence) or "\x1b[200~" in sequence:
        return True  # a character with the alt key, or a paste
    if _COMPLETE.search(sequence):
        return True
    if any(known in sequence for known in ANSI_SEQUENCES_KEYS if len(known) > 2 and known.startswith(ESC)):
        return True
    return any(_is_kitty_key(*found.groups("")) for found in _KITTY_FORM.finditer(sequence))


def _is_kitty_key(code: str, modifiers: str, event: str, text: str, final: str) -> bool:
    if int(modifiers or 1) not in range(1, 257) or event not in ("", "1", "2"):
        return False
    if f"{int(code or 1)}{final}" in FUNCTIONAL_KEYS:
        return True
    return final == "u" and (bool(text) or chr(min(int(code or 1), 0x10FFFF)).isprintable())
