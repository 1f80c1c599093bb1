import { t } from "@lingui/core/macro";
import { Page } from "../../shell/Page";
import "../../styles/phones.css";

export default function Phones() {
  return <Page title={t`Phones`}>{null}</Page>;
}
