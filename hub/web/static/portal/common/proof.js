// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * How does somebody prove who they are, before they let others in or loosen a rule?
 *
 * With the passkey, or anew at their provider; not at all where that was done minutes ago. The portal
 * checks it: without a proof it refuses what comes next.
 */

import { ask } from "./api.js";

const PATH = "/portal/api/konto/nachweis";

/** Returns once this person has proved who they are; throws `NotShown` where no passkey was shown. */
export async function prove() {
  const { kind, publicKey, url } = await ask("POST", `${PATH}/frage`, {});
  if (kind === "fresh") return;
  if (kind === "oidc") {
    location.assign(`${url}&weiter=${encodeURIComponent(location.pathname)}`);
    // This page is being left; whoever comes back presses once more.
    await new Promise(() => {});
  }
  const { showPasskey } = await import("../signin/passkey.js");
  const { credential } = await showPasskey(publicKey, {});
  await ask("POST", PATH, { credential });
}
