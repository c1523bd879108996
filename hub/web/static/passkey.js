// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2
// Asks the browser for a passkey and takes the answer to the hub. No passkey ever leaves its device.

const place = document.getElementById("passkey");
const told = document.getElementById("meldung");

const toBytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (each) => each.charCodeAt(0));

const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");

async function ask(path, said) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify(said),
  });
  const content = await answer.json();
  if (!answer.ok) throw new Error(content.title || "Der Hub hat nicht geantwortet.");
  return content;
}

const named = (list) => (list || []).map((each) => ({ ...each, id: toBytes(each.id) }));

async function make(code) {
  const wanted = await ask("/anmeldung/passkey/neu", { code });
  const made = await navigator.credentials.create({
    publicKey: {
      ...wanted,
      challenge: toBytes(wanted.challenge),
      user: { ...wanted.user, id: toBytes(wanted.user.id) },
      excludeCredentials: named(wanted.excludeCredentials),
    },
  });
  return ask("/anmeldung/passkey", {
    code,
    credential: {
      id: made.id,
      rawId: made.id,
      type: made.type,
      response: {
        clientDataJSON: toText(made.response.clientDataJSON),
        attestationObject: toText(made.response.attestationObject),
      },
    },
  });
}

async function show() {
  const wanted = await ask("/anmeldung/passkey/frage", {});
  const shown = await navigator.credentials.get({
    publicKey: {
      ...wanted,
      challenge: toBytes(wanted.challenge),
      allowCredentials: named(wanted.allowCredentials),
    },
  });
  return ask("/anmeldung/passkey/antwort", {
    credential: {
      id: shown.id,
      rawId: shown.id,
      type: shown.type,
      response: {
        clientDataJSON: toText(shown.response.clientDataJSON),
        authenticatorData: toText(shown.response.authenticatorData),
        signature: toText(shown.response.signature),
        userHandle: shown.response.userHandle ? toText(shown.response.userHandle) : null,
      },
    },
  });
}

place.hidden = false;
place.addEventListener("click", async () => {
  told.textContent = "Ihr Gerät fragt jetzt nach dem Passkey.";
  try {
    const entered = await (place.dataset.code ? make(place.dataset.code) : show());
    location.assign(entered.to);
  } catch (trouble) {
    told.textContent = trouble instanceof DOMException
      ? "Es wurde kein Passkey gezeigt. Sie können es noch einmal versuchen."
      : trouble.message;
  }
});
