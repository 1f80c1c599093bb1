import { t } from "@lingui/core/macro";
import { Copy } from "../../../parts/controls";
import { Icon } from "../../../parts/Icon";
import { out, Rich } from "../../../parts/Rich";
import { QrCode } from "./QrCode";
import type { Code } from "./usePairing";

/** The code to scan, to type, or on the phone itself to open. */
export function Offer({ code }: { code: Code }) {
  const app = out(t`SMSKit agent`);
  const button = out(t`Pair`);
  const server = out(code.server);
  return (
    <>
      <a class="btn primary only-narrow" href={code.uri}>
        <Icon name="phone" />
        {t`Pair this phone`}
      </a>
      <p class="faint small only-narrow center">{t`or scan with another one`}</p>
      <div class="pair">
        <QrCode text={code.uri} />
        <ol class="how">
          <li>
            <span>
              <Rich className="medium" text={t`On the phone, open the ${app}.`} />
            </span>
          </li>
          <li>
            <span>
              <Rich className="medium" text={t`Tap ${button} and hold the camera over this code.`} />
            </span>
          </li>
          <li>
            <span>{t`Allow SMS, and let it run in the background.`}</span>
          </li>
        </ol>
      </div>
      <div class="field">
        <span class="label">{t`No camera? Type the code`}</span>
        <div class="secret">
          <span class="mono">{code.code}</span>
          <span class="push">
            <Copy value={code.code} />
          </span>
        </div>
        <p class="hint wraps">
          <Rich className="mono" text={t`The server is ${server}`} />
        </p>
      </div>
    </>
  );
}
