# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What may everybody read: help, plain language, data protection, accessibility."""

from fastapi import APIRouter

router = APIRouter(include_in_schema=False)
