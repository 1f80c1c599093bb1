import { t } from "@lingui/core/macro";
import { useQuery } from "@tanstack/preact-query";
import { api, got } from "./client";
import { useMe } from "./queries";

const OPERATOR = "operator:";

/** Who is behind a `clientId` or the source of an entry: a function from it to a name. Members who left keep their id. */
export function useNames(): (id: string) => string {
  const { data: me } = useMe();
  const { data: members } = useQuery({
    queryKey: ["names", "members"],
    queryFn: async () => (await got(api().GET("/console/members"))).members,
    staleTime: 300_000,
  });
  const { data: clients } = useQuery({
    queryKey: ["names", "clients"],
    queryFn: async () => (await got(api().GET("/console/clients", { params: { query: { limit: 100 } } }))).clients,
    staleTime: 300_000,
  });
  return (id) => {
    if (!id.startsWith(OPERATOR)) return clients?.find((client) => client.clientId === id)?.name ?? id;
    const personId = id.slice(OPERATOR.length);
    if (personId === me?.personId) return t`You`;
    return members?.find((member) => member.personId === personId)?.email ?? t`Somebody who left`;
  };
}
