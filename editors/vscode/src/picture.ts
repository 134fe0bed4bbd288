// The picture of a workflow beside its file: drawn again after each edit, with the state under the cursor marked. A click on a state goes
// to its definition.

import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import { LanguageClient, Range } from "vscode-languageclient/node";

/** What `bucketbook.draw` gives. */
export interface Drawn {
  title: string;
  language: string;
  text: string;
  machine: string | null;
  states: { name: string; uri: string; range: Range }[];
}

/** How long an edit rests before the picture is drawn again, in milliseconds. */
const REST = 300;

const SCRIPT = `
  const vscode = acquireVsCodeApi();
  const states = () => [...document.querySelectorAll("[data-state]")];
  const mark = (name) => {
    for (const state of states()) {
      const marked = state.dataset.state === name;
      state.setAttribute("aria-pressed", String(marked));
      if (marked) state.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
  };
  const go = (target) => {
    const state = target.closest("[data-state]");
    if (state) vscode.postMessage({ state: state.dataset.state });
  };
  document.addEventListener("click", (event) => go(event.target));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") go(event.target);
  });
  window.addEventListener("message", (event) => mark(event.data.state));
  vscode.postMessage({ ready: true });
`;

/** A picture that is shown. There is one: another workflow takes its place. */
export class Picture implements vscode.Disposable {
  private panel: vscode.WebviewPanel | undefined;
  private drawn: Drawn | undefined;
  private shown: { uri: string; machine: string | null } | undefined;
  private timer: NodeJS.Timeout | undefined;
  private readonly listeners: vscode.Disposable[];

  constructor(private readonly client: () => LanguageClient | undefined) {
    this.listeners = [
      vscode.window.onDidChangeTextEditorSelection((change) => this.mark(change.textEditor)),
      vscode.workspace.onDidChangeTextDocument(() => this.later()),
    ];
  }

  /** Shows what was drawn of a machine of a file. */
  show(uri: string, drawn: Drawn): void {
    this.shown = { uri, machine: drawn.machine };
    if (!this.panel) {
      const column = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
      this.panel = vscode.window.createWebviewPanel("bucketbook", drawn.title, column, { enableScripts: true });
      this.panel.onDidDispose(() => (this.panel = undefined));
      this.panel.webview.onDidReceiveMessage((message) => this.heard(message));
    }
    this.fill(drawn);
    this.panel.reveal(undefined, true);
  }

  private fill(drawn: Drawn): void {
    if (!this.panel || drawn.text === this.drawn?.text) {
      this.drawn = drawn;
      return;
    }
    this.drawn = drawn;
    const nonce = randomBytes(16).toString("hex");
    const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src 'nonce-${nonce}'`;
    this.panel.title = drawn.title;
    this.panel.webview.html =
      `<!doctype html><meta http-equiv="Content-Security-Policy" content="${policy}">` +
      `${drawn.text}<script nonce="${nonce}">${SCRIPT}</script>`;
  }

  /** Draws again when nothing was typed for a moment. */
  private later(): void {
    clearTimeout(this.timer);
    if (this.panel) {
      this.timer = setTimeout(() => void this.draw(), REST);
    }
  }

  private async draw(): Promise<void> {
    const { shown } = this;
    if (!shown || !this.panel) {
      return;
    }
    try {
      const arguments_ = [shown.uri, shown.machine];
      const drawn = await this.client()?.sendRequest<Drawn | null>("workspace/executeCommand", {
        command: "bucketbook.draw",
        arguments: arguments_,
      });
      if (drawn) {
        this.fill(drawn);
      }
    } catch {
      // A definition that is being typed may have no picture. The last one stays.
    }
  }

  /** Marks the innermost state that the cursor is in. */
  private mark(editor: vscode.TextEditor | undefined): void {
    const uri = editor?.document.uri.toString();
    const states = this.drawn?.states.filter((state) => vscode.Uri.parse(state.uri).toString() === uri) ?? [];
    if (!this.panel || !editor || states.length === 0) {
      return;
    }
    const around = states.filter((state) => range(state.range).contains(editor.selection.active));
    // A state within another one begins behind it.
    const inner = around.sort((left, right) => right.range.start.line - left.range.start.line ||
      right.range.start.character - left.range.start.character)[0];
    void this.panel.webview.postMessage({ state: inner?.name ?? null });
  }

  private async heard(message: { ready?: boolean; state?: string }): Promise<void> {
    if (message.ready) {
      this.mark(vscode.window.activeTextEditor ?? vscode.window.visibleTextEditors[0]);
      return;
    }
    const state = this.drawn?.states.find((one) => one.name === message.state);
    if (state) {
      const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(state.uri));
      const { start } = range(state.range);
      const selection = new vscode.Range(start, start);
      await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.One, selection });
    }
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.panel?.dispose();
    this.listeners.forEach((listener) => listener.dispose());
  }
}

function range(of: Range): vscode.Range {
  return new vscode.Range(of.start.line, of.start.character, of.end.line, of.end.character);
}
