import { t } from "@lingui/core/macro";
import { Confirm, Dialog } from "../../parts/Dialog";
import { Icon } from "../../parts/Icon";
import { roleName } from "../../shell/PersonMenu";
import { useRemove } from "./changes";
import { type Member, type MemberRole, refusal, roleSays } from "./words";

/** Asks before somebody is removed. */
export function Remove({ member, isMe, onClose }: { member: Member; isMe: boolean; onClose: () => void }) {
  const remove = useRemove(member, isMe, onClose);
  const { email } = member;
  return (
    <Confirm
      title={isMe ? t`Leave the account?` : t`Remove ${email}?`}
      verb={isMe ? t`Leave` : t`Remove`}
      isBusy={remove.isPending}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    >
      <ul class="bullets">
        <li>{isMe ? t`You are signed out, and can't sign in any more.` : t`Their next request is refused, wherever they are signed in.`}</li>
        <li>{isMe ? t`What you did stays in the audit log.` : t`What they did stays in the audit log.`}</li>
        <li>{isMe ? t`API keys that you made go on working.` : t`API keys that they made go on working.`}</li>
      </ul>
      {remove.error && <Reason error={remove.error} />}
    </Confirm>
  );
}

/** Asks before somebody gives up their own role: they can't take it back themselves. */
export function ChangeOwnRole({ role, onConfirm, onClose }: { role: MemberRole; onConfirm: () => void; onClose: () => void }) {
  const named = roleName(role);
  return (
    <Confirm title={t`Change your own role to ${named}?`} verb={t`Change it`} onConfirm={onConfirm} onClose={onClose}>
      <ul class="bullets">
        <li>{roleSays(role)}</li>
        <li>{t`Only another owner can make you an owner again.`}</li>
      </ul>
    </Confirm>
  );
}

/** Why a change did not happen. */
export function Refused({ error, onClose }: { error: unknown; onClose: () => void }) {
  return (
    <Dialog title={t`Nothing was changed`} onClose={onClose}>
      <div class="in">
        <Reason error={error} />
      </div>
      <footer>
        <button type="button" class="btn" autofocus onClick={onClose}>
          {t`Close`}
        </button>
      </footer>
    </Dialog>
  );
}

function Reason({ error }: { error: unknown }) {
  return (
    <div class="note bad" role="alert">
      <Icon name="alert" />
      <div>
        <p>{refusal(error)}</p>
      </div>
    </div>
  );
}
