# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The commands: each puts together what it needs, and nothing else reads the settings."""
