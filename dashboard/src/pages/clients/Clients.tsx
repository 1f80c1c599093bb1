import { t } from "@lingui/core/macro";
import { useLocation } from "preact-iso";
import { Empty, Loaded } from "../../parts/Loading";
import { ActionLink, OfflineNote } from "../../parts/Offline";
import { RoleNote } from "../../parts/RoleNote";
import { useMay } from "../../session/role";
import { Page } from "../../shell/Page";
import { ClientCard } from "./ClientCard";
import { useClients } from "./clients";
import { NewClient } from "./NewClient";
import "../../styles/clients.css";

export default function Clients() {
  const { query, route } = useLocation();
  const clients = useClients();
  const may = useMay("owner");
  return (
    <Page title={t`API clients`} actions={may && <NewButton />}>
      <OfflineNote />
      <RoleNote least="owner" />
      <Loaded query={clients} rows={4}>
        {({ pages }) => {
          const found = pages.flatMap((page) => page.clients);
          if (!found.length) return <None may={may} />;
          return (
            <div class="clients">
              {found.map((client) => (
                <ClientCard key={client.clientId} client={client} />
              ))}
            </div>
          );
        }}
      </Loaded>
      {clients.hasNextPage && (
        <button type="button" class="btn center" disabled={clients.isFetchingNextPage} onClick={() => void clients.fetchNextPage()}>
          {t`Load older`}
        </button>
      )}
      {may && query.new && (
        <NewClient onMade={(clientId) => route(`/clients/${clientId}`, true)} onClose={() => route("/clients", true)} />
      )}
    </Page>
  );
}

function NewButton() {
  return (
    <ActionLink path="/clients?new=1" icon="plus">
      {t`New API client`}
    </ActionLink>
  );
}

function None({ may }: { may: boolean }) {
  return (
    <section class="card">
      <Empty icon="key" title={t`No API client yet`} action={may && <NewButton />}>
        {t`An API client is a program of yours that sends messages. It signs its requests with a key.`}
      </Empty>
    </section>
  );
}
