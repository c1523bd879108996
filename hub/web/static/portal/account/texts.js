// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** @type {import("../common/texts.js").Catalogue} */
export const TEXTS = {
  de: {
    name: "Name",
    house: "Haus",
    roles: "Ihre Rollen",
    "role.verfassen": "verfassen",
    "role.freigeben": "freigeben",
    "role.lesen": "lesen",
    "role.verwalten": "verwalten",
    passkeys: "Ihre Passkeys",
    "passkeys.what":
      "Mit jedem davon kommen Sie herein. Entfernen Sie, was Sie nicht mehr in der Hand haben; was damit angemeldet " +
      "ist, wird dabei abgemeldet.",
    "passkeys.one":
      "Sie haben erst einen. Geht das Gerät verloren, muss jemand aus Ihrem Haus helfen, und Ihre Entwürfe " +
      "und alten Rückmeldungen sind dann nicht mehr zu öffnen. Richten Sie deshalb einen zweiten ein.",
    "passkey.add": "Weiteren Passkey einrichten",
    "passkey.opens": "öffnet auch den Tresor",
    "passkey.signs": "meldet nur an",
    "passkey.used": "Angelegt am {made}, zuletzt gezeigt am {used}",
    "passkey.remove": "„{label}“ entfernen",
    "passkey.removed": "Der Passkey ist entfernt.",
    "passkey.added": "Der Passkey ist eingerichtet.",
    "passkey.asking": "Ihr Gerät fragt jetzt nach dem Passkey.",
    "passkey.known": "Auf diesem Gerät haben Sie schon einen Passkey. Nehmen Sie ein anderes.",
    "not-shown": "Es wurde kein Passkey gezeigt. Sie können es noch einmal versuchen.",
    vault: "Ihr Tresor",
    "vault.what":
      "Darin liegen Ihre Entwürfe, Ihre Notizen zu eigenen Mitteilungen und Ihr Leseschlüssel. Nur Ihr Passkey oder " +
      "dieses Gerät öffnet ihn.",
    "vault.mark": "Fragt jemand aus Ihrem Haus nach Ihrem Schlüssel, lesen Sie vor:",
    "vault.when": "Der Tresor lässt sich nirgends mehr öffnen",
    "vault.lost":
      "Dann beginnen Sie neu: mit leerem Tresor und neuem Schlüssel. Entwürfe und Rückmeldungen von früher kann " +
      "danach niemand mehr öffnen. Den Schlüssel des Hauses gibt Ihnen eine Kollegin oder ein Kollege neu.",
    "vault.anew": "Mit leerem Tresor neu beginnen",
    "vault.done": "Ihr Tresor ist neu.",
    "device-keeps-nothing":
      "Dieser Browser bewahrt nichts auf (privates Fenster?). Öffnen Sie das Portal in einem normalen Fenster.",
    sessions: "Wo Sie angemeldet sind",
    "sessions.what": "Kennen Sie eine Anmeldung nicht, beenden Sie sie und sagen Sie in Ihrem Haus Bescheid.",
    "sessions.end": "Alle anderen beenden",
    "sessions.ended": "Alle anderen Anmeldungen sind beendet.",
    "session.here": "hier",
    "session.since": "Seit {since}, zuletzt benutzt {seen}",
    "session.end": "{device} abmelden",
    "session.ended": "Die Anmeldung ist beendet.",
    "mail.title": "Hinweise per E-Mail",
    mail: "Ihre dienstliche E-Mail-Adresse",
    "mail.what":
      "Sie bekommen nur den Hinweis, dass etwas gekommen ist oder ein Entwurf abläuft. Namen und Inhalte " +
      "stehen nie darin. Leer lassen für keine Hinweise.",
    "mail.keep": "Adresse sichern",
    "mail.kept": "Die Adresse ist gesichert.",
    "not-permitted": "Das geht hier nicht: Prüfen Sie bitte Ihre Angabe.",
    "too-many-requests": "Zu viele Versuche. Bitte warten Sie einen Augenblick.",
    unreachable: "Das Portal antwortet gerade nicht.",
    failed: "Das hat gerade nicht geklappt. Versuchen Sie es bitte noch einmal.",
  },
  en: {
    name: "Name",
    house: "House",
    roles: "Your roles",
    "role.verfassen": "write",
    "role.freigeben": "release",
    "role.lesen": "read",
    "role.verwalten": "manage",
    passkeys: "Your passkeys",
    "passkeys.what": "Each of them lets you in. Remove what you no longer have in your hands.",
    "passkeys.one":
      "You have only one so far. If the device is lost, somebody in your house has to help, and your " +
      "drafts and old feedback cannot be opened any more. So add a second one.",
    "passkey.add": "Add another passkey",
    "passkey.opens": "opens the vault too",
    "passkey.signs": "signs in only",
    "passkey.used": "Made on {made}, last shown on {used}",
    "passkey.remove": "Remove “{label}”",
    "passkey.removed": "The passkey is removed.",
    "passkey.added": "The passkey is set up.",
    "passkey.asking": "Your device now asks for the passkey.",
    "passkey.known": "You have a passkey on this device already. Use another one.",
    "not-shown": "No passkey was shown. You can try again.",
    vault: "Your vault",
    "vault.what":
      "In it are your drafts, your notes about your own notices and your reading key. Only your passkey or this " +
      "device opens it.",
    "vault.mark": "If a colleague asks about your key, read this out:",
    "vault.when": "The vault cannot be opened anywhere any more",
    "vault.lost":
      "Then begin anew: with an empty vault and a new key. Nobody can open former drafts and feedback after that. " +
      "A colleague passes the key of the house on to you again.",
    "vault.anew": "Begin anew with an empty vault",
    "vault.done": "Your vault is new.",
    "device-keeps-nothing":
      "This browser keeps nothing (a private window?). Open the portal in a normal window.",
    sessions: "Where you are signed in",
    "sessions.what": "If you do not know a session, end it and tell your house.",
    "sessions.end": "End all others",
    "sessions.ended": "All other sessions are ended.",
    "session.here": "here",
    "session.since": "Since {since}, last used {seen}",
    "session.end": "Sign {device} out",
    "session.ended": "The session is ended.",
    "mail.title": "Notices by e-mail",
    mail: "Your e-mail address at work",
    "mail.what":
      "You are only told that something has come or that a draft expires. Names and content are never in " +
      "it. Leave it empty for no notices.",
    "mail.keep": "Keep the address",
    "mail.kept": "The address is kept.",
    "not-permitted": "That is not possible here: please check what you entered.",
    "too-many-requests": "Too many attempts. Please wait a moment.",
    unreachable: "The portal does not answer just now.",
    failed: "That did not work just now. Please try again.",
  },
};
