import { t } from "@lingui/core/macro";
import { useMe } from "../api/queries";
import { type Role, useMay } from "../session/role";
import { Icon } from "./Icon";

/** The one line for those whose role can't change what the page shows. */
export function RoleNote({ least }: { least: Role }) {
  const { data: me } = useMe();
  const may = useMay(least);
  if (!me || may) return null;
  return (
    <section class="note info">
      <Icon name="info" />
      <div>
        <h2>{t`You can read, not change`}</h2>
        <p>{me.role === "viewer" ? t`Your role is viewer. An owner can give you another.` : t`Your role is operator. Only owners change what is here.`}</p>
      </div>
    </section>
  );
}
