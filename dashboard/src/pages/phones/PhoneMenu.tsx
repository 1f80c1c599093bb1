import { t } from "@lingui/core/macro";
import { useLocation } from "preact-iso";
import { useState } from "preact/hooks";
import { Icon } from "../../parts/Icon";
import { type Choice, Menu } from "../../parts/Menu";
import { useOff } from "../../parts/Offline";
import { toast } from "../../parts/toasts";
import { useMay } from "../../session/role";
import { DisablePhone, RemovePhone } from "./endings";
import { PhoneLimit } from "./limitForms";
import { type Phone, useChangePhone } from "./phones";
import { RenamePhone } from "./RenamePhone";

type Task = "rename" | "limit" | "disable" | "remove";

/** What can be done with a phone. */
export function PhoneMenu({ phone, className, onRemoved }: { phone: Phone; className?: string; onRemoved?: () => void }) {
  const { route } = useLocation();
  const [task, begin] = useState<Task | undefined>();
  const change = useChangePhone(phone.deviceId);
  const may = useMay("operator");
  const isOff = useOff();
  const { name } = phone;
  const close = () => begin(undefined);
  const messages: Choice = {
    label: t`Its messages`,
    icon: "messages",
    act: () => route(`/messages?deviceId=${phone.deviceId}&span=all`),
  };
  const enable = () => change.mutate({ isEnabled: true }, { onSuccess: () => toast({ text: t`${name} is enabled` }) });
  const changes: (Choice | null)[] = [
    { label: t`Rename`, icon: "pen", act: () => begin("rename") },
    { label: t`Hourly limit`, icon: "usage", act: () => begin("limit") },
    messages,
    null,
    phone.isEnabled
      ? { label: t`Disable`, icon: "optout", act: () => begin("disable") }
      : { label: t`Enable`, icon: "check", act: enable },
    { label: t`Remove…`, icon: "trash", danger: true, act: () => begin("remove") },
  ];
  return (
    <>
      <Menu label={t`Actions for ${name}`} className={className ?? "btn quiet icon small"} choices={may && !isOff ? changes : [messages]}>
        <Icon name="dots" />
      </Menu>
      {task === "rename" && <RenamePhone phone={phone} onClose={close} />}
      {task === "limit" && <PhoneLimit phone={phone} onClose={close} />}
      {task === "disable" && <DisablePhone phone={phone} onClose={close} />}
      {task === "remove" && (
        <RemovePhone
          phone={phone}
          onClose={(isRemoved) => {
            close();
            if (isRemoved) onRemoved?.();
          }}
        />
      )}
    </>
  );
}
