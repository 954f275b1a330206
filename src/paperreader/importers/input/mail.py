"""Get the text out of mails: a message saved by a mail program, or a mailbox (mbox) of them.

RFC 5322, 2045 (MIME) and 4155 (mbox).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from html import unescape

from paperreader.importers.input.content import UnsupportedContent
from paperreader.importers.input.encoding import decode_text

MAX_PARTS = 200
"""Parts of one message; an announcement has one or two."""

_HEADERS = re.compile(rb"\A(?:From \S[^\n]*\n|(?:[!-9;-~]{1,60}:[^\n]*\n(?:[ \t][^\n]*\n)*)\S)")
"""At least one header and the beginning of another, or the line before each message of a mailbox."""

_HEADER_NAMES = re.compile(
    rb"(?im)^(?:From|Received|Return-Path|Delivered-To|Message-ID|MIME-Version|Subject|To): ?\S"
)
_LINE_END = re.compile(r"<(?:br|/?p|/?div|/?pre|/tr)\b[^<>]{0,300}>\n?", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,2000}>")
_MESSAGE_START = re.compile(rb"(?m)^From \S+ [^\n]{10,60}\n(?=[!-9;-~]{1,60}:)")


def is_mail(head: bytes) -> bool:
    """Whether a file is a message or a mailbox: it begins with several headers that all mails have."""
    return bool(_HEADERS.match(head)) and len(_HEADER_NAMES.findall(head[:8192])) > 1


def mail_texts(data: bytes) -> Iterator[str]:
    """Yield the plain text of each message.

    Raises:
        UnsupportedContent: a message is nested too deeply.
    """
    starts = [found.start() for found in _MESSAGE_START.finditer(data)] or [0]
    for start, end in zip(starts, [*starts[1:], len(data)], strict=True):
        try:
            message = BytesParser(policy=compat32).parsebytes(data[start:end])
            yield _text_of(message)
        except RecursionError as error:
            raise UnsupportedContent("is a mail with far too many parts inside each other") from error


def _text_of(message: Message) -> str:
    """Return the plain text of a message; that of its HTML if it has no other, as some programs forward mails."""
    if plain := "\n".join(_texts(message, "text/plain")):
        return plain
    return unescape(_TAG.sub("", _LINE_END.sub("\n", "\n".join(_texts(message, "text/html")))))


def _texts(message: Message, kind: str) -> Iterator[str]:
    for count, part in enumerate(message.walk()):
        if count == MAX_PARTS:
            return
        if part.get_content_type() != kind or part.is_multipart():
            continue
        payload = part.get_payload(decode=True)
        if not isinstance(payload, bytes):
            continue
        try:
            yield payload.decode(part.get_content_charset("ascii")).replace("\r\n", "\n")
        except (LookupError, UnicodeDecodeError):
            yield decode_text(payload).text
