import { plural, t } from "@lingui/core/macro";
import { Confirm } from "../../parts/Dialog";
import { Failure } from "../../parts/Loading";
import { useOff } from "../../parts/Offline";
import { toast } from "../../parts/toasts";
import { type Phone, useChangePhone, useRemovePhone } from "./phones";

export function DisablePhone({ phone, onClose }: { phone: Phone; onClose: () => void }) {
  const change = useChangePhone(phone.deviceId);
  const isOff = useOff();
  const { name } = phone;
  function disable() {
    change.mutate(
      { isEnabled: false },
      {
        onSuccess: () => {
          toast({ text: t`${name} is disabled. It gets no work.` });
          onClose();
        },
      },
    );
  }
  return (
    <Confirm title={t`Disable ${name}?`} verb={t`Disable the phone`} isBusy={change.isPending || isOff} onConfirm={disable} onClose={onClose}>
      <ul class="bullets soft">
        <li>{t`The phone is cut off at once, and gets no work until you enable it.`}</li>
        <Queue phone={phone} />
      </ul>
      {change.isError && <Failure error={change.error} />}
    </Confirm>
  );
}

export function RemovePhone({ phone, onClose }: { phone: Phone; onClose: (isRemoved: boolean) => void }) {
  const removal = useRemovePhone(phone.deviceId);
  const isOff = useOff();
  const { name } = phone;
  function remove() {
    removal.mutate(undefined, {
      onSuccess: () => {
        toast({ text: t`${name} is removed` });
        onClose(true);
      },
    });
  }
  return (
    <Confirm title={t`Remove ${name}?`} verb={t`Remove the phone`} isBusy={removal.isPending || isOff} onConfirm={remove} onClose={() => onClose(false)}>
      <ul class="bullets soft">
        <li>{t`The phone is cut off at once, and must be paired anew to come back.`}</li>
        <Queue phone={phone} />
        <li>{t`Its conversations stay; replies need another SIM.`}</li>
      </ul>
      {removal.isError && <Failure error={removal.error} />}
    </Confirm>
  );
}

function Queue({ phone }: { phone: Phone }) {
  const queued = phone.pendingJobCount;
  return (
    <>
      <li>{t`What it was offered goes to other phones.`}</li>
      {queued > 0 && (
        <li>
          {plural(queued, {
            one: "If the # message in its queue names only this phone, it ends as a dead letter.",
            other: "Of the # messages in its queue, those that name only this phone end as dead letters.",
          })}
        </li>
      )}
    </>
  );
}
