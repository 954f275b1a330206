"""The papers that the model of search by meaning is trained on (the training itself needs PyTorch)."""

from __future__ import annotations

import json
import lzma
from pathlib import Path

import pytest

from training import papers

FILLER = (
    "Clocks of brass keep the time of towns where bells ring each hour, and their pendulums swing for years. "
)


def write_corpus(path: Path, count: int = 20) -> Path:
    lines = [
        {
            "id": f"2401.{number:05d}",
            "title": f"Pendulums $\\alpha_{number}$ of clocks",
            "abstract": f"{FILLER}{FILLER}Word{number} occurs once. Springs drive it."
            + (" Gears turn." if number < 3 else ""),
        }
        for number in range(count)
    ]
    content = "\n".join(map(json.dumps, lines)).encode()
    path.write_bytes(lzma.compress(content) if path.suffix == ".xz" else content)
    return path


def read(path: Path, hold_out: int = 0, ids: frozenset[str] = frozenset(), seed: int = 0) -> list[list[str]]:
    return list(papers.read_texts(path, hold_out=hold_out, hold_out_ids=ids, seed=seed))


@pytest.mark.parametrize("name", ["corpus.jsonl", "corpus.jsonl.xz"])
def test_papers_are_split_into_title_and_sentences(tmp_path: Path, name: str):
    texts = read(write_corpus(tmp_path / name))
    assert len(texts) == 20
    assert texts[4][0] == "Pendulums α₄ of clocks"
    assert texts[4][-2:] == ["Word4 occurs once.", "Springs drive it."]


def test_papers_are_held_out_by_id_and_at_random(tmp_path: Path):
    path = write_corpus(tmp_path / "corpus.jsonl")
    assert len(read(path, ids=frozenset({"2401.00003", "2401.00009", "other"}))) == 18
    assert len(read(path, hold_out=5)) == 15
    assert read(path, hold_out=5) == read(path, hold_out=5)
    assert read(path, hold_out=5) != read(path, hold_out=5, seed=1)


def test_vocabulary_contains_stems_of_several_papers_and_general_words(tmp_path: Path):
    found, vocabulary = papers.build(
        read(write_corpus(tmp_path / "corpus.jsonl")), ["gardens", "clock", "garden"]
    )
    assert len(found) == 20
    assert {"pendulum", "clock", "gear", "spring"} <= set(vocabulary.stems)
    assert not {"word4", "α"} & set(vocabulary.stems)
    assert vocabulary.stems[-1] == "garden"
    assert vocabulary.words[-1] == "gardens"
    assert vocabulary.papers[-1] == 0
    assert vocabulary.papers[vocabulary.stems.index("gear")] == 3
    assert list(vocabulary.papers) == sorted(vocabulary.papers, reverse=True)
    title = [vocabulary.stems[number] for number in found[0].title]
    assert title[0] == "pendulum"
    assert len(found[0].stems) == len(found[0].title) + sum(map(len, found[0].sentences))


def test_short_abstracts_are_left_out():
    long, short = ["Clocks", FILLER, FILLER], ["Clocks", "Too short."]
    found, _ = papers.build([long, long, long, short, ["", FILLER, FILLER]], [])
    assert len(found) == 3
