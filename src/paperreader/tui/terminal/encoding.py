"""The encoding of the terminal, and what is shown for characters that it does not have."""

from __future__ import annotations

import codecs
import locale
import os
import sys
import unicodedata
from collections.abc import Mapping
from pathlib import Path

from paperreader.text.cell_width import cell_width

REPLACE_ERRORS = "paperreader-similar"
"""Name of the error handler of `codecs` that writes similar ASCII characters, in as many cells."""

_LOCALE_VARIABLES = ("LC_ALL", "LC_CTYPE", "LANG")
"""In the order of POSIX: the first that is set counts."""
_COERCED_LOCALES = ("C.UTF-8", "C.utf8", "UTF-8")
"""Values of `LC_CTYPE` that Python sets at its start where the locale is C (PEP 538)."""
UTF8_ENCODINGS = frozenset({"utf-8", "cp65001"})
"""What `terminal_encoding` returns for terminals with UTF-8."""

_ORIGINAL_ENVIRONMENT = Path("/proc/self/environ")
"""The environment variables with which this process was started, on Linux; see proc(5)."""
_ESCAPE_SEQUENCE = "\x1b[0m"
_SIMILAR = str.maketrans(
    "‐‑‒–—―−‘’‚‛“”„«»‹›•·…×÷±≤≥≠≈→←↑↓⇒⇐∈∞ßæÆøØœŒłŁđĐþÞı─│┌┐└┘├┤┬┴┼═║▁▂▃▄▅▆▇█▌▐░▒▓▔★●✎▲✓",
    '-------\'\'\'\'"""""<>*-~x/+<>!~><^v><e8saAoOoOlLdDtTi-|+++++++++=|_.-=+*##||.:#-*N"^+',
)


def terminal_encoding(environ: Mapping[str, str] | None = None, output_encoding: str | None = None) -> str:
    """Return the name of the encoding of the terminal, as Python spells it.

    Python itself assumes UTF-8 in the locale C, so what the environment said when it was started comes first.

    Args:
        environ: the environment variables; None for those of this process.
        output_encoding: the encoding of standard output; None to look it up. Used if the locale does not say which.
    """
    if environ is None:
        environ = _environment()
    if "PYTHONIOENCODING" not in environ:
        name = next((environ[name] for name in _LOCALE_VARIABLES if environ.get(name)), "")
        declared = _codec_name(_locale_encoding(name))
        if declared not in ("", "utf-8"):
            return declared
    return _codec_name(output_encoding or getattr(sys.stdout, "encoding", None) or "utf-8") or "utf-8"


def _environment() -> Mapping[str, str]:
    """Return the environment variables, with the locale as it was before Python replaced it."""
    if os.environ.get("LC_CTYPE") not in _COERCED_LOCALES:
        return os.environ
    try:
        variables = os.fsdecode(_ORIGINAL_ENVIRONMENT.read_bytes()).split("\0")
    except OSError:  # not Linux, or without /proc
        return os.environ
    prefix = "LC_CTYPE="
    original = next((text.removeprefix(prefix) for text in variables if text.startswith(prefix)), "")
    return {**os.environ, "LC_CTYPE": original}


def _locale_encoding(name: str) -> str:
    """Return the encoding of a locale such as `de_DE.ISO-8859-15@euro`; empty if it does not say."""
    name = name.partition("@")[0]
    if name in ("C", "POSIX"):
        return "ascii"
    if "." not in name:  # macOS has a locale UTF-8; elsewhere, a language implies an encoding
        name = name if name.upper() == "UTF-8" else locale.normalize(name)
    return name.rpartition(".")[2] if "." in name else name if name.upper() == "UTF-8" else ""


def _codec_name(encoding: str) -> str:
    """Return the name of the codec; empty if there is none, or if it cannot encode escape sequences as they are."""
    try:
        codec = codecs.lookup(encoding)
        is_suitable = _ESCAPE_SEQUENCE.encode(encoding) == _ESCAPE_SEQUENCE.encode("ascii")
    except (LookupError, ValueError):
        return ""
    return codec.name if is_suitable else ""


def similar_text(text: str) -> str:
    """Return ASCII characters that resemble `text`, in as many cells."""
    return "".join(map(_similar, text))


def _similar(char: str) -> str:
    width = cell_width(char)
    similar = char.translate(_SIMILAR)
    if not similar.isascii():
        similar = unicodedata.normalize("NFKD", char).encode("ascii", "ignore").decode("ascii")
    return similar if len(similar) == width else "?" * width


def _replace(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return similar_text(error.object[error.start : error.end]), error.end


codecs.register_error(REPLACE_ERRORS, _replace)
