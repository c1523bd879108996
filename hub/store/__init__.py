# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What do we keep? Tables, queries, erasure. Nothing here commits but the writer."""
