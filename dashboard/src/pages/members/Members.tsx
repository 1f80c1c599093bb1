import { t } from "@lingui/core/macro";
import { useLocation } from "preact-iso";
import { useMembers } from "../../api/account";
import { useMe } from "../../api/queries";
import { Icon } from "../../parts/Icon";
import { Loaded } from "../../parts/Loading";
import { OfflineNote } from "../../parts/Offline";
import { RoleNote } from "../../parts/RoleNote";
import { useMay } from "../../session/role";
import { Page } from "../../shell/Page";
import { Invite } from "./Invite";
import { MemberTable } from "./MemberTable";
import "../../styles/people.css";

export default function Members() {
  const members = useMembers();
  const { data: me } = useMe();
  const isOwner = useMay("owner");
  const { query, route } = useLocation();
  return (
    <Page
      title={t`Members`}
      actions={
        isOwner && (
          <a class="btn primary" href="/members?invite=1">
            <Icon name="plus" />
            {t`Invite`}
          </a>
        )
      }
    >
      <OfflineNote />
      <RoleNote least="owner" />
      <section class="card">
        <Loaded query={members} rows={3}>
          {(found) => <MemberTable members={found} me={me?.personId} isOwner={isOwner} />}
        </Loaded>
      </section>
      {isOwner && query.invite && <Invite onClose={() => route("/members", true)} />}
    </Page>
  );
}
