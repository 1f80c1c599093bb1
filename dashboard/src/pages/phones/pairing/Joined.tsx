import { plural, t } from "@lingui/core/macro";
import { useEffect, useState } from "preact/hooks";
import { fieldError, Problem } from "../../../api/problems";
import { PACE } from "../../../api/queries";
import { Dialog } from "../../../parts/Dialog";
import { Icon } from "../../../parts/Icon";
import { Bones, Empty, Failure } from "../../../parts/Loading";
import { type Phone, simTitle, useChangePhone, usePhone } from "../phones";
import { NameField } from "../RenamePhone";

const PATIENCE_MS = 30_000;

/** A phone has used the code: it is connected, or isn't yet, or has gone again in the middle of it. */
export function Joined({ deviceId, onTest, onClose }: { deviceId: string; onTest: () => void; onClose: () => void }) {
  const phone = usePhone(deviceId, PACE.pairing);
  const found = phone.data;
  if (phone.error instanceof Problem && phone.error.status === 404) return <Gone onClose={onClose} />;
  if (!found) {
    return (
      <Dialog title={t`A phone is paired`} onClose={onClose}>
        <div class="in">{phone.error ? <Failure error={phone.error} again={() => void phone.refetch()} /> : <Bones rows={2} />}</div>
      </Dialog>
    );
  }
  return <Named phone={found} onTest={onTest} onClose={onClose} />;
}

function Gone({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title={t`The phone is gone again`} onClose={onClose}>
      <div class="in">
        <Empty icon="phone" title={t`It used the code, and was removed since`}>
          {t`Pair it anew with another code.`}
        </Empty>
      </div>
    </Dialog>
  );
}

function Named({ phone, onTest, onClose }: { phone: Phone; onTest: () => void; onClose: () => void }) {
  const [name, write] = useState(phone.name);
  const change = useChangePhone(phone.deviceId);
  const shown = phone.name;
  const isOnline = phone.status === "Online";

  function save(then: () => void) {
    const wanted = name.trim();
    if (!wanted || wanted === phone.name) return then();
    change.mutate({ name: wanted }, { onSuccess: then });
  }

  return (
    <Dialog title={isOnline ? t`${shown} is connected` : t`${shown} is paired`} onClose={onClose}>
      <form
        id="joined"
        class="in"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          save(onClose);
        }}
      >
        {isOnline ? <Connected phone={phone} /> : <Away />}
        <NameField value={name} error={fieldError(change.error, "name")} onInput={write} />
        {change.isError && !fieldError(change.error, "name") && <Failure error={change.error} />}
      </form>
      <footer>
        {isOnline && (
          <button type="button" class="btn" disabled={change.isPending} onClick={() => save(onTest)}>
            <Icon name="send" />
            {t`Send a test`}
          </button>
        )}
        <button type="submit" form="joined" class="btn primary" autofocus disabled={change.isPending}>
          {t`Done`}
        </button>
      </footer>
    </Dialog>
  );
}

function Connected({ phone }: { phone: Phone }) {
  const make = phone.model ?? phone.platform;
  const names = new Intl.ListFormat(document.documentElement.lang).format(phone.sims.map(simTitle));
  const many = phone.sims.length;
  const sims = plural(many, { one: `# SIM: ${names}.`, other: `# SIMs: ${names}.` });
  return (
    <section class="note ok" role="status">
      <Icon name="okc" />
      <div>
        <h3>{t`It is ready to send`}</h3>
        <p>{make ? t`${make}, ${sims}` : sims}</p>
      </div>
    </section>
  );
}

/** Paired, but not there: at first it is waited for, then one is told what may be wrong. */
function Away() {
  const [isLong, wait] = useState(false);
  useEffect(() => {
    const clock = setTimeout(() => wait(true), PATIENCE_MS);
    return () => clearTimeout(clock);
  }, []);
  return (
    <section class={isLong ? "note warn" : "note info"} role="status">
      <Icon name={isLong ? "nowifi" : "clock"} />
      <div>
        <h3>{isLong ? t`It has not connected` : t`It is about to connect`}</h3>
        <p>
          {isLong
            ? t`Open the app on the phone, see that it has a network, and let it run in the background. It counts as soon as it connects.`
            : t`The phone has used the code. It shows here as soon as it is connected.`}
        </p>
      </div>
    </section>
  );
}
