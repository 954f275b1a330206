"""The sample pages: their malformed text is displayed as intended."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import pytest

from paperreader.text.sanitize import sanitize
from paperreader.text.tex_display import tex_to_unicode

if TYPE_CHECKING:
    from tests.importers.conftest import SamplePapers

Papers: TypeAlias = "SamplePapers"

SHOWN = {
    # TeX in dollars
    "Reformer": ["from 𝒪(n²) down to 𝒪(n log n)."],
    "FlashAttention": ["a matrix of N × N scores", "with 𝒪(N) instead of 𝒪(N²)"],
    "Deep Residual Learning": ["learn a correction F(x) that", "y = F(x) + x and", "an error of 3.57%."],
    "LoRA: Low-Rank": ["a correction ΔW = BA whose", "rank r ≪ min(d, k) only"],
    "V$^2$L": ["For the other family, V²L tunes"],
    "Deep Sets": ["can be written as ρ(∑_(x ∈ X) φ(x)) for suitable ρ and φ."],
    "Semi-Supervised": ["one shared linear map: H′ = σ(Â H W), where Â is"],
    "Denoising Diffusion": [
        "predicting the noise ε under",
        "public: https://github.com/hojonathanho/diffusion.",
    ],
    # TeX without dollars
    "mixup": ["That looks naïve, takes", "a weight λ ∈ [0,1], and"],
    "Loss Surfaces": ["a Bézier curve with one bend"],
    "KAN: Kolmogorov": ["The package pykan is at https://github.com/KindXiaoming/pykan…"],
    "Thinking Before": ["silent remarks, called insights, at run time"],
    # TeX that lost its dollars, its backslashes, or both
    "Towards Deep Learning Models": ["perturbation with |delta|_∞ <= epsilon, the defender"],
    "Certified Adversarial": ["within an ℓ₂ ball whose radius is σ times a", "of ℓ₂ norm below 0.5"],
    # an unknown macro does not affect the text around it
    "RLP": [
        "of ordinary text, \\ourmethod{} lets the model think",
        "parameters, \\ourmethod improves averages over",
    ],
    # escapes and prices
    "The Lottery Ticket": ["hold 10–20% of the weights, now and then not even 4%, and learn"],
    "<think> So let's": ["by up to 30% in the joint score. The reason is plain"],
    "FrugalGPT": ["what costs $5 with one provider may cost $500 with another", "a saving of up to 98%, or"],
    "SWE-Lancer": ["small fixes for $50 to whole features for $32,000, which", "to \\1 million."],
    # quotes, underscores
    "Large Language Models are Zero-Shot": ['adding the line "Let\'s think step by step" before'],
    "HuggingFace's Transformers": ["by its model_name, fine-tuned", "🤗 Transformers gathers"],
    # characters
    "NeRF": ["a viewing direction (θ, φ), how dense", "what brings out fine detail"],
    "Direct Preference": ["delicate settings.\nThis paper shows", "one classification loss", "π_ref(y|x)"],
    "Simple linear attention": ["with linear attention for", "the exponential by a", "need 𝒪(d^k) features"],
    "Nerfies": ["bends each photograph’s view"],
    "CityFlow": ["at that pace… CityFlow starts"],
    "Training Compute-Optimal": ["and a naïve reading"],
    "Poincaré": ["inside the Poincaré ball"],
    "卷积神经网络研究综述": ["本文回顾卷积神经网络的发展历程"],
    "No Language Left Behind": ["(Arabic, العربية, is there"],
    # what looks like markup but is not
    "DeepSeek-R1": ["between <think> and </think>, and"],
    "Llama 2": ["in [INST] and [/INST], with", "between <<SYS>> and <</SYS>>."],
    "[CLS] Attention": ["that the [CLS] token of"],
}
"""Beginning of a title, and parts of its abstract as it is displayed."""


@pytest.mark.parametrize("start", SHOWN)
def test_sample_abstracts_are_displayed_as_expected(start: str, sample_papers: Papers) -> None:
    shown = tex_to_unicode(sample_papers.beginning(start).abstract)
    assert [piece for piece in SHOWN[start] if piece not in shown] == []


def test_sample_titles_are_displayed_as_expected(sample_papers: Papers) -> None:
    for title in (
        "V²L: Leveraging Vision and Vision-language Models into Large-scale Product Retrieval",
        "PanGu-α: Large-scale Autoregressive Pretrained Chinese Language Models with Auto-parallel Computation",
        "Poincaré Embeddings for Learning Hierarchical Representations",
        "<think> So let's replace this phrase with insult... </think> "
        "Lessons learned from generation of toxic texts with LLMs",
        "Before you <think>, monitor: Implementing Flavell's metacognitive framework in LLMs",
        "Learning to Insert [PAUSE] Tokens for Better Reasoning",
        "SWE-Lancer: Can Frontier LLMs Earn $1 Million from Real-World Freelance Software Engineering?",
        "μLO: Compute-Efficient Meta-Generalization of Learned Optimizers",
        "卷积神经网络研究综述",
        "Deep Sets",
        "DINOv3",
    ):
        assert title in sample_papers
    assert sum(len(title) > 150 for title in sample_papers) == 2


def test_displayed_text_contains_no_control_characters(sample_papers: Papers) -> None:
    for title, record in sample_papers.items():
        shown = title + tex_to_unicode(record.abstract)
        assert sanitize(shown) == shown
        assert all(char == "\n" or char.isprintable() for char in shown), title


def test_abstract_of_two_paragraphs_is_one_abstract(sample_papers: Papers) -> None:
    abstract = sample_papers.beginning("BERT: Pre-training").abstract
    before, after = abstract.split("\n\n")
    assert before.endswith("label tokens.")
    assert after.startswith("Eleven tasks")
    assert after.endswith("https://github.com/google-research/bert.")


def test_text_is_unchanged(sample_papers: Papers) -> None:
    """Records contain the original characters; only the display repairs them."""
    text = "".join(record.title + record.abstract for record in sample_papers.values())
    for char in (
        "\u2028",
        "\xad",
        "\x85",
        "\x92",
        "ﬁ",
        "naÃ¯ve",
        "e\u0301",
        '\\"{\\i}',
        "\\ourmethod",
        "mathcal{O}(d^k)",
    ):
        assert char in text
