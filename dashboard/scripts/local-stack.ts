import { existsSync, readFileSync } from "node:fs";
import type { Plugin } from "vite";

interface Stack {
  apiUrl: string;
  region: string;
  outputs: Record<string, string>;
}

/** Lets `npm run dev` talk to the stack of `make up`: its API below our own address, and its settings. */
export function localStack(path: string): Plugin {
  const stack = existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Stack) : undefined;
  return {
    name: "local-stack",
    apply: "serve",
    config() {
      if (!stack) return {};
      const api = new URL(stack.apiUrl);
      const rewrite = (asked: string) => api.pathname + asked;
      const to = { target: api.origin, changeOrigin: true, rewrite };
      return { server: { proxy: { "/console": to, "/api": to } } };
    },
    configureServer(server) {
      server.middlewares.use("/config.json", (_, answer) => {
        if (!stack) {
          answer.statusCode = 503;
          return void answer.end("run make up first");
        }
        const { outputs, region } = stack;
        answer.setHeader("content-type", "application/json");
        answer.end(
          JSON.stringify({
            apiUrl: "",
            publicApiUrl: stack.apiUrl,
            loginUrl: outputs.LoginUrl,
            issuer: `https://cognito-idp.${region}.amazonaws.com/${outputs.UserPoolId}`,
            clientId: outputs.UserPoolClientId,
          }),
        );
      });
    },
  };
}
