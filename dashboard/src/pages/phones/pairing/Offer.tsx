import { t } from "@lingui/core/macro";
import { Copy } from "../../../parts/controls";
import { Icon } from "../../../parts/Icon";
import { Rich, slot } from "../../../parts/Rich";
import { QrCode } from "./QrCode";
import type { Code } from "./usePairing";

/** The code to scan, to type, or on the phone itself to open. */
export function Offer({ code }: { code: Code }) {
  const app = slot(0, t`SMSKit agent`);
  const button = slot(0, t`Pair`);
  const server = slot(0, code.server);
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
              <Rich text={t`On the phone, open the ${app}.`} parts={[(said) => <span class="medium">{said}</span>]} />
            </span>
          </li>
          <li>
            <span>
              <Rich text={t`Tap ${button} and hold the camera over this code.`} parts={[(said) => <span class="medium">{said}</span>]} />
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
          <Rich text={t`The server is ${server}`} parts={[(said) => <span class="mono">{said}</span>]} />
        </p>
      </div>
    </>
  );
}
