import { t } from "@lingui/core/macro";
import { useState } from "preact/hooks";
import { Dialog } from "../../../parts/Dialog";
import { Bones, Empty, Failure } from "../../../parts/Loading";
import { Countdown } from "./Countdown";
import { Joined } from "./Joined";
import { Offer } from "./Offer";
import { type Code, usePairing } from "./usePairing";
import "../../../styles/phones.css";

/** Pairs a phone: a code to scan or to type, until a phone has used it. Closing cancels the code, after asking. */
export function PairDialog({ onTest, onClose }: { onTest: () => void; onClose: () => void }) {
  const { pairing, cancelling, again } = usePairing();
  const [isLeaving, leave] = useState(false);
  if (pairing.stage === "joined") return <Joined deviceId={pairing.deviceId} onTest={onTest} onClose={onClose} />;
  const waits = pairing.stage === "waiting" ? pairing : undefined;
  return (
    <Dialog title={t`Pair a phone`} under={waits && t`The code works once, for one phone.`} onClose={waits ? () => leave(true) : onClose}>
      <div class="in">
        {pairing.stage === "making" && <Bones rows={3} />}
        {pairing.stage === "failed" && <Failure error={pairing.error} again={again} />}
        {waits && <Offer code={waits.code} />}
        {pairing.stage === "ended" && <Ended onAgain={again} />}
        {cancelling.isError && <Failure error={cancelling.error} />}
      </div>
      {waits && (
        <footer>
          {isLeaving ? (
            <Leave code={waits.code} cancelling={cancelling} onStay={() => leave(false)} onClose={onClose} />
          ) : (
            <>
              <Countdown leftMs={waits.leftMs} />
              <button type="button" class="btn" onClick={() => leave(true)}>
                {t`Cancel the code`}
              </button>
            </>
          )}
        </footer>
      )}
    </Dialog>
  );
}

function Ended({ onAgain }: { onAgain: () => void }) {
  return (
    <div role="alert">
      <Empty
        icon="clock"
        title={t`The code has ended`}
        action={
          <button type="button" class="btn primary" onClick={onAgain}>
            {t`Make a new one`}
          </button>
        }
      >
        {t`A code is good for ten minutes.`}
      </Empty>
    </div>
  );
}

function Leave({
  code,
  cancelling,
  onStay,
  onClose,
}: {
  code: Code;
  cancelling: ReturnType<typeof usePairing>["cancelling"];
  onStay: () => void;
  onClose: () => void;
}) {
  return (
    <>
      <p class="waiting" role="alert">
        {t`The code is worthless once it is cancelled.`}
      </p>
      <button type="button" class="btn" ref={(button) => button?.focus()} onClick={onStay}>
        {t`Keep waiting`}
      </button>
      <button type="button" class="btn destroy" disabled={cancelling.isPending} onClick={() => cancelling.mutate(code.codeId, { onSuccess: onClose })}>
        {t`Cancel the code`}
      </button>
    </>
  );
}
