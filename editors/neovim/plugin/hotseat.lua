-- Neovim shows code lenses only after somebody asks for them: this asks whenever the server's answer may have changed.
-- `vim.g.hotseat_lenses = false` in the user's configuration switches it off.
if vim.g.loaded_hotseat then
  return
end
vim.g.loaded_hotseat = true

vim.api.nvim_create_user_command('Hotseat', function(command)
  require('hotseat').run(command.fargs)
end, {
  nargs = '+',
  desc = 'Open a question, or choose how much is shown',
  complete = function(...)
    return require('hotseat').complete(...)
  end,
})

-- Neovim shows no server what another one reports: where ruff runs beside it, hotseat is told so. The user's own
-- `deduplicateWithRuff = false` stays.
local function tell_about_ruff(buffer)
  if #vim.lsp.get_clients({ bufnr = buffer, name = 'ruff' }) == 0 then
    return
  end
  for _, client in ipairs(vim.lsp.get_clients({ bufnr = buffer, name = 'hotseat' })) do
    local setting = vim.tbl_get(client.settings, 'hotseat', 'deduplicateWithRuff')
    if setting == nil or setting == true then
      client.settings = vim.tbl_deep_extend('force', client.settings, { hotseat = { deduplicateWithRuff = 'always' } })
      client:notify('workspace/didChangeConfiguration', { settings = client.settings })
    end
  end
end

vim.api.nvim_create_autocmd('LspAttach', {
  group = vim.api.nvim_create_augroup('hotseat', {}),
  callback = function(attach)
    tell_about_ruff(attach.buf)
    local client = vim.lsp.get_client_by_id(attach.data.client_id)
    if not client or client.name ~= 'hotseat' then
      return
    end
    local function refresh()
      if vim.g.hotseat_lenses ~= false then
        vim.lsp.codelens.refresh({ bufnr = attach.buf })
      end
    end
    refresh()
    vim.api.nvim_create_autocmd({ 'BufEnter', 'InsertLeave', 'TextChanged' }, {
      group = vim.api.nvim_create_augroup('hotseat_lenses_' .. attach.buf, {}),
      buffer = attach.buf,
      callback = refresh,
    })
  end,
})
