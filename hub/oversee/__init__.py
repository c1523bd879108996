# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the operator does with the hub itself, each act in one transaction with its entry."""
