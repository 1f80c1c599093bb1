import createClient, { type Client } from "openapi-fetch";
import type { Session } from "../session/session";
import { heard } from "./clock";
import { answered, failed } from "./live";
import { Problem, type ProblemBody } from "./problems";
import type { paths } from "./schema";

export type Api = Client<paths>;

const PATIENCE_MS = 30_000;
let shared: { api: Api; session: Session; baseUrl: string; publicUrl: string } | undefined;

/** The console API, as the person who is signed in may use it. */
export function api(): Api {
  return shared!.api;
}

export function session(): Session {
  return shared!.session;
}

/** Where programs reach the API, without a slash at its end. */
export function publicApiUrl(): string {
  return shared!.publicUrl;
}

export function connect(signedIn: Session, baseUrl: string, publicUrl: string = baseUrl): void {
  const client = createClient<paths>({ baseUrl, fetch: (request) => ask(signedIn, request) });
  shared = { api: client, session: signedIn, baseUrl, publicUrl: publicUrl.replace(/\/$/, "") };
}

/** Fetch something that isn't JSON, such as an export. `path` begins with a slash. */
export async function fetchRaw(path: string, signal?: AbortSignal): Promise<Response> {
  const answer = await ask(shared!.session, new Request(`${shared!.baseUrl}${path}`, { signal }));
  if (!answer.ok) throw await problemOf(answer);
  return answer;
}

/** The description of the API for programs (OpenAPI); anybody may read it. */
export async function fetchDescription(): Promise<unknown> {
  const answer = await fetch(`${shared!.baseUrl}/api/openapi.json`, { signal: AbortSignal.timeout(PATIENCE_MS) }).catch(() => {
    throw new Problem(0, {});
  });
  if (!answer.ok) throw await problemOf(answer);
  return answer.json();
}

/** What an answer holds. Throws a Problem when it is one. */
export async function got<T>(asked: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const { data, error, response } = await asked;
  if (response.ok) return data as T;
  throw new Problem(response.status, (error ?? {}) as Partial<ProblemBody>, retryAfter(response));
}

/** One request with a good token; once more when that one is refused. */
async function ask(signedIn: Session, request: Request): Promise<Response> {
  const again = request.clone();
  let token = await signedIn.token();
  let answer = await send(request, token);
  heard(answer.headers.get("date"));
  if (answer.status === 401) {
    token = await signedIn.token(token);
    answer = await send(again, token);
    if (answer.status === 401) return signedIn.signInAgain();
  }
  if (answer.status >= 500) failed();
  else answered();
  return answer;
}

async function send(request: Request, token: string): Promise<Response> {
  request.headers.set("Authorization", `Bearer ${token}`);
  const limit = AbortSignal.any([request.signal, AbortSignal.timeout(PATIENCE_MS)]);
  try {
    return await fetch(request, { signal: limit });
  } catch (error) {
    if (request.signal.aborted) throw error;
    failed();
    throw new Problem(0, {});
  }
}

async function problemOf(answer: Response): Promise<Problem> {
  const body = (await answer.json().catch(() => ({}))) as Partial<ProblemBody>;
  return new Problem(answer.status, body, retryAfter(answer));
}

function retryAfter(answer: Response): number | undefined {
  const seconds = Number(answer.headers.get("retry-after"));
  return Number.isFinite(seconds) && seconds > 0 ? seconds : undefined;
}
