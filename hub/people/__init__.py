# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""People at a place of work: who may do what, how they come in, and who changed that.

Portal and inbox share all of it. What differs between them, they say in ``change.Rules``.
"""
