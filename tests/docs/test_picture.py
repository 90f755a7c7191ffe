"""The picture of the whole is drawn from its source and shows every process that is started."""

import importlib.util
from pathlib import Path

from deploy.layout import Instance
from deploy.programs import programs_of
from erp.kernel.work.office import BACKGROUND
from tests.docs.pages import ROOT

PICTURES = ROOT / "docs" / "pictures"
spec = importlib.util.spec_from_file_location("draw", PICTURES / "draw.py")
assert spec is not None
assert spec.loader is not None
draw = importlib.util.module_from_spec(spec)
spec.loader.exec_module(draw)


def test_the_picture_is_drawn_from_its_source():
    source = (PICTURES / "whole.txt").read_text(encoding="utf-8")
    drawn = draw.draw(draw.read(source))
    assert (PICTURES / "whole.svg").read_text(encoding="utf-8") == drawn, "run python3 docs/pictures/draw.py"


def test_the_picture_and_its_page_name_every_process(tmp_path: Path):
    instance = Instance(tmp_path, demo=True)
    started = {program.name for program in programs_of(instance)}
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    drawn = (PICTURES / "whole.svg").read_text(encoding="utf-8")
    for name in started | {"web"} | set(BACKGROUND):
        assert f">{name}<" in drawn or f" {name}" in drawn, f"the picture does not show {name}"
        assert f"| {name} |" in page, f"the table of processes does not name {name}"


def test_every_line_of_the_picture_joins_boxes_that_are_there():
    picture = draw.read((PICTURES / "whole.txt").read_text(encoding="utf-8"))
    for arrow in picture.arrows:
        assert {arrow.start[0], arrow.end[0]} <= set(picture.boxes)
