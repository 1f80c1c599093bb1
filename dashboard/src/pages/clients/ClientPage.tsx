import { t } from "@lingui/core/macro";
import { useRoute } from "preact-iso";
import { Problem } from "../../api/problems";
import { type Fact, Facts } from "../../parts/Facts";
import { Loaded } from "../../parts/Loading";
import { OfflineNote } from "../../parts/Offline";
import { RoleNote } from "../../parts/RoleNote";
import { stateWord } from "../../parts/State";
import { NotFound } from "../../shell/NotFound";
import { Page } from "../../shell/Page";
import { count, date, moment } from "../../texts/formats";
import { ClientCard } from "./ClientCard";
import { ClientMenu } from "./ClientMenu";
import { type Client, useClient } from "./clients";
import "../../styles/clients.css";

export default function ClientPage() {
  const { params } = useRoute();
  return <OneClient key={params.clientId} clientId={params.clientId!} />;
}

function OneClient({ clientId }: { clientId: string }) {
  const client = useClient(clientId);
  if (client.error instanceof Problem && client.error.status === 404) return <NotFound />;
  return (
    <Page
      title={client.data?.name ?? t`API client`}
      back={{ path: "/clients", name: t`API clients` }}
      actions={client.data && <ClientMenu client={client.data} className="btn icon" />}
    >
      <OfflineNote />
      <RoleNote least="owner" />
      <Loaded query={client}>
        {(found) => (
          <div class="two">
            <ClientCard client={found} isAlone />
            <Details client={found} />
          </div>
        )}
      </Loaded>
    </Page>
  );
}

function Details({ client }: { client: Client }) {
  const rows: Fact[] = [
    [t`Status`, stateWord(client.status)],
    [t`Keys`, client.test ? t`Test keys, which send nothing` : t`Live keys`],
    [t`Requests an hour`, count(client.limit)],
    [t`Last used`, client.lastUsedAt ? moment(client.lastUsedAt) : t`Not used yet`],
    [t`Made`, date(client.createdAt)],
    [t`Id`, client.clientId, true],
  ];
  return (
    <section class="card">
      <header>
        <h2>{t`Details`}</h2>
      </header>
      <div class="pad">
        <Facts rows={rows} />
      </div>
      <footer>
        <a class="medium" href="/docs">
          {t`How to send with a key`}
        </a>
      </footer>
    </section>
  );
}
