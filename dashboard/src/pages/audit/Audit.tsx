import { t } from "@lingui/core/macro";
import { Page } from "../../shell/Page";

export default function Audit() {
  return <Page title={t`Audit log`}>{null}</Page>;
}
