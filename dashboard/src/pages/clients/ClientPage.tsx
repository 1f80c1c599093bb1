import { t } from "@lingui/core/macro";
import { Page } from "../../shell/Page";

export default function ClientPage() {
  return <Page title={t`API client`}>{null}</Page>;
}
