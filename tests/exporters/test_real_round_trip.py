"""Export and import of real papers, if they are available: nothing changes that the format can hold."""

from __future__ import annotations

import pytest

from tests.endurance import round_trips


@pytest.fixture(scope="module")
def real_items(real_data):
    files = [*sorted((real_data / "hf_daily").glob("*.json")), real_data / "arxiv" / "kaggle-first100.jsonl"]
    return [round_trips.export_item(record) for file in files for record in round_trips.records_of(file)][::2]


@pytest.mark.endurance
@pytest.mark.parametrize("form", round_trips.FORMATS)
def test_real_papers_come_back_unchanged(real_items, form):
    assert len(real_items) > 150
    assert list(round_trips.differences(real_items, form)) == []
