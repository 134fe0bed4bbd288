// Starts the language server, and shows what its commands give beside the file.

import * as vscode from "vscode";
import { LanguageClient, LanguageClientOptions, ServerOptions } from "vscode-languageclient/node";

/** What a command of the server gives to show. */
interface Shown {
  title: string;
  language: string;
  text: string;
}

let client: LanguageClient | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const settings = vscode.workspace.getConfiguration("bucketbook");
  const command = settings.get<string>("path") || "bucketbook";
  const server: ServerOptions = { command, args: ["lsp"] };
  const baseline = settings.get<string>("baseline");
  const options: LanguageClientOptions = {
    documentSelector: [
      { scheme: "file", language: "json" },
      { scheme: "file", language: "yaml" },
      { scheme: "file", pattern: "**/*.{asl,template}" },
      { scheme: "file", pattern: "**/bucketbook-lint.toml" },
    ],
    initializationOptions: {
      ...(baseline ? { baseline } : {}),
      inlayHints: settings.get<boolean>("inlayHints") === true,
    },
    middleware: {
      executeCommand: async (name, args, next) => {
        const shown = (await next(name, args)) as Shown | null;
        if (shown?.text) {
          await show(shown);
        }
        return shown;
      },
    },
  };
  client = new LanguageClient("bucketbook", "Bucketbook", server, options);
  context.subscriptions.push({ dispose: () => void client?.stop() });
  try {
    await client.start();
  } catch (error) {
    const hint = "Install it with `pip install bucketbook`, or set `bucketbook.path`.";
    void vscode.window.showErrorMessage(`Bucketbook: \`${command}\` could not be started. ${hint} (${String(error)})`);
  }
}

export async function deactivate(): Promise<void> {
  await client?.stop();
}

/** A picture in a view of its own, any other text in an editor, both beside the file. */
async function show(shown: Shown): Promise<void> {
  if (shown.language !== "svg") {
    const document = await vscode.workspace.openTextDocument({ language: shown.language, content: shown.text });
    await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preview: true });
    return;
  }
  const panel = vscode.window.createWebviewPanel("bucketbook", shown.title, vscode.ViewColumn.Beside, {
    enableScripts: false,
  });
  const policy = "default-src 'none'; style-src 'unsafe-inline'";
  panel.webview.html = `<!doctype html><meta http-equiv="Content-Security-Policy" content="${policy}">${shown.text}`;
}
