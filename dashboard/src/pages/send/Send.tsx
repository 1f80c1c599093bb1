import { t } from "@lingui/core/macro";
import { useLocation } from "preact-iso";
import { useEffect, useState } from "preact/hooks";
import { useTemplates } from "../../api/templates";
import { Icon } from "../../parts/Icon";
import { OfflineNote } from "../../parts/Offline";
import { RoleNote } from "../../parts/RoleNote";
import { toast } from "../../parts/toasts";
import { useMay } from "../../session/role";
import { Page } from "../../shell/Page";
import { moment, phoneNumber } from "../../texts/formats";
import { EMPTY, requestOf, useFields, wordsOf } from "./fields";
import { Following } from "./Following";
import { OnThePhone } from "./OnThePhone";
import { usePreview } from "./preview";
import { SameByApi } from "./SameByApi";
import { SendForm } from "./SendForm";
import type { Accepted } from "./useSend";
import "../../styles/send.css";

export default function Send() {
  const { query } = useLocation();
  const may = useMay("operator");
  return (
    <Page
      title={t`Send`}
      actions={
        may && (
          <a class="btn" href="/send/many">
            <Icon name="batches" />
            {t`Send to many`}
          </a>
        )
      }
    >
      <RoleNote least="operator" />
      <OfflineNote />
      {may && <Desk key={`${query.to} ${query.text} ${query.template}`} />}
    </Page>
  );
}

/** Left what is written, right what comes of it: what the recipient sees, and after it was sent how it goes on. */
function Desk() {
  const { query, route } = useLocation();
  const [fields, set] = useWritten();
  const [followed, follow] = useState<string | undefined>();
  const preview = usePreview(fields);
  const number = preview?.recipient?.number;
  const isBlank = !fields.to && !wordsOf(fields);

  function sent({ jobId, sendAt }: Accepted) {
    const to = phoneNumber(number ?? fields.to);
    set(EMPTY);
    follow(jobId);
    // The address no longer says what is in the form.
    if (query.to || query.text || query.template) history.replaceState(null, "", "/send");
    toast({ text: sendAt ? scheduled(to, sendAt) : t`Message queued to ${to}`, act: { label: t`View`, do: () => route(`/messages/${jobId}`) } });
  }

  return (
    <div class="send">
      <SendForm fields={fields} preview={preview} onChange={set} onSent={sent} />
      <div class="aside-col">
        {followed && <Following key={followed} jobId={followed} isGoingOn={!isBlank} onClose={() => follow(undefined)} />}
        {!(followed && isBlank) && (
          <>
            <OnThePhone text={wordsOf(fields)} />
            <SameByApi request={requestOf(fields, number)} />
          </>
        )}
      </div>
    </div>
  );
}

/** What the form holds. A template that the address names is chosen once it is known; one that was changed meanwhile is as it is now. */
function useWritten(): ReturnType<typeof useFields> {
  const { query } = useLocation();
  const [typed, set] = useFields({ to: query.to, text: query.text });
  const { data: templates } = useTemplates();
  const named = templates?.find(({ templateId }) => templateId === query.template);
  useEffect(() => {
    if (named) set({ template: named });
  }, [named?.templateId]);
  const now = templates?.find(({ templateId }) => templateId === typed.template?.templateId);
  return [now ? { ...typed, template: now } : typed, set];
}

/** Also where it was to go out at once and the account's quiet hours hold it. */
function scheduled(to: string, sendAt: string): string {
  const at = moment(sendAt);
  return t`The message to ${to} goes out ${at}`;
}
