import { t } from "@lingui/core/macro";
import { useState } from "preact/hooks";
import type { Template } from "../../api/templates";
import { Confirm } from "../../parts/Dialog";
import { Icon } from "../../parts/Icon";
import { Failure } from "../../parts/Loading";
import { Menu } from "../../parts/Menu";
import { useOff } from "../../parts/Offline";
import { toast } from "../../parts/toasts";
import { useMay } from "../../session/role";
import { TemplateForm } from "./TemplateForm";
import { useRemove } from "./templates";

type Task = "change" | "remove";

/** What operators can do with a template; nothing for a viewer. */
export function TemplateMenu({ template }: { template: Template }) {
  const [task, begin] = useState<Task | undefined>();
  const may = useMay("operator");
  const isOff = useOff();
  const { name, templateId } = template;
  if (!may || isOff) return null;
  const close = () => begin(undefined);
  return (
    <>
      <Menu
        label={t`Actions for ${name}`}
        className="btn quiet icon small"
        choices={[
          { label: t`Change`, icon: "pen", act: () => begin("change") },
          { label: t`Copy its id`, icon: "copy", act: () => void copied(templateId) },
          null,
          { label: t`Remove…`, icon: "trash", danger: true, act: () => begin("remove") },
        ]}
      >
        <Icon name="dots" />
      </Menu>
      {task === "change" && <TemplateForm template={template} onClose={close} />}
      {task === "remove" && <Remove template={template} onClose={close} />}
    </>
  );
}

async function copied(templateId: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(templateId);
    toast({ text: t`Copied` });
  } catch {
    toast({ tone: "bad", text: t`The browser refused to copy. It is ${templateId}` });
  }
}

function Remove({ template, onClose }: { template: Template; onClose: () => void }) {
  const { name, templateId } = template;
  const removal = useRemove(templateId);
  function act() {
    removal.mutate(undefined, {
      onSuccess: () => {
        toast({ text: t`${name} is removed` });
        onClose();
      },
    });
  }
  return (
    <Confirm title={t`Remove ${name}?`} verb={t`Remove the template`} isBusy={removal.isPending} onConfirm={act} onClose={onClose}>
      <ul class="bullets soft">
        <li>{t`Nobody can choose it any more, and programs that name its id are refused.`}</li>
        <li>{t`Messages that were made of it keep their text.`}</li>
      </ul>
      {removal.isError && <Failure error={removal.error} />}
    </Confirm>
  );
}
