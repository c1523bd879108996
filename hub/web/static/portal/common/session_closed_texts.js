// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** @type {import("./texts.js").Catalogue} */
export const TEXTS = {
  de: {
    "vault.title": "Titel und Nachrichten sind noch verschlossen",
    "vault.passkey": "Zeigen Sie bitte Ihren Passkey noch einmal, dann werden sie hier lesbar.",
    "vault.open": "Mit Passkey öffnen",
    "vault.none.title": "Dieses Gerät kennt Ihren Schlüssel nicht",
    "vault.none":
      "Sie sind angemeldet, aber Ihre Entwürfe und Rückmeldungen lassen sich hier nicht öffnen. " +
      "Nehmen Sie das Gerät, an dem Sie das Portal eingerichtet haben, und lassen Sie dort dieses " +
      "Gerät zu („Konto“).",
    "vault.lost":
      "Gibt es das andere Gerät nicht mehr, stellt eine zweite Person mit der Rolle „verwalten“ Ihren " +
      "Zugang wieder her („Haus“). Neue Mitteilungen gehen danach wie gewohnt.",
    "vault.unset.title": "Ihr Schlüssel fehlt noch",
    "vault.unset": "Richten Sie ihn einmal ein; das dauert eine Minute. Danach können Sie mitteilen.",
    "vault.set": "Jetzt einrichten",
    "closed.cancelled": "Der Passkey wurde nicht gezeigt. Sie können es noch einmal versuchen.",
    "closed.no-lock": "Dieser Passkey kann Ihren Schlüssel nicht öffnen. Nehmen Sie den, mit dem Sie eingerichtet haben.",
    "closed.vault-closed": "Dieser Passkey gehört zu einem anderen Schlüssel. Nehmen Sie bitte einen anderen.",
    "closed.no-vault": "Für Sie ist noch kein Schlüssel eingerichtet.",
  },
  en: {
    "vault.title": "Titles and messages are still locked",
    "vault.passkey": "Please show your passkey once more; then they become readable here.",
    "vault.open": "Open with passkey",
    "vault.none.title": "This device does not know your key",
    "vault.none":
      "You are signed in, but your drafts and feedback cannot be opened here. Take the device on which " +
      "you set up the portal and allow this device there (“Account”).",
    "vault.lost":
      "If that device no longer exists, a second person with the role “verwalten” restores your access " +
      "(“House”). New notices then work as usual.",
    "vault.unset.title": "Your key is still missing",
    "vault.unset": "Set it up once; it takes a minute. After that you can file notices.",
    "vault.set": "Set up now",
    "closed.cancelled": "The passkey was not shown. You can try again.",
    "closed.no-lock": "This passkey cannot open your key. Take the one you set up with.",
    "closed.vault-closed": "This passkey belongs to another key. Please take another one.",
    "closed.no-vault": "No key has been set up for you yet.",
  },
};
