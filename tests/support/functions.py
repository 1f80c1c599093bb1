"""The functions' handlers, loaded from their folders as Lambda would."""

from __future__ import annotations

import importlib.util
import os
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from unittest.mock import patch

FUNCTIONS = Path(__file__).parents[2] / "functions"
# What a handler reads while it is loaded, and keeps: whoever loads it first in a process does so for all.
_ENVIRONMENT = {"POWERTOOLS_SERVICE_NAME": "tests", "POWERTOOLS_METRICS_NAMESPACE": "SMSKit"}


@lru_cache(maxsize=16)
def load(name: str) -> ModuleType:
    """The module of functions/<name>/handler.py, under a name of its own."""
    spec = importlib.util.spec_from_file_location(f"functions_{name}_handler", FUNCTIONS / name / "handler.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    with patch.dict(os.environ, _ENVIRONMENT):
        spec.loader.exec_module(module)
    return module


@dataclass(frozen=True)
class LambdaContext:
    """What Lambda gives a handler besides the event."""

    function_name: str = "tests"
    memory_limit_in_mb: int = 512
    invoked_function_arn: str = "arn:aws:lambda:eu-west-1:123456789012:function:tests"
    aws_request_id: str = "52fdfc07-2182-154f-163f-5f0f9a621d72"

    def get_remaining_time_in_millis(self) -> int:
        """Enough."""
        return 5000
