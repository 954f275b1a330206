"""The sample pages: their papers, and that every malformed link in them is read as intended."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, TypeAlias

import pytest

from paperreader.models import SourceRecord
from paperreader.text.ids import match_keys

if TYPE_CHECKING:
    from tests.importers.conftest import SamplePapers

Pages: TypeAlias = "dict[str, list[SourceRecord]]"
Papers: TypeAlias = "SamplePapers"

PAGES = {
    "daily-papers-2025-03-14.txt": (22, "Attention Is All You Need", "Certified Adversarial Robustness"),
    "daily-papers-2025-10-03.txt": (
        20,
        "LongCodeZip: Compress Long Context",
        "KAN: Kolmogorov-Arnold Networks",
    ),
    "trending-2025-08-08.txt": (25, "[CLS] Attention is All You Need", "Llama 2: Open Foundation"),
    "trending-2025-12-12.txt": (21, "SAM 3: Segment Anything with Concepts", "Open3D: A Modern Library"),
}
"""File: number of papers, and beginnings of the first and the last title."""

ON_TWO_PAGES = {
    "Attention Is All You Need",
    "FlashAttention: Fast and Memory-Efficient Exact Attention with IO-Awareness",
    "HuggingFace's Transformers: State-of-the-art Natural Language Processing",
    "LoRA: Low-Rank Adaptation of Large Language Models",
    "Segment Anything",
    "τ-bench: A Benchmark for Tool-Agent-User Interaction in Real-World Domains",
}

LINKS = {
    # a full stop after the URL
    "Attention Is All You Need": [("https://github.com/tensorflow/tensor2tensor", "code")],
    # a closing bracket and a full stop
    "Segment Anything": [("https://github.com/facebookresearch/segment-anything", "code")],
    # no scheme
    "LoRA: Low-Rank Adaptation": [("https://github.com/microsoft/LoRA", "code")],
    # words in braces directly after it
    "Vision Mamba": [("https://github.com/hustvl/Vim", "code")],
    "V$^2$L": [("https://github.com/WangWenhao0716/V2L", "code")],
    # the URL twice, in braces or joined
    "Mamba: Linear-Time": [("https://github.com/state-spaces/mamba", "code")],
    "FlashAttention": [("https://github.com/Dao-AILab/flash-attention", "code")],
    # a comma, a semicolon
    "An Image is Worth": [("https://github.com/google-research/vision_transformer", "code")],
    "TotalSegmentator MRI": [
        ("https://github.com/wasserth/TotalSegmentator", "code"),
        ("https://totalsegmentator.com", "other"),
        ("https://zenodo.org/records/14710732", "data"),
    ],
    "GUI-G^2": [
        ("https://github.com/ZJU-REAL/GUI-G2", "code"),
        ("https://zju-real.github.io/GUI-G2/", "project"),
    ],
    # http, a slash and a full stop
    "Rethinking Few-Shot": [("https://github.com/WangYueFt/rfs", "code")],
    "Deep Residual Learning": [("https://github.com/KaimingHe/deep-residual-networks", "code")],
    # project pages
    "Nerfies": [("https://nerfies.github.io/", "project")],
    "Ovi: Twin Backbone": [
        ("https://github.com/character-ai/Ovi", "code"),
        ("https://aaxwaz.github.io/Ovi", "project"),
    ],
    # an organisation, not a repository
    "DETRs with Hybrid Matching": [("https://github.com/HDETR", "other")],
    # TeX and Markdown around it
    "Denoising Diffusion": [("https://github.com/hojonathanho/diffusion", "code")],
    "Robust Speech Recognition": [("https://github.com/openai/whisper", "code")],
    "Learning Transferable Visual": [("https://github.com/openai/CLIP", "code")],
    "QLoRA": [("https://github.com/artidoro/qlora", "code")],
    "TOUCAN": [("https://github.com/TheAgentArk/Toucan", "code")],
    # two URLs with only a comma between them
    "High-Resolution Image Synthesis": [
        ("https://github.com/CompVis/latent-diffusion", "code"),
        ("https://github.com/CompVis/stable-diffusion", "code"),
    ],
    # an ellipsis, as one character and as three
    "KAN: Kolmogorov-Arnold": [("https://github.com/KindXiaoming/pykan", "code")],
    "SWE-agent": [("https://github.com/SWE-agent/SWE-agent", "code")],
    # a space before the full stop
    "The FACTS Leaderboard": [("https://www.kaggle.com/benchmarks/google/facts", "data")],
    # a folder within a repository, a branch, a slash at the end
    "F2LLM": [("https://github.com/codefuse-ai/CodeFuse-Embeddings/tree/main/F2LLM", "code")],
    "No Language Left Behind": [("https://github.com/facebookresearch/fairseq/tree/nllb", "code")],
    "The Unreasonable Effectiveness": [("https://github.com/simular-ai/Agent-S", "code")],
    # other hosts of code
    "Breaking the Attention Bottleneck": [("https://gitlab.com/Bachstelze/causal_generation", "code")],
    "SalsaNet": [("https://gitlab.com/aksoyeren/salsanet.git", "code")],
    "Reproducible evaluation": [("https://gitlab.icm-institute.org/aramislab/AD-ML", "code")],
    "RITnet": [("https://bitbucket.org/eye-ush/ritnet", "code")],
    "PanGu-$α$": [("https://gitee.com/mindspore/mindspore", "code")],
    "Thinking Before You Speak": [("https://gitee.com/jswrt/TBYS", "code")],
    "CityFlow": [
        ("https://sourceforge.net/projects/sumo", "code"),
        ("https://github.com/cityflow-project/CityFlow", "code"),
    ],
    "OLinear": [("https://anonymous.4open.science/r/OLinear", "code")],
    "Open3D": [
        ("https://github.com/isl-org/Open3D", "code"),
        ("https://www.open3d.org/docs", "other"),
        ("https://gitlab.kitware.com/vtk/vtk", "code"),
    ],
    "StarCoder 2": [
        ("https://huggingface.co/datasets/bigcode/the-stack-v2", "dataset"),
        ("https://codeberg.org/forgejo/forgejo", "code"),
        ("https://huggingface.co/bigcode/starcoder2-15b", "model"),
    ],
    # Hugging Face: models, data sets, spaces, and other pages
    "Mistral 7B": [
        ("https://huggingface.co/mistralai/Mistral-7B-v0.1", "model"),
        ("https://github.com/mistralai/mistral-inference", "code"),
    ],
    "The FineWeb Datasets": [
        ("https://huggingface.co/datasets/HuggingFaceFW/fineweb", "dataset"),
        ("https://github.com/huggingface/datatrove", "code"),
    ],
    "Chatbot Arena": [
        ("https://huggingface.co/spaces/lmsys/chatbot-arena-leaderboard", "space"),
        ("https://github.com/lm-sys/FastChat", "code"),
    ],
    "HuggingFace's Transformers": [
        ("https://github.com/huggingface/transformers", "code"),
        ("https://huggingface.co/docs/transformers", "other"),
    ],
    "DINOv3": [
        ("https://github.com/facebookresearch/dinov3", "code"),
        ("https://huggingface.co/papers/2508.10104", "paper"),
    ],
    # data, and a paper
    "SeaTurtleID2022": [("https://www.kaggle.com/datasets/wildlifedatasets/seaturtleid2022", "data")],
    "Training Compute-Optimal": [("https://arxiv.org/abs/2001.08361", "paper")],
    # none at all
    "<think> So let's replace": [],
    "FrugalGPT": [],
}
"""Beginning of a title, and the links of its abstract in order."""


def test_every_page_in_the_folder_is_described(sample_pages: Pages) -> None:
    assert sorted(sample_pages) == sorted(PAGES)


@pytest.mark.parametrize("name", PAGES)
def test_page_yields_its_papers_in_order(name: str, sample_pages: Pages) -> None:
    count, first, last = PAGES[name]
    records = sample_pages[name]
    assert len(records) == count
    assert records[0].title.startswith(first)
    assert records[-1].title.startswith(last)
    assert all(len(record.abstract) >= 350 for record in records), (
        "an abstract is only part of what was written"
    )
    assert all(len(record.title) < 200 for record in records)


@pytest.mark.parametrize("name", PAGES)
def test_listing_date_in_the_file_name(name: str, sample_pages: Pages) -> None:
    for index, record in enumerate(sample_pages[name]):
        assert record.source.kind == "capture"
        assert record.source.date == name[-14:-4]
        assert record.source.key.endswith(f":{index}")


def test_six_papers_are_on_two_pages_in_the_same_words(sample_pages: Pages) -> None:
    met = Counter((record.title, record.abstract) for records in sample_pages.values() for record in records)
    assert {title for (title, _), times in met.items() if times == 2} == ON_TWO_PAGES
    assert len(met) == 82


def test_no_two_sample_papers_match(sample_papers: Papers) -> None:
    keys = Counter(key for record in sample_papers.values() for key in match_keys(record))
    assert len(keys) == len(sample_papers) == 82
    assert set(keys.values()) == {1}


@pytest.mark.parametrize("start", LINKS)
def test_sample_links_are_as_expected(start: str, sample_papers: Papers) -> None:
    record = sample_papers.beginning(start)
    assert [(link.url, link.kind) for link in record.links] == LINKS[start]


def test_links_have_no_trailing_punctuation(sample_papers: Papers) -> None:
    links = [link for record in sample_papers.values() for link in record.links]
    assert len(links) > 90
    for link in links:
        assert link.url.startswith("https://"), link
        assert link.url[-1] not in ".,;:)]}…", link
        assert not set(link.url) & set("{}<>\\, …"), link
