-- The configuration of `hotseat try`: nothing of the user's own, only the server, its lenses and three keys.
local program, file, content = vim.env.HOTSEAT_TRY_PROGRAM, vim.env.HOTSEAT_TRY_FILE, vim.env.HOTSEAT_TRY_CONTENT

vim.opt.number = true
vim.opt.signcolumn = 'yes'
vim.opt.swapfile = false
vim.opt.linebreak = true
vim.keymap.set('n', 'q', '<cmd>confirm qall<cr>', { desc = 'Leave' })
vim.diagnostic.config({ virtual_text = true, severity_sort = true })

vim.lsp.config('hotseat', {
  cmd = content and { program, 'lsp', '--content', content } or { program, 'lsp' },
  filetypes = { 'python' },
  root_dir = vim.fs.dirname(file),
})
vim.lsp.enable('hotseat')

vim.api.nvim_create_autocmd('LspAttach', {
  callback = function(event)
    local function map(key, action, what)
      vim.keymap.set('n', key, action, { buffer = event.buf, desc = what })
    end
    map('K', function()
      vim.lsp.buf.hover({ max_width = 80, border = 'rounded' })
    end, 'The question behind this code')
    map('gra', vim.lsp.buf.code_action, 'Fixes and questions')
    map('grl', vim.lsp.codelens.run, 'Open the question of this line')
    local function refresh()
      vim.lsp.codelens.refresh({ bufnr = event.buf })
    end
    refresh()
    vim.api.nvim_create_autocmd({ 'BufEnter', 'InsertLeave', 'TextChanged' }, { buffer = event.buf, callback = refresh })
    vim.opt_local.winbar = ' hotseat · K explain · gra fixes and questions · grl open a lens (Ctrl-O back) · ]d next finding · q leave'
  end,
})
