# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The hub as seen over HTTP: requests become calls of the lines, and nothing is decided here."""
