import { t } from "@lingui/core/macro";
import type { ComponentChildren } from "preact";
import { liveness } from "../api/live";
import { clock } from "../texts/formats";
import { Icon, type IconName } from "./Icon";

/** Whether there is no connection: what was loaded stays, what changes something waits. */
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

/** A page's one action that leads somewhere; disabled while offline, since nothing could come of it. */
export function ActionLink({ path, icon, children }: { path: string; icon: IconName; children: ComponentChildren }) {
  const isOff = useOff();
  const shown = (
    <>
      <Icon name={icon} />
      {children}
    </>
  );
  if (!isOff) {
    return (
      <a class="btn primary" href={path}>
        {shown}
      </a>
    );
  }
  return (
    <button type="button" class="btn primary" disabled>
      {shown}
    </button>
  );
}
