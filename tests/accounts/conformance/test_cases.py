"""Our own cases, in the shape of the acceptance cases: what those at hand do not touch."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from erp import DEPARTMENTS
from erp.kernel.conformance.cli import line_of
from erp.kernel.conformance.runner import load_adapters, run_case

CASES: list[dict[str, Any]] = json.loads((Path(__file__).parent / "cases.json").read_text(encoding="utf-8"))["cases"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['id']} {case['title']}")
def test_the_product_does_as_the_case_says(app: Flask, case: dict[str, Any]) -> None:
    load_adapters(DEPARTMENTS)
    result = run_case("own", case, keep=False)
    assert line_of(result, keep=False) == f"{case['id']} ok"
