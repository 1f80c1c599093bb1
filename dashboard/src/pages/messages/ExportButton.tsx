import { t } from "@lingui/core/macro";
import { useRef, useState } from "preact/hooks";
import { serverNow } from "../../api/clock";
import { fetchRaw } from "../../api/client";
import type { MessageFilter } from "../../api/queries";
import { Icon } from "../../parts/Icon";
import { problemTitle } from "../../parts/Loading";
import { toast } from "../../parts/toasts";
import { count } from "../../texts/formats";

/** Where the pieces of an export go: to a file on disk where the browser can, else to a download made of them. */
interface Sink {
  write(text: string): Promise<void>;
  close(): Promise<void>;
  abort(): Promise<void>;
}

type SavePicker = (options: object) => Promise<{ createWritable(): Promise<FileSystemWritableFileStream> }>;

/** The present filter as CSV, page after page; it says how far it is, and can be stopped. */
export function ExportButton({ asked }: { asked: MessageFilter }) {
  const [rows, count_] = useState<number | undefined>();
  const stop = useRef<AbortController>();

  async function run() {
    const sink = await openSink(`smskit-messages-${new Date(serverNow()).toISOString().slice(0, 10)}.csv`);
    if (!sink) return;
    stop.current = new AbortController();
    count_(0);
    try {
      const total = await exportAll(asked, sink, stop.current.signal, count_);
      await sink.close();
      const said = count(total);
      toast({ text: t`${said} messages exported` });
    } catch (error) {
      await sink.abort();
      if (!stop.current.signal.aborted) toast({ tone: "bad", text: problemTitle(error) });
    } finally {
      count_(undefined);
    }
  }

  if (rows === undefined) {
    return (
      <button type="button" class="btn only-wide" onClick={() => void run()}>
        <Icon name="download" />
        {t`Export CSV`}
      </button>
    );
  }
  const said = count(rows);
  return (
    <button type="button" class="btn only-wide" onClick={() => stop.current?.abort()}>
      <Icon name="x" />
      {t`Stop, ${said} so far`}
    </button>
  );
}

async function exportAll(asked: MessageFilter, sink: Sink, signal: AbortSignal, tell: (rows: number) => void): Promise<number> {
  const query = new URLSearchParams(Object.entries(asked).filter(([, value]) => value !== undefined) as [string, string][]);
  let next: string | undefined = `/console/messages/export.csv?${query}`;
  let rows = 0;
  for (let isFirst = true; next; isFirst = false) {
    const answer = await fetchRaw(next, signal);
    const text = await answer.text();
    const [head = "", ...lines] = text.split(/(?<=\r\n)/);
    rows += lines.filter(Boolean).length;
    await sink.write(isFirst ? head + lines.join("") : lines.join(""));
    tell(rows);
    next = nextOf(answer.headers.get("link"));
  }
  return rows;
}

/** The path of the next page (RFC 8288), without the host: the API is asked where it is. */
function nextOf(link: string | null): string | undefined {
  const target = link && /<([^>]+)>\s*;\s*rel="?next"?/.exec(link)?.[1];
  if (!target) return undefined;
  const address = new URL(target, location.origin);
  return address.pathname + address.search;
}

async function openSink(name: string): Promise<Sink | undefined> {
  const pick = (window as unknown as { showSaveFilePicker?: SavePicker }).showSaveFilePicker;
  if (!pick) return collected(name);
  try {
    const file = await pick({ suggestedName: name, types: [{ accept: { "text/csv": [".csv"] } }] });
    const stream = await file.createWritable();
    return { write: (text) => stream.write(text), close: () => stream.close(), abort: () => stream.abort() };
  } catch (error) {
    if ((error as DOMException).name === "AbortError") return undefined;
    return collected(name);
  }
}

function collected(name: string): Sink {
  const pieces: string[] = [];
  return {
    write: async (text) => void pieces.push(text),
    abort: async () => void (pieces.length = 0),
    close: async () => {
      const address = URL.createObjectURL(new Blob(pieces, { type: "text/csv" }));
      Object.assign(document.createElement("a"), { href: address, download: name }).click();
      setTimeout(() => URL.revokeObjectURL(address), 60_000);
    },
  };
}
