-- Neovim without a screen: a fault is shown, its fix applied, a state renamed, and the file written.

local function fail(message)
  io.stderr:write(message .. "\n")
  vim.cmd("cquit 1")
end

vim.cmd("edit m.asl.json")
local buffer = vim.api.nvim_get_current_buf()
local id = vim.lsp.start_client({
  name = "bucketbook",
  cmd = { os.getenv("BUCKETBOOK"), "lsp" },
  root_dir = vim.fn.getcwd(),
})
vim.lsp.buf_attach_client(buffer, id)

local function shown()
  return #vim.diagnostic.get(buffer) > 0
end
if not vim.wait(20000, shown, 50) then
  fail("no diagnostic is shown")
end

local function ask(method, params)
  local answers, error = vim.lsp.buf_request_sync(buffer, method, params, 20000)
  if not answers or not answers[id] or answers[id].err then
    fail(method .. ": " .. vim.inspect(error or answers))
  end
  return answers[id].result
end

local document = vim.lsp.util.make_text_document_params(buffer)
local at = { line = 3, character = 30 }
local actions = ask("textDocument/codeAction", {
  textDocument = document,
  range = { start = at, ["end"] = at },
  context = { diagnostics = {} },
})
for _, action in ipairs(actions) do
  if action.isPreferred then
    vim.lsp.util.apply_workspace_edit(action.edit, "utf-16")
    break
  end
end

local edit = ask("textDocument/rename", {
  textDocument = document,
  position = { line = 4, character = 6 },
  newName = "Last",
})
vim.lsp.util.apply_workspace_edit(edit, "utf-16")
vim.cmd("silent write")
vim.cmd("qall!")
