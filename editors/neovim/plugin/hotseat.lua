-- Neovim shows code lenses only after somebody asks for them: this asks whenever the server's answer may have changed.
-- `vim.g.hotseat_lenses = false` in the user's configuration switches it off.
if vim.g.loaded_hotseat then
  return
end
vim.g.loaded_hotseat = true

vim.api.nvim_create_autocmd('LspAttach', {
  group = vim.api.nvim_create_augroup('hotseat', {}),
  callback = function(attach)
    local client = vim.lsp.get_client_by_id(attach.data.client_id)
    if vim.g.hotseat_lenses == false or not client or client.name ~= 'hotseat' then
      return
    end
    local function refresh()
      vim.lsp.codelens.refresh({ bufnr = attach.buf })
    end
    refresh()
    vim.api.nvim_create_autocmd({ 'BufEnter', 'InsertLeave', 'TextChanged' }, {
      group = vim.api.nvim_create_augroup('hotseat_lenses_' .. attach.buf, {}),
      buffer = attach.buf,
      callback = refresh,
    })
  end,
})
