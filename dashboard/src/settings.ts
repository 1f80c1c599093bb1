/** Where the dashboard's server and its login pages are: `/config.json`, which the deployment writes. */
export interface Settings {
  /** Base of the console API; empty where it is below the dashboard's own address. */
  apiUrl: string;
  /** Base of the public API, as its users write it. */
  publicApiUrl: string;
  /** Base of the login pages. */
  loginUrl: string;
  /** Issuer of the tokens. */
  issuer: string;
  clientId: string;
}

export async function loadSettings(): Promise<Settings> {
  const answer = await fetch("/config.json", { cache: "no-cache" });
  if (!answer.ok) throw new Error(`config.json: ${answer.status}`);
  return (await answer.json()) as Settings;
}
