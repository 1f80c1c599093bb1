import { render } from "preact";
import { connect } from "./api/client";
import { App, CannotStart } from "./app";
import { Session } from "./session/session";
import { loadSettings } from "./settings";
import { show } from "./shell/theme";
import { speak } from "./texts/texts";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/shell.css";
import "./styles/controls.css";
import "./styles/states.css";
import "./styles/cards.css";
import "./styles/tables.css";
import "./styles/dialogs.css";

async function begin(root: HTMLElement): Promise<void> {
  show();
  await speak();
  try {
    const settings = await loadSettings();
    const { session, returnTo } = await Session.begin(settings);
    if (returnTo !== undefined) history.replaceState(null, "", returnTo);
    connect(session, settings.apiUrl || location.origin, settings.publicApiUrl);
    render(<App />, root);
  } catch (error) {
    console.error(error);
    render(<CannotStart error={error} />, root);
  }
}

void begin(document.getElementById("app")!);
