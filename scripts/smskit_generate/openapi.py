"""Writes docs/openapi.json and docs/console-openapi.json from the handlers of the two APIs, and the first one once
more, compact, as the client API serves it.

`python -m smskit_generate.openapi`; `--check` only compares.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

from smskit.entrypoints import client_document
from smskit.entrypoints.client_openapi import CLIENT_API
from smskit.entrypoints.console_openapi import CONSOLE_API
from smskit.errors import UnlistedRouteError
from smskit.platform.http import openapi
from smskit.platform.http.openapi import Api

ROOT = Path(__file__).parents[2]
SERVED = ROOT / "layers" / "smskit" / "python" / "smskit" / "entrypoints" / client_document.FILE.name
DOCUMENTS: dict[str, tuple[str, Api]] = {
    "openapi.json": ("client_api", CLIENT_API),
    "console-openapi.json": ("console_api", CONSOLE_API),
}


def generate(name: str) -> str:
    """A document of DOCUMENTS as the handler in this working copy makes it."""
    function, api = DOCUMENTS[name]
    file = ROOT / "functions" / function / "handler.py"
    spec = importlib.util.spec_from_file_location(f"{function}_handler", file)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(file)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return openapi.text(module.app, api)


def files() -> dict[Path, str]:
    """Each generated file of this working copy with what it shall hold."""
    made = {ROOT / "docs" / name: generate(name) for name in DOCUMENTS}
    return made | {SERVED: openapi.compact(made[ROOT / "docs" / "openapi.json"])}


def main() -> int:
    """Write, or with --check compare; the exit code."""
    outdated = []
    try:
        made = files()
    except UnlistedRouteError as error:
        print(error, file=sys.stderr)
        return 1
    for file, text in made.items():
        if "--check" not in sys.argv[1:]:
            file.write_text(text, encoding="utf-8")
        elif not file.exists() or file.read_text(encoding="utf-8") != text:
            outdated.append(file)
    for file in outdated:
        print(f"{file.relative_to(ROOT)} is out of date: run python -m smskit_generate.openapi", file=sys.stderr)
    return 1 if outdated else 0


if __name__ == "__main__":
    raise SystemExit(main())
