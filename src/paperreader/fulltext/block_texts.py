"""The texts of the blocks of a document, each made when it is needed first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import overload

from paperreader.fulltext.document import Document
from paperreader.fulltext.layout.block_text import block_text


class BlockTexts(Sequence[str]):
    """What `document_texts` returns, for those who need few of them."""

    def __init__(self, document: Document) -> None:
        self._blocks = document.blocks
        self._texts: dict[int, str] = {}

    def __len__(self) -> int:
        return len(self._blocks)

    @overload
    def __getitem__(self, index: int) -> str: ...

    @overload
    def __getitem__(self, index: slice) -> list[str]: ...

    def __getitem__(self, index: int | slice) -> str | list[str]:
        if isinstance(index, slice):
            return [self[number] for number in range(*index.indices(len(self)))]
        text = self._texts.get(index)
        if text is None:
            text = self._texts[index] = block_text(self._blocks[index])
        return text
