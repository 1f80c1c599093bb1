import { t } from "@lingui/core/macro";
import { useQuery } from "@tanstack/preact-query";
import type { Schemas } from "../../api/queries";
import { Copy } from "../../parts/controls";
import { loadSettings } from "../../settings";
import "../../styles/webhooks.css";

const SHOWN = 48;

/** The request that does what the form does, as a command. */
export function SameByApi({ request }: { request: Schemas["SendRequest"] }) {
  const { data: settings } = useQuery({ queryKey: ["config"], queryFn: loadSettings, staleTime: Infinity });
  const base = (settings?.publicApiUrl || location.origin).replace(/\/$/, "");
  const message = [...(request.message ?? "")];
  const short = message.length > SHOWN ? `${message.slice(0, SHOWN).join("").trimEnd()} …` : request.message;
  const [head, body] = commandOf(base, { ...request, message: short });
  return (
    <section class="card" aria-labelledby="by-api">
      <header>
        <h2 id="by-api">{t`The same by API`}</h2>
        <span class="push">
          <Copy quiet value={commandOf(base, request).join("")} />
        </span>
      </header>
      <div class="pad">
        <pre class="code" tabIndex={0} aria-labelledby="by-api">
          {head!.split(/("[^"]*")/).map((piece, at) => (at % 2 ? <span class="s">{piece}</span> : piece))}
          <span class="s">{body}</span>
        </pre>
      </div>
    </section>
  );
}

/** The command up to its body, and the body. */
function commandOf(base: string, request: Schemas["SendRequest"]): [head: string, body: string] {
  const head = `curl ${base}/api/sms/send \\\n  -H "X-Api-Key: $SMSKIT_API_KEY" \\\n  -H "Content-Type: application/json" \\\n  -d `;
  const json = JSON.stringify(request, null, 2).replace(/\n/g, "\n  ");
  return [head, quoted(json)];
}

/** One word for a shell, whatever is in it. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
