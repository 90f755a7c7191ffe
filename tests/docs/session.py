"""The Python of a page: one process that opens the product and runs block after block in one namespace.

Reads a JSON line ``{"name", "line", "code"}`` and answers with ``{"printed", "error"}``.
"""

import contextlib
import io
import json
import sys
import traceback
from typing import Any

from erp.kernel.cli import application


def run(sent: dict[str, Any], names: dict[str, Any]) -> dict[str, str]:
    printed, error = io.StringIO(), ""
    code = "\n" * sent["line"] + sent["code"]
    with contextlib.redirect_stdout(printed):
        try:
            exec(compile(code, sent["name"], "exec"), names)
        except Exception:  # noqa: BLE001 - whatever it is, the page shows it
            error = traceback.format_exc()
    return {"printed": printed.getvalue(), "error": error}


def main() -> None:
    answers, names = sys.stdout, {"__name__": "docs"}
    with application():
        for line in sys.stdin:
            print(json.dumps(run(json.loads(line), names)), file=answers, flush=True)


if __name__ == "__main__":
    main()
