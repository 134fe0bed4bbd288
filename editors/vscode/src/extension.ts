// Starts the language server, and shows what its commands give beside the file.

import * as vscode from "vscode";
import { LanguageClient, LanguageClientOptions, ServerOptions } from "vscode-languageclient/node";
import { Drawn, Picture } from "./picture";

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
  const picture = new Picture(() => client);
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
      showsResults: true,
    },
    middleware: {
      executeCommand: async (name, args, next) => {
        const shown = (await next(name, args)) as Shown | null;
        if (shown?.language === "svg") {
          picture.show(args[0] as string, shown as Drawn);
        } else if (shown?.text) {
          await show(shown);
        }
        return shown;
      },
    },
  };
  client = new LanguageClient("bucketbook", "Bucketbook", server, options);
  context.subscriptions.push(
    { dispose: () => void client?.stop() },
    picture,
    vscode.commands.registerCommand("bucketbook.showWorkflow", drawHere),
  );
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

/** Shows the workflow that the cursor is in. */
async function drawHere(): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (editor) {
    const { line, character } = editor.selection.active;
    await vscode.commands.executeCommand("bucketbook.draw", editor.document.uri.toString(), null, { line, character });
  }
}

/** Shows a text in an editor beside the file. */
async function show(shown: Shown): Promise<void> {
  const document = await vscode.workspace.openTextDocument({ language: shown.language, content: shown.text });
  await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preview: true });
}
