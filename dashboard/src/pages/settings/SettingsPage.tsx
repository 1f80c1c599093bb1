import { t } from "@lingui/core/macro";
import { Page } from "../../shell/Page";

export default function SettingsPage() {
  return <Page title={t`Settings`}>{null}</Page>;
}
