# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What people are told about each code (``specs/problems.yaml``)."""

from collections.abc import Mapping
from functools import cache

from ruamel.yaml import YAML

from hub.schemas import SPECS

Texts = Mapping[str, Mapping[str, str]]


@cache
def load_problem_texts() -> Texts:
    """Read titles and advice by code."""
    read: Texts = YAML(typ="safe", pure=True).load((SPECS / "problems.yaml").read_text("utf-8"))
    return read
