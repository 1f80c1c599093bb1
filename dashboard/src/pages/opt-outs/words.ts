import { t } from "@lingui/core/macro";
import { useClientNames, useMembers } from "../../api/account";

/** Says who opted a number out or in: the recipient, a program, or a person of the account. */
export function useSourceName(): (source: string) => string {
  const clients = useClientNames();
  const { data: members = [] } = useMembers();
  return (source) => {
    const [kind = "", id = ""] = source.split(":", 2);
    if (kind === "sms") return t`The recipient, by SMS`;
    if (kind === "api") return clients.get(id) ?? t`A program (${id})`;
    if (kind === "operator") return members.find((one) => one.personId === id)?.email ?? t`A former member`;
    if (kind === "admin") return t`An administrator`;
    return source;
  };
}
