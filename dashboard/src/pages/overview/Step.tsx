import { useQuery } from "@tanstack/preact-query";
import type { FunctionComponent } from "preact";
import { useLocation } from "preact-iso";
import { Failure } from "../../parts/Loading";
import { useMay } from "../../session/role";
import { withTexts } from "../../texts/texts";
import { LEAST, pathOf, type StepName } from "./steps";

type Dialog = FunctionComponent<{ onTest: () => void; onMade: () => void; onClose: () => void }>;

/** The dialogs of the pages where more such things are made. */
const DIALOGS: Record<StepName, () => Promise<Dialog>> = {
  pair: async () => (await import("../phones/pairing/PairDialog")).PairDialog,
  test: async () => (await import("../send/TestMessage")).TestMessage,
  key: async () => (await import("../clients/NewClient")).NewClient,
  webhook: async () => (await import("../webhooks/Register")).Register,
};

/** A step of setting up, over the overview. What it takes is loaded only here. */
export function Step({ name }: { name: StepName }) {
  const { route } = useLocation();
  const may = useMay(LEAST[name]);
  const found = useQuery({ queryKey: ["step dialog", name], queryFn: () => withTexts(DIALOGS[name]()), enabled: may, staleTime: Infinity });
  if (found.error) return <Failure error={found.error} again={() => void found.refetch()} />;
  if (!may || !found.data) return null;
  const Dialog = found.data;
  const close = () => route("/", true);
  return <Dialog key={name} onTest={() => route(pathOf("test"), true)} onMade={close} onClose={close} />;
}
