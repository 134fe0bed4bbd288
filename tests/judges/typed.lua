-- Neovim without a screen types a stack from nothing: what stands between « and » in $TYPED has to be proposed, and is taken from the
-- proposals.

local function fail(message)
  io.stderr:write(message .. "\n")
  vim.cmd("cquit 1")
end

local function read(path)
  local file = assert(io.open(path))
  local text = file:read("*a")
  file:close()
  return text
end

local id = vim.lsp.start_client({
  name = "bucketbook",
  cmd = { os.getenv("BUCKETBOOK"), "lsp" },
  root_dir = vim.fn.getcwd(),
})

local function ready()
  local client = vim.lsp.get_client_by_id(id)
  return client ~= nil and client.initialized
end
if not vim.wait(20000, ready, 50) then
  fail("the server does not start")
end

local function text_of(buffer)
  return table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), "\n")
end

local function ask(buffer, method, params)
  local answers, why = vim.lsp.buf_request_sync(buffer, method, params, 20000)
  if not answers or not answers[id] or answers[id].err then
    fail(method .. ": " .. vim.inspect(why or answers))
  end
  return answers[id].result
end

local function put_at_end(buffer, text)
  local last = vim.api.nvim_buf_line_count(buffer) - 1
  local column = #vim.api.nvim_buf_get_lines(buffer, last, last + 1, false)[1]
  vim.api.nvim_buf_set_text(buffer, last, column, last, column, vim.split(text, "\n"))
end

local function choose(buffer, label)
  local lines = vim.api.nvim_buf_get_lines(buffer, 0, -1, false)
  local at = { line = #lines - 1, character = #lines[#lines] }
  local document = vim.lsp.util.make_text_document_params(buffer)
  local found = ask(buffer, "textDocument/completion", { textDocument = document, position = at })
  for _, item in ipairs(found.items) do
    if item.label == label then
      return vim.lsp.util.apply_text_edits({ item.textEdit }, buffer, "utf-16")
    end
  end
  fail("`" .. label .. "` is not proposed after\n" .. text_of(buffer))
end

-- What a proposal brought with it is not typed again.
local function rest(before, by_hand)
  for length = #by_hand, 1, -1 do
    if before:sub(-length) == by_hand:sub(1, length) then
      return by_hand:sub(length + 1)
    end
  end
  return by_hand
end

local function type_into(name, script)
  vim.cmd("edit " .. name)
  local buffer = vim.api.nvim_get_current_buf()
  vim.lsp.buf_attach_client(buffer, id)
  local first = script:find("«", 1, true)
  put_at_end(buffer, script:sub(1, first - 1))
  for chosen, by_hand in script:sub(first):gmatch("«(.-)»([^\194]*)") do
    choose(buffer, chosen)
    -- Nothing stands behind a key that has its value below.
    if by_hand:sub(1, 2) == ":\n" and text_of(buffer):sub(-2) == ": " then
      local last = vim.api.nvim_buf_line_count(buffer) - 1
      local line = vim.api.nvim_buf_get_lines(buffer, last, last + 1, false)[1]
      vim.api.nvim_buf_set_lines(buffer, last, last + 1, false, { line:sub(1, -2) })
    end
    put_at_end(buffer, rest(text_of(buffer), by_hand))
  end
  vim.api.nvim_buf_set_option(buffer, "endofline", false)
  vim.cmd("silent write")
  return buffer
end

local typed = os.getenv("TYPED")
local begun = read(typed .. "/definition.txt"):gsub("%$%.«detail»%.«object»%.«key»", "$.detail.object.key")
local definition = type_into("m.asl.json", begun)
local template = type_into("template.yaml", read(typed .. "/template.txt"))

-- The verdict comes before the answer about actions.
for _, buffer in ipairs({ definition, template }) do
  local document = vim.lsp.util.make_text_document_params(buffer)
  local start = { line = 0, character = 0 }
  local range = { start = start, ["end"] = start }
  ask(buffer, "textDocument/codeAction", { textDocument = document, range = range, context = { diagnostics = {} } })
  local shown = vim.diagnostic.get(buffer)
  if #shown > 0 then
    fail(vim.inspect(shown))
  end
end
print("typed")
vim.cmd("qall!")
