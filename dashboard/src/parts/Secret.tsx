import { t } from "@lingui/core/macro";
import { useEffect, useState } from "preact/hooks";
import { Copy } from "./controls";
import { Dialog } from "./Dialog";

/** A secret that is shown this once. Neither Esc nor a click beside it closes it, and leaving the page asks first. */
export function Secret({ title, says, value, onDone }: { title: string; says: string; value: string; onDone: () => void }) {
  const [isStored, store] = useState(false);
  useEffect(() => {
    if (isStored) return undefined;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, [isStored]);
  return (
    <Dialog title={title} under={says} held onClose={onDone}>
      <div class="in">
        <div class="secret">
          <span class="mono">{value}</span>
          <span class="push">
            <Copy value={value} />
          </span>
        </div>
        <label class="check">
          <input type="checkbox" class="tick" checked={isStored} onChange={(event) => store(event.currentTarget.checked)} />
          {t`I have stored it where my team keeps secrets`}
        </label>
      </div>
      <footer>
        <button type="button" class="btn primary" disabled={!isStored} onClick={onDone}>
          {t`Done`}
        </button>
      </footer>
    </Dialog>
  );
}
