# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The inbox of an office: what people see of a notice that was taken, and what they do with it."""
