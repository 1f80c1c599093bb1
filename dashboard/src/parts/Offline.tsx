import { t } from "@lingui/core/macro";
import { liveness } from "../api/live";
import { clock } from "../texts/formats";
import { Icon } from "./Icon";

/** Whether nothing can be asked for now: what was loaded stays, what changes something waits. */
export function useOff(): boolean {
  return liveness.value.state === "off";
}

/** Says why what changes something is disabled; nothing while there is a connection. */
export function OfflineNote() {
  const { state, since } = liveness.value;
  if (state !== "off") return null;
  const at = since ? clock(since) : undefined;
  return (
    <section class="note">
      <Icon name="nowifi" />
      <div>
        <h2>{t`You are offline`}</h2>
        <p>{at ? t`This is what we had at ${at}. It refreshes by itself when you are back; until then nothing can be changed.` : t`Nothing can be changed until you are back.`}</p>
      </div>
    </section>
  );
}
