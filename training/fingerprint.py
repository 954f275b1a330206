"""What ties a model to the tokenizer and the stemmer: the stems of fixed texts."""

from __future__ import annotations

import hashlib

from paperreader.search.analysis.stemming import stem
from paperreader.search.analysis.tokenizer import split_words
from paperreader.text.tex_display import tex_to_unicode

TEXTS = (
    "Scaling laws, data-efficient pre-training, and low-rank adaptation (LoRA+) of multi-billion-parameter models",
    "State-of-the-art results on 12 of 15 benchmarks: 3.5x faster, 0.7% better, 1,024 tokens at 30fps",
    "C++, C#, Q*, A*, GPT-4o, LLaMA-3.1-8B, o1-preview, T5, π0, β-VAE, σ-algebra, ε-greedy, L2-norm, 4D",
    "We don't, won't, can't, they've, it's, the model's, models', authors’ and Shannon’s; o'clock, I'm, we'll",
    "Schrödinger, Poincaré, naïve, résumé, Ångström, façade, Erdős–Rényi, Łukasiewicz, coöperate, ﬁne, ½, x²",
    r"The $\ell_1$ norm of $\mathbf{x} \in \mathbb{R}^d$ is $\mathcal{O}(n \log n)$, \emph{not} $10^{-3}$",
    "大语言模型 的推理 と 拡散モデル, 언어 모델, обучение с подкреплением, μάθηση, تعلم, मॉडल",
    "snake_case camelCase user@example.org https://example.org/a-b_c?d=1 10.1000/182 arXiv:2403.01234v2",
    "analyses matrices vertices indices corpora criteria phenomena hypotheses optima stimuli spectra formulae axes",
    "behaviour colour modelling labelled neighbour centre metre optimise analysed catalogue defence grey programme",
    "generalise generalising generalization generalizable regularisation promise exercise advertise surprise",
    "run running runner ran runs fly flies flying dying lying tie tied ties sky skies shy idly gently ugly",
    "happy happiness happily hopping hoping hoped hopefulness agreed feed feeding plastered motoring conflated",
    "troubled sized falling hissing fizzed failing filing relational conditional rational valency hesitancy",
    "digitizer conformably radically differently vilely analogously vietnamization predication operator",
    "feudalism decisiveness callousness formality sensitivity sensibility triplicate formative formalize",
    "electricity electrical goodness revival allowance inference airliner gyroscopic adjustable defensible",
    "irritant replacement adjustment dependent adoption homologou communism activate effective bowdlerize",
    "probate rate cease controlling rolled small call skill full spell ball compelling university universe",
    "generate generation generative generator general generously communicate commune arsenic arsenal",
    "proceed exceed succeed outing inning canning herring earring news howe atlas cosmos bias andes early only",
    "diffusion diffuse diffusing diffused diffuser attention attend attentive transformer transformation transform",
    "learning learned learner learns embedding embedded embeds tokens tokenizer tokenization quantized quantization",
    "video-language vision/language image-to-text text2image self-supervised semi supervised un-supervised",
    "0 00 007 1e-5 3d 2nd 1990s 90's h2o co2 k-means t-sne word2vec v2 i18n " + "x" * 80,
)


def fingerprint() -> str:
    """Return a number, in hexadecimal, that changes when the stems of `TEXTS` do."""
    stems = [[stem(word) for word in split_words(tex_to_unicode(text))] for text in TEXTS]
    return hashlib.sha256(repr(stems).encode()).hexdigest()[:32]
