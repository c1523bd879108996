// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * An identity provider of a school authority: oidc-provider, which the OpenID Foundation has
 * certified, on a loopback port, with accounts that are invented and a second factor that is shown.
 *
 * Its settings come as JSON in the first argument; it ends with its standard input.
 */

import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import { parse } from "node:querystring";

import { Provider, errors } from "oidc-provider";

const { port, client, secret, returns, acr } = JSON.parse(process.argv[2]);
const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const key = {
  ...privateKey.export({ format: "jwk" }),
  kid: "schluessel-1",
  use: "sig",
  alg: "RS256",
};
const issuer = `http://127.0.0.1:${port}`;

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: client,
      client_secret: secret,
      redirect_uris: returns,
      grant_types: ["authorization_code"],
      response_types: ["code"],
      token_endpoint_auth_method: "client_secret_basic",
    },
  ],
  acrValues: [acr],
  claims: { openid: ["sub"], acr: null, auth_time: null, iss: null, sid: null },
  cookies: { keys: ["nur-auf-diesem-rechner"] },
  features: {
    devInteractions: { enabled: false },
    pushedAuthorizationRequests: { enabled: true },
  },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  interactions: { url: (_, { uid }) => `/anmelden/${uid}` },
  // Nobody is asked whether their own school may know who they are.
  loadExistingGrant: async ({ oidc }) => {
    const grant = new oidc.provider.Grant({
      clientId: oidc.client.clientId,
      accountId: oidc.session.accountId,
    });
    grant.addOIDCScope("openid");
    await grant.save();
    return grant;
  },
  jwks: { keys: [key] },
  pkce: { required: () => true },
  ttl: {
    AccessToken: 60,
    AuthorizationCode: 60,
    Grant: 600,
    IdToken: 300,
    Interaction: 600,
    Session: 3600,
  },
});

const page = (uid, wrong) => `<!doctype html><html lang="de"><head><meta charset="utf-8">
<title>Anmelden beim Schulträger</title></head><body><main><h1>Anmelden beim Schulträger</h1>
${wrong ? "<p role=alert>Der zweite Faktor stimmt nicht.</p>" : ""}
<form method="post" action="/anmelden/${uid}">
<p><label>Benutzername <input name="name" autocomplete="username"></label></p>
<p><label>Zweiter Faktor (123456) <input name="code" inputmode="numeric"></label></p>
<p><button type="submit">Beim Schulträger anmelden</button></p></form></main></body></html>`;

/** Ask who somebody is, and let them in with two factors. */
async function interact(request, response) {
  const { uid } = await provider.interactionDetails(request, response);
  if (request.method !== "POST") return say(response, 200, page(uid, false));
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const { name, code } = parse(Buffer.concat(chunks).toString());
  if (!/^[a-z0-9-]{1,40}$/.test(name ?? "") || code !== "123456") {
    return say(response, 422, page(uid, true));
  }
  const login = { accountId: name, acr, amr: ["pwd", "otp"], remember: true };
  return provider.interactionFinished(request, response, { login });
}

function say(response, status, html) {
  response.writeHead(status, {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
  });
  response.end(html);
}

const answer = provider.callback();
createServer((request, response) => {
  if (!request.url.startsWith("/anmelden/")) return answer(request, response);
  interact(request, response).catch((trouble) => {
    const known = trouble instanceof errors.SessionNotFound;
    say(response, known ? 400 : 500, "<!doctype html><title>Abgelaufen</title>");
  });
}).listen(port, "127.0.0.1", () => console.log("bereit"));

process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
