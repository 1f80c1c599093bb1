import { t } from "@lingui/core/macro";
import { useState } from "preact/hooks";
import { Icon } from "../../parts/Icon";
import { type Choice, Menu } from "../../parts/Menu";
import { useOff } from "../../parts/Offline";
import { roleName } from "../../shell/PersonMenu";
import { date } from "../../texts/formats";
import { ChangeOwnRole, Refused, Remove } from "./dialogs";
import { useChangeRole, useInviteAgain } from "./changes";
import { type Member, type MemberRole, ROLES } from "./words";

/** The people of the account, the oldest first. */
export function MemberTable({ members, me, isOwner }: { members: Member[]; me?: string; isOwner: boolean }) {
  return (
    <table class="table people" role="table">
      <caption class="sr">{t`Members, the oldest first`}</caption>
      <thead role="rowgroup">
        <tr role="row">
          <th scope="col" role="columnheader">{t`Person`}</th>
          <th scope="col" role="columnheader" class="w-role">{t`Role`}</th>
          <th scope="col" role="columnheader" class="w-phone">{t`Member since`}</th>
          <th scope="col" role="columnheader" class="w-phone">{t`Invited by`}</th>
          {isOwner && (
            <th scope="col" role="columnheader" class="w-act">
              <span class="sr">{t`Actions`}</span>
            </th>
          )}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {members.map((member) => (
          <Row key={member.personId} member={member} members={members} isMe={member.personId === me} isOwner={isOwner} />
        ))}
      </tbody>
    </table>
  );
}

/** Whether somebody has an invitation that they never used. The API says so only since it knows. */
function isWaiting(member: Member, members: Member[]): boolean {
  return members.some((one) => one.signedInAt) && !member.signedInAt;
}

function Row({ member, members, isMe, isOwner }: { member: Member; members: Member[]; isMe: boolean; isOwner: boolean }) {
  const invitedBy = members.find((one) => one.personId === member.invitedBy)?.email;
  const waits = isWaiting(member, members);
  return (
    <tr role="row">
      <td role="cell" class="p-who">
        <span class="withtag">
          <bdi class="cut medium">{member.email}</bdi>
          {isMe && <span class="tag">{t`You`}</span>}
          {waits && <span class="tag">{t`Invited, not signed in yet`}</span>}
        </span>
      </td>
      <td role="cell" class="p-role">
        {roleName(member.role)}
      </td>
      <td role="cell" class="p-since soft num">{date(member.createdAt)}</td>
      <td role="cell" class="p-by soft">{invitedBy ? <bdi class="cut">{invitedBy}</bdi> : <span class="faint">{t`An administrator`}</span>}</td>
      {isOwner && (
        <td role="cell" class="w-act end p-act">
          <Actions member={member} isMe={isMe} waits={waits} />
        </td>
      )}
    </tr>
  );
}

type Asking = { what: "remove" } | { what: "own-role"; role: MemberRole };

function Actions({ member, isMe, waits }: { member: Member; isMe: boolean; waits: boolean }) {
  const [asking, ask] = useState<Asking | undefined>();
  const change = useChangeRole(member);
  const again = useInviteAgain(member);
  const isOff = useOff();
  const { email } = member;
  const roles: Choice[] = ROLES.map((role) => ({
    label: roleName(role),
    isOn: role === member.role,
    act: () => {
      if (role === member.role) return;
      if (isMe) ask({ what: "own-role", role });
      else change.mutate(role);
    },
  }));
  const choices: (Choice | null)[] = [
    ...roles,
    null,
    ...(waits ? [{ label: t`Send the invitation again`, icon: "send" as const, act: () => again.mutate() }] : []),
    { label: isMe ? t`Leave the account` : t`Remove`, icon: "trash", danger: true, act: () => ask({ what: "remove" }) },
  ];
  const failed = change.error ?? again.error;
  if (isOff) return null;
  return (
    <>
      <Menu label={t`Change ${email}`} choices={choices} className="btn quiet icon small">
        <Icon name="dots" />
      </Menu>
      {asking?.what === "remove" && <Remove member={member} isMe={isMe} onClose={() => ask(undefined)} />}
      {asking?.what === "own-role" && (
        <ChangeOwnRole
          role={asking.role}
          onConfirm={() => {
            ask(undefined);
            change.mutate(asking.role);
          }}
          onClose={() => ask(undefined)}
        />
      )}
      {failed && (
        <Refused
          error={failed}
          onClose={() => {
            change.reset();
            again.reset();
          }}
        />
      )}
    </>
  );
}
