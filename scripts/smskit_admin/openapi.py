"""Writes docs/openapi.json from the client API's handler: `python -m smskit_admin.openapi`; `--check` only compares."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

from smskit.edge import openapi

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "openapi.json"


def generate() -> str:
    """The document as the handler in this working copy makes it."""
    spec = importlib.util.spec_from_file_location(
        "client_api_handler", ROOT / "functions" / "client_api" / "handler.py"
    )
    if spec is None or spec.loader is None:
        raise FileNotFoundError("functions/client_api/handler.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return openapi.text(module.app)


def main() -> int:
    """Write, or with --check compare; the exit code."""
    made = generate()
    if "--check" not in sys.argv[1:]:
        DOCUMENT.write_text(made, encoding="utf-8")
        return 0
    if DOCUMENT.exists() and DOCUMENT.read_text(encoding="utf-8") == made:
        return 0
    print("docs/openapi.json is out of date: run python -m smskit_admin.openapi", file=sys.stderr)
    return 1


if __name__ == "__main__":
    raise SystemExit(main())
