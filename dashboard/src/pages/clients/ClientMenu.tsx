import { t } from "@lingui/core/macro";
import { useState } from "preact/hooks";
import { Confirm } from "../../parts/Dialog";
import { Icon } from "../../parts/Icon";
import { Failure } from "../../parts/Loading";
import { Menu } from "../../parts/Menu";
import { useOff } from "../../parts/Offline";
import { toast } from "../../parts/toasts";
import { useMay } from "../../session/role";
import { ChangeClient } from "./ChangeClient";
import { type Client, useResume, useSuspend } from "./clients";

type Task = "change" | "suspend" | "resume";

/** What owners can do with a client; nothing for others. */
export function ClientMenu({ client, className = "btn quiet icon small" }: { client: Client; className?: string }) {
  const [task, begin] = useState<Task | undefined>();
  const may = useMay("owner");
  const isOff = useOff();
  const { name } = client;
  if (!may || isOff) return null;
  const close = () => begin(undefined);
  return (
    <>
      <Menu
        label={t`Actions for ${name}`}
        className={className}
        choices={[
          { label: t`Name and limit`, icon: "pen", act: () => begin("change") },
          null,
          client.status === "Active"
            ? { label: t`Suspend…`, icon: "optout", danger: true, act: () => begin("suspend") }
            : { label: t`Resume…`, icon: "check", act: () => begin("resume") },
        ]}
      >
        <Icon name="dots" />
      </Menu>
      {task === "change" && <ChangeClient client={client} onClose={close} />}
      {task === "suspend" && <Suspend client={client} onClose={close} />}
      {task === "resume" && <Resume client={client} onClose={close} />}
    </>
  );
}

function Suspend({ client, onClose }: { client: Client; onClose: () => void }) {
  const suspend = useSuspend(client.clientId);
  const { name } = client;
  function act() {
    suspend.mutate(undefined, {
      onSuccess: () => {
        toast({ text: t`${name} is suspended` });
        onClose();
      },
    });
  }
  return (
    <Confirm title={t`Suspend ${name}?`} verb={t`Suspend the client`} isBusy={suspend.isPending} onConfirm={act} onClose={onClose}>
      <ul class="bullets soft">
        <li>{t`Its requests are refused with 401 from now on, with both keys.`}</li>
        <li>{t`Messages that it has sent already go on.`}</li>
        <li>{t`Its keys stay, and work again once you resume it.`}</li>
      </ul>
      {suspend.isError && <Failure error={suspend.error} />}
    </Confirm>
  );
}

function Resume({ client, onClose }: { client: Client; onClose: () => void }) {
  const resume = useResume(client.clientId);
  const { name } = client;
  function act() {
    resume.mutate(undefined, {
      onSuccess: () => {
        toast({ text: t`${name} may send again` });
        onClose();
      },
    });
  }
  return (
    <Confirm title={t`Resume ${name}?`} verb={t`Resume the client`} isBusy={resume.isPending} onConfirm={act} onClose={onClose}>
      <ul class="bullets soft">
        <li>{t`Its keys are taken again from now on.`}</li>
      </ul>
      {resume.isError && <Failure error={resume.error} />}
    </Confirm>
  );
}
