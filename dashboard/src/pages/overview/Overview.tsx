import { t } from "@lingui/core/macro";
import { useOverview } from "../../api/queries";
import { Icon } from "../../parts/Icon";
import { Loaded } from "../../parts/Loading";
import { useMay } from "../../session/role";
import { useUnread } from "../../shell/unread";
import { Page } from "../../shell/Page";
import { Attention } from "./Attention";
import { Days } from "./Days";
import { Failures } from "./Failures";
import { FirstSteps } from "./FirstSteps";
import { Fleet } from "./Fleet";
import { Today } from "./Today";
import "../../styles/overview.css";

export default function Overview() {
  const overview = useOverview();
  const unread = useUnread();
  return (
    <Page title={t`Overview`} unread={unread} actions={<SendButton />}>
      <Loaded query={overview}>
        {(now) =>
          now.steps.messageSent ? (
            <>
              <Attention overview={now} unread={unread} />
              <Today day={now.today} />
              <div class="two stretch">
                <Days today={now.today} />
                <Fleet />
              </div>
              <Failures />
              <FirstSteps steps={now.steps} isSmall />
            </>
          ) : (
            <FirstSteps steps={now.steps} />
          )
        }
      </Loaded>
    </Page>
  );
}

function SendButton() {
  if (!useMay("operator")) return null;
  return (
    <>
      <a class="btn primary only-wide" href="/send">
        <Icon name="send" />
        {t`Send message`}
      </a>
      <a class="btn quiet icon only-narrow" href="/send" aria-label={t`Send a message`}>
        <Icon name="pen" />
      </a>
    </>
  );
}
