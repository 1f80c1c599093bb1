import { t } from "@lingui/core/macro";
import { useLocation } from "preact-iso";
import { useOverview } from "../../api/queries";
import { Icon } from "../../parts/Icon";
import { Loaded } from "../../parts/Loading";
import { useMay } from "../../session/role";
import { Page } from "../../shell/Page";
import { useUnread } from "../../shell/unread";
import { Attention } from "./Attention";
import { Days } from "./Days";
import { Failures } from "./Failures";
import { FirstSteps, StillToDo } from "./FirstSteps";
import { Fleet } from "./Fleet";
import { Step } from "./Step";
import { stepOf } from "./steps";
import { Today } from "./Today";
import "../../styles/overview.css";

export default function Overview() {
  const { query } = useLocation();
  const overview = useOverview();
  const unread = useUnread();
  const step = stepOf(query.step);
  const isNew = overview.data?.steps.messageSent === false;
  return (
    <Page title={t`Overview`} unread={unread} actions={<SendButton isNew={isNew} />}>
      <Loaded query={overview}>
        {(now) =>
          isNew ? (
            <FirstSteps steps={now.steps} />
          ) : (
            <>
              <Attention overview={now} />
              <Today day={now.today} />
              <div class="two stretch">
                <Days today={now.today} />
                <Fleet />
              </div>
              <Failures today={now.today} />
              <StillToDo steps={now.steps} />
            </>
          )
        }
      </Loaded>
      {step && <Step name={step} />}
    </Page>
  );
}

/** On the first run the steps lead; the page has one primary action. */
function SendButton({ isNew }: { isNew: boolean }) {
  if (!useMay("operator")) return null;
  return (
    <>
      {!isNew && (
        <a class="btn primary only-wide" href="/send">
          <Icon name="send" />
          {t`Send message`}
        </a>
      )}
      <a class="btn quiet icon only-narrow" href="/send" aria-label={t`Send a message`}>
        <Icon name="pen" />
      </a>
    </>
  );
}
