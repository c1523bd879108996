# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Stands for what follows in a moment."""

from fastapi import APIRouter

router = APIRouter(include_in_schema=False)
