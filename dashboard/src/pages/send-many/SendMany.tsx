import { t } from "@lingui/core/macro";
import { useMemo, useState } from "preact/hooks";
import { OfflineNote } from "../../parts/Offline";
import { RoleNote } from "../../parts/RoleNote";
import { drafts } from "../../session/session";
import { useMay } from "../../session/role";
import { Page } from "../../shell/Page";
import { EMPTY, type Fields } from "../send/fields";
import { usePreview } from "../send/preview";
import { FirstMessages } from "./FirstMessages";
import { ManyForm } from "./ManyForm";
import { Outcome, type Sent } from "./Outcome";
import { messageTo } from "./request";
import { type Row, sheetOf } from "./rows";
import "../../styles/send.css";
import "../../styles/send-many.css";

/** One message to many recipients, each with words of its own. */
export default function SendMany() {
  const may = useMay("operator");
  return (
    <Page title={t`Send to many`} back={{ path: "/send", name: t`Send` }}>
      <RoleNote least="operator" />
      <OfflineNote />
      {may && <Desk />}
    </Page>
  );
}

function Desk() {
  const { list, fields, write, set } = useWritten();
  const sheet = useMemo(() => sheetOf(list), [list]);
  const [sent, tell] = useState<Sent | undefined>();
  const [first] = sheet.rows;
  const preview = usePreview({ ...fields, template: undefined, text: first ? messageTo(first, fields) : fields.text });

  /** The rows as they were written, below the line with the names. */
  function mend(rows: Row[]) {
    const head = rows.length && sent?.head ? [sent.head] : [];
    write([...head, ...rows.map(({ source }) => source)].join("\n"), sent?.fields ?? fields);
    tell(undefined);
  }

  return (
    <div class="send">
      <ManyForm
        list={list}
        sheet={sheet}
        fields={fields}
        preview={preview}
        onWrite={(text) => write(text, fields)}
        onChange={set}
        onSent={(accepted, rows) => {
          tell({ accepted, rows, head: sheet.head, fields });
          write("", EMPTY);
        }}
      />
      <div class="aside-col">
        {sent && <Outcome key={sent.accepted.batchId} sent={sent} onAgain={mend} onClose={() => tell(undefined)} />}
        {!(sent && !list) && <FirstMessages rows={sheet.rows} fields={fields} />}
      </div>
    </div>
  );
}

const PLACE = "send-many";

interface Written {
  list: string;
  fields: Fields;
}

/** What the form holds; it is kept while the page shows something else. */
function useWritten() {
  const [written, keep] = useState<Written>(() => {
    const draft = drafts.get(PLACE);
    return draft ? (JSON.parse(draft) as Written) : { list: "", fields: EMPTY };
  });
  function write(list: string, fields: Fields) {
    if (list || fields.text || fields.template) drafts.set(PLACE, JSON.stringify({ list, fields }));
    else drafts.delete(PLACE);
    keep({ list, fields });
  }
  return { ...written, write, set: (change: Partial<Fields>) => write(written.list, { ...written.fields, ...change }) };
}
