-- The language server for Neovim 0.11 and newer: `vim.lsp.enable('hotseat')` starts it for Python files and for the practice
-- sheet.
-- What this table may hold is described by `:help vim.lsp.Config`.

-- Neovim 0.11 cannot be asked by a server to show diagnostics and lenses again, which is needed when the settings of a
-- project change: these two handlers do it.
local function refresh(show)
  return function(_, _, context)
    local client = vim.lsp.get_client_by_id(context.client_id)
    for buffer in pairs(client and client.attached_buffers or {}) do
      if vim.api.nvim_buf_is_loaded(buffer) then
        show(client, buffer)
      end
    end
    return vim.NIL
  end
end

-- The folder of the project that a buffer belongs to. Of Markdown files only the practice sheet is served.
local function root_dir(buffer, start)
  local path = vim.api.nvim_buf_get_name(buffer)
  if vim.bo[buffer].filetype == 'markdown' then
    local project = vim.fs.normalize(path):match('^(.*)/%.hotseat/practice%.md$')
    local running = vim.lsp.get_clients({ name = 'hotseat' })[1]
    if project then
      start(running and running.root_dir or project)
    end
    return
  end
  start(vim.fs.root(buffer, { 'pyproject.toml', 'setup.cfg', 'setup.py', '.git' }))
end

-- What `:Hotseat preset` has chosen holds from the first moment on. Without the plugin there is no such command.
local function before_init(params, config)
  local loaded, presets = pcall(require, 'hotseat.preset')
  local chosen = loaded and presets.chosen()
  if chosen then
    config.settings.hotseat = presets.applied(config.settings, chosen).hotseat
    local options = params.initializationOptions or {}
    params.initializationOptions = vim.tbl_extend('force', options, { preset = chosen })
  end
end

return {
  cmd = { 'hotseat', 'lsp' },
  filetypes = { 'python', 'markdown' },
  root_dir = root_dir,
  settings = {},
  before_init = before_init,
  capabilities = {
    workspace = { diagnostics = { refreshSupport = true }, codeLens = { refreshSupport = true } },
  },
  handlers = {
    ['workspace/diagnostic/refresh'] = refresh(function(client, buffer)
      local document = vim.lsp.util.make_text_document_params(buffer)
      client:request('textDocument/diagnostic', { textDocument = document }, nil, buffer)
    end),
    ['workspace/codeLens/refresh'] = refresh(function(_, buffer)
      if vim.g.hotseat_lenses ~= false then
        vim.lsp.codelens.refresh({ bufnr = buffer })
      end
    end),
  },
}
