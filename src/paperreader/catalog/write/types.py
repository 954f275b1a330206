"""Types that several modules of this package share."""

from __future__ import annotations

from typing import Literal

from paperreader.catalog.merge.paper_merge import MergedPaper

NewLines = list[tuple[bytes, MergedPaper | None]]
"""Lines to write, each with the paper that it holds."""

AddOutcome = Literal["new", "merged", "unchanged", "split"]
"""What adding an entry did; `split`: it was merged, and papers that mixed several works were separated."""
