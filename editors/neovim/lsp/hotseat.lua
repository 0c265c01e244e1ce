-- The language server for Neovim 0.11 and newer: `vim.lsp.enable('hotseat')` starts it for Python files.
-- What this table may hold is described by `:help vim.lsp.Config`.
return {
  cmd = { 'hotseat', 'lsp' },
  filetypes = { 'python' },
  root_markers = { 'pyproject.toml', 'setup.cfg', 'setup.py', '.git' },
}
