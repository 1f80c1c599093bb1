import * as oauth from "oauth4webapi";
import type { Settings } from "../settings";

/** Scopes that the console's client of the user pool may ask for. */
const SCOPES = "openid email";
/** A browser's clock may be wrong by a day and more; what expires is measured from when it came. */
const CLOCK_TOLERANCE_SECONDS = 3 * 86_400;
const PENDING = "smskit.sign-in";

/** Tokens, in memory alone. `goodUntil` is milliseconds of `performance.now()`, which no clock change moves. */
export interface Tokens {
  access: string;
  refresh: string | undefined;
  goodUntil: number;
}

/** What a redirection to the login pages has to find again when it comes back. */
interface Pending {
  verifier: string;
  state: string;
  returnTo: string;
}

/** The user pool seen as an OAuth server (authorization code with PKCE, RFC 7636). */
export class UserPool {
  private readonly server: oauth.AuthorizationServer;
  private readonly client: oauth.Client;
  private readonly options: { [oauth.allowInsecureRequests]: boolean };
  private readonly redirectUri = `${location.origin}/`;

  constructor(private readonly settings: Settings) {
    const base = settings.loginUrl;
    this.server = {
      issuer: settings.issuer,
      authorization_endpoint: `${base}/oauth2/authorize`,
      token_endpoint: `${base}/oauth2/token`,
      revocation_endpoint: `${base}/oauth2/revoke`,
    };
    this.client = { client_id: settings.clientId, [oauth.clockTolerance]: CLOCK_TOLERANCE_SECONDS };
    this.options = { [oauth.allowInsecureRequests]: new URL(base).protocol === "http:" };
  }

  /** Leave for the login pages, and come back to `returnTo`, a path of ours. Never resolves: the page is left. */
  async leave(returnTo: string): Promise<never> {
    const verifier = oauth.generateRandomCodeVerifier();
    const state = oauth.generateRandomState();
    sessionStorage.setItem(PENDING, JSON.stringify({ verifier, state, returnTo } satisfies Pending));
    const asked = new URL(this.server.authorization_endpoint!);
    asked.search = new URLSearchParams({
      client_id: this.client.client_id,
      response_type: "code",
      redirect_uri: this.redirectUri,
      scope: SCOPES,
      state,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
    }).toString();
    location.assign(asked);
    return new Promise<never>(() => undefined);
  }

  /** Redeem the code that the login pages sent back with this address; undefined when there is none of ours. */
  async redeem(): Promise<{ tokens: Tokens; returnTo: string } | undefined> {
    const address = new URL(location.href);
    if (!address.searchParams.has("code") && !address.searchParams.has("error")) return undefined;
    const kept = sessionStorage.getItem(PENDING);
    sessionStorage.removeItem(PENDING);
    if (!kept) return undefined;
    const pending = JSON.parse(kept) as Pending;
    const parameters = oauth.validateAuthResponse(this.server, this.client, address, pending.state);
    const answer = await oauth.authorizationCodeGrantRequest(
      this.server,
      this.client,
      oauth.None(),
      parameters,
      this.redirectUri,
      pending.verifier,
      this.options,
    );
    const granted = await oauth.processAuthorizationCodeResponse(this.server, this.client, answer);
    return { tokens: tokensOf(granted), returnTo: pending.returnTo };
  }

  /** New tokens. Rejects when the person has to sign in again, or the pool can't be reached. */
  async renew(refresh: string): Promise<Tokens> {
    const answer = await oauth.refreshTokenGrantRequest(this.server, this.client, oauth.None(), refresh, this.options);
    const granted = await oauth.processRefreshTokenResponse(this.server, this.client, answer);
    return tokensOf(granted, refresh);
  }

  /** End the session at the pool as well, which leaves the page. */
  async signOut(refresh: string | undefined): Promise<void> {
    if (refresh) {
      await oauth.revocationRequest(this.server, this.client, oauth.None(), refresh, this.options).catch(() => undefined);
    }
    const asked = new URL(`${this.settings.loginUrl}/logout`);
    asked.search = new URLSearchParams({ client_id: this.client.client_id, logout_uri: this.redirectUri }).toString();
    location.assign(asked);
  }
}

function tokensOf(granted: oauth.TokenEndpointResponse, refresh?: string): Tokens {
  const seconds = granted.expires_in ?? 300;
  return {
    access: granted.access_token,
    refresh: granted.refresh_token ?? refresh,
    goodUntil: performance.now() + seconds * 1000,
  };
}
