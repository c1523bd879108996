// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** How does a page ask the portal? JSON both ways, with the token of the session. */

import { load, language } from "./texts.js";

/** What the portal refused, or why it could not be asked. */
export class Trouble extends Error {
  /** @param {string} code @param {number} status 0 where nobody answered @param {any} problem */
  constructor(code, status, problem = {}) {
    super(problem.title ?? code);
    this.code = code;
    this.status = status;
    this.problem = problem;
  }

  /** Whether nobody answered: then nothing is known of what was asked. */
  get isSilence() {
    return this.status === 0;
  }

  /** Whether one has to sign in (again). */
  get isStranger() {
    return this.status === 401;
  }
}

let marke = "";
/** @type {Promise<any> | undefined} */
let known;

/** Who I am, asked once for each page; `me(true)` asks anew. @param {boolean} [again] @returns {Promise<any>} */
export function me(again = false) {
  if (!known || again) {
    known = ask("GET", "/portal/api/ich").then((said) => {
      marke = said.marke;
      return said;
    });
    known.catch(() => (known = undefined));
  }
  return known;
}

/**
 * Ask for something. `raw` true gives the response itself.
 *
 * @param {string} method
 * @param {string} path
 * @param {any} [body] sent as JSON
 * @param {{headers?: {[name: string]: string}, signal?: AbortSignal, raw?: boolean}} [more]
 * @returns {Promise<any>}
 */
export async function ask(method, path, body, more = {}) {
  const headers = { accept: "application/json", ...more.headers };
  if (body !== undefined) headers["content-type"] = "application/json";
  if (method !== "GET") headers["x-marke"] = marke || (await me()).marke;
  const answer = await send(method, path, { headers, body, signal: more.signal });
  if (answer.status === 401) globalThis.document?.dispatchEvent(new Event("portal:stranger"));
  if (!answer.ok) throw new Trouble(...(await problemOf(answer)));
  if (more.raw) return answer;
  return answer.status === 204 ? null : answer.json();
}

/** @param {string} method @param {string} path @param {any} said */
async function send(method, path, { headers, body, signal }) {
  try {
    return await fetch(path, {
      method,
      headers,
      signal,
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: "same-origin",
      redirect: "error",
    });
  } catch (trouble) {
    if (trouble instanceof DOMException && trouble.name === "AbortError") throw trouble;
    throw new Trouble("unreachable", 0, { title: load().unreachable[language()] });
  }
}

/** @param {Response} answer @returns {Promise<[string, number, any]>} */
async function problemOf(answer) {
  try {
    const problem = await answer.json();
    return [problem.code ?? "failure", answer.status, problem];
  } catch {
    return ["failure", answer.status, {}];
  }
}
