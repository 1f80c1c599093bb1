import * as oauth from "oauth4webapi";
import type { Settings } from "../settings";
import { type Tokens, UserPool } from "./tokens";

/** Renewed so long before it ends: a request must not meet its end on the way. */
const EARLY_MS = 60_000;
const DRAFTS = "smskit.drafts";

/** Texts that somebody is writing, by where. They outlive signing in again, and nothing else. */
export const drafts = new Map<string, string>();

/** The person's session: who asks for a token gets a good one, or the person signs in. */
export class Session {
  private tokens: Tokens | undefined;
  private renewing: Promise<string> | undefined;

  private constructor(private readonly pool: UserPool) {}

  /** Sign in, unless the login pages have just sent the person back. `returnTo` is the path to go on at. */
  static async begin(settings: Settings): Promise<{ session: Session; returnTo: string | undefined }> {
    const session = new Session(new UserPool(settings));
    const redeemed = await session.pool.redeem();
    if (!redeemed) return session.pool.leave(here());
    session.tokens = redeemed.tokens;
    for (const [place, text] of Object.entries(takeKept())) drafts.set(place, text);
    return { session, returnTo: redeemed.returnTo };
  }

  /** A token that is good for a while yet. With `refused`, another one than that. */
  async token(refused?: string): Promise<string> {
    const now = this.tokens;
    if (now && now.access !== refused && performance.now() < now.goodUntil - EARLY_MS) return now.access;
    this.renewing ??= this.renew().finally(() => {
      this.renewing = undefined;
    });
    return this.renewing;
  }

  async signOut(): Promise<void> {
    const refresh = this.tokens?.refresh;
    this.tokens = undefined;
    drafts.clear();
    await this.pool.signOut(refresh);
  }

  /** The person signs in again, and comes back to this place with what was written. */
  async signInAgain(): Promise<never> {
    sessionStorage.setItem(DRAFTS, JSON.stringify(Object.fromEntries(drafts)));
    return this.pool.leave(here());
  }

  private async renew(): Promise<string> {
    const refresh = this.tokens?.refresh;
    if (!refresh) return this.signInAgain();
    try {
      this.tokens = await this.pool.renew(refresh);
    } catch (error) {
      if (error instanceof oauth.ResponseBodyError) return this.signInAgain();
      throw error;
    }
    return this.tokens.access;
  }
}

function here(): string {
  return location.pathname + location.search + location.hash;
}

function takeKept(): Record<string, string> {
  const kept = sessionStorage.getItem(DRAFTS);
  sessionStorage.removeItem(DRAFTS);
  return kept ? (JSON.parse(kept) as Record<string, string>) : {};
}
