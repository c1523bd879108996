# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who must hear it? Participants, their units and keys, and who is responsible where.

Pure: values in, values out. No database, no network, no cryptography beyond digests.
"""
