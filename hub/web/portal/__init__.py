# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The portal as seen over HTTP: shells of pages, and an API that carries nothing in the clear."""
