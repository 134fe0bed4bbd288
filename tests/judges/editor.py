"""The language server, driven by pytest-lsp's client with the capabilities of Visual Studio Code, Neovim and Emacs."""

import os
import pathlib

import pytest
import pytest_lsp
from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

TEMPLATE = """Transform: AWS::Serverless-2016-10-31
Resources:
  Machine:
    Type: AWS::Serverless::StateMachine
    Properties:
      DefinitionUri: m.asl.json
      DefinitionSubstitutions:
        Table: files
"""

DEFINITION = """{
  "StartAt": "First",
  "States": {
    "First": { "Type": "Pass", "Result": { "a": "${Table}" }, "Coment": "x", "Next": "Last" },
    "Last": { "Type": "Pass", "Parameters": { "b.$": "$.a" }, "End": true }
  }
}
"""


@pytest_lsp.fixture(
    config=ClientServerConfig(server_command=[os.environ["BUCKETBOOK"], "lsp"]),
    params=["visual_studio_code", "neovim", "emacs"],
)
async def client(request, lsp_client: LanguageClient, tmp_path_factory):
    root = tmp_path_factory.mktemp("stack")
    (root / "template.yaml").write_text(TEMPLATE)
    (root / "m.asl.json").write_text(DEFINITION)
    lsp_client.root = root
    # What the editors say that they can do, and the library leaves to its users.
    for method in [types.CLIENT_REGISTER_CAPABILITY, types.WORKSPACE_CODE_LENS_REFRESH]:
        lsp_client.feature(method)(lambda *_: None)
    params = types.InitializeParams(
        capabilities=client_capabilities(request.param),
        root_uri=root.as_uri(),
    )
    await lsp_client.initialize_session(params)
    yield
    await lsp_client.shutdown_session()


def identifier(path: pathlib.Path) -> types.TextDocumentIdentifier:
    return types.TextDocumentIdentifier(uri=path.as_uri())


def opened(client: LanguageClient, name: str) -> pathlib.Path:
    path = client.root / name
    item = types.TextDocumentItem(uri=path.as_uri(), language_id="json", version=1, text=path.read_text())
    client.text_document_did_open(types.DidOpenTextDocumentParams(text_document=item))
    return path


def position(mark: str, behind: int = 0) -> types.Position:
    at = DEFINITION.index(mark) + behind
    before = DEFINITION[:at]
    return types.Position(line=before.count("\n"), character=at - (before.rfind("\n") + 1))


async def settled(client: LanguageClient, path: pathlib.Path) -> list[types.CodeAction]:
    """What can be done about the misspelled field: the server answers after its verdict."""
    at = position("Coment", 2)
    params = types.CodeActionParams(
        text_document=identifier(path),
        range=types.Range(start=at, end=at),
        context=types.CodeActionContext(diagnostics=[]),
    )
    return await client.text_document_code_action_async(params) or []


@pytest.mark.asyncio
async def test_a_fault_is_shown_and_fixed(client: LanguageClient):
    path = opened(client, "m.asl.json")
    actions = await settled(client, path)
    codes = [one.code for one in client.diagnostics[path.as_uri()]]
    assert codes, "nothing was found"
    fixes = [one for one in actions if one.is_preferred]
    assert fixes, [one.title for one in actions]
    edits = fixes[0].edit.changes[path.as_uri()]
    assert [one.new_text for one in edits] == ["Comment"]


@pytest.mark.asyncio
async def test_a_place_is_explained_completed_and_found(client: LanguageClient):
    path = opened(client, "m.asl.json")
    document = identifier(path)
    hover = await client.text_document_hover_async(
        types.HoverParams(text_document=document, position=position("$.a", 2))
    )
    assert "$.a" in hover.contents.value
    found = await client.text_document_completion_async(
        types.CompletionParams(text_document=document, position=position("$.a", 2))
    )
    items = found if isinstance(found, list) else found.items
    assert "a" in [one.label for one in items]
    where = await client.text_document_definition_async(
        types.DefinitionParams(text_document=document, position=position("\"Last\" }", 2))
    )
    assert where[0].range.start.line == 4
    symbols = await client.text_document_document_symbol_async(types.DocumentSymbolParams(text_document=document))
    assert [one.name for one in symbols] == ["First", "Last"]


@pytest.mark.asyncio
async def test_a_substitution_is_renamed_in_both_files(client: LanguageClient):
    path = opened(client, "m.asl.json")
    opened(client, "template.yaml")
    await settled(client, path)
    edit = await client.text_document_rename_async(
        types.RenameParams(text_document=identifier(path), position=position("Table}", 1), new_name="Records")
    )
    assert {uri.rsplit("/", 1)[1] for uri in edit.changes} == {"m.asl.json", "template.yaml"}
