import { plural, t } from "@lingui/core/macro";
import { useLocation } from "preact-iso";
import { type Template, useTemplates } from "../../api/templates";
import { Icon } from "../../parts/Icon";
import { Empty, Loaded } from "../../parts/Loading";
import { ActionLink, OfflineNote } from "../../parts/Offline";
import { RoleNote } from "../../parts/RoleNote";
import { Words } from "../../parts/Words";
import { useMay } from "../../session/role";
import { Page } from "../../shell/Page";
import { date } from "../../texts/formats";
import { TemplateForm } from "./TemplateForm";
import { TemplateMenu } from "./TemplateMenu";
import "../../styles/send.css";
import "../../styles/templates.css";

/** Texts that people write once and everybody sends. */
export default function Templates() {
  const { query, route } = useLocation();
  const templates = useTemplates();
  const may = useMay("operator");
  return (
    <Page title={t`Templates`} actions={may && <AddButton />}>
      <OfflineNote />
      <RoleNote least="operator" />
      <Loaded query={templates} rows={4}>
        {(found) =>
          found.length ? (
            <div class="templates">
              {found.map((template) => (
                <Card key={template.templateId} template={template} />
              ))}
            </div>
          ) : (
            <None may={may} />
          )
        }
      </Loaded>
      {may && query.new && <TemplateForm onClose={() => route("/templates", true)} />}
    </Page>
  );
}

function AddButton() {
  return (
    <ActionLink path="/templates?new=1" icon="plus">
      {t`Add a template`}
    </ActionLink>
  );
}

function None({ may }: { may: boolean }) {
  return (
    <section class="card">
      <Empty icon="template" title={t`No template yet`} action={may && <AddButton />}>
        {t`A template is a text with places for names, codes and amounts. People choose it on Send, programs name its id.`}
      </Empty>
    </section>
  );
}

function Card({ template }: { template: Template }) {
  const { templateId, name, message, changedAt, segments, encoding } = template;
  const may = useMay("operator");
  const changed = date(changedAt);
  const size = plural(segments, { one: "# segment", other: "# segments" });
  return (
    <section class="card template" aria-labelledby={templateId}>
      <header>
        <h2 id={templateId} class="whole">
          <bdi>{name}</bdi>
        </h2>
        <span class="push">
          <TemplateMenu template={template} />
        </span>
      </header>
      <div class="pad">
        <bdi class="quote">
          <Words text={message} />
        </bdi>
      </div>
      <footer>
        <span>
          <span class="nowrap">{encoding === "UCS-2" ? t`${size}, Unicode` : size}</span>{" "}
          <span class="nowrap">· {t`Changed ${changed}`}</span>
        </span>
        {may && (
          <a class="btn small push" href={`/send?template=${templateId}`}>
            <Icon name="pen" />
            {t`Write with it`}
          </a>
        )}
      </footer>
    </section>
  );
}
