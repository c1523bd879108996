# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who signs the log: the hub itself, or a process of its own that signs only what goes on."""
