"""The twenty smoke cases with the real local model: what CI runs. Skipped, with the reason, where the model is not fetched."""

from pathlib import Path

import pytest

from evaluation import session
from huaxiang.errors import ModelError
from huaxiang.models.cards import LLM
from huaxiang.models.resolve import resolve


@pytest.mark.model
@pytest.mark.timeout(900)
def test_the_smoke_suite_passes_with_the_local_model(tmp_path: Path) -> None:
    try:
        resolve(LLM)
    except ModelError as error:
        pytest.skip(f"no local model here: {error.code} (huaxiang models fetch {LLM})")
    found = session.run(session.Plan(suite="smoke", out=tmp_path, llm="local"))
    assert found["cases"] == 20 and found["model"] == LLM
    assert found["passed"], {name: one for name, one in found["thresholds"].items() if not one["met"]}
    assert found["metrics"]["model_calls_mean"] > 0, "no case asked the model: the suite would say nothing about it"
    assert (tmp_path / found["run"] / "report.html").is_file()
