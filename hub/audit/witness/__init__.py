# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Watches logs of others, and says by its signature that they only grow (C2SP tlog-witness).

Knows nothing of a hub: of a log it keeps keys, the newest checkpoint, and what contradicts it.
"""
