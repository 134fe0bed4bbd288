"""The extension in a real Visual Studio Code, which serves a real browser: a fault is underlined, and a lens draws the workflow.

    code.py CODE VSIX FOLDER

CODE is where `.ci/code` is installed, VSIX the packaged extension, FOLDER an empty directory. The server is `$BUCKETBOOK`.
"""

import json
import os
import pathlib
import socket
import subprocess
import sys
import time
import urllib.request

from playwright.sync_api import sync_playwright

BROWSER = "/usr/bin/chromium"

DEFINITION = """{
  "StartAt": "First",
  "States": {
    "First": { "Type": "Pass", "Coment": "x", "Next": "Last" },
    "Last": { "Type": "Succeed" }
  }
}
"""

SETTINGS = {
    "bucketbook.path": os.environ["BUCKETBOOK"],
    "extensions.autoUpdate": False,
    "security.workspace.trust.enabled": False,
    "telemetry.telemetryLevel": "off",
    "workbench.startupEditor": "none",
}


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_for(address):
    for _ in range(300):
        try:
            return urllib.request.urlopen(address)
        except OSError:
            time.sleep(0.2)
    raise SystemExit(f"{address} does not answer")


def used(address):
    """What people do: open the file, read what is underlined, click on a lens."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        page.set_default_timeout(90_000)
        page.goto(address)
        page.get_by_role("treeitem", name="m.asl.json").dblclick()
        page.locator(".squiggly-error, .squiggly-warning").first.wait_for()
        page.locator(".codelens-decoration a", has_text="draw").first.click()
        picture = page.frame_locator("iframe.webview").frame_locator("iframe")
        picture.locator("[data-state]").first.wait_for()
        states = [state.get_attribute("data-state") for state in picture.locator("[data-state]").all()]
        browser.close()
    assert states == ["First", "Last"], states


def main():
    code, vsix, folder = (pathlib.Path(argument).resolve() for argument in sys.argv[1:])
    project, data = folder / "project", folder / "data"
    project.mkdir()
    (project / "m.asl.json").write_text(DEFINITION)
    for place in ["User", "Machine"]:
        (data / place).mkdir(parents=True)
        (data / place / "settings.json").write_text(json.dumps(SETTINGS))
    (folder / "config.yaml").write_text("auth: none\n")
    modules = code / "node_modules"
    environment = {**os.environ, "HOME": str(folder), "PATH": f"{modules / 'node' / 'bin'}:{os.environ['PATH']}"}
    command = [modules / ".bin" / "code-server", "--config", folder / "config.yaml", "--user-data-dir", data]
    command += ["--extensions-dir", folder / "extensions"]
    subprocess.run([*command, "--install-extension", vsix], env=environment, check=True)
    port = free_port()
    quiet = ["--disable-telemetry", "--disable-update-check", "--disable-workspace-trust"]
    with open(folder / "log", "w") as log:
        served = [*command, "--bind-addr", f"127.0.0.1:{port}", *quiet, project]
        server = subprocess.Popen(served, env=environment, stdout=log, stderr=subprocess.STDOUT)
    try:
        wait_for(f"http://127.0.0.1:{port}/healthz")
        used(f"http://127.0.0.1:{port}/?folder={project}")
        print("drawn")
    finally:
        server.terminate()
        server.wait()


main()
